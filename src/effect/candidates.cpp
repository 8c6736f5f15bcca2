#include "effect/candidates.hpp"

#include "effect/cells.hpp"
#include "effect/combine.hpp"
#include "effect/convert.hpp"
#include "effect/periods.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace assay::effect {

namespace {
using namespace model;

bool scale_free(const Measure& measure) { return measure.id == "SMD" || is_ratio(measure); }

bool counts_people(const Measure& measure) { return measure.family == Family::binary; }

/// Factor from the row's unit and period to the outcome's, or the rejection.
std::optional<Scaling> scaling_of(const Task& task, const Result& row, const Reject& reject) {
    Scaling scaling;
    if (std::holds_alternative<Events>(row.data) || scale_free(task.measure)) return scaling;
    const model::Outcome& outcome = task.outcome;
    if (!row.unit.empty() && row.unit != outcome.unit) {
        const auto unit = std::find_if(outcome.units.begin(), outcome.units.end(),
                                       [&](const UnitFactor& u) { return u.unit == row.unit; });
        if (unit == outcome.units.end()) {
            reject(row, "unit-mismatch",
                   fmt::format("the unit '{}' has no factor to the outcome's '{}'", row.unit, outcome.unit));
            return std::nullopt;
        }
        scaling.factor *= unit->factor;
        scaling.notes.push_back(
            fmt::format("{} brought to {} by the factor {:.6g}", row.unit, outcome.unit, unit->factor));
    }
    if (outcome.kind == OutcomeKind::count && !row.period.empty() && row.period != outcome.period) {
        const auto factor = period_factor(row.period, outcome.period);
        if (!factor) {
            reject(row, "period-mismatch",
                   fmt::format("counts per '{}' cannot be brought to counts per '{}'", row.period, outcome.period));
            return std::nullopt;
        }
        scaling.factor *= *factor;
        scaling.notes.push_back(
            fmt::format("per {} brought to per {} by the factor {:.6g}", row.period, outcome.period, *factor));
    }
    return scaling;
}

/// Weak spots of a row's numbers that a reader of the effect should see.
std::vector<std::string> trail_notes(const Result& row) {
    std::vector<std::string> notes;
    if (row.status == "assumed") notes.push_back("numbers assumed" + (row.formula.empty() ? "" : ": " + row.formula));
    if (row.status == "secondary") notes.push_back("numbers from a secondary source");
    if (row.n_status == "assumed" && row.status != "assumed") notes.push_back("n assumed");
    return notes;
}

void add_notes(std::vector<std::string>& to, const std::vector<std::string>& notes) {
    for (const std::string& note : notes)
        if (std::find(to.begin(), to.end(), note) == to.end()) to.push_back(note);
}

// ---- pairs of groups ----------------------------------------------------------------------------------------

/// One group's numbers, perhaps combined from several arms.
struct Side {
    std::vector<const Result*> rows;
    std::vector<ArmId> arms;
    double events = 0;
    Group group; ///< n also for events
    std::vector<std::string> notes;
};

std::optional<Side> side_of_events(const Result& row, const Events& data, const Reject& reject) {
    if (!data.n) return reject(row, "n-missing", "the number of people is missing"), std::nullopt;
    if (!data.events) return reject(row, "events-missing", "the number of events is missing"), std::nullopt;
    if (*data.events < 0 || *data.events > *data.n || !(*data.n > 0)) {
        reject(row, "events-over-n", fmt::format("{:.6g} events of {:.6g} people are impossible", *data.events, *data.n));
        return std::nullopt;
    }
    Side side;
    side.events = *data.events;
    side.group.n = *data.n;
    return side;
}

std::optional<Side> side_of_moments(const Task& task, const Result& row, const Moments& data, const Reject& reject) {
    if (!data.mean) return reject(row, "mean-missing", "the mean is missing"), std::nullopt;
    if (!data.n) return reject(row, "n-missing", "the number of people is missing"), std::nullopt;
    if (!data.sd) return reject(row, "sd-missing", "the standard deviation is missing"), std::nullopt;
    if (!(*data.sd > 0))
        return reject(row, "sd-zero", fmt::format("a standard deviation of {:.6g}", *data.sd)), std::nullopt;
    if (!(*data.n >= 1)) return reject(row, "too-small", fmt::format("{:.6g} people", *data.n)), std::nullopt;
    const auto scaling = scaling_of(task, row, reject);
    if (!scaling) return std::nullopt;
    Side side;
    side.group = {*data.n, *data.mean * scaling->factor, *data.sd * scaling->factor};
    side.notes = scaling->notes;
    return side;
}

std::optional<Side> side_of(const Task& task, const Result& row, const Reject& reject) {
    const auto* events = std::get_if<Events>(&row.data);
    const auto* moments = std::get_if<Moments>(&row.data);
    auto side = events ? side_of_events(row, *events, reject) : side_of_moments(task, row, *moments, reject);
    if (!side) return side;
    side->rows = {&row};
    side->arms = {row.arm};
    add_notes(side->notes, trail_notes(row));
    return side;
}

Side joined(const std::vector<Side>& parts, const std::string& role) {
    Side whole = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const Side& part = parts[i];
        whole.events += part.events;
        if (whole.group.sd > 0) whole.group = combined(whole.group, part.group);
        else whole.group.n += part.group.n;
        whole.rows.insert(whole.rows.end(), part.rows.begin(), part.rows.end());
        whole.arms.insert(whole.arms.end(), part.arms.begin(), part.arms.end());
        add_notes(whole.notes, part.notes);
    }
    if (parts.size() > 1)
        whole.notes.push_back(fmt::format("{} {} groups combined (Cochrane Handbook 6.5.2.10)", parts.size(), role));
    return whole;
}

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
    if (study.design == "rct-crossover")
        effect.notes.push_back("crossover trial compared as if its groups were different people: the interval is too wide");
    if (study.design == "rct-cluster")
        effect.notes.push_back("cluster-randomised trial without allowance for clusters: the interval is too narrow");
    return candidate;
}

/// Rows of the same time and basis, per side.
struct Bin {
    std::vector<const Result*> intervention, comparator;
};

std::vector<Side> sides_of(const Task& task, const std::vector<const Result*>& rows, const Reject& reject) {
    std::vector<Side> sides;
    std::vector<ArmId> seen;
    for (const Result* row : rows) {
        if (std::find(seen.begin(), seen.end(), row->arm) != seen.end()) {
            reject(*row, "duplicate", fmt::format("an earlier row of the group '{}' is used", row->arm.value));
            continue;
        }
        if (auto side = side_of(task, *row, reject)) {
            seen.push_back(row->arm);
            sides.push_back(std::move(*side));
        }
    }
    return sides;
}

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
        else
            candidates.push_back(pair_up(task, study, joined(one, task.analysis.intervention_role),
                                         joined(two, task.analysis.comparator_role)));
    }
    return candidates;
}

// ---- reported contrasts -------------------------------------------------------------------------------------

/// The standard error of a contrast from the best of what is printed: SE, interval, test statistic, exact P.
Converted standard_error(const Result& row, const Contrast& c, bool ratio) {
    if (c.se) {
        if (!(*c.se > 0)) return {{}, {}, "the printed standard error is not above zero"};
        return {*c.se, "se as printed", {}};
    }
    if (c.ci_low && c.ci_high) return se_from_interval(c.estimate, *c.ci_low, *c.ci_high, c.ci_level, ratio, c.df);
    if (c.t) return se_from_t(*c.estimate, *c.t, ratio);
    if (row.p && row.p->relation == '=') return se_from_p(*c.estimate, row.p->value, ratio, c.df);
    if (row.p)
        return {{}, {}, fmt::format("only P {} {:.6g} is printed, which bounds the standard error but does not give it",
                                    row.p->relation, row.p->value)};
    return {{}, {}, "neither standard error, interval, test statistic nor exact P is printed"};
}

bool same_measure(const Task& task, const std::string& measure) {
    if (task.measure.id == "GEN") return measure == "GEN" || measure == "other";
    if (task.measure.id == "MC") return measure == "MC" || measure == "MD";
    return task.measure.id == measure;
}

std::optional<double> people(const Task& task, const ArmId& id) {
    const Arm* arm = task.review.find(id);
    if (!arm) return std::nullopt;
    return arm->n_analysed ? arm->n_analysed : arm->n_randomised;
}

/// Sizes from arms.csv, for display; the row's own n counts both groups.
void describe_sizes(const Task& task, Candidate& candidate, const Contrast& c) {
    Effect& effect = candidate.effect;
    effect.n1 = people(task, candidate.arms.front());
    effect.n2 = people(task, candidate.versus.front());
    if (effect.n1) effect.data1 = fmt::format("n {:.6g}", *effect.n1);
    if (effect.n2) effect.data2 = fmt::format("n {:.6g}", *effect.n2);
    if (!effect.n1 && !effect.n2 && c.n) effect.data1 = fmt::format("n {:.6g} in all", *c.n);
}

std::optional<Candidate> contrast_candidate(const Task& task, const Result& row, const Reject& reject) {
    const Contrast& c = std::get<Contrast>(row.data);
    if (!same_measure(task, c.measure)) {
        reject(row, "measure-mismatch",
               fmt::format("reported as {}, the analysis pools {}", c.measure.empty() ? "no named measure" : c.measure,
                           task.measure.id));
        return std::nullopt;
    }
    if (!c.estimate) return reject(row, "no-estimate", "the contrast has no estimate"), std::nullopt;
    const bool ratio = is_ratio(task.measure);
    const Converted converted = standard_error(row, c, ratio);
    if (!converted.se) {
        const bool skewed = converted.problem.find("symmetric") != std::string::npos;
        reject(row, skewed ? "interval-asymmetric" : "no-variance", "no standard error: " + converted.problem);
        return std::nullopt;
    }
    if (ratio && !(*c.estimate > 0)) return reject(row, "undefined", "a ratio is not above zero"), std::nullopt;
    const auto scaling = scaling_of(task, row, reject);
    if (!scaling) return std::nullopt;

    Candidate candidate;
    candidate.contrast = true;
    candidate.rows = {&row};
    candidate.basis = row.basis;
    const bool flipped = task.review.find(row.arm)->role != task.analysis.intervention_role;
    candidate.arms = {flipped ? row.versus : row.arm};
    candidate.versus = {flipped ? row.arm : row.versus};
    const double y = (ratio ? std::log(*c.estimate) : *c.estimate) * scaling->factor;
    const double se = *converted.se * scaling->factor;
    candidate.numbers[Role::yi] = flipped ? -y : y;
    candidate.numbers[Role::vi] = se * se;
    Effect& effect = candidate.effect;
    effect.formula = (ratio ? "y = log(estimate); " : "y = estimate; ") + converted.formula;
    effect.arm1 = candidate.arms.front().value;
    effect.arm2 = candidate.versus.front().value;
    describe_sizes(task, candidate, c);
    add_notes(effect.notes, scaling->notes);
    if (flipped) effect.notes.push_back("printed as comparator minus intervention: the sign was turned");
    add_notes(effect.notes, trail_notes(row));
    return candidate;
}

/// Keeps the first contrast of each pair of groups; a group serves once, or its people would be counted twice.
std::vector<Candidate> contrasts_of(const Task& task, const std::vector<const Result*>& rows, bool paired,
                                    const Reject& reject) {
    std::vector<Candidate> candidates;
    for (const Result* row : rows) {
        auto candidate = contrast_candidate(task, *row, reject);
        if (!candidate) continue;
        if (paired) {
            reject(*row, "duplicate", "the rows of the study's groups are used; choose with the filters rows or bases");
            continue;
        }
        candidates.push_back(std::move(*candidate));
    }
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
