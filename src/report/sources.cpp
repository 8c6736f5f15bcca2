// The list of everything that was read, and for each question the part of it that its numbers came from.
#include "plot/anchor.hpp"
#include "report/parts.hpp"

#include <algorithm>

namespace assay::report {

namespace {

void address(Page& page, const std::string& url, std::string_view text) {
    page.out.text(" ");
    page.out.element("a", text, {{"href", url}, {"rel", "noreferrer"}});
}

std::string percent_encoded(std::string_view text) {
    constexpr std::string_view hex = "0123456789ABCDEF";
    constexpr std::string_view plain = "-._~/:;()";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
        if (letter || plain.find(c) != std::string_view::npos) {
            out += c;
        } else {
            out += '%';
            out += hex[byte >> 4];
            out += hex[byte & 15];
        }
    }
    return out;
}

void addresses(Page& page, const model::Report& report) {
    if (!report.doi.empty()) address(page, "https://doi.org/" + percent_encoded(report.doi), "doi:" + report.doi);
    if (!report.pmid.empty())
        address(page, "https://pubmed.ncbi.nlm.nih.gov/" + percent_encoded(report.pmid) + "/", "PMID " + report.pmid);
    const std::string url = web_address(report.url);
    if (!url.empty()) {
        const std::size_t host = url.find("//") + 2;
        address(page, url, url.substr(host, url.find('/', host) - host));
    } else if (!report.url.empty()) {
        page.out.text(" " + report.url);
    }
}

void one_source(Page& page, const model::Report& report) {
    page.out.open("li", {{"id", plot::source_anchor(report.id)}});
    page.out.element("span", report.citation.empty() ? report.id.value : report.citation, {{"class", "cite"}});
    if (!report.year.empty() && report.citation.find(report.year) == std::string::npos) page.out.text(" " + report.year);
    std::string kind = report.kind;
    if (!report.access.empty()) kind += "; read: " + report.access;
    for (const std::string& tag : report.tags)
        kind += "; " + tag;
    page.out.element("small", " [" + kind + "]");
    addresses(page, report);
    if (!report.study.empty()) {
        page.out.text(" ");
        page.link("#" + plot::study_anchor(report.study), study_label(page.review, report.study));
    }
    if (!report.note.empty()) page.out.element("small", " " + report.note);
    page.out.close().line();
}

} // namespace

void write_question_sources(Page& page, const model::Question& question) {
    std::vector<model::ReportId> ids;
    const auto add = [&](const model::ReportId& id) {
        if (!id.empty() && page.review.find(id) && std::find(ids.begin(), ids.end(), id) == ids.end()) ids.push_back(id);
    };
    for (const model::Study& study : page.review.studies) {
        if (!studied_for(study, question.id)) continue;
        add(study.source);
        for (const model::Result& row : page.review.results)
            if (row.study == study.id) add(row.source);
    }
    for (const model::Published& published : page.review.published)
        if (published.question == question.id) add(published.source);
    for (const model::Conclusion& conclusion : page.review.conclusions)
        if (conclusion.question == question.id) add(conclusion.report);
    if (ids.empty()) return;
    page.begin_details("Sources of this question: " + std::to_string(ids.size()));
    page.out.open("ul", {{"class", "sources"}}).line();
    for (const model::ReportId& id : ids) {
        page.out.open("li");
        page.link("#" + plot::source_anchor(id), report_label(page.review, id));
        page.out.close().line();
    }
    page.out.close();
    page.end_details();
}

void write_sources(Page& page) {
    page.out.open("section", {{"id", "sources"}, {"aria-labelledby", "sources-h"}}).line();
    page.out.element("h2", "Sources", {{"id", "sources-h"}}).line();
    page.out.open("ul", {{"class", "sources"}}).line();
    for (const model::Report& report : page.review.reports)
        one_source(page, report);
    page.out.close().close().line();
}

} // namespace assay::report
