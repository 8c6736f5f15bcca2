#include "report/page.hpp"

#include "base/error.hpp"
#include "plot/measure.hpp"

#include <algorithm>

namespace assay::report {

Page::Page(const model::Review& review_, const model::ReviewResults& results_) : review(review_), results(results_) {
    for (const model::AnalysisResult& analysis : results.analyses)
        for (std::size_t i = 0; i < analysis.effects.size(); ++i)
            for (const model::ResultId& row_id : analysis.effects[i].rows)
                uses[row_id].emplace_back(analysis.id, i);
}

void Page::heading(int level, std::string_view text, std::string_view id) {
    out.element("h" + std::to_string(level), text, {{id.empty() ? "" : "id", std::string(id)}}).line();
}

void Page::paragraph(std::string_view text, std::string_view css) {
    if (text.empty()) return;
    if (css.empty()) {
        out.element("p", text).line();
    } else {
        out.element("p", text, {{"class", std::string(css)}}).line();
    }
}

void Page::link(std::string_view href, std::string_view text, std::string_view css) {
    if (css.empty()) {
        out.element("a", text, {{"href", std::string(href)}});
    } else {
        out.element("a", text, {{"href", std::string(href)}, {"class", std::string(css)}});
    }
}

void Page::number(std::string_view href, std::string_view text) { link(href, text, "n"); }

void Page::begin_table(std::string_view caption, const std::vector<Column>& columns, std::string_view css) {
    columns_ = columns;
    cards_ = css.find("cards") != std::string_view::npos;
    out.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "group"}, {"aria-label", std::string(caption)}});
    out.open("table", {{css.empty() ? "" : "class", std::string(css)}}).element("caption", caption);
    out.open("thead").open("tr");
    for (const Column& column : columns_)
        out.element("th", column.head, {{"scope", "col"}, {column.number || column.words ? "class" : "", column.number ? "num" : "words"}});
    out.close().close().line();
    body_open_ = false;
}

void Page::new_body() {
    if (body_open_) out.close().line();
    out.open("tbody").line();
    body_open_ = true;
}

void Page::body_head(std::string_view title) {
    out.open("tr", {{"class", "topic"}})
        .element("th", title, {{"colspan", std::to_string(columns_.size())}, {"scope", "rowgroup"}})
        .close()
        .line();
}

void Page::end_table() {
    if (body_open_) out.close();
    body_open_ = false;
    out.close().close().line();
    columns_.clear();
}

void Page::row(std::string_view id, std::string_view css) {
    if (!body_open_) new_body();
    column_ = 0;
    out.open("tr", {{id.empty() ? "" : "id", std::string(id)}, {css.empty() ? "" : "class", std::string(css)}});
}

void Page::end_row() {
    ASSAY_EXPECT(column_ == columns_.size());
    out.close().line();
}

void Page::start_cell() {
    ASSAY_EXPECT(column_ < columns_.size());
    const Column& column = columns_[column_];
    const std::string label(column.head);
    if (column_ == 0) {
        out.open("th", {{"scope", "row"}});
    } else {
        out.open("td", {{column.number ? "class" : "", "num"}, {cards_ ? "data-label" : "", label}});
    }
}

void Page::end_cell() {
    out.close();
    ++column_;
}

void Page::cell(std::string_view text) {
    start_cell();
    out.text(text);
    end_cell();
}

void Page::cell(const std::function<void()>& content) {
    start_cell();
    content();
    end_cell();
}

void Page::begin_details(std::string_view summary, std::string_view css) {
    if (css.empty()) {
        out.open("details");
    } else {
        out.open("details", {{"class", std::string(css)}});
    }
    out.element("summary", summary).line();
}

void Page::end_details() { out.close().line(); }

std::string study_label(const model::Review& review, const model::StudyId& id) {
    const model::Study* study = review.find(id);
    return study && !study->label.empty() ? study->label : id.value;
}

std::string report_label(const model::Review& review, const model::ReportId& id) {
    const model::Report* report = review.find(id);
    return report && !report->citation.empty() ? report->citation : id.value;
}

std::string arm_label(const model::Review& review, const model::ArmId& id) {
    const model::Arm* arm = review.find(id);
    return arm && !arm->label.empty() ? arm->label : id.value;
}

std::string outcome_label(const model::Review& review, const model::OutcomeId& id) {
    const model::Outcome* outcome = review.find(id);
    return outcome && !outcome->label.empty() ? outcome->label : id.value;
}

std::string term_label(const model::Review& review, const model::TermId& id) {
    const model::Term* term = review.find(id);
    return term && !term->label.empty() ? term->label : id.value;
}

std::string analysis_label(const model::Review& review, const model::Analysis& analysis) {
    if (!analysis.label.empty()) return analysis.label;
    return outcome_label(review, analysis.outcome) + " (" + std::string(plot::measure_look(analysis.measure).name) + ")";
}

bool studied_for(const model::Study& study, const model::QuestionId& question) {
    return std::find(study.questions.begin(), study.questions.end(), question) != study.questions.end();
}

std::string sentence_case(std::string text) {
    if (!text.empty() && text.front() >= 'a' && text.front() <= 'z')
        text.front() = static_cast<char>(text.front() - 'a' + 'A');
    return text;
}

std::string web_address(std::string_view url) {
    for (const std::string_view scheme : {"https://", "http://"}) {
        if (url.size() <= scheme.size() || url.substr(0, scheme.size()) != scheme) continue;
        const bool clean = std::none_of(url.begin(), url.end(), [](char c) {
            return static_cast<unsigned char>(c) <= 0x20 || c == 0x7f;
        });
        if (clean) return std::string(url);
    }
    return {};
}

} // namespace assay::report
