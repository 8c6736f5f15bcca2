// Two standard normal variables with a correlation: the probability that both are small, and the correlation
// that gives a wanted probability.
#pragma once

namespace assay::num {

/// P(X < h, Y < k) at correlation r in [-1, 1]: Drezner & Wesolowsky 1990, J Stat Comput Simul 35:101,
/// equation 3, with the substitution r = sin(theta) of Genz 2004, Stat Comput 14:251.
double bivariate_normal_cdf(double h, double k, double r);

/// The density at (h, k), |r| < 1.
double bivariate_normal_density(double h, double k, double r);

/// The r with P(X < h, Y < k) = p; -1 or 1 when p is at or beyond what these allow. It rises with p.
double bivariate_normal_correlation(double h, double k, double p);

} // namespace assay::num
