// Kendall's rank correlation with its exact and its normal P value.
#pragma once

#include <span>

namespace assay::num {

struct Kendall {
    int n = 0;
    double tau = 0;      ///< tau-b; NaN when all of x or all of y are equal
    double score = 0;    ///< concordant less discordant pairs
    double score_se = 0; ///< standard deviation of the score under independence, corrected for ties
    double p = 1;        ///< two-sided
    bool exact = false;
    bool ties = false;
};

enum class KendallP {
    automatic, ///< exact without ties, normal with
    normal     ///< always from the normal distribution, without continuity correction
};

/// Kendall 1970, Rank Correlation Methods, chapters 4 and 5; tied variance: Kendall & Gibbons 1990,
/// equation 4.4.
Kendall kendall(std::span<const double> x, std::span<const double> y, KendallP how = KendallP::automatic);

} // namespace assay::num
