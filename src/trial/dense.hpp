// Small dense matrices for the regressions of one trial: a handful of columns, so plain loops do.
#pragma once

#include <cstddef>
#include <vector>

namespace assay::trial {

struct Dense {
    std::size_t rows = 0, columns = 0;
    std::vector<double> cells; ///< row by row

    Dense() = default;
    Dense(std::size_t r, std::size_t c) : rows(r), columns(c), cells(r * c, 0) {}
    double& operator()(std::size_t i, std::size_t j) { return cells[i * columns + j]; }
    double operator()(std::size_t i, std::size_t j) const { return cells[i * columns + j]; }
};

/// The inverse of a symmetric positive definite matrix and the log of its determinant.
struct Inverse {
    Dense matrix;
    double log_det = 0;
    bool possible = false; ///< false: not positive definite to working precision
};
Inverse inverse(const Dense& symmetric);

/// Weighted least squares: coefficients, (X'WX)^-1, the weighted sum of squared residuals.
struct LeastSquares {
    std::vector<double> beta;
    Dense unscaled; ///< times the residual variance: the covariance of beta
    double rss = 0, log_det = 0;
    bool possible = false; ///< false: columns that depend on one another
};
LeastSquares least_squares(const Dense& x, const std::vector<double>& y,
                           const std::vector<double>& weight = {});

} // namespace assay::trial
