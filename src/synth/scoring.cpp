#include "synth/scoring.hpp"

#include "num/brent.hpp"
#include "num/distributions.hpp"
#include "synth/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>

namespace assay::synth {

namespace {

/// One step of Fisher scoring: the score over the expected information.
double scoring_step(const Problem& problem, std::string_view id, double tau2) {
    const Point point = at_tau2(problem, tau2);
    if (id == "ML") return (point.ypp - point.sum_w) / point.sum_w2;
    if (id == "REML") return (point.ypp - point.tr_p) / point.tr_pp;
    const double k = static_cast<double>(problem.k());
    return (point.q * k / problem.df() - k) / point.sum_w; // EB
}

Scored score(const Problem& problem, const Estimator& estimator, const ScoringRule& rule) {
    Scored scored;
    const Unweighted plain = unweighted(problem);
    double tau2 = std::max(0.0, (plain.rss - plain.tr_pv) / problem.df());
    scored.trace.push_back(tau2);
    for (;;) {
        double step = scoring_step(problem, estimator.id, tau2);
        if (!std::isfinite(step)) {
            scored.why = "the step is not a number";
            break;
        }
        while (tau2 + step < 0)
            step /= 2;
        const double next = std::max(0.0, tau2 + step);
        const double change = std::fabs(next - tau2);
        tau2 = next;
        scored.trace.push_back(tau2);
        if (change <= rule.threshold) break;
        if (static_cast<int>(scored.trace.size()) > rule.most_steps + 1) {
            scored.why = "Fisher scoring did not settle in " + std::to_string(rule.most_steps) + " steps";
            break;
        }
    }
    // Scoring can stop at a maximum lower than the boundary.
    if (estimator.id != "EB" && tau2 > rule.threshold) {
        const Likelihood kind = estimator.id == "ML" ? Likelihood::full : Likelihood::restricted;
        if (log_likelihood(problem, 0, kind) - log_likelihood(problem, tau2, kind) > rule.root_tolerance)
            tau2 = 0;
    }
    scored.tau2.value = tau2;
    scored.tau2.iterations = static_cast<int>(scored.trace.size()) - 1;
    scored.tau2.converged = scored.why.empty();
    return scored;
}

Scored solve_q(const Problem& problem, double target, const ScoringRule& rule) {
    Scored scored;
    const auto distance = [&](double tau2) { return at_tau2(problem, tau2).q - target; };
    if (distance(0) < 0) return scored;
    const num::Root root = num::brent(distance, 0, rule.largest_tau2, rule.root_tolerance);
    scored.tau2.value = root.value;
    scored.tau2.iterations = root.iterations;
    scored.tau2.converged = root.converged;
    if (!root.converged) scored.why = "no root below the largest tau2 allowed";
    return scored;
}

} // namespace

Scored estimate_by_scoring(const Problem& problem, const Estimator& estimator, const ScoringRule& rule) {
    if (problem.df() < 1) return {};
    if (estimator.id == "ML" || estimator.id == "REML" || estimator.id == "EB")
        return score(problem, estimator, rule);
    if (estimator.id == "PM") return solve_q(problem, problem.df(), rule);
    if (estimator.id == "PMM") return solve_q(problem, num::chi_squared_quantile(0.5, problem.df()), rule);
    return {estimator.estimate(problem), {}, {}};
}

} // namespace assay::synth
