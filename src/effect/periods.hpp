// Periods of counts as papers print them ("week", "4 weeks", "28 nights"), and the factor between two of them.
#pragma once

#include <optional>
#include <string_view>

namespace assay::effect {

/// Length in days; a month is 365.25/12 days. Absent for what has no fixed length ("season") or is not understood.
std::optional<double> period_days(std::string_view period);

/// Factor that turns a count per `from` into a count per `to`; 1 for equal texts; absent when it cannot be known.
std::optional<double> period_factor(std::string_view from, std::string_view to);

} // namespace assay::effect
