// What a pooled relative effect means for people with a given risk: the risk with treatment, the difference,
// the number needed to treat.
#pragma once

#include <optional>
#include <string_view>

namespace assay::effect {

/// The risk of people who would have `control_risk` without treatment; `measure` "OR", "RR", "HR" (y is a
/// logarithm) or "RD". None for other measures. Cochrane Handbook 6.5, section 15.4.
std::optional<double> risk_with(std::string_view measure, double y, double control_risk);

/// 1/(control risk - risk with treatment): positive where treatment lowers the risk. Infinite without a
/// difference.
std::optional<double> number_needed_to_treat(std::string_view measure, double y, double control_risk);

} // namespace assay::effect
