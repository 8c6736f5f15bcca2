#include "app/grade.hpp"

#include "app/standard_sets.hpp"
#include "base/error.hpp"
#include "certainty/grade.hpp"
#include "certainty/sof.hpp"
#include "certainty/verdict.hpp"
#include "effect/measures.hpp"
#include "model/funding.hpp"
#include "synth/regtest.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::app {

namespace {

using namespace model;

constexpr double z95 = 1.959963984540054;
/// Without a smallest difference that matters: a small standardised difference, and a quarter of the risk
/// (GRADE guidelines 6).
constexpr double usual_sd_difference = 0.2, usual_risk_reduction = 0.25;

/// What the domains share.
struct Case {
    const Review& review;
    const Analysis& analysis;
    const AnalysisResult& result;
    const Outcome& outcome;
    const Synthesis& main;
    bool ratio = false;
    int sign = 1;                  ///< -1: lower is better
    std::optional<double> matters; ///< on the analysis scale
    std::vector<double> weights;   ///< shares of the weight, in the order of the effects
    std::span<const Appraisal> appraisals = {};

    std::string bias_of(const Effect& effect) const {
        return overall_bias(review, appraisals, effect, analysis.outcome);
    }
    double turned(double value) const { return sign * value; }
    double low(double a, double b) const { return std::min(turned(a), turned(b)); }
    double high(double a, double b) const { return std::max(turned(a), turned(b)); }
};

double people_of(const Effect& effect) {
    return effect.n1.value_or(0) + effect.n2.value_or(0);
}

template<class Holds> double weight_where(const Case& at, Holds holds) {
    double sum = 0;
    for (std::size_t i = 0; i < at.result.effects.size(); ++i) {
        const Study* study = at.review.find(at.result.effects[i].study);
        if (study && holds(*study, at.result.effects[i])) sum += at.weights[i];
    }
    return sum;
}

// ---- start
// --------------------------------------------------------------------------------------------------

certainty::Start start_of(const Case& at) {
    const double not_randomised = weight_where(at, [](const Study& study, const Effect&) {
        return study.design == "nonrandomised" || study.design == "observational" ||
               study.design == "before-after" || study.design == "single-arm" ||
               study.design == "case-control";
    });
    return not_randomised >= 0.5 ? certainty::Start::not_randomised : certainty::Start::randomised;
}

// ---- risk of bias
// -------------------------------------------------------------------------------------------

certainty::GradeStep bias(const Case& at, const std::vector<certainty::StudyEstimate>& studies,
                          const std::string& measure, const synth::PoolOptions& pool) {
    certainty::BiasInput input;
    input.studies = studies;
    input.estimate = at.turned(at.main.estimate);
    input.rated_weight =
        weight_where(at, [&](const Study&, const Effect& effect) { return !at.bias_of(effect).empty(); });
    std::vector<Effect> others;
    for (std::size_t i = 0; i < studies.size(); ++i)
        if (!studies[i].high_risk && !at.bias_of(at.result.effects[i]).empty())
            others.push_back(at.result.effects[i]);
    if (!others.empty()) {
        const auto pooled = synth::pool(others, measure, pool);
        input.low_risk_estimate = at.turned(pooled.estimate);
        input.low_risk_low = at.low(pooled.ci_low, pooled.ci_high);
        input.low_risk_high = at.high(pooled.ci_low, pooled.ci_high);
    }
    return certainty::risk_of_bias(input, at.review.cutoffs);
}

// ---- inconsistency
// ------------------------------------------------------------------------------------------

certainty::GradeStep inconsistency(const Case& at, const std::vector<certainty::StudyEstimate>& studies) {
    certainty::InconsistencyInput input;
    input.studies = studies;
    input.estimate = at.turned(at.main.estimate);
    input.ci_low = at.low(at.main.ci_low, at.main.ci_high);
    input.ci_high = at.high(at.main.ci_low, at.main.ci_high);
    if (at.main.pi_low && at.main.pi_high) {
        input.pi_low = at.low(*at.main.pi_low, *at.main.pi_high);
        input.pi_high = at.high(*at.main.pi_low, *at.main.pi_high);
    }
    input.threshold = at.matters.value_or(0);
    return certainty::inconsistency(input, at.review.cutoffs);
}

// ---- indirectness
// -------------------------------------------------------------------------------------------

certainty::Concern concern(const std::string& word) {
    if (word == "some") return certainty::Concern::some;
    if (word == "serious") return certainty::Concern::serious;
    if (word == "very serious") return certainty::Concern::very_serious;
    return certainty::Concern::none;
}

/// Forms that the intervention's synonyms speak of, that other trials of the review gave, and that none here
/// did.
std::set<std::string> untested_forms(const Case& at) {
    const Question* question = at.review.find(at.analysis.question);
    const Term* term = question ? at.review.find(question->intervention) : nullptr;
    std::set<std::string> tested, spoken;
    if (!term) return spoken;
    auto has_word = [](const std::string& text, const std::string& word) {
        const auto at_byte = text.find(word);
        if (word.empty() || at_byte == std::string::npos) return false;
        const auto end = at_byte + word.size();
        return (at_byte == 0 || text[at_byte - 1] == ' ') && (end == text.size() || text[end] == ' ');
    };
    for (const auto& effect : at.result.effects)
        for (const auto& arm : at.review.arms)
            if (arm.study == effect.study && arm.role == at.analysis.intervention_role && !arm.form.empty())
                tested.insert(arm.form);
    if (tested.empty()) return spoken;
    for (const auto& arm : at.review.arms) {
        if (arm.form.empty() || tested.contains(arm.form)) continue;
        const bool named =
            std::any_of(term->synonyms.begin(), term->synonyms.end(),
                        [&](const std::string& synonym) { return has_word(synonym, arm.form); });
        const bool inside = std::any_of(tested.begin(), tested.end(),
                                        [&](const std::string& form) { return has_word(form, arm.form); });
        if (named && !inside) spoken.insert(arm.form);
    }
    return spoken;
}

certainty::GradeStep indirect(const Case& at, const GradeDecision* decision) {
    const auto forms = untested_forms(at);
    certainty::IndirectnessInput input;
    if (!forms.empty()) input.intervention = certainty::Concern::some;
    if (decision) {
        input.population = concern(decision->population);
        if (!decision->intervention.empty()) input.intervention = concern(decision->intervention);
        input.comparator = concern(decision->comparator);
        input.outcome = concern(decision->outcome);
    }
    auto step = certainty::indirectness(input);
    if (!forms.empty()) {
        std::string list;
        for (const auto& form : forms)
            list += (list.empty() ? "" : ", ") + form;
        step.text += " The question covers forms that no trial here gave: " + list + ".";
    }
    return step;
}

// ---- imprecision
// --------------------------------------------------------------------------------------------

/// The spread behind a difference of means, from its variance and its groups (weighted).
std::optional<double> typical_sd(const Case& at) {
    double sum = 0, weight = 0;
    for (std::size_t i = 0; i < at.result.effects.size(); ++i) {
        const auto& effect = at.result.effects[i];
        if (!effect.n1 || !effect.n2 || *effect.n1 <= 0 || *effect.n2 <= 0) continue;
        sum += at.weights[i] * std::sqrt(effect.v / (1 / *effect.n1 + 1 / *effect.n2));
        weight += at.weights[i];
    }
    return weight > 0 ? std::optional(sum / weight) : std::nullopt;
}

std::optional<double> people_pooled(const Case& at) {
    double sum = 0;
    for (const auto& effect : at.result.effects)
        sum += people_of(effect);
    return sum > 0 ? std::optional(sum) : std::nullopt;
}

/// On the absolute scale at a baseline risk: shares of people, benefit positive.
std::optional<certainty::GradeStep> imprecise_risk(const Case& at, const std::string& measure) {
    const auto base = certainty::baseline_risk(at.review, at.analysis, at.result);
    if (!base) return std::nullopt;
    const double p = base->risk;
    auto gain = [&](double ratio) -> std::optional<double> {
        const auto risk = certainty::risk_with(measure, ratio, p);
        return risk ? std::optional(at.sign * (*risk - p)) : std::nullopt;
    };
    auto back = [&](double value) { return at.ratio ? std::exp(value) : value; };
    const auto estimate = gain(back(at.main.estimate)), one = gain(back(at.main.ci_low)),
               two = gain(back(at.main.ci_high));
    if (!estimate || !one || !two) return std::nullopt;
    certainty::ImprecisionInput input;
    input.estimate = *estimate;
    input.ci_low = std::min(*one, *two);
    input.ci_high = std::max(*one, *two);
    if (at.matters) {
        const auto benefit = gain(back(at.sign * *at.matters));
        if (benefit && std::fabs(*benefit) > 0) input.matters = std::fabs(*benefit);
    } else if (at.outcome.matters && at.outcome.matters->scale == DifferenceScale::risk) {
        input.matters = at.outcome.matters->value;
    }
    if (!input.matters) return std::nullopt;
    input.people = people_pooled(at);
    const double moved =
        std::clamp(p + at.sign * (input.matters ? *input.matters : usual_risk_reduction * p), 0.001, 0.999);
    if (moved != p)
        input.optimal_size =
            certainty::information_size_binary(p, moved, at.review.cutoffs.alpha, at.review.cutoffs.power);
    auto step = certainty::imprecision(input, at.review.cutoffs);
    step.numbers.push_back({"baseline_risk", p});
    return step;
}

certainty::GradeStep imprecise(const Case& at, const std::string& measure) {
    if (at.ratio || measure == "RD") {
        if (auto step = imprecise_risk(at, measure)) return *step;
        if (at.ratio)
            return certainty::imprecision_ratio(std::exp(at.main.ci_low), std::exp(at.main.ci_high),
                                                at.review.cutoffs);
    }
    certainty::ImprecisionInput input;
    input.estimate = at.turned(at.main.estimate);
    input.ci_low = at.low(at.main.ci_low, at.main.ci_high);
    input.ci_high = at.high(at.main.ci_low, at.main.ci_high);
    input.matters = at.matters;
    input.people = people_pooled(at);
    const bool standardised = measure.starts_with("SM");
    const auto sd = standardised ? std::optional(1.0) : typical_sd(at);
    if (sd && *sd > 0) {
        const double delta = at.matters ? *at.matters / *sd : usual_sd_difference;
        input.optimal_size =
            certainty::information_size_continuous(delta, at.review.cutoffs.alpha, at.review.cutoffs.power);
    }
    return certainty::imprecision(input, at.review.cutoffs);
}

// ---- publication bias
// ---------------------------------------------------------------------------------------

certainty::GradeStep missing_studies(const Case& at) {
    certainty::PublicationInput input;
    input.studies = static_cast<int>(at.result.effects.size());
    input.small_weight = weight_where(at, [&](const Study& study, const Effect& effect) {
        const double people = people_in(at.review, study).value_or(people_of(effect));
        return people > 0 && people < at.review.cutoffs.small_study;
    });
    input.industry_weight = weight_where(
        at, [](const Study& study, const Effect&) { return funding_class(study.funding_class).seller; });
    if (input.studies >= at.review.cutoffs.fewest_for_asymmetry) {
        std::vector<double> y, v;
        for (const auto& effect : at.result.effects) {
            y.push_back(effect.y);
            v.push_back(effect.v);
        }
        const auto test = synth::egger_classic(y, v);
        if (test.defined) input.asymmetry_p = test.p;
    }
    for (const auto& study : at.review.studies)
        if (study.status == "unpublished" && std::find(study.questions.begin(), study.questions.end(),
                                                       at.analysis.question) != study.questions.end())
            ++input.unpublished;
    return certainty::publication_bias(input, at.review.cutoffs);
}

} // namespace

std::optional<GradeRating> grade(const Review& review, const Analysis& analysis, const AnalysisResult& result,
                                 const std::string& measure, const synth::PoolOptions& pool,
                                 std::span<const Appraisal> appraisals) {
    const Outcome* outcome = review.find(analysis.outcome);
    if (!result.main || analysis.illustration || !outcome) return std::nullopt;
    const auto* row = effect::find_measure(measure);
    ASSAY_EXPECT(row);
    Case at{review,
            analysis,
            result,
            *outcome,
            *result.main,
            effect::is_ratio(*row),
            outcome->better == Better::lower ? -1 : 1,
            certainty::threshold(*outcome, measure),
            {},
            appraisals};
    double total = 0;
    for (const double weight : at.main.weights)
        total += weight;
    for (std::size_t i = 0; i < result.effects.size(); ++i)
        at.weights.push_back(i < at.main.weights.size() && total > 0
                                 ? at.main.weights[i] / total
                                 : 1 / static_cast<double>(result.effects.size()));
    std::vector<certainty::StudyEstimate> studies;
    for (std::size_t i = 0; i < result.effects.size(); ++i) {
        const auto& effect = result.effects[i];
        const double y = at.turned(effect.y), half = z95 * std::sqrt(effect.v);
        studies.push_back({y, y - half, y + half, at.weights[i], at.bias_of(effect) == "high"});
    }
    const auto found = std::find_if(review.ratings.begin(), review.ratings.end(),
                                    [&](const GradeDecision& made) { return made.analysis == analysis.id; });
    const GradeDecision* decision = found == review.ratings.end() ? nullptr : &*found;
    std::vector<certainty::GradeStep> steps{bias(at, studies, measure, pool), inconsistency(at, studies),
                                            indirect(at, decision), imprecise(at, measure),
                                            missing_studies(at)};
    const auto start = start_of(at);
    if (at.ratio &&
        start == certainty::Start::not_randomised) // trials start at the top: nothing can raise them
        steps.push_back(certainty::large_effect(std::exp(at.main.estimate), std::exp(at.main.ci_low),
                                                std::exp(at.main.ci_high)));
    return certainty::rate(certainty::propose(start, std::move(steps)), decision);
}

} // namespace assay::app
