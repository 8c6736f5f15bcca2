#include "num/kendall.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace assay::num {

namespace {

/// Sums over groups of equal values.
struct Ties {
    double two = 0;   ///< sum of t (t - 1)
    double three = 0; ///< sum of t (t - 1) (t - 2)
    double five = 0;  ///< sum of t (t - 1) (2 t + 5)
};

Ties ties_of(std::span<const double> values) {
    std::vector<double> sorted(values.begin(), values.end());
    std::sort(sorted.begin(), sorted.end());
    Ties ties;
    for (std::size_t i = 0; i < sorted.size();) {
        std::size_t j = i;
        while (j < sorted.size() && sorted[j] == sorted[i])
            ++j;
        const double t = static_cast<double>(j - i);
        ties.two += t * (t - 1);
        ties.three += t * (t - 1) * (t - 2);
        ties.five += t * (t - 1) * (2 * t + 5);
        i = j;
    }
    return ties;
}

/// P(at most `concordant` concordant pairs of n) under independence: convolution of uniform counts, one per
/// item.
double at_most(int concordant, int n) {
    if (concordant < 0) return 0;
    const int most = n * (n - 1) / 2;
    if (concordant >= most) return 1;
    std::vector<double> chance(static_cast<std::size_t>(most) + 1, 0.0), next(chance.size());
    chance[0] = 1;
    int reach = 0;
    for (int item = 2; item <= n; ++item) {
        double window = 0;
        for (int i = 0; i <= reach + item - 1; ++i) {
            if (i <= reach) window += chance[static_cast<std::size_t>(i)];
            if (i >= item) window -= chance[static_cast<std::size_t>(i - item)];
            next[static_cast<std::size_t>(i)] = window / item;
        }
        reach += item - 1;
        std::swap(chance, next);
    }
    double sum = 0;
    for (int i = 0; i <= concordant; ++i)
        sum += chance[static_cast<std::size_t>(i)];
    return std::min(1.0, sum);
}

} // namespace

Kendall kendall(std::span<const double> x, std::span<const double> y, KendallP how) {
    Kendall result;
    result.n = static_cast<int>(x.size());
    if (x.size() < 2 || x.size() != y.size()) {
        result.tau = std::numeric_limits<double>::quiet_NaN();
        return result;
    }
    const auto sign = [](double d) { return d > 0 ? 1 : d < 0 ? -1 : 0; };
    for (std::size_t i = 1; i < x.size(); ++i)
        for (std::size_t j = 0; j < i; ++j)
            result.score += sign(x[i] - x[j]) * sign(y[i] - y[j]);

    const double n = result.n, pairs = n * (n - 1) / 2;
    const Ties tx = ties_of(x), ty = ties_of(y);
    result.ties = tx.two > 0 || ty.two > 0;
    result.tau = result.score / std::sqrt((pairs - tx.two / 2) * (pairs - ty.two / 2));
    double variance =
        (n * (n - 1) * (2 * n + 5) - tx.five - ty.five) / 18 + tx.two * ty.two / (2 * n * (n - 1));
    if (result.n > 2) variance += tx.three * ty.three / (9 * n * (n - 1) * (n - 2));
    result.score_se = std::sqrt(variance);

    constexpr int most_exact = 500; // beyond, the normal is as good and the table large
    if (how == KendallP::automatic && !result.ties && result.n <= most_exact) {
        result.exact = true;
        const int concordant = static_cast<int>(std::lround((result.score + pairs) / 2));
        const double below = at_most(concordant, result.n), above = 1 - at_most(concordant - 1, result.n);
        // The distribution is symmetric: the small tail is summed directly.
        const double small = below < above ? below : at_most(static_cast<int>(pairs) - concordant, result.n);
        result.p = std::min(1.0, 2 * small);
    } else
        result.p = two_sided_p(result.score / result.score_se);
    return result;
}

} // namespace assay::num
