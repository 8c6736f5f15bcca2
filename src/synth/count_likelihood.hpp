// The likelihood of one study's counts with normal random effects integrated out, with exact derivatives:
// what the generalised linear mixed models sum.
#pragma once

#include "num/gauss_hermite.hpp"
#include "num/jet.hpp"

#include <span>
#include <vector>

namespace assay::synth {

/// A count and its exponential family in the linear predictor eta: log f = constant + x eta - K(eta).
struct CountCell {
    enum class Family { none, binomial, poisson, hypergeometric };
    Family family = Family::none;
    double x = 0, size = 0;               ///< size: n, or time
    double constant = 0;                  ///< log of what does not depend on eta
    double offset = 0;                    ///< added to eta
    std::vector<double> log_weights = {}; ///< hypergeometric: of the support's values first, first + 1, ...
    double first = 0;
};

CountCell binomial_cell(double x, double n, double offset = 0);
CountCell poisson_cell(double x, double time);
/// Events of group 1 given the events of both (Fisher's non-central hypergeometric distribution), eta the log
/// odds ratio.
CountCell hypergeometric_cell(double x1, double n1, double x2, double n2);

/// log f and its first four derivatives in eta.
struct CellValue {
    double value = 0, d1 = 0, d2 = 0, d3 = 0, d4 = 0;
};
CellValue at(const CountCell& cell, double eta);

/// The highest log f over all eta.
double saturated(const CountCell& cell);

/// A study: one or two counts that share a random effect with loadings z.
struct CountStudy {
    CountCell cell[2];
    double z[2] = {1, 1};
};

/// log of the integral over u ~ N(0, 1) of f1(b1 + s z1 u) f2(b2 + s z2 u), by adaptive Gauss-Hermite
/// quadrature around the mode (Liu & Pierce 1994, Biometrika 81:624), as a function of (b1, b2, s); one node
/// is Laplace's approximation. `mode` starts the search and receives the mode.
num::Jet<3> integrated(const CountStudy& study, double b1, double b2, double s, const num::Rule& rule,
                       double& mode);

/// Laplace's approximation with two independent random effects: predictors theta + alpha + sigma u1 + tau z1
/// u2 and alpha + sigma u1 + tau z2 u2, as a function of (theta, alpha, sigma, tau).
num::Jet<4> integrated_twice(const CountStudy& study, double theta, double alpha, double sigma, double tau,
                             double (&mode)[2]);

} // namespace assay::synth
