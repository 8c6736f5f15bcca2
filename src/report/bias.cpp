// Risk of bias: as this review judged it from answers, as others rated it; first impressions of a reader are shown
// apart and are no ratings.
#include "plot/anchor.hpp"
#include "report/parts.hpp"

#include <algorithm>
#include <array>

namespace assay::report {

namespace {

struct Sign {
    std::string_view word, sign, css;
};
/// Sign and colour and word: none of them alone.
constexpr std::array<Sign, 6> signs{{
    {"low", "+", "low"},
    {"high", "\xE2\x88\x92", "high"},
    {"some concerns", "!", "some"},
    {"unclear", "?", "some"},
    {"moderate", "!", "some"},
    {"serious", "\xE2\x88\x92", "high"},
}};

void judgement(Page& page, const std::string& word) {
    for (const Sign& sign : signs)
        if (word == sign.word)
            page.out.element("span", sign.sign, {{"class", "rob " + std::string(sign.css)}, {"aria-hidden", "true"}}).text(" ");
    page.out.text(word);
}

bool rates(const Page& page, const model::RobRow& row, const model::QuestionId& question) {
    const model::Study* study = page.review.find(row.study);
    return study && studied_for(*study, question);
}

void table(Page& page, const std::vector<const model::RobRow*>& rows, std::string_view caption) {
    page.begin_table(caption, {{"Trial"}, {"Domain"}, {"Judgement"}, {"Basis"}, {"By"}}, "sortable");
    for (const model::RobRow* row : rows) {
        page.row();
        page.cell([&] { page.link("#" + plot::study_anchor(row->study), study_label(page.review, row->study)); });
        page.cell(row->domain + " (" + row->tool + ")");
        page.cell([&] { judgement(page, row->judgement); });
        page.cell(row->basis);
        page.cell([&] {
            if (!row->assessor.empty()) page.out.text(row->assessor + ", ");
            page.link("#" + plot::source_anchor(row->source), "source");
        });
        page.end_row();
    }
    page.end_table();
}

} // namespace

void write_bias(Page& page, const model::Question& question) {
    std::vector<const model::RobRow*> rated, impressions;
    for (const model::RobRow& row : page.review.rob)
        if (rates(page, row, question.id)) (row.status == "preliminary" ? impressions : rated).push_back(&row);
    const bool answered = has_appraisals(page, question);
    if (rated.empty() && impressions.empty() && !answered) return;
    page.heading(3, "Risk of bias", plot::question_anchor(question.id) + "-bias");
    if (answered) write_appraisals(page, question);
    if (rated.empty() && !answered) {
        page.paragraph("No published rating is listed for these trials.");
    } else if (!rated.empty()) {
        table(page, rated, "Ratings published by others (judged without signalling answers)");
    }
    if (impressions.empty()) return;
    page.begin_details("First impressions of a reader: " + std::to_string(impressions.size()) +
                       (impressions.size() == 1 ? " row, not a rating" : " rows, not ratings"));
    page.paragraph("These are preliminary notes. They are not ratings and enter no analysis.", "marked");
    table(page, impressions, "Preliminary notes, not ratings");
    page.end_details();
}

} // namespace assay::report
