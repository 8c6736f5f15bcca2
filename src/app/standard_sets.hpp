// The sets on which every analysis of every review is repeated: who paid, risk of bias, trust in the numbers,
// size, derived numbers.
#pragma once

#include "model/review.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::app {

struct StandardSet {
    model::SensitivitySet set;
    std::string empty; ///< why no study of the review can be in it; else empty
};

/// "independent", "low-risk-of-bias", "without-small-trials", "without-derived", and "trust-strict" where it
/// is known which studies the integrity checks flag. Small is fewer people than the review's cut-off says.
std::vector<StandardSet> standard_sets(const model::Review& review,
                                       const std::optional<std::vector<model::StudyId>>& flagged);

/// A published overall rating of a study: "low", "some", "high"; empty where nobody published one. Of several
/// ratings the worst counts.
std::string overall_bias(const model::Review& review, const model::StudyId& study);

/// People in a study: randomised, else analysed, else the sum over its groups.
std::optional<double> people_in(const model::Review& review, const model::Study& study);

} // namespace assay::app
