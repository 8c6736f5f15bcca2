#include "num/eigenvalues.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::num {

namespace {
/// Diagonal and subdiagonal (below row i in off[i]) of a similar matrix.
struct Tridiagonal {
    std::vector<double> diagonal, off;
};

Tridiagonal reduce(std::vector<double>& a, std::size_t n) {
    Tridiagonal t{std::vector<double>(n), std::vector<double>(n, 0.0)};
    const auto at = [&](std::size_t i, std::size_t j) -> double& {
        return i >= j ? a[i * n + j] : a[j * n + i];
    };
    std::vector<double> v(n), p(n);
    for (std::size_t k = 0; k + 2 < n; ++k) {
        // A reflection that clears column k below the subdiagonal.
        double norm = 0;
        for (std::size_t i = k + 1; i < n; ++i) {
            v[i] = at(i, k);
            norm = std::hypot(norm, v[i]);
        }
        t.off[k] = norm;
        if (norm == 0) continue;
        const double alpha = v[k + 1] > 0 ? -norm : norm;
        t.off[k] = alpha;
        v[k + 1] -= alpha;
        double vv = 0;
        for (std::size_t i = k + 1; i < n; ++i)
            vv += v[i] * v[i];
        double vp = 0;
        for (std::size_t i = k + 1; i < n; ++i) {
            p[i] = 0;
            for (std::size_t j = k + 1; j < n; ++j)
                p[i] += at(i, j) * v[j];
            p[i] *= 2 / vv;
            vp += v[i] * p[i];
        }
        for (std::size_t i = k + 1; i < n; ++i)
            p[i] -= vp / vv * v[i];
        for (std::size_t i = k + 1; i < n; ++i)
            for (std::size_t j = k + 1; j <= i; ++j)
                at(i, j) -= v[i] * p[j] + p[i] * v[j];
    }
    if (n > 1) t.off[n - 2] = at(n - 1, n - 2);
    for (std::size_t i = 0; i < n; ++i)
        t.diagonal[i] = at(i, i);
    return t;
}

/// Chases the off-diagonal cells to zero from the top with a shift at the top.
bool iterate(Tridiagonal& t, std::size_t n) {
    constexpr int most_rounds = 60;
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    auto &d = t.diagonal, &e = t.off;
    for (std::size_t low = 0; low < n; ++low)
        for (int round = 0;; ++round) {
            std::size_t high = low;
            while (high + 1 < n &&
                   !(std::fabs(e[high]) <= epsilon * (std::fabs(d[high]) + std::fabs(d[high + 1]))))
                ++high;
            if (high == low) break;
            if (round == most_rounds) return false;
            const double half = (d[low + 1] - d[low]) / (2 * e[low]);
            double g = d[high] - d[low] + e[low] / (half + std::copysign(std::hypot(half, 1.0), half));
            double sine = 1, cosine = 1, p = 0;
            bool split = false;
            for (std::size_t i = high; i-- > low;) {
                const double f = sine * e[i], b = cosine * e[i], r = std::hypot(f, g);
                e[i + 1] = r;
                if (r == 0) {
                    d[i + 1] -= p;
                    e[high] = 0;
                    split = true;
                    break;
                }
                sine = f / r;
                cosine = g / r;
                g = d[i + 1] - p;
                const double turned = (d[i] - g) * sine + 2 * cosine * b;
                p = sine * turned;
                d[i + 1] = g + p;
                g = cosine * turned - b;
            }
            if (split) continue;
            d[low] -= p;
            e[low] = g;
            e[high] = 0;
        }
    return true;
}
} // namespace

std::vector<double> symmetric_eigenvalues(std::vector<double> a, std::size_t n) {
    for (double cell : a)
        if (!std::isfinite(cell)) return {};
    if (n == 0 || a.size() != n * n) return {};
    Tridiagonal t = reduce(a, n);
    if (!iterate(t, n)) return {};
    std::sort(t.diagonal.begin(), t.diagonal.end());
    return t.diagonal;
}

} // namespace assay::num
