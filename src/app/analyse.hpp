// Computes a review: every declared analysis, its sensitivity sets, its verdict; the object behind report and JSON.
#pragma once

#include "base/progress.hpp"
#include "model/results.hpp"
#include "model/review.hpp"

namespace assay::app {

/// Pure: the same review gives the same results, whatever the machine or the number of threads.
model::ReviewResults analyse(const model::Review& review, const Progress& progress = {});

} // namespace assay::app
