// The sets on which every analysis of every review is repeated: who paid, risk of bias, trust in the numbers,
// size, derived numbers.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay::app {

struct StandardSet {
    model::SensitivitySet set;
    std::string empty; ///< why no study of the review can be in it; else empty
};

/// Risk of bias of one study's result: "low", "some", "high"; empty where nobody judged it. What this review
/// judged from signalling answers comes first, for these rows, this outcome or the study; else the worst of
/// the overall ratings that others published.
std::string overall_bias(const model::Review& review, std::span<const model::Appraisal> appraisals,
                         const model::Effect& effect, const model::OutcomeId& outcome);

/// "independent", "low-risk-of-bias", "without-small-trials", "without-derived", and "trust-strict" where it is known which
/// studies the integrity checks flag, or where people have serious concerns about a trial (INSPECT-SR). Small is fewer
/// people than the review's cut-off says. `effects` are those of the main analysis.
std::vector<StandardSet> standard_sets(const model::Review& review, const model::Analysis& analysis,
                                       std::span<const model::Effect> effects,
                                       std::span<const model::Appraisal> appraisals,
                                       const std::optional<std::vector<model::StudyId>>& flagged);

/// People in a study: randomised, else analysed, else the sum over its groups.
std::optional<double> people_in(const model::Review& review, const model::Study& study);

} // namespace assay::app
