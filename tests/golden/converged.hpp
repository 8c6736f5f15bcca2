// Does our tau2 satisfy the equation that defines its estimator? The judge where another program stopped early.
#pragma once

#include "../support/near.hpp"
#include "synth/problem.hpp"

#include <cmath>
#include <string>

namespace assay::test {

/// PM and EB: Q(tau2) = k - 1. REML: the score y'PPy - tr(P) is zero. At the boundary 0 both may be below.
inline bool satisfies_equation(const synth::Problem& problem, double tau2, const std::string& method) {
    const synth::Point point = synth::at_tau2(problem, tau2);
    if (method == "PM" || method == "EB")
        return tau2 == 0 ? point.q <= problem.df() : near(point.q, problem.df(), equation);
    if (method == "REML") {
        const double score = point.ypp - point.tr_p, slope = point.tr_pp - 2 * point.yppp;
        return tau2 == 0 ? score <= 0 : near(score / slope / tau2, 0, score_equation);
    }
    return true; // closed form
}

inline Tolerance stop_of(const std::string& method) {
    if (method == "PM" || method == "EB") return metafor_uniroot_stop;
    return method == "REML" || method == "ML" ? metafor_scoring_stop : golden;
}

} // namespace assay::test
