#include "effect/assemble.hpp"

#include "base/error.hpp"
#include "effect/candidates.hpp"
#include "effect/derive.hpp"
#include "effect/exclusions.hpp"
#include "effect/filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

namespace assay::effect {

namespace {
using namespace model;

/// Collects what is left out: rows of one study with the same code and sentence stand together.
class Exclusions {
public:
    void add(const StudyId& study, const ResultId& row, const std::string& code, const std::string& reason) {
        const auto known = exclusion_codes();
        ASSAY_EXPECT(std::any_of(known.begin(), known.end(), [&](const ExclusionCode& c) { return c.code == code; }));
        for (Excluded& entry : entries_)
            if (entry.study == study && entry.code == code && entry.reason == reason) {
                entry.rows.push_back(row);
                return;
            }
        entries_.push_back({study, {row}, code, reason});
    }
    /// In the order of the studies, then of the rows' appearance.
    std::vector<Excluded> in_order_of(const std::vector<Study>& studies) const {
        std::map<StudyId, std::size_t> position;
        for (std::size_t i = 0; i < studies.size(); ++i)
            position.emplace(studies[i].id, i);
        const auto place = [&](const Excluded& e) {
            const auto found = position.find(e.study);
            return found == position.end() ? studies.size() : found->second;
        };
        std::vector<Excluded> sorted = entries_;
        std::stable_sort(sorted.begin(), sorted.end(),
                         [&](const Excluded& a, const Excluded& b) { return place(a) < place(b); });
        return sorted;
    }

private:
    std::vector<Excluded> entries_;
};

struct Refusal {
    std::string code, reason;
};

bool answers(const Study& study, const QuestionId& question) {
    return study.questions.empty() || question.empty() ||
           std::find(study.questions.begin(), study.questions.end(), question) != study.questions.end();
}

/// Do the row's groups have the roles the analysis compares?
std::optional<Refusal> wrong_arms(const Task& task, const Result& row) {
    const Arm* arm = task.review.find(row.arm);
    const std::string& one = task.analysis.intervention_role;
    const std::string& two = task.analysis.comparator_role;
    const auto mismatch = [&](const Arm& found) {
        return Refusal{"role-mismatch", fmt::format("the group '{}' has the role '{}'; the analysis compares '{}' with '{}'",
                                                    found.id.value, found.role, one, two)};
    };
    if (!row.arm.empty() && !arm)
        return Refusal{"unknown-arm", fmt::format("the group '{}' is not in arms.csv", row.arm.value)};
    if (std::holds_alternative<Contrast>(row.data)) {
        const Arm* versus = task.review.find(row.versus);
        if (!row.versus.empty() && !versus)
            return Refusal{"unknown-arm", fmt::format("the group '{}' is not in arms.csv", row.versus.value)};
        if (!arm || !versus) return Refusal{"contrast-arms", "the contrast does not name both of its groups"};
        if (arm->role != one && arm->role != two) return mismatch(*arm);
        if (versus->role != one && versus->role != two) return mismatch(*versus);
        if (arm->role == versus->role && one != two) return mismatch(*versus);
        return std::nullopt;
    }
    if (!arm) return Refusal{"unknown-arm", "the row names no group"};
    if (arm->role != one && arm->role != two) return mismatch(*arm);
    return std::nullopt;
}

/// Whether a row may take part at all, before its numbers are looked at.
std::optional<Refusal> refused(const Task& task, const SensitivitySet* set, const Result& row, const Study* study) {
    if (!study) return Refusal{"unknown-study", fmt::format("the study '{}' is not in studies.csv", row.study.value)};
    if (!answers(*study, task.analysis.question))
        return Refusal{"other-question", "studies.csv names other questions for this study"};
    if (row.basis == "baseline") return Refusal{"baseline", "describes people before treatment"};
    if (!row.not_pooled.empty()) return Refusal{"not-pooled", row.not_pooled};
    if (auto why = failing_condition(task.review, task.analysis.filter, row, *study, "the analysis"))
        return Refusal{"filtered", *why};
    if (set)
        if (auto why = failing_condition(task.review, set->filter, row, *study, "the set '" + set->label + "'"))
            return Refusal{"filtered", *why};
    if (row.unit == "unknown") return Refusal{"unit-unknown", "the unit is unknown, so the row cannot be pooled"};
    if (row.period == "unknown")
        return Refusal{"period-unknown", "the period of the count is unknown, so the row cannot be pooled"};
    if (std::holds_alternative<Statement>(row.data))
        return Refusal{"shape", "a statement (median, bare P value, words) gives no mean or standard error"};
    return wrong_arms(task, row);
}

std::string row_ids(const Candidate& candidate) {
    std::string text;
    for (const Result* row : candidate.rows)
        text += (text.empty() ? "" : ", ") + row->id.value;
    return text;
}

void exclude(Exclusions& exclusions, const Candidate& candidate, const std::string& code, const std::string& reason) {
    for (const Result* row : candidate.rows)
        exclusions.add(row->study, row->id, code, reason);
}

// ---- choosing among a study's candidates --------------------------------------------------------------------

bool intersect(const std::vector<ArmId>& a, const std::vector<ArmId>& b) {
    return std::any_of(a.begin(), a.end(), [&](const ArmId& arm) { return std::find(b.begin(), b.end(), arm) != b.end(); });
}

bool same_time(const Candidate& a, const Candidate& b) {
    return a.basis == b.basis && a.rows.front()->timepoint == b.rows.front()->timepoint;
}

/// The first candidate, and further ones made of entirely different groups. Everything else would count people twice.
std::vector<Candidate> chosen(std::vector<Candidate> candidates, Exclusions& exclusions) {
    std::vector<Candidate> kept;
    for (Candidate& candidate : candidates) {
        const auto rival = std::find_if(kept.begin(), kept.end(), [&](const Candidate& k) {
            if (k.split && candidate.split && same_time(k, candidate)) return false;
            return intersect(k.arms, candidate.arms) || intersect(k.versus, candidate.versus) ||
                   intersect(k.arms, candidate.versus) || intersect(k.versus, candidate.arms);
        });
        if (rival == kept.end()) {
            kept.push_back(std::move(candidate));
            continue;
        }
        const bool shared = !intersect(rival->arms, candidate.arms) && intersect(rival->versus, candidate.versus);
        if (shared)
            exclude(exclusions, candidate, "shared-control",
                    fmt::format("shares its comparator group with the contrast used ({})", row_ids(*rival)));
        else
            exclude(exclusions, candidate, "duplicate",
                    fmt::format("{} of the same study is used; choose with the filters rows, timepoints or bases",
                                row_ids(*rival)));
    }
    return kept;
}

bool is_change(const Candidate& candidate) { return candidate.basis == "change"; }

/// SDs of changes and of final values are not the same yardstick (Cochrane Handbook 6.5, section 10.5.2): the kind
/// that most studies have stays, final values when there is a tie.
void unmix_bases(std::vector<std::vector<Candidate>>& studies, Exclusions& exclusions) {
    int changes = 0, finals = 0;
    for (const auto& candidates : studies) {
        changes += std::any_of(candidates.begin(), candidates.end(), is_change);
        finals += !std::all_of(candidates.begin(), candidates.end(), is_change);
    }
    if (changes == 0 || finals == 0) return;
    const bool keep_changes = changes > finals;
    for (auto& candidates : studies) {
        std::vector<Candidate> kept;
        for (Candidate& candidate : candidates) {
            if (is_change(candidate) == keep_changes) kept.push_back(std::move(candidate));
            else
                exclude(exclusions, candidate, "mixed-bases",
                        fmt::format("standardised differences of {} are not mixed with those of {}, which more studies report",
                                    keep_changes ? "final values" : "changes", keep_changes ? "changes" : "final values"));
        }
        candidates = std::move(kept);
    }
}

// ---- effects ------------------------------------------------------------------------------------------------

std::string exclusion_code(Status status) {
    switch (status) {
    case Status::double_zero: return "double-zero";
    case Status::zero_cell: return "zero-cell";
    case Status::sd_zero: return "sd-zero";
    case Status::too_small: return "too-small";
    case Status::impossible: return "events-over-n";
    case Status::missing: return "no-variance";
    default: return "undefined";
    }
}

/// Ratios learn nothing from a study without events (or with events only) in both groups; differences do: they learn
/// that there is none. Cochrane Handbook 6.5, section 10.4.4.1.
bool zeros_say_nothing(const Measure& measure) { return measure.zeros && is_ratio(measure); }

/// y and v of all candidates; counts follow the analysis' rule for zero cells, contrasts come as they are.
std::vector<Computed> outcomes_of(const Task& task, const std::vector<Candidate>& candidates) {
    Options options;
    options.add = task.analysis.zero_cells.add;
    options.to = add_to_of(task.analysis.zero_cells.to).value_or(AddTo::only0);
    options.drop00 = task.analysis.zero_cells.drop00.value_or(zeros_say_nothing(task.measure));
    if (!task.measure.zeros) options.add.reset();
    const Measure* generic = find_measure("GEN");
    std::vector<Row> rows, contrasts;
    for (const Candidate& candidate : candidates)
        (candidate.contrast ? contrasts : rows).push_back(candidate.numbers);
    const std::vector<Computed> from_rows = compute(task.measure, rows, options);
    const std::vector<Computed> from_contrasts = compute(*generic, contrasts);
    std::vector<Computed> all;
    std::size_t next_row = 0, next_contrast = 0;
    for (const Candidate& candidate : candidates)
        all.push_back(candidate.contrast ? from_contrasts[next_contrast++] : from_rows[next_row++]);
    return all;
}

/// Removes candidates without an effect.
void drop_failures(const Task& task, std::vector<Candidate>& candidates, Exclusions& exclusions) {
    const std::vector<Computed> outcomes = outcomes_of(task, candidates);
    std::vector<Candidate> kept;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        const Status status = outcomes[i].status;
        if (status == Status::ok) kept.push_back(std::move(candidates[i]));
        else exclude(exclusions, candidates[i], exclusion_code(status), std::string(to_string(status)));
    }
    candidates = std::move(kept);
}

/// The study whose people a study's people are, following same_cohort_as to its end.
StudyId cohort_of(const Review& review, StudyId id) {
    std::set<StudyId> seen;
    while (seen.insert(id).second) {
        const Study* study = review.find(id);
        if (!study || study->same_cohort_as.empty()) break;
        id = study->same_cohort_as;
    }
    return id;
}

/// Of several studies of one cohort the one the others point to stays, or the first where that one has no effect.
void drop_same_cohort(const Review& review, std::vector<Candidate>& candidates, Exclusions& exclusions) {
    std::map<StudyId, StudyId> keeper;
    const auto study_of = [](const Candidate& c) -> const StudyId& { return c.rows.front()->study; };
    for (const Candidate& candidate : candidates) {
        const StudyId& study = study_of(candidate);
        const StudyId cohort = cohort_of(review, study);
        if (study == cohort) keeper[cohort] = study;
        else keeper.emplace(cohort, study);
    }
    std::vector<Candidate> kept;
    for (Candidate& candidate : candidates) {
        const StudyId& holder = keeper[cohort_of(review, study_of(candidate))];
        if (holder == study_of(candidate)) kept.push_back(std::move(candidate));
        else
            exclude(exclusions, candidate, "same-cohort",
                    fmt::format("the same people as in '{}', which is in the analysis", holder.value));
    }
    candidates = std::move(kept);
}

/// The level of the analysis' subgroup column: of the study, or of the intervention groups.
std::string subgroup_level(const Task& task, const Study& study, const Candidate& candidate) {
    const std::string& column = task.analysis.subgroup;
    if (column.empty()) return {};
    const auto given = [](const std::string& text) { return text.empty() ? std::string("not reported") : text; };
    if (column == "design") return given(study.design);
    if (column == "blinding") return given(study.blinding);
    if (column == "country") return given(study.country);
    if (column == "funding_class") return given(study.funding_class);
    if (column == "comparator") return given(study.comparator);
    if (column == "population") return given(study.population);
    std::vector<std::string> levels;
    for (const ArmId& id : candidate.arms) {
        const Arm* arm = task.review.find(id);
        const std::string level = given(!arm ? "" : column == "route" ? arm->route : column == "form" ? arm->form : "");
        if (std::find(levels.begin(), levels.end(), level) == levels.end()) levels.push_back(level);
    }
    std::string joined;
    for (const std::string& level : levels)
        joined += (joined.empty() ? "" : " + ") + level;
    return joined;
}

std::vector<Effect> finished(const Task& task, std::vector<Candidate>& candidates) {
    const std::vector<Computed> outcomes = outcomes_of(task, candidates);
    std::vector<Effect> effects;
    std::map<std::string, int> uses;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
        Candidate& candidate = candidates[i];
        const Study& study = *task.review.find(candidate.rows.front()->study);
        Effect effect = std::move(candidate.effect);
        effect.study = study.id;
        const int use = ++uses[study.label];
        effect.label = use == 1 ? study.label : fmt::format("{} ({})", study.label, use);
        effect.measure = task.measure.id;
        effect.y = outcomes[i].y;
        effect.v = outcomes[i].v;
        for (const Result* row : candidate.rows)
            effect.rows.push_back(row->id);
        effect.subgroup = subgroup_level(task, study, candidate);
        if (outcomes[i].added > 0 && !candidate.contrast)
            effect.notes.push_back(fmt::format("{:.6g} added to each cell because of a zero", outcomes[i].added));
        effects.push_back(std::move(effect));
    }
    return effects;
}

} // namespace

Assembled assemble(const Review& review, const Analysis& analysis, const SensitivitySet* set) {
    const Measure& chosen_measure = measure(set && !set->measure.empty() ? set->measure : analysis.measure);
    const model::Outcome* outcome = review.find(analysis.outcome);
    if (!outcome) return {};
    const Deriver deriver(review, analysis.outcome, set, chosen_measure.id == "SMD");
    const bool without_derived = analysis.filter.without_derived || (set && set->filter.without_derived);
    const Task task{review, analysis, *outcome, chosen_measure, deriver, without_derived};

    Exclusions exclusions;
    std::map<StudyId, std::vector<const Result*>> usable;
    for (const Result& row : review.results) {
        if (row.outcome != analysis.outcome) continue;
        if (const auto refusal = refused(task, set, row, review.find(row.study)))
            exclusions.add(row.study, row.id, refusal->code, refusal->reason);
        else usable[row.study].push_back(&row);
    }

    const Reject reject = [&](const Result& row, const std::string& code, const std::string& reason) {
        exclusions.add(row.study, row.id, code, reason);
    };
    std::vector<std::vector<Candidate>> by_study;
    for (const Study& study : review.studies) {
        const auto rows = usable.find(study.id);
        if (rows != usable.end()) by_study.push_back(candidates_of(task, study, rows->second, reject));
    }
    if (chosen_measure.id == "SMD") unmix_bases(by_study, exclusions);

    std::vector<Candidate> candidates;
    for (auto& of_study : by_study)
        for (Candidate& candidate : chosen(std::move(of_study), exclusions))
            candidates.push_back(std::move(candidate));
    drop_failures(task, candidates, exclusions);
    drop_same_cohort(review, candidates, exclusions);

    Assembled assembled;
    assembled.effects = finished(task, candidates);
    assembled.excluded = exclusions.in_order_of(review.studies);
    return assembled;
}

} // namespace assay::effect
