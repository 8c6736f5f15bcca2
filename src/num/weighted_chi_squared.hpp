// The distribution of a weighted sum of independent chi-squared variables of one degree of freedom, as
// quadratic forms of normal variables have it.
#pragma once

#include <span>

namespace assay::num {

/// P(sum of weights[i]*chi2_1 > x) for weights >= 0 (zeros are passed over): the inversion of the moment
/// generating function (Imhof 1961, Biometrika 48:419) along the path of steepest descent through the saddle
/// point (Helstrom 1983, IEEE Trans Aerosp Electron Syst 19:428), where the trapezoidal rule converges faster
/// than any power of its step. Without weight the sum is 0.
double weighted_chi_squared_upper(std::span<const double> weights, double x);

} // namespace assay::num
