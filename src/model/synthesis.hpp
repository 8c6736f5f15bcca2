// The outcome of pooling: plain numbers on the analysis scale, as printed in results.json.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace assay::model {

struct Interval {
    double low = 0, high = 0;
    bool low_open = false, high_open = false; ///< the bound is a search limit, not a solution
};

/// One pooled result. All on the analysis scale. Absent numbers are undefined for this k or model.
struct Synthesis {
    std::string measure;
    std::string model;       ///< random | common
    std::string method;      ///< REML, DL, PM, ML, IV, MH, Peto
    std::string test;        ///< z | t | knha | adhoc, as used (k = 1 falls back to z)
    double level = 0.95;
    int k = 0;
    double estimate = 0, se = 0;
    double ci_low = 0, ci_high = 0;
    std::optional<double> statistic, df, p; ///< df absent: normal
    std::optional<double> pi_low, pi_high;  ///< metafor's: the test's distribution
    std::optional<double> pi_hts_low, pi_hts_high; ///< Higgins-Thompson-Spiegelhalter: t with k - 2 df
    double tau2 = 0;
    std::optional<double> tau2_se;
    std::optional<Interval> tau2_ci; ///< Q-profile
    double i2 = 0, h2 = 1;           ///< percent; from tau2 and the typical variance for random effects, from Q for common
    std::optional<Interval> i2_ci;
    double q = 0;
    int q_df = 0;
    double q_p = 1;
    std::vector<double> weights; ///< percent, in the order of the effects
    int iterations = 0;
    bool converged = true;
    std::vector<std::string> notes;
};

} // namespace assay::model
