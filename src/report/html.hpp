// The report of a review as one file: readable offline, without scripts and in print.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <string>

namespace assay::report {

/// index.html. results.json is expected beside it under that name; the page holds a copy of it.
std::string html(const model::Review& review, const model::ReviewResults& results);

} // namespace assay::report
