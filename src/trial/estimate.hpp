// One number by a named method: what a table of estimates has in a row.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace assay::trial {

struct Estimate {
    std::string method;                                                 ///< "CROS_period_adjusted"
    std::string term;                                                   ///< "treatment", "log RR"
    std::optional<double> estimate, se, lower, upper, statistic, df, p; ///< interval of 95 %, P two-sided
    std::vector<std::pair<std::string, double>> extras;                 ///< "sd_subject" and the like
    std::string note;
};

/// Estimate and standard error with t (df > 0) or normal interval and P.
Estimate with_error(std::string method, std::string term, double estimate, double se, double df = 0,
                    std::string note = {});

} // namespace assay::trial
