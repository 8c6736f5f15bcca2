#include "certainty/sof.hpp"

#include <algorithm>
#include <cmath>

namespace assay::certainty {

std::optional<double> risk_with(std::string_view measure, double effect, double baseline) {
    double risk = 0;
    if (measure == "RR")
        risk = effect * baseline;
    else if (measure == "OR")
        risk = effect * baseline / (1 - baseline + effect * baseline);
    else if (measure == "HR")
        risk = 1 - std::pow(1 - baseline, effect);
    else if (measure == "RD")
        risk = baseline + effect;
    else
        return std::nullopt;
    return std::clamp(risk, 0.0, 1.0);
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

} // namespace assay::certainty
