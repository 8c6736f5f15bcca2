// What some weeks before the trial tell of its two unknowns: how many events a week, and how uneven the weeks
// are.
#pragma once

#include "trial/diary.hpp"

#include <vector>

namespace assay::trial {

struct RunIn {
    int weeks = 0; ///< blocks of up to seven days
    double days = 0, events = 0;
    double rate = 0, rate_low = 0, rate_high = 0; ///< events a week: median and 95 % interval
    double k = 0, k_low = 0, k_high = 0;          ///< negative binomial size: median and 80 % interval
};

/// The count model without a treatment: a ~ N(1, 1.5), log k ~ N(log 3, 1), both summed over a grid. `weeks`
/// holds events and `exposure` the share of each week that was written.
RunIn run_in(const std::vector<double>& events, const std::vector<double>& exposure);

/// All days of the diary, in blocks of seven calendar days.
RunIn run_in(const Diary& diary);

} // namespace assay::trial
