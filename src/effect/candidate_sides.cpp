// The numbers of one side of a comparison: units, derived numbers, clusters, several arms as one.
#include "effect/candidate_parts.hpp"
#include "effect/periods.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace assay::effect {

using namespace model;

namespace {
bool scale_free(const Measure& measure) {
    return measure.id == "SMD" || is_ratio(measure);
}
} // namespace

bool counts_people(const Measure& measure) {
    return measure.family == Family::binary;
}

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
                   fmt::format("counts per '{}' cannot be brought to counts per '{}'", row.period,
                               outcome.period));
            return std::nullopt;
        }
        scaling.factor *= *factor;
        scaling.notes.push_back(fmt::format("per {} brought to per {} by the factor {:.6g}", row.period,
                                            outcome.period, *factor));
    }
    return scaling;
}

std::vector<std::string> trail_notes(const Result& row) {
    std::vector<std::string> notes;
    if (row.status == "assumed")
        notes.push_back("numbers assumed" + (row.formula.empty() ? "" : ": " + row.formula));
    if (row.status == "secondary") notes.push_back("numbers from a secondary source");
    if (row.n_status == "assumed" && row.status != "assumed") notes.push_back("n assumed");
    return notes;
}

void add_notes(std::vector<std::string>& to, const std::vector<std::string>& notes) {
    for (const std::string& note : notes)
        if (std::find(to.begin(), to.end(), note) == to.end()) to.push_back(note);
}

namespace {

/// Events and n of a cluster trial become effective ones where its rows ignore the clusters.
void allow_for_clusters(const Task& task, const Result& row, bool events, Side& side) {
    const auto icc = task.derive.icc(row);
    if (!icc) return;
    Numbers x;
    x[Number::icc] = icc->value;
    x[Number::cluster_size] = row.cluster_size;
    x[Number::n] = side.group.n;
    if (events) x[Number::events] = side.events;
    std::string problem;
    for (const char* id : {"cluster.n", "cluster.events"}) {
        auto made = derive(*find_rule(id), x, row.id, &problem);
        if (!made) continue;
        made->origin = icc->origin;
        made->assumed = icc->assumed;
        (made->number == "n" ? side.group.n : side.events) = made->value;
        side.clusters = true;
        side.derived.push_back(std::move(*made));
    }
    if (side.clusters)
        side.notes.push_back("cluster trial: numbers divided by the design effect");
    else
        side.notes.push_back("cluster trial without allowance for its clusters: " + problem);
}

std::optional<Side> side_of_events(const Task& task, const Result& row, const Events& data,
                                   const Reject& reject) {
    if (!data.n) return reject(row, "n-missing", "the number of people is missing"), std::nullopt;
    if (!data.events) return reject(row, "events-missing", "the number of events is missing"), std::nullopt;
    if (*data.events < 0 || *data.events > *data.n || !(*data.n > 0)) {
        reject(row, "events-over-n",
               fmt::format("{:.6g} events of {:.6g} people are impossible", *data.events, *data.n));
        return std::nullopt;
    }
    Side side;
    side.events = *data.events;
    side.group.n = *data.n;
    allow_for_clusters(task, row, true, side);
    return side;
}

std::optional<Side> side_of_moments(const Task& task, const Result& row, const Reject& reject) {
    Completed made = task.derive.complete(row);
    if (!made.n) return reject(row, "n-missing", "the number of people is missing"), std::nullopt;
    if (!made.problem.empty()) return reject(row, made.code, made.problem), std::nullopt;
    if (!(*made.sd > 0))
        return reject(row, "sd-zero", fmt::format("a standard deviation of {:.6g}", *made.sd)), std::nullopt;
    if (!(*made.n >= 1)) return reject(row, "too-small", fmt::format("{:.6g} people", *made.n)), std::nullopt;
    const auto scaling = scaling_of(task, row, reject);
    if (!scaling) return std::nullopt;
    Side side;
    side.group = {*made.n, *made.mean * scaling->factor, *made.sd * scaling->factor};
    side.notes = scaling->notes;
    add_notes(side.notes, made.notes);
    side.derived = std::move(made.derived);
    allow_for_clusters(task, row, false, side);
    return side;
}

std::optional<Side> side_of(const Task& task, const Result& row, const Reject& reject) {
    const auto* events = std::get_if<Events>(&row.data);
    auto side = events ? side_of_events(task, row, *events, reject) : side_of_moments(task, row, reject);
    if (!side) return side;
    if (task.without_derived && counts_as_derived(side->derived)) {
        reject(
            row, "derived",
            fmt::format("its {} was derived ({})", side->derived.front().number, side->derived.front().rule));
        return std::nullopt;
    }
    side->rows = {&row};
    side->arms = {row.arm};
    add_notes(side->notes, trail_notes(row));
    return side;
}

} // namespace

std::vector<Side> sides_of(const Task& task, const std::vector<const Result*>& rows, const Reject& reject) {
    std::vector<Side> sides;
    std::vector<ArmId> seen;
    for (const Result* row : rows) {
        if (std::find(seen.begin(), seen.end(), row->arm) != seen.end()) {
            reject(*row, "duplicate",
                   fmt::format("an earlier row of the group '{}' is used", row->arm.value));
            continue;
        }
        if (auto side = side_of(task, *row, reject)) {
            seen.push_back(row->arm);
            sides.push_back(std::move(*side));
        }
    }
    return sides;
}

namespace {

/// Mean and SD of two groups as one, told as made by rules.
void tell_combined(const Group& one, const Group& two, const ResultId& row, std::vector<Derived>& derived) {
    Numbers x;
    x[Number::n1] = one.n, x[Number::mean1] = one.mean, x[Number::sd1] = one.sd;
    x[Number::n2] = two.n, x[Number::mean2] = two.mean, x[Number::sd2] = two.sd;
    for (const char* id : {"combine.mean", "combine.sd"})
        if (auto made = derive(*find_rule(id), x, row)) derived.push_back(std::move(*made));
}

} // namespace

Side joined(const std::vector<Side>& parts, const std::string& role) {
    Side whole = parts.front();
    for (std::size_t i = 1; i < parts.size(); ++i) {
        const Side& part = parts[i];
        whole.events += part.events;
        if (whole.group.sd > 0) tell_combined(whole.group, part.group, part.rows.front()->id, whole.derived);
        if (whole.group.sd > 0)
            whole.group = combined(whole.group, part.group);
        else
            whole.group.n += part.group.n;
        whole.rows.insert(whole.rows.end(), part.rows.begin(), part.rows.end());
        whole.arms.insert(whole.arms.end(), part.arms.begin(), part.arms.end());
        whole.derived.insert(whole.derived.end(), part.derived.begin(), part.derived.end());
        whole.clusters = whole.clusters || part.clusters;
        add_notes(whole.notes, part.notes);
    }
    if (parts.size() > 1)
        whole.notes.push_back(
            fmt::format("{} {} groups combined (Cochrane Handbook 6.5.2.10)", parts.size(), role));
    return whole;
}

Side shared_out(const Side& whole, std::size_t parts) {
    Side share = whole;
    Numbers x;
    x[Number::parts] = static_cast<double>(parts);
    x[Number::n] = whole.group.n;
    if (!(whole.group.sd > 0)) x[Number::events] = whole.events;
    for (const char* id : {"split.n", "split.events"}) {
        auto made = derive(*find_rule(id), x, whole.rows.front()->id);
        if (!made) continue;
        (made->number == "n" ? share.group.n : share.events) = made->value;
        share.derived.push_back(std::move(*made));
    }
    share.notes.push_back(fmt::format("the comparator's people shared out among {} comparisons", parts));
    return share;
}

} // namespace assay::effect
