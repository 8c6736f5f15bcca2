// Does a row of results.csv pass the conditions of an analysis or sensitivity set, and if not, which one fails?
#pragma once

#include "model/review.hpp"

#include <optional>
#include <string>

namespace assay::effect {

/// Empty when the row passes; else a sentence naming the first condition that fails. `whose` is put in front
/// ("the analysis", "the set 'independently funded'"). `study` must be the row's study.
std::optional<std::string> failing_condition(const model::Review& review, const model::Filter& filter,
                                             const model::Result& row, const model::Study& study,
                                             const std::string& whose);

} // namespace assay::effect
