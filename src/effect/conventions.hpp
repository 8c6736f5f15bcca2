// Effects of single studies by the conventions of RevMan and R's meta package, where they differ from escalc:
// what a continuity correction is added to, and the variance of a standardised difference.
#pragma once

#include "effect/cells.hpp"
#include "effect/measures.hpp"

#include <string_view>

namespace assay::effect {

struct CountConvention {
    double increment = 0.5;           ///< to the cells of tables with an empty one
    bool twice_in_risk_ratio = false; ///< RevMan: to both cells of a group, n + 1; otherwise n + 1/2
};

/// "RR", "OR", "RD" (the increment goes into the variance only), "ASD", or "PETO" (no increment). Tables
/// without (or with only) events have no ratio: status double_zero.
Computed conventional(std::string_view measure, const Cells& cells, const CountConvention& convention = {});

/// Hedges' g with the variance 1/n1 + 1/n2 + K g^2 that is exact for its expectation: White & Thomas 2005,
/// Clin Trials 2:141; the approximate way of RevMan has J = 1 - 3/(4N - 9) and g^2/(2(N - 3.94)).
Computed conventional_smd(double m1, double sd1, double n1, double m2, double sd2, double n2,
                          bool exact = true);

} // namespace assay::effect
