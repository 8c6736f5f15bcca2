// Weighted least squares on the columns of a design matrix: the factors of sqrt(W) X and what follows from
// them.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace assay::synth {

/// sqrt(W) X = Q R by Gram-Schmidt done twice, which keeps digits that normal equations lose (Bjorck 1996,
/// Numerical Methods for Least Squares Problems, section 2.4.5). Columns that depend on earlier ones leave
/// full_rank false.
struct WeightedColumns {
    std::size_t k = 0, p = 0;
    std::vector<double> q;    ///< k x p, column after column, orthonormal
    std::vector<double> r;    ///< p x p, row after row, upper triangle
    std::vector<double> root; ///< square roots of the weights
    bool full_rank = true;

    /// (X'WX)^-1 X'W b.
    std::vector<double> solve(std::span<const double> b) const;
    /// (X'WX)^-1, p x p.
    std::vector<double> inverse() const;
    /// The p x k matrix (X'WX)^-1 X'W, row after row.
    std::vector<double> smoother() const;
    /// log det(X'WX).
    double log_determinant() const;
    /// W - W X (X'WX)^-1 X'W, k x k.
    std::vector<double> projection() const;
};

/// x: k rows, p columns, column after column; weights >= 0.
WeightedColumns weighted_columns(std::span<const double> x, std::size_t p, std::span<const double> weights);

/// x'Ay for a p x p matrix A, row after row.
double bilinear(std::span<const double> x, std::span<const double> a, std::span<const double> y);

/// b'A^-1 b for a positive definite A, row after row; NaN when it is not.
double inverse_form(std::vector<double> a, std::vector<double> b);

} // namespace assay::synth
