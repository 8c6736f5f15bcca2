// Computes a review: every declared analysis, its sensitivity sets, its verdict; the object behind report and JSON.
#pragma once

#include "base/progress.hpp"
#include "model/results.hpp"
#include "model/review.hpp"

#include <optional>
#include <vector>

namespace assay::app {

struct AnalyseOptions {
    /// Studies with a number that the integrity checks flag. Absent: the checks were not run, and no analysis is
    /// repeated without such studies.
    std::optional<std::vector<model::StudyId>> flagged;
};

/// Pure: the same review gives the same results, whatever the machine or the number of threads.
model::ReviewResults analyse(const model::Review& review, const Progress& progress = {},
                             const AnalyseOptions& options = {});

} // namespace assay::app
