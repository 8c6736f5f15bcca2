// Small dense linear algebra on row-major arrays: Cholesky, triangular solves, inverse, thin QR. Blocks of a
// marginal covariance are tens to hundreds of rows, so plain loops over contiguous rows are what is needed;
// no function allocates.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace assay::num {

/// A dense matrix, row after row.
struct Matrix {
    std::size_t rows = 0, columns = 0;
    std::vector<double> cells = {};

    Matrix() = default;
    Matrix(std::size_t r, std::size_t c) : rows(r), columns(c), cells(r * c, 0.0) {}
    double& operator()(std::size_t i, std::size_t j) { return cells[i * columns + j]; }
    double operator()(std::size_t i, std::size_t j) const { return cells[i * columns + j]; }
    std::span<double> row(std::size_t i) { return {cells.data() + i * columns, columns}; }
    std::span<const double> row(std::size_t i) const { return {cells.data() + i * columns, columns}; }
};

/// Sum of products with four partial sums, so that the loop vectorises; the order is fixed.
double dot(std::span<const double> a, std::span<const double> b);

/// a (n x n; only the upper triangle is read) becomes U with a = U'U; below the diagonal nothing is defined.
/// False if a is not positive definite.
bool cholesky(std::span<double> a, std::size_t n);

/// log det of U'U.
double log_determinant(std::span<const double> u, std::size_t n);

/// b (n x m) becomes U'^-1 b, or U^-1 b.
void solve_transposed(std::span<const double> u, std::size_t n, std::span<double> b, std::size_t m);
void solve_upper(std::span<const double> u, std::size_t n, std::span<double> b, std::size_t m);

/// out = (U'U)^-1, whole and symmetric; `scratch` has n*n cells.
void inverse_from_cholesky(std::span<const double> u, std::size_t n, std::span<double> out,
                           std::span<double> scratch);

/// The inverse of a symmetric positive definite matrix; empty if it is not.
Matrix inverse_of(const Matrix& a);

/// a b, a' b.
Matrix product(const Matrix& a, const Matrix& b);
Matrix product_transposed(const Matrix& a, const Matrix& b);

/// X (k x p) = Q R with orthonormal columns of Q, by Gram-Schmidt done twice; `rank` is the number of columns
/// that do not depend on earlier ones (those that do are listed and have a zero column in Q).
struct ThinQr {
    Matrix q, r;
    std::vector<std::size_t> dependent;
};
ThinQr thin_qr(const Matrix& x);

/// The inverse of an upper triangular matrix.
Matrix inverse_upper(const Matrix& r);

} // namespace assay::num
