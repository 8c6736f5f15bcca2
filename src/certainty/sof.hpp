// From a relative effect and a baseline risk to people per 1000, as a summary of findings shows it.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace assay::certainty {

/// People more (positive) or fewer per 1000 with the intervention, and the ends of the interval.
struct Absolute {
    double with_control = 0; ///< per 1000
    double with_intervention = 0;
    double difference = 0, low = 0, high = 0; ///< low <= high
};

/// Risk with the intervention at baseline risk p (0 to 1). RR: p RR; OR: OR p / (1 - p + OR p); HR: 1 - (1 -
/// p)^HR; RD: p + RD. Clamped to [0, 1]. Absent for other measures. GRADE guidelines 12 (Guyatt et al. 2013,
/// J Clin Epidemiol 66:158).
std::optional<double> risk_with(std::string_view measure, double effect, double baseline);

/// The risk without the intervention, and where it comes from.
struct BaselineRisk {
    double risk = 0; ///< in (0, 1)
    std::string source;
};

/// The one that grade.toml states for this analysis; else the median of the control groups' risks. Absent
/// where no control group has both events and people without one.
std::optional<BaselineRisk> baseline_risk(const model::Review& review, const model::Analysis& analysis,
                                          const model::AnalysisResult& result);

/// Effects on the natural scale. Absent for measures without an absolute form or a baseline outside (0, 1).
std::optional<Absolute> absolute_effect(std::string_view measure, double estimate, double ci_low,
                                        double ci_high, double baseline);

/// The log odds ratio of a standardised mean difference: pi/sqrt(3) times it, as if the values were logistic
/// with one SD in both groups. Chinn 2000, Stat Med 19:3127; Cochrane Handbook 5.1, 12.6.3.
double log_odds_ratio_of(double standardised_difference);

/// People who improve, of `baseline` (0 to 1) who improve without the intervention, from a standardised
/// difference. Absent where neither direction is better or the baseline is outside (0, 1).
std::optional<Absolute> absolute_improved(double estimate, double ci_low, double ci_high,
                                          model::Better better, double baseline);

} // namespace assay::certainty
