// Nodes and weights that integrate polynomials against the standard normal density.
#pragma once

#include <vector>

namespace assay::num {

struct Rule {
    std::vector<double> nodes, weights; ///< ascending; the weights sum to 1
};

/// n-point Gauss-Hermite rule for E f(Z), Z standard normal; exact for polynomials up to degree 2n - 1. n
/// from 1 to 200.
Rule gauss_hermite(int n);

} // namespace assay::num
