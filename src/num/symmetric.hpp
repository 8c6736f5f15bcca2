// Eigenvalues and eigenvectors of symmetric matrices, and powers of positive semidefinite ones.
#pragma once

#include "num/dense.hpp"

namespace assay::num {

struct Spectrum {
    std::vector<double> values; ///< ascending
    Matrix vectors;             ///< one per column
};
Spectrum spectrum_of(const Matrix& symmetric);

/// B^power by eigenvalues; those at or below `tolerance` count as zero and stay zero (Moore-Penrose for
/// negative powers).
Matrix symmetric_power(const Matrix& b, double power, double tolerance = 1e-12);

} // namespace assay::num
