// Risk of bias as this review judged it: lights for each question, and every judgement with its answers and
// rule.
#include "certainty/appraise.hpp"
#include "plot/anchor.hpp"
#include "report/figure_block.hpp"
#include "report/lights.hpp"
#include "report/parts.hpp"

#include <algorithm>

namespace assay::report {

namespace {

using certainty::RobTool;

/// Letter, colour and word: none of them alone.
void light_cell(Page& page, const plot::Light& light, const std::string& word) {
    page.out.element("span", light.letter,
                     {{"class", "rob " + std::string(plot::to_string(light.tone))}, {"aria-hidden", "true"}});
    page.out.text(" " + word);
}

bool concerns(const Page& page, const model::Appraisal& each, const model::Question& question) {
    const model::AppraisalSubject& subject = each.subject;
    if (!subject.study.empty()) {
        const model::Study* study = page.review.find(subject.study);
        return study && studied_for(*study, question.id) &&
               (subject.outcome.empty() || std::find(question.outcomes.begin(), question.outcomes.end(),
                                                     subject.outcome) != question.outcomes.end());
    }
    return std::any_of(page.review.published.begin(), page.review.published.end(),
                       [&](const model::Published& row) {
                           return row.question == question.id && row.source == subject.report;
                       });
}

void lights_table(Page& page, const plot::Lights& lights, const Appraisals& group) {
    std::vector<Column> columns{
        {group.tool->subject == "review" ? "Review" : "Trial and result", false, true}};
    for (const auto& [name, label] : lights.columns)
        columns.push_back({name});
    page.begin_table(lights.title, columns, "lights cards");
    for (const plot::LightRow& row : lights.rows) {
        page.row();
        page.cell([&] { page.link(row.href, row.label); });
        for (const plot::Light& light : row.lights)
            page.cell([&] { light_cell(page, light, light.word + (light.person ? " (a person)" : "")); });
        page.end_row();
    }
    page.end_table();
    std::string names;
    for (const auto& [name, label] : lights.columns)
        if (name != label) names += (names.empty() ? "" : "; ") + name + " " + label;
    if (!names.empty()) page.paragraph(names + ".", "soft");
}

void person(Page& page, const model::AppraisedDomain& domain) {
    std::string text = domain.decided;
    if (!domain.by.empty()) text += " (" + domain.by + ")";
    if (!domain.reason.empty()) text += (text.empty() ? "" : ": ") + domain.reason;
    if (!domain.direction.empty())
        text += (text.empty() ? "" : " ") + ("Direction: " + domain.direction + ".");
    page.out.text(text);
}

void domain_row(Page& page, const RobTool& tool, const model::AppraisedDomain& domain) {
    page.row();
    page.cell(domain.id == domain.label ? sentence_case(domain.id) : domain.id + " " + domain.label);
    page.cell(domain.algorithm.empty() ? domain.open : domain.algorithm);
    page.cell(domain.follows.empty() ? domain.rule : "with the judgements of people: " + domain.follows);
    page.cell([&] { person(page, domain); });
    const plot::Light light = light_of(tool, domain);
    page.cell([&] { light_cell(page, light, light.word); });
    page.end_row();
}

void answers_table(Page& page, const model::Appraisal& each) {
    std::size_t count = 0;
    for (const model::AppraisedDomain& domain : each.domains)
        count += domain.answers.size();
    if (count == 0) {
        page.paragraph("Judged without signalling answers.");
        return;
    }
    page.begin_details("The answers: " + std::to_string(count));
    page.begin_table("Signalling answers",
                     {{"Question"}, {"Answer"}, {"Why"}, {"Source"}, {"By"}, {"State"}});
    for (const model::AppraisedDomain& domain : each.domains)
        for (const model::AppraisedAnswer& answer : domain.answers) {
            page.row();
            page.cell(answer.question + " " + answer.label);
            page.cell(answer.code);
            page.cell(answer.note);
            page.cell([&] {
                if (!answer.source.empty()) {
                    page.link("#" + plot::source_anchor(answer.source),
                              report_label(page.review, answer.source));
                    if (!answer.where.empty()) page.out.text(", " + answer.where);
                }
            });
            page.cell(answer.assessor);
            page.cell(answer.state);
            page.end_row();
        }
    page.end_table();
    page.end_details();
}

} // namespace

bool has_appraisals(const Page& page, const model::Question& question) {
    return std::any_of(page.results.appraisals.begin(), page.results.appraisals.end(),
                       [&](const model::Appraisal& each) { return concerns(page, each, question); });
}

void write_appraisals(Page& page, const model::Question& question) {
    const auto tools = certainty::rob_tools();
    for (Appraisals group : by_tool(tools, page.results.appraisals)) {
        std::erase_if(group.members, [&](std::size_t index) {
            return !concerns(page, page.results.appraisals[index], question);
        });
        if (group.members.empty()) continue;
        plot::Lights lights = lights_of(page.review, page.results.appraisals, group);
        lights.id = plot::anchor("l", question.id.value + "-" + lights.id);
        lights_table(page, lights, group);
        if (group.members.size() > 1) {
            page.begin_details("How the judgements are spread");
            page.out.open("figure").line();
            write_canvas(page, plot::light_bars_svg(lights), "", lights.title);
            page.out.close().line();
            page.end_details();
        }
        if (group.tool->status != "verified")
            page.paragraph("State of this tool's tables: " + group.tool->status + ".", "marked");
    }
}

void write_judgements(Page& page) {
    if (page.results.appraisals.empty()) return;
    const auto tools = certainty::rob_tools();
    page.out.open("section", {{"id", "judgements"}, {"aria-labelledby", "judgements-h"}}).line();
    page.out.element("h2", "How each risk of bias was judged", {{"id", "judgements-h"}}).line();
    page.paragraph(
        "The algorithm's judgement follows from the answers by the tool's table; what a person decided "
        "stands beside it, with the reason. Neither replaces the other.");
    for (std::size_t i = 0; i < page.results.appraisals.size(); ++i) {
        const model::Appraisal& each = page.results.appraisals[i];
        const RobTool* tool = certainty::find_tool(tools, each.subject.tool);
        if (!tool) continue;
        const std::string id = appraisal_anchor(i);
        page.out.open("section", {{"id", id}, {"class", "made"}, {"aria-labelledby", id + "-h"}}).line();
        page.out.element("h3", subject_label(page.review, each.subject), {{"id", id + "-h"}}).line();
        page.out.open("p").text(each.tool_title + ", version " + each.version + " (" + each.status + ")" +
                                (each.subject.aim.empty() ? "" : ", effect of " + each.subject.aim) + ". ");
        if (!each.subject.result.empty())
            page.number("#" + plot::row_anchor(each.subject.result), each.subject.result.value);
        page.out.close().line();
        page.begin_table("Judgements",
                         {{"Domain"}, {"Algorithm"}, {"Rule that fired"}, {"A person"}, {"Judgement"}});
        for (const model::AppraisedDomain& domain : each.domains)
            domain_row(page, *tool, domain);
        domain_row(page, *tool, each.overall);
        page.end_table();
        if (each.may_be_raised)
            page.paragraph("Several domains with some concerns: a person may say that they add up.",
                           "marked");
        answers_table(page, each);
        page.out.close().line();
    }
    page.out.close().line();
}

} // namespace assay::report
