// Eigenvalues of a symmetric matrix, without vectors.
#pragma once

#include <vector>

namespace assay::num {

/// Of the n x n symmetric matrix `a` (row after row; only the lower triangle is read), rising. Householder's
/// reduction to three diagonals and the implicit QL iteration: Wilkinson & Reinsch 1971, Linear Algebra, II/2
/// and II/3. Empty if the iteration fails or `a` holds a NaN.
std::vector<double> symmetric_eigenvalues(std::vector<double> a, std::size_t n);

} // namespace assay::num
