// From the rows of a review to the effects of one analysis: which rows take part, and why the others do not.
// docs/formats/bundle.md, sections "Filters" and "Which rows become an effect", says the same for users.
#pragma once

#include "model/effect.hpp"
#include "model/review.hpp"

#include <vector>

namespace assay::effect {

struct Assembled {
    std::vector<model::Effect> effects;    ///< in the order of the studies in the review
    std::vector<model::Excluded> excluded; ///< rows of the outcome that gave none; one entry per study and reason
};

/// The effects of `analysis`, or of one of its sensitivity sets: the set's filter holds in addition and its measure
/// replaces the analysis'. An unknown measure throws Error; everything about the rows is a value.
Assembled assemble(const model::Review& review, const model::Analysis& analysis,
                   const model::SensitivitySet* set = nullptr);

} // namespace assay::effect
