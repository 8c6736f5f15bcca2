// What review.toml plans: outcomes, questions, analyses; and the form of links and words anywhere.
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "bundle/check_context.hpp"
#include "bundle/period.hpp"
#include "bundle/read_parts.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace assay::bundle {

namespace {

using namespace model;
using text::format_number;

std::string_view to_word(TermKind kind) {
    constexpr std::string_view words[] = {"population", "intervention", "comparator", "outcome"};
    return words[static_cast<std::size_t>(kind)];
}

std::string_view to_word(OutcomeKind kind) {
    constexpr std::string_view words[] = {"binary", "continuous", "count"};
    return words[static_cast<std::size_t>(kind)];
}

void check_term(Context& context, const Question& row, std::string_view key, const TermId& id,
                TermKind wanted) {
    const Term* term = context.term(id);
    if (term && term->kind != wanted && !context.failed(term->place, "kind"))
        context.complain("term/kind", row.place, key,
                         std::string(key) + ": term " + in_quotes(id.value) + " is of kind " +
                             in_quotes(to_word(term->kind)) + ", not " + in_quotes(to_word(wanted)));
}

void check_word(Context& context, const Place& row, std::string_view key, const std::string& value,
                std::span<const std::string_view> known) {
    if (value.empty() || known.empty() || std::find(known.begin(), known.end(), value) != known.end()) return;
    context.complain("toml/unknown-value", row, key,
                     std::string(key) + ": " + in_quotes(value) + " is not known", hint_for(value, known));
}

// measure, model, method and test, of an analysis or of a sensitivity set that changes them.
template<class Row> void check_choices(Context& context, const Row& row, std::string_view model) {
    check_word(context, row.place, "measure", row.measure, context.vocabulary.measures);
    check_word(context, row.place, "test", row.test, context.vocabulary.tests);
    if (context.failed(row.place, "model")) return;
    if (model == "common")
        check_word(context, row.place, "method", row.method, context.vocabulary.common_methods);
    if (model == "random")
        check_word(context, row.place, "method", row.method, context.vocabulary.random_methods);
}

struct Claim {
    std::string_view words, instead;
};
// Words that GRADE's guidance keeps out of summaries (Santesso et al. 2020, J Clin Epidemiol 119:126).
constexpr Claim overclaims[] = {{"proven", "'the trials show', with the certainty"},
                                {"proves", "'the trials show', with the certainty"},
                                {"miracle", "what was measured"},
                                {"trend towards significance", "the estimate and its interval"},
                                {"trend toward significance", "the estimate and its interval"},
                                {"no effect", "'little to no difference', with the interval"}};

using ascii::letter;

void check_words(Context& context, const Place& row, std::string_view field, const std::string& text) {
    std::string lower = text;
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    for (const Claim& claim : overclaims) {
        const std::size_t at = lower.find(claim.words);
        if (at == std::string::npos) continue;
        const std::size_t end = at + claim.words.size();
        if ((at > 0 && letter(lower[at - 1])) || (end < lower.size() && letter(lower[end]))) continue;
        context.complain("prose/overclaim", row, field,
                         std::string(field) + ": " + in_quotes(claim.words) +
                             " promises more than trials can show",
                         "write " + std::string(claim.instead));
    }
}

bool digits(std::string_view text) {
    return !text.empty() &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

// A DOI: 10., four to nine digits (sub-divisions after points), a slash, a name (ISO 26324; Crossref's
// pattern).
bool is_doi(std::string_view text) {
    const std::size_t slash = text.find('/');
    if (!text.starts_with("10.") || slash == std::string_view::npos || slash + 1 == text.size()) return false;
    const std::string_view registrant = text.substr(3, slash - 3);
    return digits(registrant.substr(0, registrant.find('.'))) && registrant.size() >= 4 &&
           text.find_first_of(" \t") == std::string_view::npos;
}

void check_doi(Context& context, const Report& row) {
    if (row.doi.empty()) return;
    for (const std::string_view prefix :
         {"https://doi.org/", "http://doi.org/", "https://dx.doi.org/", "http://dx.doi.org/", "doi.org/",
          "doi:", "DOI:", "doi: ", "DOI: "}) {
        if (!row.doi.starts_with(prefix)) continue;
        const std::string bare(std::string_view(row.doi).substr(prefix.size()));
        if (!is_doi(bare)) continue;
        context.complain("link/doi-prefix", row.place, "doi", "doi: written with its web address",
                         "write " + bare);
        return;
    }
    if (!is_doi(row.doi))
        context.complain("link/doi", row.place, "doi", "doi: " + in_quotes(row.doi) + " is not a DOI",
                         "a DOI looks like 10.1002/14651858.CD009402");
}

} // namespace

void check_outcomes(Context& context) {
    for (const Outcome& row : context.review.outcomes) {
        if (!context.failed(row.place, "kind")) {
            const bool counts = row.kind == OutcomeKind::count, binary = row.kind == OutcomeKind::binary;
            const std::string kind(to_word(row.kind));
            if (!binary && row.unit.empty() && !context.failed(row.place, "unit"))
                context.complain("outcome/unit", row.place, "unit", "a " + kind + " outcome needs 'unit'");
            if (counts && row.period.empty() && !context.failed(row.place, "period"))
                context.complain("outcome/unit", row.place, "period", "a count needs 'period'",
                                 "write period = \"week\"");
            if (!counts && !row.period.empty())
                context.complain("outcome/unit", row.place, "period",
                                 "a " + kind + " outcome has no 'period'");
            if (row.matters && row.matters->scale == DifferenceScale::risk && !binary)
                context.complain("outcome/matters", row.matters->place, "scale",
                                 "a difference of risks cannot matter for a " + kind + " outcome",
                                 "write scale = \"units\"");
        }
        if (!row.period.empty() && !readable_period(row.period))
            context.complain("result/period", row.place, "period",
                             "cannot read the period " + in_quotes(row.period),
                             "write 'week', '4 weeks', 'day', 'month' or 'season'");
        if (row.scale_low && row.scale_high && *row.scale_low >= *row.scale_high)
            context.complain("outcome/scale", row.place, "scale",
                             "the scale runs from " + format_number(*row.scale_low) + " to " +
                                 format_number(*row.scale_high));
        if (row.step < 0)
            context.complain("outcome/scale", row.place, "step",
                             "step: " + format_number(row.step) + " is negative",
                             "the smallest step of one person's value: 1 for whole numbers");
        if (!row.matters || context.failed(row.matters->place, "value")) continue;
        const SmallestDifference& matters = *row.matters;
        if (matters.value <= 0)
            context.complain("outcome/matters", matters.place, "value",
                             "a smallest difference that matters of " + format_number(matters.value) +
                                 " is not above 0",
                             "the sign follows from 'better'");
        else if (matters.scale == DifferenceScale::ratio && matters.value == 1)
            context.complain("outcome/matters", matters.place, "value", "a ratio of 1 is no difference");
        else if (matters.scale == DifferenceScale::risk && matters.value >= 1)
            context.complain("outcome/matters", matters.place, "value",
                             "a difference of risks of " + format_number(matters.value) + " is not below 1",
                             "write 0.05 for 5 in 100");
    }
}

void check_questions(Context& context) {
    std::unordered_set<std::string_view> answered;
    for (const Analysis& row : context.review.analyses)
        answered.insert(row.question.value);
    for (const Question& row : context.review.questions) {
        check_term(context, row, "population", row.population, TermKind::population);
        check_term(context, row, "intervention", row.intervention, TermKind::intervention);
        check_term(context, row, "comparator", row.comparator, TermKind::comparator);
        if (!row.id.empty() && !answered.contains(row.id.value) && row.not_pooled.empty() &&
            context.plan_complete())
            context.complain("question/unanswered", row.place, "id",
                             "question " + in_quotes(row.id.value) +
                                 " has neither an analysis nor 'not_pooled'",
                             "say in 'not_pooled' why nothing can honestly be pooled");
    }
}

void check_analyses(Context& context) {
    for (const Analysis& row : context.review.analyses) {
        check_choices(context, row, row.model);
        check_word(context, row.place, "intervention_role", row.intervention_role, role_choices());
        check_word(context, row.place, "comparator_role", row.comparator_role, role_choices());
        if (!(row.level > 0.5 && row.level < 1))
            context.complain("number/level", row.place, "level",
                             "level: " + format_number(row.level) + " is not between 0.5 and 1",
                             "write 0.95 for 95 %");
        if (row.zero_cells.add < 0)
            context.complain("number/range", row.place, "zero_cells", "zero_cells: add is negative");
        const Question* question = context.question(row.question);
        const auto listed = [&](const OutcomeId& id) { return context.outcome(id) != nullptr; };
        if (question && context.outcome(row.outcome) &&
            std::all_of(question->outcomes.begin(), question->outcomes.end(), listed) &&
            std::find(question->outcomes.begin(), question->outcomes.end(), row.outcome) ==
                question->outcomes.end())
            context.complain("question/outcome", row.place, "outcome",
                             "question " + in_quotes(row.question.value) + " does not list outcome " +
                                 in_quotes(row.outcome.value));
        for (const SensitivitySet& set : row.sensitivity)
            check_choices(context, set, set.model.empty() ? row.model : set.model);
    }
    for (const SensitivitySet& set : context.review.sets)
        check_choices(context, set, set.model);
}

void check_links(Context& context) {
    for (const Report& row : context.review.reports) {
        check_doi(context, row);
        if (!row.pmid.empty() && (!digits(row.pmid) || row.pmid.size() > 8))
            context.complain("link/pmid", row.place, "pmid",
                             "pmid: " + in_quotes(row.pmid) + " is not a PubMed id", "up to eight digits");
        const bool web = row.url.starts_with("https://") || row.url.starts_with("http://");
        if (!row.url.empty() &&
            (!web || row.url.find_first_of(" <>\"") != std::string::npos || row.url.size() < 12))
            context.complain("link/url", row.place, "url",
                             "url: " + in_quotes(row.url) + " is not a web address",
                             "start it with https://");
    }
}

void check_prose(Context& context) {
    const Review& review = context.review;
    for (const Question& row : review.questions) {
        check_words(context, row.place, "title", row.title);
        check_words(context, row.place, "background", row.background);
        check_words(context, row.place, "not_pooled", row.not_pooled);
    }
    for (const Analysis& row : review.analyses)
        check_words(context, row.place, "note", row.note);
    for (const Conclusion& row : review.conclusions) {
        check_words(context, row.place, "words", row.words);
        check_words(context, row.place, "reading", row.reading);
    }
}

} // namespace assay::bundle
