#include "synth/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

/// The derivative of the log-likelihood with respect to tau2, and the derivative of that.
struct Score {
    double value, slope;
};

Score score(const Problem& problem, double tau2, Likelihood kind) {
    const Point point = at_tau2(problem, tau2);
    if (kind == Likelihood::restricted)
        return {0.5 * (point.ypp - point.tr_p), 0.5 * point.tr_pp - point.yppp};
    return {0.5 * (point.ypp - point.sum_w), 0.5 * point.sum_w2 - point.yppp};
}

struct Maximum {
    double tau2;
    int iterations;
    bool converged;
};

/// The zero of the score in [low, high], where it falls from above to below zero: Newton steps, halving the bracket
/// whenever a step would leave it or does not shrink it well.
Maximum refine(const Problem& problem, Likelihood kind, double low, double high, double start) {
    constexpr int most_steps = 200;
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    double x = start > low && start < high ? start : low + (high - low) / 2;
    double last_step = high - low;
    for (int step = 1; step <= most_steps; ++step) {
        const Score s = score(problem, x, kind);
        if (s.value == 0) return {x, step, true};
        if (s.value > 0) low = x;
        else high = x;
        const double newton = x - s.value / s.slope;
        const bool usable = s.slope < 0 && newton > low && newton < high && std::fabs(newton - x) < 0.75 * last_step;
        const double next = usable ? newton : low + (high - low) / 2;
        last_step = std::fabs(next - x);
        if (last_step <= 2 * epsilon * next || next == x) return {next, step, true};
        x = next;
    }
    return {x, most_steps, false};
}

/// The scale of the data: the scan runs from far below the smallest variance to beyond any possible maximum.
struct Range {
    double low, high;
};

Range scan_range(const Problem& problem) {
    const auto [v_low, v_high] = std::minmax_element(problem.v.begin(), problem.v.end());
    const auto [y_low, y_high] = std::minmax_element(problem.y.begin(), problem.y.end());
    const double spread = *y_high - *y_low;
    constexpr double below = 1e-3;
    return {below * *v_low, std::max(spread * spread, *v_high)};
}

void add_standard_error(const Problem& problem, Likelihood kind, Tau2& tau2) {
    const Point point = at_tau2(problem, tau2.value);
    tau2.se = std::sqrt(2 / (kind == Likelihood::restricted ? point.tr_pp : point.sum_w2));
}

} // namespace

double log_likelihood(const Problem& problem, double tau2, Likelihood kind) {
    const Point point = at_tau2(problem, tau2);
    double log_det = 0;
    for (double v : problem.v)
        log_det += std::log(v + tau2);
    const double restricted = kind == Likelihood::restricted ? point.log_det : 0;
    return -0.5 * (log_det + restricted + point.q);
}

Tau2 maximise_likelihood(const Problem& problem, Likelihood kind) {
    constexpr int grid = 24;
    constexpr int most_extensions = 60;
    const Range range = scan_range(problem);
    const double ratio = std::pow(range.high / range.low, 1.0 / (grid - 1));

    Tau2 best;
    bool found = false;
    double best_height = 0;
    const auto consider = [&](double tau2) {
        if (!found) {
            best.value = tau2;
            found = true;
            return;
        }
        // Only now are heights needed: a single maximum is the common case.
        if (!best.several_maxima) best_height = log_likelihood(problem, best.value, kind);
        best.several_maxima = true;
        const double height = log_likelihood(problem, tau2, kind);
        if (height > best_height) {
            best_height = height;
            best.value = tau2;
        }
    };

    double low = 0;
    Score at_low = score(problem, 0, kind);
    best.iterations = 1;
    if (at_low.value <= 0) consider(0); // the likelihood falls from the boundary on
    double high = range.low;
    for (int i = 0; i < grid + most_extensions; ++i, high *= i < grid ? ratio : 10) {
        const Score at_high = score(problem, high, kind);
        ++best.iterations;
        if (at_low.value > 0 && at_high.value <= 0) {
            const Maximum maximum = refine(problem, kind, low, high, low + (high - low) / 2);
            best.iterations += maximum.iterations;
            best.converged = best.converged && maximum.converged;
            consider(maximum.tau2);
        }
        low = high;
        at_low = at_high;
        // Past the range of the data the score stays below zero once it is there.
        if (i >= grid - 1 && at_low.value <= 0) break;
    }
    add_standard_error(problem, kind, best);
    return best;
}

} // namespace assay::synth
