// Where no analysis answers a question: the numbers of its trials, one by one.
#include "plot/anchor.hpp"
#include "report/parts.hpp"
#include "report/value.hpp"

#include <algorithm>

namespace assay::report {

namespace {

bool pooled_somewhere(const Page& page, const model::QuestionId& question) {
    const model::QuestionResult* result = page.results.find(question);
    if (!result) return false;
    return std::any_of(result->analyses.begin(), result->analyses.end(), [&](const model::AnalysisId& id) {
        const model::AnalysisResult* computed = page.results.find(id);
        return computed && !computed->effects.empty();
    });
}

std::string who(const model::Review& review, const model::Result& row) {
    std::string text = arm_label(review, row.arm);
    if (!row.versus.empty()) text += " against " + arm_label(review, row.versus);
    return text;
}

} // namespace

void write_single_trials(Page& page, const model::Question& question) {
    if (pooled_somewhere(page, question.id)) return;
    std::vector<const model::Result*> rows;
    for (const model::Study& study : page.review.studies) {
        if (!studied_for(study, question.id)) continue;
        for (const model::Result& row : page.review.results) {
            const bool asked = question.outcomes.empty() ||
                               std::find(question.outcomes.begin(), question.outcomes.end(), row.outcome) !=
                                   question.outcomes.end();
            if (row.study == study.id && asked) rows.push_back(&row);
        }
    }
    if (rows.empty()) return;
    page.heading(3, "The trials one by one");
    page.begin_table("Numbers of the single trials", {{"Trial"}, {"Outcome"}, {"When"}, {"Who"}, {"Value", true}}, "sortable");
    for (const model::Result* row : rows) {
        page.row();
        page.cell([&] { page.link("#" + plot::study_anchor(row->study), study_label(page.review, row->study)); });
        page.cell(outcome_label(page.review, row->outcome));
        page.cell(row->timepoint);
        page.cell(who(page.review, *row));
        page.cell([&] { page.number("#" + plot::row_anchor(row->id), value_text(*row)); });
        page.end_row();
    }
    page.end_table();
}

} // namespace assay::report
