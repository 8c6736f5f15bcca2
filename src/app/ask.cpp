#include "app/ask.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "base/error.hpp"
#include "certainty/verdict.hpp"
#include "claims/reading.hpp"
#include "effect/assemble.hpp"
#include "effect/measures.hpp"
#include "plot/measure.hpp"
#include "report/value.hpp"

#include <algorithm>

namespace assay::app {

namespace {

using namespace model;

claims::Asked understood(const AskRequest& request) {
    if (request.question.size() > claims::longest_question)
        throw Error("ask/too-long",
                    "a question has at most " + std::to_string(claims::longest_question) +
                        " bytes; this one has " + std::to_string(request.question.size()),
                    Exit::input);
    if (request.want && (*request.want < 1 || *request.want > 999))
        throw Error("ask/want", "--want takes a number from 1 to 999", Exit::input);
    if (!request.design.empty() && request.design != "rct" && request.design != "any")
        throw Error("ask/design", "--design takes rct or any, not '" + request.design + "'", Exit::input);
    auto asked = claims::read_question(request.question);
    if (asked.text.empty()) throw Error("ask/empty", "there is no question", Exit::input);
    if (request.want) {
        asked.want = *request.want;
        asked.understood.push_back("sources wanted: " + std::to_string(asked.want) + ", from --want");
    }
    if (request.independent) {
        asked.independence = claims::Independence::required;
        asked.understood.emplace_back("not paid by those who sell it, from --independent");
    }
    if (request.design == "any") asked.randomised_only = false;
    if (request.design == "rct" && !asked.randomised_only) {
        asked.randomised_only = true;
        asked.understood.emplace_back("randomised trials only, from --design");
    }
    return asked;
}

/// The measures under which a study's rows for an outcome are tried, the usual one first.
std::vector<std::string> measures_for(const Outcome& outcome) {
    if (outcome.kind == OutcomeKind::binary) return {"RR", "OR", "RD"};
    if (outcome.kind == OutcomeKind::count) return {"MD", "IRR", "SMD", "ROM"};
    return {"MD", "SMD", "ROM"};
}

/// The measures that some row of this outcome can give, so that the others need not be tried.
bool worth_trying(const Review& review, const OutcomeId& outcome, const std::string& measure) {
    return std::any_of(review.results.begin(), review.results.end(), [&](const Result& row) {
        if (row.outcome != outcome) return false;
        if (const auto* contrast = std::get_if<Contrast>(&row.data)) return contrast->measure == measure;
        if (std::holds_alternative<Events>(row.data)) return measure == "RR";
        if (std::holds_alternative<Moments>(row.data)) return measure == "MD";
        return std::holds_alternative<Rate>(row.data) && measure == "IRR";
    });
}

claims::StudyNumbers numbers_of(const Review& review, const Analysis& analysis, const Outcome& outcome) {
    claims::StudyNumbers numbers;
    const auto& measure = effect::measure(analysis.measure);
    numbers.question = analysis.question;
    numbers.outcome = analysis.outcome;
    numbers.measure = analysis.measure;
    numbers.measure_name = std::string(measure.title);
    numbers.ratio = effect::is_ratio(measure);
    if (analysis.measure == "MD" || analysis.measure == "MC") {
        numbers.unit = outcome.unit;
        if (!outcome.period.empty() && !outcome.unit.empty()) numbers.unit += " per " + outcome.period;
    }
    numbers.matters = certainty::threshold(outcome, analysis.measure);
    if (numbers.matters) numbers.matters_words = plot::difference_in_words(outcome);
    numbers.effects = effect::assemble(review, analysis).effects;
    return numbers;
}

/// The studies of a question one by one: under its declared analyses first, then under the usual measures, so
/// that an answer and the report tell the same number where both have one.
void add_numbers(const Review& review, const Question& question, claims::Evidence& evidence) {
    for (const auto& id : question.outcomes) {
        const auto* outcome = review.find(id);
        if (!outcome) continue;
        for (const bool primary : {true, false})
            for (const auto& analysis : review.analyses)
                if (analysis.question == question.id && analysis.outcome == id && analysis.primary == primary)
                    evidence.studies.push_back(numbers_of(review, analysis, *outcome));
        for (const auto& measure : measures_for(*outcome)) {
            if (!worth_trying(review, id, measure)) continue;
            Analysis usual;
            usual.id = AnalysisId("ask");
            usual.question = question.id;
            usual.outcome = id;
            usual.measure = measure;
            auto numbers = numbers_of(review, usual, *outcome);
            if (!numbers.effects.empty()) evidence.studies.push_back(std::move(numbers));
        }
    }
}

/// The review with nothing but the analyses of these readings, so that no more than they need is computed.
Review part_of(const Review& review, const std::vector<claims::Match>& readings) {
    auto asked = [&](const QuestionId& id) {
        return std::any_of(readings.begin(), readings.end(),
                           [&](const claims::Match& match) { return match.question == id; });
    };
    Review part = review;
    std::erase_if(part.questions, [&](const Question& question) { return !asked(question.id); });
    std::erase_if(part.analyses, [&](const Analysis& analysis) { return !asked(analysis.question); });
    return part;
}

} // namespace

Answered ask(const AskRequest& request) {
    Answered asked;
    const auto question = understood(request);
    auto checked = check(request.folder);
    asked.diagnostics = std::move(checked.diagnostics);
    asked.review = std::move(checked.review);
    if (asked.diagnostics.has_errors()) return asked;
    const auto& review = asked.review;
    const claims::Vocabulary vocabulary(review);
    const auto matched = claims::match(review, vocabulary, question);
    claims::Evidence evidence;
    ReviewResults results;
    if (matched.status == claims::Understood::answered) {
        results = analyse(part_of(review, matched.readings));
        evidence.results = &results;
        for (const auto& row : review.questions)
            add_numbers(review, row, evidence);
        for (const auto& arm : review.arms)
            if (arm.role == "intervention") evidence.treatments.emplace_back(arm.id, report::dose_text(arm));
        for (const auto& row : review.results) {
            const auto* arm = review.find(row.arm);
            if (!arm) continue;
            const auto* versus = review.find(row.versus);
            evidence.rows.emplace_back(row.id, arm->label + (versus ? " against " + versus->label : "") +
                                                   ": " + report::value_text(row));
        }
    }
    asked.answer = claims::answer(review, question, matched, evidence);
    return asked;
}

} // namespace assay::app
