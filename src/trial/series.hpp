// One person's values under two conditions, in the order of time: estimates by named methods.
#pragma once

#include "trial/estimate.hpp"

#include <string>
#include <vector>

namespace assay::trial {

struct SeriesValue {
    double time = 0; ///< day or session; equal times are one day's several values
    bool treatment = false;
    std::string phase; ///< runs of one condition, "A1"; empty: from the changes of condition
    double y = 0;
};

struct SeriesNames {
    std::string treatment = "treatment", control = "control";
};

/// `counts` adds the methods for counts.
std::vector<Estimate> series_estimates(std::vector<SeriesValue> values, const SeriesNames& names,
                                       bool counts);

} // namespace assay::trial
