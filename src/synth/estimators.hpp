// The table of estimators of tau2, the variance of true effects between studies. A new estimator is one function and
// one row.
#pragma once

#include "synth/problem.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace assay::synth {

struct Tau2 {
    double value = 0;         ///< never negative
    std::optional<double> se = {}; ///< large-sample standard error
    int iterations = 0;       ///< evaluations of the model
    bool converged = true;
    bool several_maxima = false; ///< the likelihood has more than one; the highest was taken
};

struct Estimator {
    std::string_view id;      ///< metafor's name: "REML"
    std::string_view title;
    std::string_view formula;
    std::string_view source;  ///< paper with equation or page
    std::string_view page;    ///< in docs/methods
    bool iterative;
    Tau2 (*estimate)(const Problem&);
};

std::span<const Estimator> estimators();
const Estimator* find_estimator(std::string_view id);

/// The tau2 >= 0 where the generalised Q equals `target`; 0 when Q is below the target already at 0. Q falls and is
/// convex in tau2, so Newton's iteration from 0 approaches the root from the left and cannot overshoot.
Tau2 solve_generalised_q(const Problem& problem, double target);

} // namespace assay::synth
