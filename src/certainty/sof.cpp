#include "certainty/sof.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

namespace assay::certainty {

std::optional<double> risk_with(std::string_view measure, double effect, double baseline) {
    double risk = 0;
    if (measure == "RR")
        risk = effect * baseline;
    else if (measure == "OR" || measure == "PETO")
        risk = effect * baseline / (1 - baseline + effect * baseline);
    else if (measure == "HR")
        risk = 1 - std::pow(1 - baseline, effect);
    else if (measure == "RD")
        risk = baseline + effect;
    else
        return std::nullopt;
    return std::clamp(risk, 0.0, 1.0);
}

std::optional<BaselineRisk> baseline_risk(const model::Review& review, const model::Analysis& analysis,
                                          const model::AnalysisResult& result) {
    for (const auto& stated : review.baselines)
        if (stated.analysis == analysis.id && stated.risk > 0 && stated.risk < 1)
            return BaselineRisk{stated.risk, stated.source};
    std::vector<double> risks;
    for (const auto& effect : result.effects)
        if (effect.counts && effect.counts->ci + effect.counts->di > 0)
            risks.push_back(effect.counts->ci / (effect.counts->ci + effect.counts->di));
    if (risks.empty()) return std::nullopt;
    std::sort(risks.begin(), risks.end());
    const std::size_t half = risks.size() / 2;
    const double median = risks.size() % 2 ? risks[half] : (risks[half - 1] + risks[half]) / 2;
    if (!(median > 0 && median < 1)) return std::nullopt;
    return BaselineRisk{median, risks.size() == 1
                                    ? "the control group of the trial"
                                    : "median of the " + std::to_string(risks.size()) + " control groups"};
}

std::optional<Absolute> absolute_effect(std::string_view measure, double estimate, double ci_low,
                                        double ci_high, double baseline) {
    if (!(baseline > 0 && baseline < 1)) return std::nullopt;
    const auto middle = risk_with(measure, estimate, baseline), low = risk_with(measure, ci_low, baseline),
               high = risk_with(measure, ci_high, baseline);
    if (!middle || !low || !high) return std::nullopt;
    constexpr double people = 1000;
    Absolute absolute;
    absolute.with_control = people * baseline;
    absolute.with_intervention = people * *middle;
    absolute.difference = people * (*middle - baseline);
    absolute.low = people * (std::min(*low, *high) - baseline);
    absolute.high = people * (std::max(*low, *high) - baseline);
    return absolute;
}

double log_odds_ratio_of(double standardised_difference) {
    return std::numbers::pi / std::numbers::sqrt3 * standardised_difference;
}

std::optional<Absolute> absolute_improved(double estimate, double ci_low, double ci_high,
                                          model::Better better, double baseline) {
    if (better == model::Better::neither) return std::nullopt;
    // The odds of improving: lower values are the improvement where lower is better.
    const double sign = better == model::Better::higher ? 1 : -1;
    const auto odds = [&](double smd) { return std::exp(sign * log_odds_ratio_of(smd)); };
    return absolute_effect("OR", odds(estimate), odds(ci_low), odds(ci_high), baseline);
}

} // namespace assay::certainty
