// The integral of a smooth function over a finite interval.
#pragma once

#include "num/function_ref.hpp"

namespace assay::num {

/// Adaptive Gauss-Kronrod with 31 points, to about 12 digits.
double integral(Function f, double low, double high);

} // namespace assay::num
