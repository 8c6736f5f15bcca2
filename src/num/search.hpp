// Minima by comparing values only: golden sections in one dimension, the simplex in several. They stop early
// by design; where a precise minimum is wanted, solve for the zero of a derivative instead.
#pragma once

#include "num/function_ref.hpp"

#include <functional>
#include <span>
#include <vector>

namespace assay::num {

/// Brent 1973, Algorithms for Minimization without Derivatives, chapter 5 (procedure localmin).
double minimum_between(Function f, double low, double high, double tolerance);

/// Nelder & Mead 1965, Comput J 7:308, in the form of Nash 1990, Compact Numerical Methods for Computers,
/// algorithm 19: stops when the values at the corners differ by less than tolerance*(|f| + tolerance) of the
/// start.
std::vector<double> simplex_minimum(const std::function<double(std::span<const double>)>& f,
                                    std::vector<double> start, double tolerance = 1.490116119384766e-08,
                                    int most_evaluations = 500);

/// Second derivatives from central differences of central differences with steps of h, made symmetric; row
/// after row.
std::vector<double> difference_hessian(const std::function<double(std::span<const double>)>& f,
                                       std::span<const double> at, double h = 1e-3);

} // namespace assay::num
