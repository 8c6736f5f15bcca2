// Gauss' hypergeometric function, as unbiased correlations need it.
#pragma once

namespace assay::num {

/// 2F1(a, b; c; x) for c > b > 0 and 0 <= x <= 1 (x = 1: c > a + b), by Euler's integral (Abramowitz & Stegun
/// 1964, equation 15.3.1) with a double-exponential rule that bears the singular ends. NaN outside.
double hypergeometric_2f1(double a, double b, double c, double x);

} // namespace assay::num
