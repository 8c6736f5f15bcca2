#include "synth/trimfill.hpp"

#include "synth/regtest.hpp"
#include "synth/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::synth {

namespace {

/// Ranks of |x|, ties in the order they stand.
std::vector<int> ranks_of_size(const std::vector<double>& x) {
    std::vector<std::size_t> order(x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return std::fabs(x[a]) < std::fabs(x[b]); });
    std::vector<int> ranks(x.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        ranks[order[i]] = static_cast<int>(i) + 1;
    return ranks;
}

struct Count {
    double value = 0, se = 0;
    bool defined = true;
};

/// The variance of Wilcoxon's T when `missing` studies are missing: Duval & Tweedie 2000, equation 6.
double variance_of_rank_sum(double k, double missing) {
    const double m = missing;
    return (k * (k + 1) * (2 * k + 1) + 10 * m * m * m + 27 * m * m + 17 * m - 18 * k * m * m - 18 * k * m +
            6 * k * k * m) /
           24;
}

/// The number of missing studies from the signed ranks around the current centre: Duval & Tweedie 2000,
/// section 3.
Count count_missing(const std::vector<double>& centred, TrimEstimator kind) {
    const double k = static_cast<double>(centred.size());
    const std::vector<int> ranks = ranks_of_size(centred);
    double sum = 0; // S_r = Wilcoxon's T, ranks right of the centre
    int largest_left = 0;
    for (std::size_t i = 0; i < centred.size(); ++i) {
        if (centred[i] > 0)
            sum += ranks[i];
        else
            largest_left = std::max(largest_left, centred[i] < 0 ? ranks[i] : 0);
    }
    double value = 0, se = 0;
    switch (kind) {
    case TrimEstimator::R0: // the length of the run of rightmost ranks
        value = (k - largest_left) - 1;
        se = std::sqrt(2 * std::max(0.0, value) + 2);
        break;
    case TrimEstimator::L0:
        value = (4 * sum - k * (k + 1)) / (2 * k - 1);
        se = 4 * std::sqrt(variance_of_rank_sum(k, value)) / (2 * k - 1);
        break;
    case TrimEstimator::Q0: {
        const double inside = 2 * k * k - 4 * sum + 0.25;
        if (inside < 0) return {0, 0, false};
        value = k - 0.5 - std::sqrt(inside);
        se = 2 * std::sqrt(variance_of_rank_sum(k, value)) /
             std::sqrt((k - 0.5) * (k - 0.5) - value * (2 * k - value - 1));
        break;
    }
    }
    // Halves go to the even neighbour, as in R.
    return {std::max(0.0, std::nearbyint(value)), std::isnan(se) ? 0 : std::max(0.0, se), true};
}

Side decide_side(const Problem& problem, const Estimator* estimator) {
    const SmallStudyTest test = egger_mixed(problem.y, problem.v, estimator, Test::z);
    return test.defined && test.slope < 0 ? Side::right : Side::left;
}

/// y mirrored so that the missing studies are on the left, in rising order.
struct Sorted {
    std::vector<double> y, v;
};

Sorted sorted(const Problem& problem, double sign) {
    std::vector<std::size_t> order(problem.k());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return sign * problem.y[a] < sign * problem.y[b]; });
    Sorted result;
    for (std::size_t i : order) {
        result.y.push_back(sign * problem.y[i]);
        result.v.push_back(problem.v[i]);
    }
    return result;
}

} // namespace

TrimFill trim_and_fill(const Problem& problem, const Estimator* estimator, Test test,
                       const TrimOptions& options) {
    const TrimEstimator kind = options.kind;
    const auto refit = [&](const Problem& one, Test with) {
        if (!estimator || !options.early_stop || one.k() < 2) return fit_mean(one, estimator, with);
        const Scored scored = estimate_by_scoring(one, *estimator);
        Mean mean = fit_mean_at(one, scored.tau2.value, with);
        mean.tau2 = scored.tau2;
        return mean;
    };
    TrimFill result;
    const std::size_t k = problem.k();
    if (k < 3) {
        result.defined = false;
        if (k > 0) result.mean = fit_mean(problem, estimator, test);
        return result;
    }
    result.side = options.side == Side::automatic ? decide_side(problem, estimator) : options.side;
    const double sign = result.side == Side::right ? -1 : 1;
    const Sorted data = sorted(problem, sign);

    constexpr int most_rounds = 100;
    double centre = 0;
    int missing = 0;
    for (int round = 0;; ++round) {
        // Trim the extreme studies that have no counterpart, find the centre without them.
        const std::size_t kept = k - static_cast<std::size_t>(missing);
        const Problem trimmed{std::span(data.y).first(kept), std::span(data.v).first(kept)};
        centre = fit_mean(trimmed, estimator, Test::z).estimate;
        std::vector<double> off;
        for (double y : data.y)
            off.push_back(y - centre);
        const Count count = count_missing(off, kind);
        if (!count.defined) {
            result.defined = false;
            return result;
        }
        const int next = std::min(static_cast<int>(count.value), static_cast<int>(k) - 1);
        result.missing_se = count.se;
        if (next == missing) break;
        missing = next;
        if (round == most_rounds) {
            result.converged = false;
            break;
        }
    }
    result.missing = missing;
    // P of at least this long a run of ranks on one side, when each side is equally likely.
    if (kind == TrimEstimator::R0) result.missing_p = std::pow(2.0, -(missing + 1));

    std::vector<double> y(problem.y.begin(), problem.y.end()), v(problem.v.begin(), problem.v.end());
    for (std::size_t i = k - static_cast<std::size_t>(missing); i < k; ++i) {
        result.filled_y.push_back(sign * (2 * centre - data.y[i]));
        result.filled_v.push_back(data.v[i]);
    }
    y.insert(y.end(), result.filled_y.begin(), result.filled_y.end());
    v.insert(v.end(), result.filled_v.begin(), result.filled_v.end());
    if (sign > 0) { // rising order of the filled
        std::reverse(result.filled_y.begin(), result.filled_y.end());
        std::reverse(result.filled_v.begin(), result.filled_v.end());
    }
    const Problem filled{y, v};
    result.mean =
        missing > 0 ? refit(filled, options.early_stop ? Test::z : test) : fit_mean(filled, estimator, test);
    result.i2 = (estimator ? heterogeneity_from_tau2(result.mean.tau2.value, result.mean.tr_p, filled.df())
                           : heterogeneity_from_q(result.mean.q, filled.df()))
                    .i2;
    return result;
}

} // namespace assay::synth
