// Names of the places that numbers lead to: results rows, analyses, effects, studies, sources. One rule for the
// figures and the page, so that every link finds its target.
#pragma once

#include "model/effect.hpp"
#include "model/ids.hpp"

#include <string>
#include <string_view>

namespace assay::plot {

/// "r-frusso1999.3". Characters other than letters, digits, '-', '.', '_' become "_XX" (hex), so that the name is a
/// valid id and a valid fragment.
std::string anchor(std::string_view kind, std::string_view id);

std::string row_anchor(const model::ResultId& id);       ///< the row of results.csv
std::string analysis_anchor(const model::AnalysisId& id); ///< how the pooled number was made
std::string effect_anchor(const model::AnalysisId& id, std::size_t index); ///< one study's line of that
std::string study_anchor(const model::StudyId& id);
std::string source_anchor(const model::ReportId& id);
std::string question_anchor(const model::QuestionId& id);
std::string published_anchor(const model::PublishedId& id);

/// Where a study's estimate leads: to its row if it is one row, else to the line that tells how rows were combined.
std::string effect_link(const model::AnalysisId& id, std::size_t index, const model::Effect& effect);

} // namespace assay::plot
