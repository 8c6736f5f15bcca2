// One study as an answer tells it: who, what, how much, the number that counts, and what follows for the
// claim.
#pragma once

#include "claims/answer.hpp"

namespace assay::claims {

/// What is claimed of which outcomes, in which order they are looked at.
struct ClaimFrame {
    model::QuestionId question;
    std::vector<model::OutcomeId> outcomes;
    bool main_outcomes = true; ///< the outcomes the studies' own conclusions are about
};

/// Outcomes named in the question come first; where the question is about harm, or names no population, only
/// they count.
ClaimFrame frame_of(const model::Review& review, const Asked& asked, const Match& match);

StudyLine line_of(const model::Review& review, const Asked& asked, const Matched& matched,
                  const ClaimFrame& frame, const model::Study& study, const Evidence& evidence);

/// "mean difference -0.18 (-0.84 to 0.49) cramps per week" of an effect on the analysis scale.
std::string number_text(const StudyNumbers& numbers, double estimate, double low, double high);

} // namespace assay::claims
