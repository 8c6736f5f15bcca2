#include "plot/measure.hpp"

#include "certainty/verdict.hpp"
#include "plot/number.hpp"

#include <array>
#include <cmath>

namespace assay::plot {

namespace {

constexpr std::array<MeasureLook, 10> looks{{
    {"RR", "risk ratio", true},
    {"OR", "odds ratio", true},
    {"PETO", "Peto odds ratio", true},
    {"HR", "hazard ratio", true},
    {"IRR", "rate ratio", true},
    {"ROM", "ratio of means", true},
    {"RD", "risk difference", false},
    {"MD", "mean difference", false},
    {"SMD", "standardised mean difference", false},
    {"MC", "paired mean difference", false},
}};

std::string unit_of(const model::Outcome& outcome) {
    if (outcome.period.empty()) return outcome.unit;
    return outcome.unit + " per " + outcome.period;
}

bool in_units(std::string_view measure) { return measure == "MD" || measure == "MC"; }

} // namespace

MeasureLook measure_look(std::string_view id) {
    for (const MeasureLook& look : looks)
        if (look.id == id) return look;
    return {id, id, false};
}

double shown(const MeasureLook& look, double value) { return look.ratio ? std::exp(value) : value; }

std::string measure_title(const MeasureLook& look, const model::Outcome* outcome) {
    std::string title(look.name);
    if (outcome && in_units(look.id) && !unit_of(*outcome).empty()) title += ", " + unit_of(*outcome);
    return title;
}

std::optional<model::Interval> too_small_to_matter(const model::Outcome& outcome, const std::string& measure) {
    const std::optional<double> half = certainty::threshold(outcome, measure);
    if (!half) return std::nullopt;
    return model::Interval{-*half, *half};
}

std::string difference_in_words(const model::Outcome& outcome) {
    if (!outcome.matters) return {};
    const std::string value = shortest(outcome.matters->value);
    switch (outcome.matters->scale) {
    case model::DifferenceScale::units: return outcome.unit.empty() ? value : value + " " + unit_of(outcome);
    case model::DifferenceScale::ratio: return "a ratio of " + value;
    case model::DifferenceScale::risk: return trimmed(outcome.matters->value * 100, 2) + " in 100";
    case model::DifferenceScale::sd: return value + " SD";
    }
    return value;
}

} // namespace assay::plot
