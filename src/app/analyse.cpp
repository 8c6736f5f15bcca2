#include "app/analyse.hpp"

#include "base/error.hpp"
#include "app/grade.hpp"
#include "app/standard_sets.hpp"
#include "certainty/appraise.hpp"
#include "certainty/verdict.hpp"
#include "effect/assemble.hpp"
#include "effect/measures.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/pool.hpp"
#include "synth/subgroups.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::app {

namespace {

using namespace model;

/// What is pooled and how, once a sensitivity set has had its say.
struct Choice {
    std::string measure;
    synth::PoolOptions pool;
};

const effect::Measure& row_of(const std::string& measure) {
    const auto* row = effect::find_measure(measure);
    ASSAY_EXPECT(row); // checking the folder refuses unknown measures
    return *row;
}

Choice choice(const Analysis& analysis, const SensitivitySet* set) {
    auto pick = [](const std::string& changed, const std::string& declared) {
        return changed.empty() ? declared : changed;
    };
    Choice made;
    made.measure = set ? pick(set->measure, analysis.measure) : analysis.measure;
    made.pool.model = set ? pick(set->model, analysis.model) : analysis.model;
    made.pool.method = set ? pick(set->method, analysis.method) : analysis.method;
    made.pool.test = set ? pick(set->test, analysis.test) : analysis.test;
    made.pool.level = analysis.level;
    // A set that changes the model only: its method and test follow, as an estimator of tau2 means nothing to a
    // common-effect model, nor Knapp and Hartung's interval.
    if (set && !set->model.empty() && set->model != analysis.model) {
        if (set->method.empty()) made.pool.method = made.pool.model == "common" ? "IV" : "REML";
        if (set->test.empty()) made.pool.test = "z";
    }
    if (made.pool.model == "common" && made.pool.test != "z" && made.pool.test != "t") made.pool.test = "z";
    return made;
}

std::vector<StudyId> studies_of(const std::vector<Effect>& effects) {
    std::vector<StudyId> ids;
    for (const auto& effect : effects) ids.push_back(effect.study);
    return ids;
}

bool same_numbers(const Synthesis& a, const Synthesis& b) {
    return a.k == b.k && a.estimate == b.estimate && a.ci_low == b.ci_low && a.ci_high == b.ci_high;
}

Variant on_set(const Review& review, const Analysis& analysis, const SensitivitySet& set, std::string kind,
               const AnalysisResult& main) {
    Variant variant;
    variant.id = set.id.value;
    variant.label = set.label;
    variant.kind = std::move(kind);
    const auto made = choice(analysis, &set);
    const auto assembled = effect::assemble(review, analysis, &set);
    const auto kept = studies_of(assembled.effects);
    for (const auto& effect : main.effects)
        if (std::find(kept.begin(), kept.end(), effect.study) == kept.end()) variant.dropped.push_back(effect.study);
    if (assembled.effects.empty()) {
        variant.note = "no trial of this analysis is left";
        return variant;
    }
    variant.synthesis = synth::pool(assembled.effects, made.measure, made.pool);
    if (main.main && variant.dropped.empty() && same_numbers(*variant.synthesis, *main.main))
        variant.note = "the same trials and numbers as the main analysis";
    return variant;
}

/// The other model and the other interval: shown beside every analysis without being asked for.
std::vector<SensitivitySet> standard_choices(const Analysis& analysis) {
    std::vector<SensitivitySet> sets;
    auto add = [&](const char* id, const char* label, const char* model, const char* method, const char* test) {
        SensitivitySet set;
        set.id = SetId(id);
        set.label = label;
        set.model = model;
        set.method = method;
        set.test = test;
        sets.push_back(std::move(set));
    };
    if (analysis.model == "random") {
        add("common-effect", "with a common-effect model (inverse variance)", "common", "IV", "z");
        if (analysis.test == "z") add("hartung-knapp", "with the Hartung-Knapp interval", "", "", "knha");
        else add("z-interval", "with the normal (Wald) interval", "", "", "z");
    } else {
        add("random-effects", "with a random-effects model (REML)", "random", "REML", "z");
    }
    return sets;
}

/// Values that no trial of the analysis gives are replaced by each of the declared list in turn.
std::vector<SensitivitySet> assumed_values(const Review& review, const std::vector<Effect>& effects) {
    std::vector<SensitivitySet> sets;
    const auto uses = [&](std::initializer_list<std::string_view> rules) {
        return std::any_of(effects.begin(), effects.end(), [&](const Effect& effect) {
            return std::any_of(effect.derived.begin(), effect.derived.end(), [&](const Derived& one) {
                return one.assumed && std::find(rules.begin(), rules.end(), one.rule) != rules.end();
            });
        });
    };
    const auto add = [&](const std::string& id, const std::string& what, const std::vector<double>& values,
                         std::optional<double> SensitivitySet::*member) {
        for (const double value : values) {
            SensitivitySet set;
            const auto number = text::format_number(value);
            set.id = SetId(id + "-" + number);
            set.label = what + " of " + number;
            set.*member = value;
            sets.push_back(std::move(set));
        }
    };
    const auto& declared = review.derived;
    if (uses({"sd.change"}))
        add("change-correlation", "with a correlation of baseline and final values", declared.correlations,
            &SensitivitySet::change_correlation);
    if (uses({"pair.sd", "pair.d-se"}))
        add("crossover-correlation", "with a correlation within people", declared.correlations,
            &SensitivitySet::crossover_correlation);
    if (uses({"cluster.n", "cluster.events", "cluster.se"}))
        add("icc", "with an intracluster correlation", declared.iccs, &SensitivitySet::icc);
    return sets;
}

bool only_changes_choices(const SensitivitySet& set) {
    const auto& f = set.filter;
    if (f.without_derived || set.change_correlation || set.crossover_correlation || set.icc) return false;
    return f.rows.empty() && f.only_studies.empty() && f.without_studies.empty() && f.only_tags.empty() &&
           f.without_tags.empty() && f.statuses.empty() && f.funding.empty() && f.designs.empty() &&
           f.timepoints.empty() && f.bases.empty();
}

bool same(const Choice& a, const Choice& b) {
    return a.measure == b.measure && a.pool.model == b.pool.model && a.pool.method == b.pool.method &&
           a.pool.test == b.pool.test;
}

/// Has the review itself asked for this choice on all rows?
bool declared(const Review& review, const Analysis& analysis, const SensitivitySet& standard) {
    auto equal = [&](const SensitivitySet& set) {
        return only_changes_choices(set) && same(choice(analysis, &set), choice(analysis, &standard));
    };
    return std::any_of(review.sets.begin(), review.sets.end(), equal) ||
           std::any_of(analysis.sensitivity.begin(), analysis.sensitivity.end(), equal);
}

/// Would the reader be told the same from these trials?
std::string answer_of(const Review& review, const Analysis& analysis, const Synthesis& main, const Variant& variant) {
    if (!variant.synthesis) return "too few";
    const auto* outcome = review.find(analysis.outcome);
    ASSAY_EXPECT(outcome);
    const auto limit = certainty::threshold(*outcome, analysis.measure);
    const bool differs = certainty::differ(certainty::standing(*variant.synthesis, outcome->better, limit),
                                           certainty::standing(main, outcome->better, limit));
    // One trial left of several is wide whatever the truth: a loss of information, not another answer.
    if (differs && variant.synthesis->k == 1 && main.k > 1) return "too few";
    return differs ? "differs" : "same";
}

void add_variants(const Review& review, const Analysis& analysis, const std::vector<StandardSet>& standard,
                  AnalysisResult& result) {
    std::set<std::string> taken;
    auto add = [&](const SensitivitySet& set, const char* kind) {
        if (taken.insert(set.id.value).second)
            result.variants.push_back(on_set(review, analysis, set, kind, result));
    };
    for (const auto& set : analysis.sensitivity) add(set, "named-set");
    for (const auto& set : review.sets) add(set, only_changes_choices(set) ? "model" : "global-set");
    for (const auto& set : assumed_values(review, result.effects)) add(set, "assumed-value");
    for (const auto& set : standard_choices(analysis))
        if (!declared(review, analysis, set)) add(set, "model");
    for (const auto& row : standard) {
        Variant variant;
        if (row.empty.empty()) {
            variant = on_set(review, analysis, row.set, "standard-set", result);
        } else {
            variant.id = row.set.id.value;
            variant.label = row.set.label;
            variant.kind = "standard-set";
            variant.note = row.empty;
            variant.dropped = studies_of(result.effects);
        }
        variant.answer = answer_of(review, analysis, *result.main, variant);
        result.variants.push_back(std::move(variant));
    }
    if (result.effects.size() < 3) return;
    const auto made = choice(analysis, nullptr);
    auto without_each = synth::leave_one_out(result.effects, made.measure, made.pool);
    for (std::size_t i = 0; i < without_each.size(); ++i) {
        Variant variant;
        variant.id = "without-" + result.effects[i].study.value;
        variant.label = "without " + result.effects[i].label;
        variant.kind = "leave-one-out";
        variant.synthesis = std::move(without_each[i]);
        variant.dropped.push_back(result.effects[i].study);
        result.variants.push_back(std::move(variant));
    }
}

certainty::Scale scale_of(const Review& review, const Analysis& analysis) {
    const auto& measure = row_of(analysis.measure);
    certainty::Scale scale;
    scale.ratio = effect::is_ratio(measure);
    scale.name = std::string(measure.title);
    const auto* outcome = review.find(analysis.outcome);
    if (!scale.ratio && (analysis.measure == "MD" || analysis.measure == "MC") && outcome) {
        scale.unit = outcome->unit;
        if (!outcome->period.empty()) scale.unit += " per " + outcome->period;
    }
    return scale;
}

/// Our interval beside one that others printed, told in words. Nothing is claimed where the measures differ.
std::optional<Comparison> compare(const Published& published, const Analysis& analysis, const Synthesis& main) {
    const bool asked = published.compare_with == analysis.id;
    const bool same = published.question == analysis.question && published.outcome == analysis.outcome &&
                      analysis.primary && !published.outcome.empty();
    if (!asked && !same) return std::nullopt;
    Comparison row;
    row.published = published.id;
    if (published.measure != analysis.measure || !published.estimate || !published.ci_low || !published.ci_high) {
        row.relation = "not comparable number by number: " + (published.measure.empty() ? "no measure" : published.measure) +
                       " there, " + analysis.measure + " here";
        if (published.measure == analysis.measure) row.relation = "not comparable number by number: no interval printed";
        return row;
    }
    const bool ratio = effect::is_ratio(row_of(analysis.measure));
    auto back = [&](double value) { return ratio ? std::exp(value) : value; };
    const double low = back(main.ci_low), high = back(main.ci_high), estimate = back(main.estimate);
    const double their_low = std::min(*published.ci_low, *published.ci_high);
    const double their_high = std::max(*published.ci_low, *published.ci_high);
    const bool disjoint = high < their_low || their_high < low;
    const bool inside = estimate >= their_low && estimate <= their_high;
    row.relation = disjoint ? "the intervals do not overlap"
                   : inside ? "our estimate lies inside their interval"
                            : "the intervals overlap, our estimate lies outside theirs";
    row.relation += ": " + text::with_interval(estimate, low, high) + ", k = " + std::to_string(main.k) + " here; " +
                    text::with_interval(*published.estimate, their_low, their_high) +
                    (published.k.empty() ? "" : ", k = " + published.k) + " there";
    return row;
}

AnalysisResult run(const Review& review, const Analysis& analysis, const std::vector<Appraisal>& appraisals,
                   const AnalyseOptions& options) {
    AnalysisResult result;
    result.id = analysis.id;
    result.formula = std::string(row_of(analysis.measure).formula);
    auto assembled = effect::assemble(review, analysis);
    result.effects = std::move(assembled.effects);
    result.excluded = std::move(assembled.excluded);
    if (!result.effects.empty()) {
        const auto made = choice(analysis, nullptr);
        result.main = synth::pool(result.effects, made.measure, made.pool);
        if (!analysis.subgroup.empty())
            result.subgroups = synth::subgroups(result.effects, made.measure, made.pool, analysis.subgroup);
        const auto standard = standard_sets(review, analysis, result.effects, appraisals, options.flagged);
        add_variants(review, analysis, standard, result);
        result.grade = grade(review, analysis, result, made.measure, made.pool, appraisals);
        for (const auto& published : review.published)
            if (auto row = compare(published, analysis, *result.main)) result.comparisons.push_back(std::move(*row));
    }
    result.verdict = certainty::verdict(review, analysis, result, scale_of(review, analysis));
    return result;
}

void count(ConclusionCount& counts, const std::string& code) {
    if (code == "benefit") ++counts.benefit;
    else if (code == "no benefit") ++counts.no_benefit;
    else if (code == "harm") ++counts.harm;
    else ++counts.inconclusive;
}

QuestionResult summarise(const Review& review, const Question& question, const ReviewResults& results) {
    QuestionResult row;
    row.id = question.id;
    for (const bool primary : {true, false})
        for (const auto& analysis : review.analyses)
            if (analysis.question == question.id && analysis.primary == primary) row.analyses.push_back(analysis.id);
    for (const auto& study : review.studies) {
        if (std::find(study.questions.begin(), study.questions.end(), question.id) == study.questions.end()) continue;
        if (!study.same_cohort_as.empty()) continue;
        ++row.studies;
        if (study.design.starts_with("rct")) ++row.randomised;
        if (study.n_randomised) row.participants = row.participants.value_or(0) + *study.n_randomised;
        else ++row.participants_unknown;
    }
    for (const auto& conclusion : review.conclusions)
        if (conclusion.question == question.id)
            count(conclusion.study.empty() ? row.reviews : row.trials, conclusion.code);
    const AnalysisResult* headline = nullptr;
    for (const auto& id : row.analyses) {
        const auto* spec = review.find(id);
        const auto* found = results.find(id);
        if (spec->primary && found && found->main) {
            headline = found;
            break;
        }
    }
    row.verdict = headline ? headline->verdict : certainty::not_pooled(question, row);
    return row;
}

} // namespace

ReviewResults analyse(const Review& review, const Progress& progress, const AnalyseOptions& options) {
    ReviewResults results;
    results.appraisals = certainty::appraise(review).appraisals;
    for (std::size_t i = 0; i < review.analyses.size(); ++i) {
        if (progress && !progress("analyses", i, review.analyses.size()))
            throw Error("stopped", "stopped on request", Exit::environment);
        results.analyses.push_back(run(review, review.analyses[i], results.appraisals, options));
    }
    for (const auto& question : review.questions) results.questions.push_back(summarise(review, question, results));
    return results;
}

} // namespace assay::app
