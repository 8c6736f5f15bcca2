#include "trial/dense.hpp"

#include "base/error.hpp"

#include <cmath>

namespace assay::trial {

namespace {

/// Lower triangle in place; false where a pivot is lost to rounding.
bool factor(Dense& a) {
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            const double start = a(i, j);
            double sum = start;
            for (std::size_t k = 0; k < j; ++k)
                sum -= a(i, k) * a(j, k);
            if (i != j)
                a(i, j) = sum / a(j, j);
            else if (sum > 1e-12 * std::fabs(start) && sum > 0)
                a(i, i) = std::sqrt(sum);
            else
                return false;
        }
    return true;
}

} // namespace

Inverse inverse(const Dense& symmetric) {
    ASSAY_EXPECT(symmetric.rows == symmetric.columns);
    Inverse made;
    const std::size_t n = symmetric.rows;
    Dense lower = symmetric;
    if (!factor(lower)) return made;
    made.matrix = Dense(n, n);
    for (std::size_t column = 0; column < n; ++column) {
        std::vector<double> v(n, 0);
        v[column] = 1;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t k = 0; k < i; ++k)
                v[i] -= lower(i, k) * v[k];
            v[i] /= lower(i, i);
        }
        for (std::size_t i = n; i-- > 0;) {
            for (std::size_t k = i + 1; k < n; ++k)
                v[i] -= lower(k, i) * v[k];
            v[i] /= lower(i, i);
        }
        for (std::size_t i = 0; i < n; ++i)
            made.matrix(i, column) = v[i];
        made.log_det += 2 * std::log(lower(column, column));
    }
    made.possible = true;
    return made;
}

LeastSquares least_squares(const Dense& x, const std::vector<double>& y, const std::vector<double>& weight) {
    ASSAY_EXPECT(x.rows == y.size() && (weight.empty() || weight.size() == y.size()));
    LeastSquares made;
    const std::size_t p = x.columns;
    Dense normal(p, p);
    std::vector<double> right(p, 0);
    for (std::size_t i = 0; i < x.rows; ++i) {
        const double w = weight.empty() ? 1 : weight[i];
        for (std::size_t j = 0; j < p; ++j) {
            right[j] += w * x(i, j) * y[i];
            for (std::size_t k = 0; k <= j; ++k)
                normal(j, k) += w * x(i, j) * x(i, k);
        }
    }
    for (std::size_t j = 0; j < p; ++j)
        for (std::size_t k = j + 1; k < p; ++k)
            normal(j, k) = normal(k, j);
    auto turned = inverse(normal);
    if (!turned.possible) return made;
    made.possible = true;
    made.log_det = turned.log_det;
    made.beta.assign(p, 0);
    for (std::size_t j = 0; j < p; ++j)
        for (std::size_t k = 0; k < p; ++k)
            made.beta[j] += turned.matrix(j, k) * right[k];
    for (std::size_t i = 0; i < x.rows; ++i) {
        double fitted = 0;
        for (std::size_t j = 0; j < p; ++j)
            fitted += x(i, j) * made.beta[j];
        made.rss += (weight.empty() ? 1 : weight[i]) * (y[i] - fitted) * (y[i] - fitted);
    }
    made.unscaled = std::move(turned.matrix);
    return made;
}

} // namespace assay::trial
