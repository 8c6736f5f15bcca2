// All questions at a glance, grouped by topic.
#include "plot/anchor.hpp"
#include "plot/number.hpp"
#include "report/parts.hpp"

#include <algorithm>

namespace assay::report {

namespace {

/// Topics in the order in which the questions name them first.
std::vector<std::string> topics_of(const model::Review& review) {
    std::vector<std::string> topics;
    for (const model::Question& question : review.questions)
        if (std::find(topics.begin(), topics.end(), question.topic) == topics.end()) topics.push_back(question.topic);
    return topics;
}

std::string people(const model::QuestionResult& result) {
    if (!result.participants) return "not stated";
    return plot::count(*result.participants);
}

void question_row(Page& page, const model::Question& question, const model::QuestionResult& result) {
    const std::string href = "#" + plot::question_anchor(question.id);
    page.row({}, "q");
    page.cell([&] { page.link(href, question.title); });
    page.cell([&] {
        page.out.element("span", result.verdict.headline, {{"class", "tag v-" + result.verdict.code}});
    });
    page.cell([&] { page.number(href + "-who", std::to_string(result.studies)); });
    page.cell([&] {
        page.number(href + "-who", people(result));
        if (result.participants_unknown > 0 && result.participants)
            page.out.element("small", " + " + std::to_string(result.participants_unknown) +
                                          (result.participants_unknown == 1 ? " trial of unknown size" : " trials of unknown size"));
    });
    page.cell([&] { write_certainty(page, result.verdict); });
    page.end_row();
}

} // namespace

void write_overview(Page& page) {
    page.out.open("section", {{"id", "overview"}, {"aria-labelledby", "overview-h"}});
    page.out.element("h2", "Questions at a glance", {{"id", "overview-h"}}).line();
    page.begin_table("All questions of this review and what the trials say",
                     {{"Question"}, {"Verdict"}, {"Trials", true}, {"People", true}, {"Certainty"}}, "cards overview");
    for (const std::string& topic : topics_of(page.review)) {
        page.new_body();
        if (!topic.empty()) page.body_head(topic);
        for (const model::Question& question : page.review.questions) {
            const model::QuestionResult* result = page.results.find(question.id);
            if (question.topic == topic && result) question_row(page, question, *result);
        }
    }
    page.end_table();
    page.out.close().line();
}

} // namespace assay::report
