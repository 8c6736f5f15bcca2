// The summary table of a question: one row per analysis.
#include "plot/anchor.hpp"
#include "plot/forest.hpp"
#include "plot/number.hpp"
#include "report/parts.hpp"
#include "report/sof_numbers.hpp"

namespace assay::report {

namespace {

/// People behind the effects; "at least" where a trial does not say.
std::string people(const model::Review& review, const model::AnalysisResult& result) {
    double sum = 0;
    bool all = true;
    for (const model::Effect& effect : result.effects) {
        all = all && (effect.n1 || effect.n2);
        sum += people_of(review, effect);
    }
    if (result.effects.empty() || sum == 0) return "not stated";
    return (all ? "" : "at least ") + plot::count(sum);
}

void analysis_row(Page& page, const model::Analysis& analysis, const model::AnalysisResult& result) {
    const std::string href = "#" + plot::analysis_anchor(analysis.id);
    const plot::Forest forest = plot::forest_of(page.review, analysis, result);
    page.row();
    page.cell([&] { page.link("#" + plot::anchor("f", analysis.id.value), analysis_label(page.review, analysis)); });
    page.cell([&] { page.number(href, std::to_string(result.effects.size())); });
    page.cell([&] { page.number(href, people(page.review, result)); });
    page.cell([&] {
        if (!result.main) {
            page.out.element("span", "not pooled", {{"class", "soft"}});
            return;
        }
        page.out.text(analysis.measure + " ");
        page.number(href, forest.interval_text(plot::pooled_interval(*result.main)));
    });
    page.cell([&] {
        const auto prediction = result.main ? plot::prediction_interval(*result.main) : std::nullopt;
        if (prediction) {
            page.number(href, plot::with_minus(forest.number(prediction->low) + " to " + forest.number(prediction->high)));
        } else {
            page.out.text("\xE2\x80\x93");
        }
    });
    page.cell([&] {
        if (result.main && result.main->k > 1) {
            page.number(href, plot::fixed(result.main->i2, 0) + "%");
        } else {
            page.out.text("\xE2\x80\x93");
        }
    });
    page.cell([&] { write_certainty(page, result.verdict); });
    page.end_row();
}

} // namespace

void write_summary(Page& page, const model::QuestionResult& result) {
    if (result.analyses.empty()) return;
    page.heading(3, "Summary");
    page.begin_table("Pooled results, intervention minus (or over) comparator",
                     {{"Outcome"}, {"Trials", true}, {"People", true}, {"Estimate [interval]", true},
                      {"Prediction interval", true}, {"I\xC2\xB2", true}, {"Certainty"}},
                     "cards");
    for (const model::AnalysisId& id : result.analyses) {
        const model::Analysis* declared = page.review.find(id);
        const model::AnalysisResult* computed = page.results.find(id);
        if (declared && computed) analysis_row(page, *declared, *computed);
    }
    page.end_table();
}

} // namespace assay::report
