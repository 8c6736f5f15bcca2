#include "synth/gls.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {
/// Lower factor L of V = L L'; empty when V is not positive definite.
std::vector<double> cholesky(std::span<const double> v, std::size_t k) {
    std::vector<double> l(k * k, 0.0);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double rest = v[i * k + j];
            for (std::size_t m = 0; m < j; ++m)
                rest -= l[i * k + m] * l[j * k + m];
            if (i == j && !(rest > 0)) return {};
            l[i * k + j] = i == j ? std::sqrt(rest) : rest / l[j * k + j];
        }
    return l;
}

/// Solves V x = b with V = L L'.
std::vector<double> solve(const std::vector<double>& l, std::size_t k, std::vector<double> b) {
    for (std::size_t i = 0; i < k; ++i) {
        for (std::size_t j = 0; j < i; ++j)
            b[i] -= l[i * k + j] * b[j];
        b[i] /= l[i * k + i];
    }
    for (std::size_t i = k; i-- > 0;) {
        for (std::size_t j = i + 1; j < k; ++j)
            b[i] -= l[j * k + i] * b[j];
        b[i] /= l[i * k + i];
    }
    return b;
}
} // namespace

GlsMean pool_correlated(std::span<const double> y, std::span<const double> covariance) {
    const std::size_t k = y.size();
    ASSAY_EXPECT(covariance.size() == k * k);
    GlsMean result;
    const std::vector<double> l = cholesky(covariance, k);
    if (k == 0 || l.empty()) return result;
    const std::vector<double> w = solve(l, k, std::vector<double>(k, 1.0));
    double total = 0, offset = 0;
    for (std::size_t i = 0; i < k; ++i) {
        total += w[i];
        offset += w[i] * (y[i] - y[0]);
    }
    result.estimate = y[0] + offset / total;
    result.se = std::sqrt(1 / total);
    std::vector<double> r;
    for (double one : y)
        r.push_back(one - result.estimate);
    const std::vector<double> vr = solve(l, k, r);
    for (std::size_t i = 0; i < k; ++i) {
        result.q += r[i] * vr[i];
        result.weights.push_back(100 * w[i] / total);
    }
    result.q_df = static_cast<int>(k) - 1;
    result.defined = true;
    return result;
}

} // namespace assay::synth
