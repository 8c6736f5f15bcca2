// Integrals in one dimension for posteriors: Gauss-Hermite nodes, a natural cubic spline, and a density on a
// fine grid with its mean, quantiles and shares.
#pragma once

#include "num/function_ref.hpp"

#include <vector>

namespace assay::trial {

constexpr double log_two_pi = 1.8378770664093454836;

double log_normal_density(double x, double mean, double sd);

struct Rule {
    std::vector<double> node, weight; ///< for the weight exp(-x^2)
};

/// Gauss-Hermite nodes by Newton's method on the orthonormal recurrence (Golub and Welsch 1969 give the same
/// numbers).
Rule gauss_hermite(int n);

/// Natural cubic spline through equally spaced points; flat beyond its ends.
class Spline {
public:
    Spline(double low, double step, std::vector<double> y);
    double at(double x) const;

private:
    double low_, step_;
    std::vector<double> y_, second_;
};

/// A density on a fine grid: cumulative by the trapezoidal rule.
struct Density {
    std::vector<double> b, cumulative, mass;
    double log_total = 0; ///< log of the integral before it was scaled to 1

    double below(double x) const;
    double quantile(double p) const;
    double mean() const;
    double sd() const;
};

/// exp(log_density) on `points` equally spaced points from low to high.
Density density(num::Function log_density, double low, double high, int points);

} // namespace assay::trial
