#include "synth/trimfill.hpp"

#include "synth/regtest.hpp"

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

/// The number of missing studies from the signed ranks around the current centre: Duval & Tweedie 2000, section 3.
Count count_missing(const std::vector<double>& centred, TrimEstimator kind) {
    const double k = static_cast<double>(centred.size());
    const std::vector<int> ranks = ranks_of_size(centred);
    double sum = 0; // S_r = Wilcoxon's T, ranks right of the centre
    int largest_left = 0;
    for (std::size_t i = 0; i < centred.size(); ++i) {
        if (centred[i] > 0) sum += ranks[i];
        else largest_left = std::max(largest_left, centred[i] < 0 ? ranks[i] : 0);
    }
    const auto capped = [](double x) { return std::max(0.0, x); };
    if (kind == TrimEstimator::R0) {
        // gamma* = length of the run of rightmost ranks.
        const double value = (k - largest_left) - 1;
        return {capped(value), std::sqrt(2 * capped(value) + 2), true};
    }
    if (kind == TrimEstimator::L0) {
        const double value = (4 * sum - k * (k + 1)) / (2 * k - 1);
        const double at = value;
        const double variance = (k * (k + 1) * (2 * k + 1) + 10 * std::pow(at, 3) + 27 * at * at + 17 * at -
                                 18 * k * at * at - 18 * k * at + 6 * k * k * at) /
                                24;
        return {capped(value), 4 * std::sqrt(variance) / (2 * k - 1), true};
    }
    const double inside = 2 * k * k - 4 * sum + 0.25;
    if (inside < 0) return {0, 0, false};
    const double at = capped(k - 0.5 - std::sqrt(inside));
    const double variance = (k * (k + 1) * (2 * k + 1) + 10 * std::pow(at, 3) + 27 * at * at + 17 * at -
                             18 * k * at * at - 18 * k * at + 6 * k * k * at) /
                            24;
    return {at, 2 * std::sqrt(variance) / std::sqrt((k - 0.5) * (k - 0.5) - at * (2 * k - at - 1)), true};
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

TrimFill trim_and_fill(const Problem& problem, const Estimator* estimator, Test test, TrimEstimator kind, Side side) {
    TrimFill result;
    const std::size_t k = problem.k();
    if (k < 3) {
        result.defined = false;
        if (k > 0) result.mean = fit_mean(problem, estimator, test);
        return result;
    }
    result.side = side == Side::automatic ? decide_side(problem, estimator) : side;
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
        const int next = std::min(static_cast<int>(std::lround(count.value)), static_cast<int>(k) - 1);
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
    result.mean = fit_mean(filled, estimator, test);
    result.i2 = (estimator ? heterogeneity_from_tau2(result.mean.tau2.value, result.mean.tr_p, filled.df())
                           : heterogeneity_from_q(result.mean.q, filled.df()))
                    .i2;
    return result;
}

} // namespace assay::synth
