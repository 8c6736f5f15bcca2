// Ratios of gamma functions, as small-sample corrections need them.
#pragma once

namespace assay::num {

/// Gamma(a)/Gamma(b) for a, b > 0, without overflow. Other arguments give NaN.
double gamma_ratio(double a, double b);

/// log Gamma(x) for x > 0.
double log_gamma(double x);

/// The derivative of log Gamma(x), x > 0; other arguments give NaN.
double digamma(double x);

/// Hedges' exact factor that removes the bias of a standardised mean difference,
/// J(m) = Gamma(m/2) / (sqrt(m/2) Gamma((m - 1)/2)): Hedges 1981, equation 6e. NaN unless m > 1.
double hedges_j(double df);

} // namespace assay::num
