// Comparing numbers within a named tolerance.
#pragma once

#include "tolerances.hpp"

#include <algorithm>
#include <cmath>

namespace assay::test {

inline bool near(double got, double expected, Tolerance tolerance) {
    if (std::isnan(got) || std::isnan(expected)) return std::isnan(got) && std::isnan(expected);
    if (std::isinf(expected)) return got == expected;
    return std::fabs(got - expected) <= std::max(tolerance.absolute, tolerance.relative * std::fabs(expected));
}

} // namespace assay::test
