#include "report/sof_numbers.hpp"

#include "base/error.hpp"
#include "plot/measure.hpp"

#include <algorithm>

namespace assay::report {

namespace {

using namespace model;

/// SD of the control groups in the outcome's own unit: the middle one of those printed, with its row.
std::optional<ReExpressed> by_control_groups(const Review& review, const Analysis& analysis,
                                             const Outcome& outcome) {
    std::vector<std::pair<double, ResultId>> spreads;
    for (const auto& row : review.results) {
        const auto* moments = std::get_if<Moments>(&row.data);
        const auto* arm = review.find(row.arm);
        if (row.outcome != outcome.id || !moments || !moments->sd || !arm ||
            arm->role != analysis.comparator_role)
            continue;
        if (row.basis == "final" && (row.unit.empty() || row.unit == outcome.unit))
            spreads.emplace_back(*moments->sd, row.id);
    }
    if (spreads.empty() || outcome.unit.empty()) return std::nullopt;
    std::stable_sort(spreads.begin(), spreads.end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto& [sd, row] = spreads[spreads.size() / 2];
    ReExpressed told;
    told.sd = sd;
    told.unit = outcome.unit + (outcome.period.empty() ? "" : " per " + outcome.period);
    told.source = "the median standard deviation of the control groups";
    told.rows = {row};
    return told;
}

std::optional<ReExpressed> re_expressed(const Review& review, const Analysis& analysis,
                                        const Outcome& outcome, const SofNumbers& numbers) {
    std::optional<ReExpressed> told;
    for (const auto& one : review.instruments)
        if (one.analysis == analysis.id && one.sd > 0) {
            told.emplace();
            told->sd = one.sd;
            told->unit = one.unit;
            told->source = "the standard deviation of the " + one.name + " (" + one.source + ")";
        }
    if (!told) told = by_control_groups(review, analysis, outcome);
    if (!told) return told;
    told->estimate = numbers.estimate * told->sd;
    told->low = numbers.low * told->sd;
    told->high = numbers.high * told->sd;
    return told;
}

} // namespace

double people_of(const Review& review, const Effect& effect) {
    double one = effect.n1.value_or(0), two = effect.n2.value_or(0);
    // A trial by clusters has more people than its effective number.
    for (const auto& made : effect.derived)
        if (made.rule == "cluster.n" && !made.inputs.empty()) one += made.inputs.front().value - made.value;
    const auto* study = review.find(effect.study);
    if (!study || study->design != "rct-crossover") return one + two;
    for (const auto& id : effect.rows) {
        const auto* row = review.find(id);
        if (row && std::find(row->tags.begin(), row->tags.end(), "first-period") != row->tags.end())
            return one + two;
    }
    return std::max(one, two);
}

SofNumbers sof_numbers(const Review& review, const Analysis& analysis, const AnalysisResult& result) {
    ASSAY_EXPECT(result.main);
    const auto& main = *result.main;
    SofNumbers numbers;
    double people = 0;
    for (const auto& effect : result.effects) {
        numbers.all_stated = numbers.all_stated && (effect.n1 || effect.n2);
        people += people_of(review, effect);
    }
    if (people > 0) numbers.participants = people;
    numbers.studies = main.k;
    const auto look = plot::measure_look(main.measure);
    const double one = plot::shown(look, main.ci_low), two = plot::shown(look, main.ci_high);
    numbers.estimate = plot::shown(look, main.estimate);
    numbers.low = std::min(one, two);
    numbers.high = std::max(one, two);
    const auto* outcome = review.find(analysis.outcome);
    numbers.baseline = certainty::baseline_risk(review, analysis, result);
    if (!main.measure.starts_with("SM")) {
        if (numbers.baseline)
            numbers.absolute = certainty::absolute_effect(main.measure, numbers.estimate, numbers.low,
                                                          numbers.high, numbers.baseline->risk);
        return numbers;
    }
    if (!outcome) return numbers;
    if (numbers.baseline) {
        numbers.absolute = certainty::absolute_improved(numbers.estimate, numbers.low, numbers.high,
                                                        outcome->better, numbers.baseline->risk);
        numbers.improved = numbers.absolute.has_value();
    }
    numbers.re_expressed = re_expressed(review, analysis, *outcome, numbers);
    return numbers;
}

} // namespace assay::report
