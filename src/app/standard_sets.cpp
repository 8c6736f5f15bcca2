#include "app/standard_sets.hpp"

#include "certainty/appraise.hpp"
#include "model/funding.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>

namespace assay::app {

namespace {

using namespace model;

StandardSet named(const char* id, std::string label) {
    StandardSet row;
    row.set.id = SetId(id);
    row.set.label = std::move(label);
    return row;
}

/// Ratings in the words of several tools, from best to worst.
int severity(const std::string& judgement) {
    auto says = [&](const char* word) { return judgement.find(word) != std::string::npos; };
    if (says("high") || says("serious") || says("critical")) return 3;
    if (says("some") || says("unclear") || says("moderate")) return 2;
    return says("low") ? 1 : 0;
}

/// The worst of the overall ratings that others published.
std::string published_bias(const Review& review, const StudyId& study) {
    int worst = 0;
    for (const auto& row : review.rob)
        if (row.study == study && row.domain == "overall" && row.status == "published")
            worst = std::max(worst, severity(row.judgement));
    constexpr const char* words[] = {"", "low", "some", "high"};
    return words[worst];
}

StandardSet low_risk(const Review& review, const Analysis& analysis, std::span<const Effect> effects,
                     std::span<const Appraisal> appraisals) {
    auto row = named("low-risk-of-bias", "trials at low risk of bias only");
    for (const auto& effect : effects)
        if (overall_bias(review, appraisals, effect, analysis.outcome) == "low")
            row.set.filter.only_studies.push_back(effect.study);
    if (row.set.filter.only_studies.empty())
        row.empty = "no trial of this analysis carries an overall rating of low risk";
    return row;
}

/// Trials whose trustworthiness people have serious concerns about (INSPECT-SR: such a trial should not be pooled).
std::vector<StudyId> distrusted(std::span<const Appraisal> appraisals) {
    std::vector<StudyId> studies;
    for (const auto& each : appraisals)
        if (each.subject.tool == "inspect-sr" && each.overall.judgement() == each.scale.back())
            studies.push_back(each.subject.study);
    return studies;
}

StandardSet without_small(const Review& review) {
    auto row = named("without-small-trials", "without trials of fewer than " +
                                                 text::format_number(review.cutoffs.small_study) + " people");
    for (const auto& study : review.studies) {
        const auto people = people_in(review, study);
        if (people && *people < review.cutoffs.small_study)
            row.set.filter.without_studies.push_back(study.id);
    }
    return row;
}

} // namespace

std::string overall_bias(const Review& review, std::span<const Appraisal> appraisals, const Effect& effect,
                         const OutcomeId& outcome) {
    const auto risk = certainty::risk_of(appraisals, effect.study, outcome, effect.rows);
    if (risk.level != RiskLevel::unknown) return std::string(certainty::to_string(risk.level));
    return published_bias(review, effect.study);
}

std::optional<double> people_in(const Review& review, const Study& study) {
    if (study.n_randomised) return study.n_randomised;
    if (study.n_analysed) return study.n_analysed;
    double sum = 0;
    for (const auto& arm : review.arms)
        if (arm.study == study.id) sum += arm.n_randomised ? *arm.n_randomised : arm.n_analysed.value_or(0);
    return sum > 0 ? std::optional(sum) : std::nullopt;
}

std::vector<StandardSet> standard_sets(const Review& review, const Analysis& analysis,
                                       std::span<const Effect> effects,
                                       std::span<const Appraisal> appraisals,
                                       const std::optional<std::vector<StudyId>>& flagged) {
    std::vector<StandardSet> sets;
    auto independent = named("independent", "independently funded trials only");
    independent.set.filter.funding = independent_funding();
    sets.push_back(std::move(independent));
    sets.push_back(low_risk(review, analysis, effects, appraisals));
    const auto serious = distrusted(appraisals);
    if (flagged || !serious.empty()) {
        auto strict = named("trust-strict", serious.empty() ? "without trials with flagged numbers"
                                            : flagged ? "without trials with flagged numbers or serious concerns"
                                                      : "without trials with serious concerns about trust");
        auto& out = strict.set.filter.without_studies;
        if (flagged) out = *flagged;
        for (const auto& study : serious)
            if (std::find(out.begin(), out.end(), study) == out.end()) out.push_back(study);
        sets.push_back(std::move(strict));
    }
    sets.push_back(without_small(review));
    auto printed = named("without-derived", "without derived numbers");
    printed.set.filter.without_derived = true;
    sets.push_back(std::move(printed));
    return sets;
}

} // namespace assay::app
