// Integrals of smooth functions by Gauss-Legendre panels.
#pragma once

#include "num/function_ref.hpp"

#include <span>

namespace assay::num {

struct Node {
    double x, w; ///< on [-1, 1]
};

/// The 16 nodes and weights on [-1, 1] (Abramowitz & Stegun 1964, table 25.4).
std::span<const Node> gauss_legendre_16();

/// The integral over [low, high], cut into equal panels of 16 nodes each.
double integrate_panels(Function f, double low, double high, int panels);

} // namespace assay::num
