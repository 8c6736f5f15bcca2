// tau2 by iterations that stop early, as metafor's defaults do: for numbers that must equal a published
// analysis to the last printed digit, and for a look at the path of the iteration. The estimators of
// estimators.hpp run to machine precision instead.
#pragma once

#include "synth/estimators.hpp"

#include <string>
#include <vector>

namespace assay::synth {

struct ScoringRule {
    double threshold = 1e-5; ///< Fisher scoring stops when tau2 moves less
    int most_steps = 100;
    double root_tolerance = 0.0001220703125; ///< of Brent's method (PM, PMM): fourth root of machine epsilon
    double largest_tau2 = 100;               ///< where the search of PM and PMM ends
};

struct Scored {
    Tau2 tau2;
    std::vector<double> trace; ///< tau2 after each step, the starting value first; scoring only
    std::string why;           ///< why it did not converge; empty: it did
};

/// ML, REML, EB: Fisher scoring from the Hedges estimate with steps halved at the boundary (Harville 1977, J
/// Am Stat Assoc 72:320; Viechtbauer 2005, J Educ Behav Stat 30:261, equations 8, 11 and 15). PM, PMM:
/// Brent's method on the generalised Q. Other estimators have closed forms and are computed as they are.
Scored estimate_by_scoring(const Problem& problem, const Estimator& estimator, const ScoringRule& rule = {});

} // namespace assay::synth
