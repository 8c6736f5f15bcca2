#include "effect/absolute.hpp"

#include <cmath>

namespace assay::effect {

std::optional<double> risk_with(std::string_view measure, double y, double control_risk) {
    if (measure == "RR") return std::exp(y) * control_risk;
    if (measure == "OR") return std::exp(y) * control_risk / (1 - control_risk + std::exp(y) * control_risk);
    if (measure == "HR") return 1 - std::pow(1 - control_risk, std::exp(y));
    if (measure == "RD") return control_risk + y;
    return std::nullopt;
}

std::optional<double> number_needed_to_treat(std::string_view measure, double y, double control_risk) {
    const auto risk = risk_with(measure, y, control_risk);
    if (!risk) return std::nullopt;
    return 1 / (control_risk - *risk);
}

} // namespace assay::effect
