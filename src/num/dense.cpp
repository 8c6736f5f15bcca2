#include "num/dense.hpp"

#include <algorithm>
#include <cmath>

namespace assay::num {

double dot(std::span<const double> a, std::span<const double> b) {
    double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
    const std::size_t n = a.size();
    std::size_t i = 0;
    for (; i + 4 <= n; i += 4) {
        s0 += a[i] * b[i];
        s1 += a[i + 1] * b[i + 1];
        s2 += a[i + 2] * b[i + 2];
        s3 += a[i + 3] * b[i + 3];
    }
    for (; i < n; ++i)
        s0 += a[i] * b[i];
    return (s0 + s1) + (s2 + s3);
}

bool cholesky(std::span<double> a, std::size_t n) {
    for (std::size_t k = 0; k < n; ++k) {
        double* const pivot_row = a.data() + k * n;
        const double pivot = pivot_row[k];
        if (!(pivot > 0) || !std::isfinite(pivot)) return false;
        const double root = std::sqrt(pivot), scale = 1 / root;
        pivot_row[k] = root;
        for (std::size_t j = k + 1; j < n; ++j)
            pivot_row[j] *= scale;
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = pivot_row[i];
            if (factor == 0) continue;
            double* const row = a.data() + i * n;
            for (std::size_t j = i; j < n; ++j)
                row[j] -= factor * pivot_row[j];
        }
    }
    return true;
}

double log_determinant(std::span<const double> u, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += std::log(u[i * n + i]);
    return 2 * sum;
}

void solve_transposed(std::span<const double> u, std::size_t n, std::span<double> b, std::size_t m) {
    for (std::size_t k = 0; k < n; ++k) {
        double* const solved = b.data() + k * m;
        const double* const row = u.data() + k * n;
        const double scale = 1 / row[k];
        for (std::size_t c = 0; c < m; ++c)
            solved[c] *= scale;
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = row[i];
            if (factor == 0) continue;
            double* const rest = b.data() + i * m;
            for (std::size_t c = 0; c < m; ++c)
                rest[c] -= factor * solved[c];
        }
    }
}

void solve_upper(std::span<const double> u, std::size_t n, std::span<double> b, std::size_t m) {
    for (std::size_t k = n; k-- > 0;) {
        const double* const row = u.data() + k * n;
        double* const solved = b.data() + k * m;
        for (std::size_t i = k + 1; i < n; ++i) {
            const double factor = row[i];
            if (factor == 0) continue;
            const double* const known = b.data() + i * m;
            for (std::size_t c = 0; c < m; ++c)
                solved[c] -= factor * known[c];
        }
        const double scale = 1 / row[k];
        for (std::size_t c = 0; c < m; ++c)
            solved[c] *= scale;
    }
}

void inverse_from_cholesky(std::span<const double> u, std::size_t n, std::span<double> out,
                           std::span<double> scratch) {
    // T = U^-1, upper triangular, row by row from the last; then out = T T'.
    for (std::size_t i = n; i-- > 0;) {
        double* const t = scratch.data() + i * n;
        const double* const row = u.data() + i * n;
        std::fill(t + i, t + n, 0.0);
        for (std::size_t k = i + 1; k < n; ++k) {
            const double factor = row[k];
            if (factor == 0) continue;
            const double* const known = scratch.data() + k * n;
            for (std::size_t j = k; j < n; ++j)
                t[j] -= factor * known[j];
        }
        const double scale = 1 / row[i];
        t[i] = 1;
        for (std::size_t j = i; j < n; ++j)
            t[j] *= scale;
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i; j < n; ++j) {
            const double cell = dot(scratch.subspan(i * n + j, n - j), scratch.subspan(j * n + j, n - j));
            out[i * n + j] = cell;
            out[j * n + i] = cell;
        }
}

Matrix inverse_of(const Matrix& a) {
    Matrix u = a, out(a.rows, a.rows), scratch(a.rows, a.rows);
    if (!cholesky(u.cells, a.rows)) return {};
    inverse_from_cholesky(u.cells, a.rows, out.cells, scratch.cells);
    return out;
}

Matrix product(const Matrix& a, const Matrix& b) {
    Matrix out(a.rows, b.columns);
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t k = 0; k < a.columns; ++k) {
            const double factor = a(i, k);
            for (std::size_t j = 0; j < b.columns; ++j)
                out(i, j) += factor * b(k, j);
        }
    return out;
}

Matrix product_transposed(const Matrix& a, const Matrix& b) {
    Matrix out(a.columns, b.columns);
    for (std::size_t k = 0; k < a.rows; ++k)
        for (std::size_t i = 0; i < a.columns; ++i) {
            const double factor = a(k, i);
            for (std::size_t j = 0; j < b.columns; ++j)
                out(i, j) += factor * b(k, j);
        }
    return out;
}

ThinQr thin_qr(const Matrix& x) {
    const std::size_t k = x.rows, p = x.columns;
    ThinQr out{Matrix(k, p), Matrix(p, p), {}};
    // Work on contiguous columns.
    Matrix columns(p, k);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < p; ++j)
            columns(j, i) = x(i, j);
    constexpr double dependent = 1e-10;
    for (std::size_t j = 0; j < p; ++j) {
        const auto column = columns.row(j);
        const double before = std::sqrt(dot(column, column));
        for (int pass = 0; pass < 2; ++pass)
            for (std::size_t m = 0; m < j; ++m) {
                const auto earlier = columns.row(m);
                const double share = dot(earlier, column);
                out.r(m, j) += share;
                for (std::size_t i = 0; i < k; ++i)
                    column[i] -= share * earlier[i];
            }
        const double length = std::sqrt(dot(column, column));
        out.r(j, j) = length;
        if (!(length > dependent * before)) {
            out.dependent.push_back(j);
            std::fill(column.begin(), column.end(), 0.0);
            continue;
        }
        for (double& cell : column)
            cell /= length;
    }
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < p; ++j)
            out.q(i, j) = columns(j, i);
    return out;
}

Matrix inverse_upper(const Matrix& r) {
    Matrix out(r.rows, r.rows);
    for (std::size_t i = 0; i < r.rows; ++i)
        out(i, i) = 1;
    solve_upper(r.cells, r.rows, out.cells, r.rows);
    return out;
}

} // namespace assay::num
