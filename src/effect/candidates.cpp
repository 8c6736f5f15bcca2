#include "effect/candidates.hpp"

#include "effect/candidate_parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

namespace assay::effect {

namespace {
using namespace model;

std::string data_text(const Side& side, bool events) {
    if (events) return fmt::format("{:.6g}/{:.6g}", side.events, side.group.n);
    return fmt::format("{:.6g} ({:.6g}), n {:.6g}", side.group.mean, side.group.sd, side.group.n);
}

std::string joined_ids(const std::vector<ArmId>& arms) {
    std::string text;
    for (const ArmId& arm : arms)
        text += (text.empty() ? "" : "+") + arm.value;
    return text;
}

void fill_numbers(Candidate& candidate, const Side& one, const Side& two, bool events) {
    Row& numbers = candidate.numbers;
    numbers[Role::n1i] = one.group.n;
    numbers[Role::n2i] = two.group.n;
    if (events) {
        numbers[Role::ai] = one.events;
        numbers[Role::ci] = two.events;
        candidate.effect.counts =
            Table2x2{one.events, one.group.n - one.events, two.events, two.group.n - two.events};
        return;
    }
    numbers[Role::m1i] = one.group.mean;
    numbers[Role::sd1i] = one.group.sd;
    numbers[Role::m2i] = two.group.mean;
    numbers[Role::sd2i] = two.group.sd;
}

bool first_period_only(const Side& side) {
    const auto& tags = side.rows.front()->tags;
    return std::find(tags.begin(), tags.end(), "first-period") != tags.end();
}

/// A crossover trial's groups are the same people: with the correlation of their two values known, the difference has
/// the standard error of a paired analysis.
void take_as_pairs(const Task& task, const Side& one, const Side& two, Candidate& candidate) {
    Effect& effect = candidate.effect;
    if (first_period_only(one) && first_period_only(two)) {
        effect.notes.push_back("first period of a crossover trial: its groups are different people");
        return;
    }
    const auto unpaired = [&] {
        effect.notes.push_back("crossover trial compared as if its groups were different people: the interval is too wide");
    };
    const bool standardised = task.measure.id == "SMD";
    if (one.rows.size() != 1 || two.rows.size() != 1 || (task.measure.id != "MD" && !standardised)) return unpaired();
    const auto r = task.derive.crossover_correlation(*one.rows.front(), *two.rows.front());
    if (!r) return unpaired();
    Numbers x;
    x[Number::mean1] = one.group.mean, x[Number::mean2] = two.group.mean;
    x[Number::sd1] = one.group.sd, x[Number::sd2] = two.group.sd;
    x[Number::correlation] = r->value;
    x[Number::n] = std::min(one.group.n, two.group.n);
    double y = one.group.mean - two.group.mean;
    std::vector<Derived> made;
    const auto run = [&](const char* id) -> std::optional<double> {
        auto derived = derive(*find_rule(id), x, one.rows.front()->id);
        if (!derived) return std::nullopt;
        if (derived->rule != "se.differences" && derived->rule != "pair.d") {
            derived->origin = r->origin;
            derived->assumed = r->assumed;
        }
        made.push_back(*derived);
        return derived->value;
    };
    std::optional<double> se;
    if (standardised) {
        x[Number::estimate] = run("pair.d");
        if (!x[Number::estimate]) return unpaired();
        y = *x[Number::estimate];
        se = run("pair.d-se");
    } else {
        x[Number::sd_difference] = run("pair.sd");
        se = run("se.differences");
    }
    if (!se) return unpaired();
    candidate.contrast = true;
    candidate.numbers = Row{};
    candidate.numbers[Role::yi] = y;
    candidate.numbers[Role::vi] = *se * *se;
    effect.formula = standardised ? "y = (mean1 - mean2)/sqrt((sd1^2 + sd2^2)/2); se = sqrt((1/n + y^2/(2*n))*2*(1 - r))"
                                  : "y = mean1 - mean2; se = sqrt((sd1^2 + sd2^2 - 2*r*sd1*sd2)/n)";
    effect.derived.insert(effect.derived.end(), made.begin(), made.end());
    effect.notes.push_back(fmt::format("crossover trial analysed in pairs with a correlation of {:.3g}", r->value));
    effect.notes.push_back(std::string(no_carry_over));
}

Candidate pair_up(const Task& task, const Study& study, const Side& one, const Side& two) {
    Candidate candidate;
    const bool events = counts_people(task.measure);
    fill_numbers(candidate, one, two, events);
    candidate.rows = one.rows;
    candidate.rows.insert(candidate.rows.end(), two.rows.begin(), two.rows.end());
    candidate.basis = one.rows.front()->basis;
    candidate.arms = one.arms;
    candidate.versus = two.arms;
    Effect& effect = candidate.effect;
    effect.n1 = one.group.n;
    effect.n2 = two.group.n;
    effect.data1 = data_text(one, events);
    effect.data2 = data_text(two, events);
    effect.arm1 = joined_ids(one.arms);
    effect.arm2 = joined_ids(two.arms);
    effect.formula = std::string(task.measure.formula);
    add_notes(effect.notes, one.notes);
    add_notes(effect.notes, two.notes);
    effect.derived = one.derived;
    effect.derived.insert(effect.derived.end(), two.derived.begin(), two.derived.end());
    if (study.design == "rct-crossover") take_as_pairs(task, one, two, candidate);
    if (study.design == "rct-cluster" && !one.clusters && !two.clusters)
        effect.notes.push_back("cluster-randomised trial without allowance for clusters: the interval is too narrow");
    return candidate;
}

/// Rows of the same time and basis, per side.
struct Bin {
    std::vector<const Result*> intervention, comparator;
};

void reject_all(const std::vector<Side>& sides, const Reject& reject, const std::string& code, const std::string& why) {
    for (const Side& side : sides)
        for (const Result* row : side.rows)
            reject(*row, code, why);
}

std::vector<Candidate> pairs_of(const Task& task, const Study& study, const std::vector<const Result*>& rows,
                                const Reject& reject) {
    std::vector<std::pair<std::string, Bin>> bins; // in file order
    for (const Result* row : rows) {
        const std::string key = row->timepoint + '\n' + row->basis;
        auto bin = std::find_if(bins.begin(), bins.end(), [&](const auto& b) { return b.first == key; });
        if (bin == bins.end()) bin = bins.insert(bins.end(), {key, {}});
        const bool treated = task.review.find(row->arm)->role == task.analysis.intervention_role;
        (treated ? bin->second.intervention : bin->second.comparator).push_back(row);
    }
    std::vector<Candidate> candidates;
    for (const auto& [key, bin] : bins) {
        const std::vector<Side> one = sides_of(task, bin.intervention, reject);
        const std::vector<Side> two = sides_of(task, bin.comparator, reject);
        const std::string where = "at the same time and on the same basis";
        if (two.empty())
            reject_all(one, reject, "no-control",
                       fmt::format("no usable row of a '{}' group {}", task.analysis.comparator_role, where));
        else if (one.empty())
            reject_all(two, reject, "no-intervention",
                       fmt::format("no usable row of an '{}' group {}", task.analysis.intervention_role, where));
        else if (task.analysis.arms == "split" && one.size() > 1) {
            const Side share = shared_out(joined(two, task.analysis.comparator_role), one.size());
            for (const Side& side : one) {
                candidates.push_back(pair_up(task, study, side, share));
                candidates.back().split = true;
            }
        } else
            candidates.push_back(pair_up(task, study, joined(one, task.analysis.intervention_role),
                                         joined(two, task.analysis.comparator_role)));
    }
    if (task.without_derived)
        std::erase_if(candidates, [&](const Candidate& candidate) {
            const bool derived = counts_as_derived(candidate.effect.derived);
            if (derived)
                for (const Result* row : candidate.rows)
                    reject(*row, "derived", "its standard error was derived (" + candidate.effect.derived.back().rule + ")");
            return derived;
        });
    return candidates;
}

bool is_arm_shape(const Task& task, const Result& row) {
    if (counts_people(task.measure)) return std::holds_alternative<Events>(row.data);
    if (task.measure.family == Family::means) return std::holds_alternative<Moments>(row.data);
    return false;
}

std::string_view shape_name(const Data& data) {
    constexpr std::string_view names[] = {"events", "moments", "rate", "contrast", "statement"};
    return names[data.index()];
}
} // namespace

std::vector<Candidate> candidates_of(const Task& task, const Study& study, const std::vector<const Result*>& rows,
                                     const Reject& reject) {
    std::vector<const Result*> arm_rows, contrast_rows;
    for (const Result* row : rows) {
        if (std::holds_alternative<Contrast>(row->data)) contrast_rows.push_back(row);
        else if (is_arm_shape(task, *row)) arm_rows.push_back(row);
        else
            reject(*row, "shape",
                   fmt::format("a row of shape '{}' does not give a {}", shape_name(row->data), task.measure.title));
    }
    std::vector<Candidate> candidates = pairs_of(task, study, arm_rows, reject);
    std::vector<Candidate> contrasts = contrasts_of(task, contrast_rows, !candidates.empty(), reject);
    candidates.insert(candidates.end(), contrasts.begin(), contrasts.end());
    return candidates;
}

} // namespace assay::effect
