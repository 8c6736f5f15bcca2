#include "report/html.hpp"

#include "base/embedded.hpp"
#include "base/error.hpp"
#include "plot/anchor.hpp"
#include "plot/figure.hpp"
#include "report/csp.hpp"
#include "report/parts.hpp"
#include "report/results_json.hpp"

#include <algorithm>

namespace assay::report {

namespace {

/// Bytes of an embedded file; what must not end a <script> or <style> is refused, as our own code has no need for it.
std::string_view page_code(std::string_view name) {
    for (const Embedded& file : embedded_web()) {
        if (file.name != name) continue;
        ASSAY_EXPECT(file.bytes.find("</s") == std::string_view::npos);
        return file.bytes;
    }
    throw_bug("embedded page code", __FILE__, __LINE__);
}

/// JSON that may stand inside <script>: no '<' at all.
std::string without_angle(std::string json) {
    std::string out;
    out.reserve(json.size());
    for (const char c : json) {
        if (c == '<') {
            out += "\\u003c";
        } else {
            out += c;
        }
    }
    return out;
}

void head(Page& page, const std::string& style) {
    plot::Markup& out = page.out;
    out.open("head").line();
    out.leaf("meta", {{"charset", "utf-8"}}).line();
    out.leaf("meta", {{"http-equiv", "Content-Security-Policy"},
                      {"content", content_policy(style, page_code("report.js"))}}).line();
    out.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}}).line();
    out.leaf("meta", {{"name", "color-scheme"}, {"content", "light dark"}}).line();
    out.leaf("meta", {{"name", "referrer"}, {"content", "no-referrer"}}).line();
    out.element("title", page.review.title).line();
    if (!page.review.question.empty())
        out.leaf("meta", {{"name", "description"}, {"content", page.review.question}}).line();
    out.leaf("link", {{"rel", "icon"}, {"href", "data:,"}}).line();
    out.open("style").append(style).close().line();
    out.close().line();
}

void page_header(Page& page) {
    const model::Review& review = page.review;
    plot::Markup& out = page.out;
    out.open("header", {{"class", "top"}}).line();
    if (!review.subtitle.empty()) page.paragraph(review.subtitle, "eyebrow");
    out.element("h1", review.title, {{"id", "title"}}).line();
    page.paragraph(review.question, "lead");
    std::string line = sentence_case(review.status);
    const auto add = [&](const std::string& text) {
        if (!text.empty()) line += (line.empty() ? "" : " \xC2\xB7 ") + text;
    };
    if (!review.updated.empty()) add("updated " + review.updated);
    for (const std::string& author : review.authors)
        add(author);
    add(review.licence);
    page.paragraph(line, "meta");
    page.paragraph(review.disclaimer, "disclaimer");
    out.open("div", {{"id", "tools"}, {"class", "tools"}}).close().line();
    out.close().line();
}

void contents(Page& page) {
    plot::Markup& out = page.out;
    out.open("nav", {{"aria-label", "Contents"}, {"class", "contents"}}).open("ul").line();
    const auto item = [&](const std::string& href, const std::string& text, const char* css) {
        out.open("li", {{"class", css}});
        page.link(href, text);
        out.close().line();
    };
    item("#overview", "At a glance", "part");
    std::string topic;
    for (const model::Question& question : page.review.questions) {
        if (question.topic != topic && !question.topic.empty())
            out.element("li", question.topic, {{"class", "topic"}}).line();
        topic = question.topic;
        item("#" + plot::question_anchor(question.id), question.title, "q");
    }
    item("#flow", "Records and flow", "part");
    item("#methods", "Methods", "part");
    if (!page.results.checklist.empty()) item("#checklists", "Checklists", "part");
    item("#provenance", "How each number was made", "part");
    if (!page.results.appraisals.empty()) item("#judgements", "How each risk of bias was judged", "part");
    item("#rows", "Every row", "part");
    item("#sources", "Sources", "part");
    item("#data", "Data", "part");
    out.close().close().line();
}

void data(Page& page) {
    plot::Markup& out = page.out;
    out.open("section", {{"id", "data"}, {"aria-labelledby", "data-h"}}).line();
    out.element("h2", "Data", {{"id", "data-h"}}).line();
    out.open("p").text("All numbers of this report for programs: ");
    page.link("results.json", "results.json");
    out.text(" (schema assay/results/1), kept beside this page. A copy without the other choices (variants) is inside the page.").close().line();
    if (!page.results.input_digest.empty()) {
        out.open("p").text("Digest of the inputs (SHA-256): ");
        out.element("code", page.results.input_digest).close().line();
    }
    out.close().line();
}

void body(Page& page) {
    plot::Markup& out = page.out;
    out.open("body").line();
    out.element("a", "Skip to the questions", {{"class", "skip"}, {"href", "#main"}}).line();
    page_header(page);
    out.open("div", {{"class", "frame"}}).line();
    contents(page);
    out.open("main", {{"id", "main"}, {"tabindex", "-1"}}).line();
    write_overview(page);
    for (const model::Question& question : page.review.questions)
        write_question(page, question);
    write_flow(page);
    write_methods(page);
    write_checklists(page);
    data(page);
    write_provenance(page);
    write_judgements(page);
    write_rows(page);
    write_sources(page);
    out.close().close().line();
    out.open("footer").line();
    page.paragraph(page.review.disclaimer, "disclaimer");
    page.paragraph("Made with assay from the review folder \"" + page.review.id + "\".", "meta");
    out.close().line();
    out.open("script", {{"type", "application/json"}, {"id", "results-json"}});
    out.append(without_angle(results_json_for_page(page.review, page.results))).close().line();
    out.open("script").append(page_code("report.js")).close().line();
    out.close().line();
}

} // namespace

std::string html(const model::Review& review, const model::ReviewResults& results) {
    Page page(review, results);
    const std::string style = std::string(page_code("report.css")) + std::string(plot::figure_css());
    page.out.append("<!DOCTYPE html>\n");
    page.out.open("html", {{"lang", review.language.empty() ? "en" : review.language}}).line();
    head(page, style);
    body(page);
    page.out.close().line();
    return page.out.take();
}

} // namespace assay::report
