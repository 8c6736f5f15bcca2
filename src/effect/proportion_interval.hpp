// Intervals of one proportion: Newcombe 1998, Stat Med 17:857.
#pragma once

#include <optional>
#include <string_view>

namespace assay::effect {

struct ProportionInterval {
    double low = 0, high = 1;
};

/// method: "CP" (Clopper & Pearson 1934, exact), "WS" (Wilson 1927, score), "WSCC" (with continuity
/// correction), "AC" (Agresti & Coull 1998), "SA" (simple), "SACC". Cut to [0, 1]. None for other names or
/// impossible counts. Wilson's limits for 0 or n events are 0 or 1 exactly; `exact_ends` false leaves the
/// rounding of the formula, as other programs print it.
std::optional<ProportionInterval> proportion_interval(double events, double n, std::string_view method,
                                                      double level = 0.95, bool exact_ends = true);

} // namespace assay::effect
