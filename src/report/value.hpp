// A row of results.csv as a reader writes it: "11 of 34", "9.5 (SD 5.1), n 21", "MD -0.18 (95% CI -0.84 to 0.49)".
#pragma once

#include "model/review.hpp"

#include <string>

namespace assay::report {

std::string value_text(const model::Result& row);

/// "= 0.03", "< 0.05" as printed; empty if there is none.
std::string printed_p(const std::optional<model::PValue>& p);

/// "printed", or "derived; n assumed" where the status of n differs.
std::string status_text(const model::Result& row);

/// "1800 mg/day (salt); 291 mg elemental".
std::string dose_text(const model::Arm& arm);

/// A pooled result of others: "MD -0.18 (95% CI -0.84 to 0.49)", digits as they were entered.
std::string published_text(const model::Published& published);

} // namespace assay::report
