// The numbers of a review for programs: schema assay/results/1, described in docs/formats/results.md.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"
#include "report/section.hpp"

#include <string>

namespace assay::report {

/// Doubles in the shortest form that reads back as the same number, undefined ones as null; keys in a fixed order;
/// no clock. Ends with a newline.
std::string results_json(const model::Review& review, const model::ReviewResults& results);

/// The copy inside the page: the same without line breaks and without `analyses[].variants`, whose numbers stand in
/// the page's tables.
std::string results_json_for_page(const model::Review& review, const model::ReviewResults& results);

/// One analysis that belongs to no review, as `assay meta` computes: schema assay/meta/1, the same fields.
std::string meta_json(const model::AnalysisResult& result, const std::string& measure,
                      const std::vector<Section>& sections);

} // namespace assay::report
