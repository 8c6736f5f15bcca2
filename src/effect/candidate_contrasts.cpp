// Reported contrasts as effects: their standard error from what is printed, their sign, their clusters.
#include "effect/candidate_parts.hpp"

#include <fmt/format.h>

#include <cmath>

namespace assay::effect {

using namespace model;

namespace {

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

/// The standard error of a cluster trial's contrast, with the design effect where the row ignores the
/// clusters.
double allow_for_clusters(const Task& task, const Result& row, double se, std::vector<Derived>& derived,
                          std::vector<std::string>& notes) {
    const auto icc = task.derive.icc(row);
    if (!icc) return se;
    Numbers x;
    x[Number::se] = se;
    x[Number::icc] = icc->value;
    x[Number::cluster_size] = row.cluster_size;
    std::string problem;
    auto made = derive(*find_rule("cluster.se"), x, row.id, &problem);
    if (!made) {
        notes.push_back("cluster trial without allowance for its clusters: " + problem);
        return se;
    }
    made->origin = icc->origin;
    made->assumed = icc->assumed;
    notes.push_back("cluster trial: standard error with the design effect");
    const double value = made->value;
    derived.push_back(std::move(*made));
    return value;
}

std::optional<Candidate> contrast_candidate(const Task& task, const Result& row, const Reject& reject) {
    const Contrast& c = std::get<Contrast>(row.data);
    if (!same_measure(task, c.measure)) {
        reject(row, "measure-mismatch",
               fmt::format("reported as {}, the analysis pools {}",
                           c.measure.empty() ? "no named measure" : c.measure, task.measure.id));
        return std::nullopt;
    }
    if (!c.estimate) return reject(row, "no-estimate", "the contrast has no estimate"), std::nullopt;
    const bool ratio = is_ratio(task.measure);
    const Precision converted = precision_of(row, c, ratio);
    if (!converted.se) {
        const bool skewed = converted.problem.find("symmetric") != std::string::npos;
        reject(row, skewed ? "interval-asymmetric" : "no-variance",
               "no standard error: " + converted.problem);
        return std::nullopt;
    }
    if (ratio && !(*c.estimate > 0))
        return reject(row, "undefined", "a ratio is not above zero"), std::nullopt;
    const auto scaling = scaling_of(task, row, reject);
    if (!scaling) return std::nullopt;

    std::vector<Derived> derived;
    if (converted.derived) derived.push_back(*converted.derived);
    std::vector<std::string> notes;
    const double se_row = allow_for_clusters(task, row, *converted.se, derived, notes);
    if (task.without_derived && counts_as_derived(derived)) {
        reject(row, "derived",
               fmt::format("its {} was derived ({})", derived.back().number, derived.back().rule));
        return std::nullopt;
    }

    Candidate candidate;
    candidate.contrast = true;
    candidate.rows = {&row};
    candidate.basis = row.basis;
    const bool flipped = task.review.find(row.arm)->role != task.analysis.intervention_role;
    candidate.arms = {flipped ? row.versus : row.arm};
    candidate.versus = {flipped ? row.arm : row.versus};
    const double y = (ratio ? std::log(*c.estimate) : *c.estimate) * scaling->factor;
    const double se = se_row * scaling->factor;
    candidate.numbers[Role::yi] = flipped ? -y : y;
    candidate.numbers[Role::vi] = se * se;
    Effect& effect = candidate.effect;
    effect.formula = (ratio ? "y = log(estimate); " : "y = estimate; ") + converted.formula;
    effect.arm1 = candidate.arms.front().value;
    effect.arm2 = candidate.versus.front().value;
    effect.derived = std::move(derived);
    describe_sizes(task, candidate, c);
    add_notes(effect.notes, scaling->notes);
    add_notes(effect.notes, notes);
    if (row.basis == "paired") effect.notes.push_back(std::string(no_carry_over));
    if (flipped) effect.notes.push_back("printed as comparator minus intervention: the sign was turned");
    add_notes(effect.notes, trail_notes(row));
    return candidate;
}

} // namespace

/// Keeps the first contrast of each pair of groups; a group serves once, or its people would be counted
/// twice.
std::vector<Candidate> contrasts_of(const Task& task, const std::vector<const Result*>& rows, bool paired,
                                    const Reject& reject) {
    std::vector<Candidate> candidates;
    for (const Result* row : rows) {
        auto candidate = contrast_candidate(task, *row, reject);
        if (!candidate) continue;
        if (paired) {
            reject(*row, "duplicate",
                   "the rows of the study's groups are used; choose with the filters rows or bases");
            continue;
        }
        candidates.push_back(std::move(*candidate));
    }
    return candidates;
}

} // namespace assay::effect
