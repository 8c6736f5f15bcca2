// One question: verdict, what was asked, the summary, the analyses, and what others say.
#include "plot/anchor.hpp"
#include "plot/number.hpp"
#include "report/parts.hpp"

namespace assay::report {

namespace {

void verdict_box(Page& page, const model::Verdict& verdict) {
    page.out.open("div", {{"class", "verdict v-" + verdict.code}}).line();
    page.paragraph(sentence_case(verdict.headline), "headline");
    page.paragraph(plot::with_minus(verdict.text));
    if (!verdict.certainty.empty()) {
        page.out.open("p", {{"class", "certainty"}}).text("Certainty of the evidence: ");
        write_certainty(page, verdict);
        page.out.close();
    }
    page.out.close().line();
}

void pico_line(Page& page, std::string_view name, const model::TermId& id) {
    if (id.empty()) return;
    page.out.open("div").element("dt", name).element("dd", term_label(page.review, id)).close().line();
}

/// The synonyms of the question's terms: long lists, out of the way.
void other_words(Page& page, const model::Question& question) {
    std::vector<const model::Term*> terms;
    for (const model::TermId& id : {question.population, question.intervention, question.comparator})
        if (const model::Term* term = page.review.find(id); term && !term->synonyms.empty()) terms.push_back(term);
    if (terms.empty()) return;
    page.begin_details("Other words for these");
    for (const model::Term* term : terms) {
        std::string words = sentence_case(term->label) + ": ";
        for (std::size_t i = 0; i < term->synonyms.size(); ++i)
            words += (i ? ", " : "") + term->synonyms[i];
        page.paragraph(words + ".", "soft");
    }
    page.end_details();
}

void pico(Page& page, const model::Question& question) {
    page.out.open("dl", {{"class", "pico"}}).line();
    pico_line(page, "People", question.population);
    pico_line(page, "Intervention", question.intervention);
    pico_line(page, "Compared with", question.comparator);
    if (!question.outcomes.empty()) {
        page.out.open("div").element("dt", "Outcomes").open("dd");
        for (std::size_t i = 0; i < question.outcomes.size(); ++i)
            page.out.text((i ? "; " : "") + outcome_label(page.review, question.outcomes[i]));
        page.out.close().close().line();
    }
    page.out.close().line();
}

} // namespace

void write_question(Page& page, const model::Question& question) {
    const model::QuestionResult* result = page.results.find(question.id);
    if (!result) return;
    const std::string id = plot::question_anchor(question.id);
    page.out.open("section", {{"id", id}, {"class", "question"}, {"aria-labelledby", id + "-h"}}).line();
    if (!question.topic.empty()) page.paragraph(question.topic, "eyebrow");
    page.out.element("h2", question.title, {{"id", id + "-h"}}).line();
    verdict_box(page, result->verdict);
    page.paragraph(question.background);
    pico(page, question);
    other_words(page, question);
    write_summary(page, *result);
    write_findings(page, question);
    if (!question.not_pooled.empty()) {
        page.heading(3, "Why nothing is pooled");
        page.paragraph(question.not_pooled);
    }
    for (const model::AnalysisId& analysis : result->analyses) {
        const model::Analysis* declared = page.review.find(analysis);
        const model::AnalysisResult* computed = page.results.find(analysis);
        if (declared && computed) write_analysis(page, *declared, *computed);
    }
    write_single_trials(page, question);
    write_published(page, question);
    write_who(page, question);
    write_conclusions(page, question);
    write_bias(page, question);
    write_question_sources(page, question);
    page.out.close().line();
}

} // namespace assay::report
