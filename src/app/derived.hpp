// The numbers that rules made for the analyses of a review: `assay check --derived`.
#pragma once

#include "model/effect.hpp"
#include "model/review.hpp"

#include <string>
#include <vector>

namespace assay::app {

struct DerivedNumber {
    model::Derived made;
    std::vector<model::AnalysisId> analyses; ///< that use it, in the order of the review
    Place place;                             ///< of the row
};

/// In the order of results.csv; a number that several analyses use stands once.
std::vector<DerivedNumber> derived_numbers(const model::Review& review);

/// For people: what, by which rule and formula, from what, for which analysis.
std::string derived_text(const std::vector<DerivedNumber>& numbers);

/// The same as data ("assay/derived/1").
std::string derived_json(const std::vector<DerivedNumber>& numbers);

} // namespace assay::app
