#include "synth/weighted_columns.hpp"

#include <cmath>
#include <limits>

namespace assay::synth {

namespace {
double dot(const double* a, const double* b, std::size_t n) {
    double sum = 0;
    for (std::size_t i = 0; i < n; ++i)
        sum += a[i] * b[i];
    return sum;
}

/// R^-1, p x p.
std::vector<double> triangle_inverse(const std::vector<double>& r, std::size_t p) {
    std::vector<double> inverse(p * p, 0.0);
    for (std::size_t j = 0; j < p; ++j) {
        inverse[j * p + j] = 1 / r[j * p + j];
        for (std::size_t i = j; i-- > 0;) {
            double sum = 0;
            for (std::size_t m = i + 1; m <= j; ++m)
                sum += r[i * p + m] * inverse[m * p + j];
            inverse[i * p + j] = -sum / r[i * p + i];
        }
    }
    return inverse;
}
} // namespace

WeightedColumns weighted_columns(std::span<const double> x, std::size_t p, std::span<const double> weights) {
    constexpr double dependent = 1e-10;
    const std::size_t k = weights.size();
    WeightedColumns f{
        k, p, std::vector<double>(k * p), std::vector<double>(p * p, 0.0), std::vector<double>(k), true};
    for (std::size_t i = 0; i < k; ++i)
        f.root[i] = std::sqrt(weights[i]);
    for (std::size_t j = 0; j < p; ++j) {
        double* column = f.q.data() + j * k;
        for (std::size_t i = 0; i < k; ++i)
            column[i] = f.root[i] * x[j * k + i];
        const double before = std::sqrt(dot(column, column, k));
        for (int pass = 0; pass < 2; ++pass)
            for (std::size_t m = 0; m < j; ++m) {
                const double* earlier = f.q.data() + m * k;
                const double share = dot(earlier, column, k);
                f.r[m * p + j] += share;
                for (std::size_t i = 0; i < k; ++i)
                    column[i] -= share * earlier[i];
            }
        const double length = std::sqrt(dot(column, column, k));
        f.r[j * p + j] = length;
        if (!(length > dependent * before)) {
            f.full_rank = false;
            return f;
        }
        for (std::size_t i = 0; i < k; ++i)
            column[i] /= length;
    }
    return f;
}

std::vector<double> WeightedColumns::solve(std::span<const double> b) const {
    std::vector<double> result(p);
    for (std::size_t j = 0; j < p; ++j)
        for (std::size_t i = 0; i < k; ++i)
            result[j] += q[j * k + i] * root[i] * b[i];
    for (std::size_t j = p; j-- > 0;) {
        for (std::size_t m = j + 1; m < p; ++m)
            result[j] -= r[j * p + m] * result[m];
        result[j] /= r[j * p + j];
    }
    return result;
}

std::vector<double> WeightedColumns::inverse() const {
    const std::vector<double> t = triangle_inverse(r, p);
    std::vector<double> result(p * p, 0.0);
    for (std::size_t i = 0; i < p; ++i)
        for (std::size_t j = 0; j < p; ++j)
            for (std::size_t m = 0; m < p; ++m)
                result[i * p + j] += t[i * p + m] * t[j * p + m];
    return result;
}

std::vector<double> WeightedColumns::smoother() const {
    const std::vector<double> t = triangle_inverse(r, p);
    std::vector<double> result(p * k, 0.0);
    for (std::size_t i = 0; i < p; ++i)
        for (std::size_t m = i; m < p; ++m)
            for (std::size_t s = 0; s < k; ++s)
                result[i * k + s] += t[i * p + m] * q[m * k + s] * root[s];
    return result;
}

double WeightedColumns::log_determinant() const {
    double sum = 0;
    for (std::size_t j = 0; j < p; ++j)
        sum += 2 * std::log(r[j * p + j]);
    return sum;
}

std::vector<double> WeightedColumns::projection() const {
    std::vector<double> result(k * k);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < k; ++j) {
            double sum = i == j ? 1 : 0;
            for (std::size_t m = 0; m < p; ++m)
                sum -= q[m * k + i] * q[m * k + j];
            result[i * k + j] = root[i] * sum * root[j];
        }
    return result;
}

double bilinear(std::span<const double> x, std::span<const double> a, std::span<const double> y) {
    double sum = 0;
    for (std::size_t i = 0; i < x.size(); ++i)
        for (std::size_t j = 0; j < y.size(); ++j)
            sum += x[i] * a[i * y.size() + j] * y[j];
    return sum;
}

double inverse_form(std::vector<double> a, std::vector<double> b) {
    const std::size_t n = b.size();
    double form = 0;
    for (std::size_t m = 0; m < n; ++m) {
        const double pivot = a[m * n + m];
        if (!(pivot > 0)) return std::numeric_limits<double>::quiet_NaN();
        form += b[m] * b[m] / pivot;
        for (std::size_t i = m + 1; i < n; ++i) {
            const double share = a[i * n + m] / pivot;
            b[i] -= share * b[m];
            for (std::size_t j = m + 1; j < n; ++j)
                a[i * n + j] -= share * a[m * n + j];
        }
    }
    return form;
}

} // namespace assay::synth
