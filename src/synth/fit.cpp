#include "synth/fit.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {
/// Sums of squares this small relative to the size of the effects are rounding, not scatter.
bool is_noise(double q, const Problem& problem, double tau2) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    double size = 0, largest_weight = 0;
    for (std::size_t i = 0; i < problem.k(); ++i) {
        size = std::max(size, std::fabs(problem.y[i]));
        largest_weight = std::max(largest_weight, 1 / (problem.v[i] + tau2));
    }
    const double rounding = 4 * epsilon * size;
    return q <= static_cast<double>(problem.k()) * largest_weight * rounding * rounding;
}

Mean fit(const Problem& problem, const Tau2& tau2, Test test) {
    const Point common = at_tau2(problem, 0);
    const Point point = tau2.value == 0 ? common : at_tau2(problem, tau2.value);
    Mean mean;
    mean.k = static_cast<int>(problem.k());
    mean.estimate = point.mean;
    mean.tau2 = tau2;
    mean.q = is_noise(common.q, problem, 0) ? 0 : common.q;
    mean.tr_p = common.tr_p;
    const int df = problem.df();
    if (df > 0 && test != Test::z) mean.df = df;
    if (df > 0 && (test == Test::knha || test == Test::adhoc)) {
        mean.factor = is_noise(point.q, problem, tau2.value) ? 0 : point.q / df;
        if (test == Test::adhoc) mean.factor = std::max(1.0, mean.factor);
    }
    mean.se = std::sqrt(mean.factor / point.sum_w);
    return mean;
}
} // namespace

std::optional<Test> test_of(std::string_view name) {
    for (Test test : {Test::z, Test::t, Test::knha, Test::adhoc})
        if (name == to_string(test)) return test;
    return std::nullopt;
}

std::string_view to_string(Test test) {
    switch (test) {
    case Test::z: return "z";
    case Test::t: return "t";
    case Test::knha: return "knha";
    case Test::adhoc: return "adhoc";
    }
    return "";
}

double fit_mean_q(const Problem& problem, const Point& point, double tau2) {
    return is_noise(point.q, problem, tau2) ? 0 : std::max(0.0, point.q);
}

Mean fit_mean(const Problem& problem, const Estimator* estimator, Test test) {
    Tau2 tau2;
    if (estimator && problem.k() > 1) tau2 = estimator->estimate(problem);
    return fit(problem, tau2, test);
}

Mean fit_mean_at(const Problem& problem, double tau2, Test test) { return fit(problem, Tau2{tau2}, test); }

Heterogeneity heterogeneity_from_tau2(double tau2, double tr_p, int df) {
    if (df < 1 || !(tr_p > 0)) return {};
    const double typical = df / tr_p;
    return {100 * tau2 / (typical + tau2), tau2 / typical + 1};
}

Heterogeneity heterogeneity_from_q(double q, int df) {
    if (df < 1) return {};
    return {q > df ? 100 * (q - df) / q : 0, q / df};
}

Profile q_profile(const Problem& problem, double level) {
    Profile profile;
    const int df = problem.df();
    if (df < 1) return profile;
    const double alpha = 1 - level;
    const double low_quantile = num::chi_squared_quantile(alpha / 2, df);
    const double high_quantile = num::chi_squared_quantile(1 - alpha / 2, df);
    if (at_tau2(problem, 0).q < low_quantile) {
        profile.empty = true;
        return profile;
    }
    const Tau2 low = solve_generalised_q(problem, high_quantile);
    const Tau2 high = solve_generalised_q(problem, low_quantile);
    profile.interval = {low.value, high.value, !low.converged, !high.converged};
    return profile;
}

} // namespace assay::synth
