#include "plot/measure.hpp"

#include "certainty/verdict.hpp"
#include "effect/measures.hpp"
#include "plot/number.hpp"

#include <cmath>

namespace assay::plot {

namespace {

std::string unit_of(const model::Outcome& outcome) {
    if (outcome.period.empty()) return outcome.unit;
    return outcome.unit + " per " + outcome.period;
}

bool in_units(std::string_view measure) { return measure == "MD" || measure == "MC"; }

} // namespace

MeasureLook measure_look(std::string_view id) {
    const effect::Measure* row = effect::find_measure(id);
    if (!row) return {id, id, false, 0, nullptr, nullptr};
    MeasureLook look;
    look.id = row->id;
    look.name = row->title;
    look.ratio = effect::is_ratio(*row);
    look.back = row->back;
    look.forward = row->forward;
    const double null = row->forward ? row->forward(row->null) : row->null;
    const bool compares = row->family != effect::Family::single && row->family != effect::Family::correlation;
    look.null = compares && std::isfinite(null) ? std::optional<double>(null) : std::nullopt;
    return look;
}

double shown(const MeasureLook& look, double value) { return look.back ? look.back(value) : value; }

double analysed(const MeasureLook& look, double value) { return look.forward ? look.forward(value) : value; }

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
    case model::DifferenceScale::units: {
        model::Outcome one = outcome;
        const bool plural = outcome.kind == model::OutcomeKind::count && outcome.unit.size() > 2 && outcome.unit.ends_with("s");
        if (outcome.matters->value == 1 && plural) one.unit.pop_back();
        return one.unit.empty() ? value : value + " " + unit_of(one);
    }
    case model::DifferenceScale::ratio: return "a ratio of " + value;
    case model::DifferenceScale::risk: return trimmed(outcome.matters->value * 100, 2) + " in 100";
    case model::DifferenceScale::sd: return value + " SD";
    }
    return value;
}

} // namespace assay::plot
