// What the sections of the page share: the review, what was computed, who uses which row, and the text being written.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"
#include "plot/markup.hpp"

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::report {

/// One column of a table: its head and whether it holds numbers (aligned right).
struct Column {
    std::string_view head;
    bool number = false;
    bool words = false; ///< sentences: the column is given room
};

struct Page {
    Page(const model::Review& review, const model::ReviewResults& results);

    const model::Review& review;
    const model::ReviewResults& results;
    /// Which analyses use a row, and as which effect.
    std::map<model::ResultId, std::vector<std::pair<model::AnalysisId, std::size_t>>> uses;
    plot::Markup out;

    void heading(int level, std::string_view text, std::string_view id = {});
    void paragraph(std::string_view text, std::string_view css = {});
    void link(std::string_view href, std::string_view text, std::string_view css = {});
    /// A number that leads somewhere: a link with class "n".
    void number(std::string_view href, std::string_view text);

    /// A table in its own scrolling frame. Row by row: row(), cell() ..., end_row(). The first cell of a row is its head.
    void begin_table(std::string_view caption, const std::vector<Column>& columns, std::string_view css = {});
    void end_table();
    void new_body(); ///< rows that belong together: a <tbody> of their own
    void body_head(std::string_view title); ///< a head across all columns of such rows
    void row(std::string_view id = {}, std::string_view css = {});
    void end_row();
    void cell(std::string_view text);
    void cell(const std::function<void()>& content);

    void begin_details(std::string_view summary, std::string_view css = {});
    void end_details();

private:
    void start_cell();
    void end_cell();

    std::vector<Column> columns_;
    std::size_t column_ = 0;
    bool body_open_ = false;
    bool cards_ = false; ///< each cell carries the head of its column, for narrow screens
};

// ---- names of things as readers know them -------------------------------------------------------------------

std::string study_label(const model::Review& review, const model::StudyId& id);
std::string report_label(const model::Review& review, const model::ReportId& id);
std::string arm_label(const model::Review& review, const model::ArmId& id);
std::string outcome_label(const model::Review& review, const model::OutcomeId& id);
std::string term_label(const model::Review& review, const model::TermId& id);
/// The analysis' own label, or one made from outcome and measure.
std::string analysis_label(const model::Review& review, const model::Analysis& analysis);

bool studied_for(const model::Study& study, const model::QuestionId& question);

/// First letter in upper case.
std::string sentence_case(std::string text);

/// The address, if it is an ordinary web address; else empty: other schemes are shown as text only.
std::string web_address(std::string_view url);

} // namespace assay::report
