// Brings an analysis before the rules of GRADE: gathers the numbers that each domain asks for, lets the rules
// propose, and puts the decisions of grade.toml beside them.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"
#include "synth/pool.hpp"

#include <optional>
#include <span>
#include <string>

namespace assay::app {

/// Absent for illustrations and where nothing was pooled. `result` needs its effects and main result.
std::optional<model::GradeRating> grade(const model::Review& review, const model::Analysis& analysis,
                                        const model::AnalysisResult& result, const std::string& measure,
                                        const synth::PoolOptions& pool,
                                        std::span<const model::Appraisal> appraisals = {});

} // namespace assay::app
