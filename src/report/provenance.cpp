// How each pooled number was made: the method, all its numbers, and every study with its rows and formula.
#include "certainty/appraise.hpp"
#include "plot/anchor.hpp"
#include "plot/forest.hpp"
#include "plot/measure.hpp"
#include "plot/number.hpp"
#include "plot/words.hpp"
#include "report/lights.hpp"
#include "report/parts.hpp"

#include <cmath>

namespace assay::report {

namespace {

void fact(Page& page, std::string_view name, std::string_view value) {
    if (value.empty()) return;
    page.out.open("div").element("dt", name).element("dd", value).close().line();
}

std::string precise(double value) { return plot::with_minus(plot::fixed(value, 6)); }

std::string range(double low, double high) { return precise(low) + " to " + precise(high); }

void facts(Page& page, const model::Analysis& analysis, const model::AnalysisResult& result) {
    const plot::MeasureLook look = plot::measure_look(analysis.measure);
    page.out.open("dl", {{"class", "facts"}}).line();
    fact(page, "Measure", std::string(look.name) + (look.ratio ? ", analysed as its natural logarithm" : ""));
    fact(page, "Formula", result.formula);
    if (result.main) {
        const model::Synthesis& s = *result.main;
        fact(page, "Model", plot::model_in_words(s) + ", " + plot::test_in_words(s.test));
        fact(page, look.ratio ? "Estimate (log)" : "Estimate", precise(s.estimate) + ", standard error " + precise(s.se));
        fact(page, plot::ci_name(s.level) + (look.ratio ? " (log)" : ""), range(s.ci_low, s.ci_high));
        if (const auto prediction = plot::prediction_interval(s))
            fact(page, look.ratio ? "Prediction interval (log)" : "Prediction interval", range(prediction->low, prediction->high));
        if (s.k > 1) {
            if (s.model != "common") fact(page, "Between trials", plot::tau2_text(s));
            fact(page, "Heterogeneity", plot::i2_text(s) + "; H\xC2\xB2 = " + plot::fixed(s.h2, 2) + "; " + plot::q_text(s));
        }
        std::string notes;
        for (const std::string& note : s.notes)
            notes += (notes.empty() ? "" : "; ") + note;
        fact(page, "Notes", notes);
    }
    page.out.close().line();
}

void rows_cell(Page& page, const std::vector<model::ResultId>& rows) {
    for (std::size_t i = 0; i < rows.size(); ++i) {
        if (i) page.out.text(", ");
        page.number("#" + plot::row_anchor(rows[i]), rows[i].value);
    }
}

/// The appraisals that count for an effect, linked.
void risk_cell(Page& page, const certainty::Risk& risk) {
    bool first = true;
    for (const model::Appraisal* each : risk.from) {
        if (!first) page.out.text(", ");
        first = false;
        const auto index = static_cast<std::size_t>(each - page.results.appraisals.data());
        page.link("#" + appraisal_anchor(index), each->overall.judgement());
    }
}

void inputs(Page& page, const model::Analysis& analysis, const model::AnalysisResult& result) {
    if (result.effects.empty()) return;
    bool formulas = false, noted = false, judged = false;
    std::vector<certainty::Risk> risks;
    for (const model::Effect& effect : result.effects) {
        risks.push_back(
            certainty::risk_of(page.results.appraisals, effect.study, analysis.outcome, effect.rows));
        judged = judged || !risks.back().from.empty();
        formulas = formulas || effect.formula != result.formula;
        noted = noted || !effect.notes.empty();
    }
    std::vector<Column> columns{{"Trial"}, {"y", true}, {"v", true}, {"Weight", true}, {"Rows"}};
    if (judged) columns.push_back({"Risk of bias"});
    if (formulas) columns.push_back({"Formula"});
    if (noted) columns.push_back({"Notes"});
    page.begin_table("Inputs: one line per trial", columns);
    for (std::size_t i = 0; i < result.effects.size(); ++i) {
        const model::Effect& effect = result.effects[i];
        std::string notes;
        for (const std::string& note : effect.notes)
            notes += (notes.empty() ? "" : "; ") + note;
        page.row(plot::effect_anchor(result.id, i));
        page.cell(effect.label.empty() ? effect.study.value : effect.label);
        page.cell(precise(effect.y));
        page.cell(precise(effect.v));
        page.cell(result.main && i < result.main->weights.size() ? plot::fixed(result.main->weights[i], 2) + "%" : "");
        page.cell([&] { rows_cell(page, effect.rows); });
        if (judged) page.cell([&] { risk_cell(page, risks[i]); });
        if (formulas) page.cell(effect.formula == result.formula ? "as above" : effect.formula);
        if (noted) page.cell(notes);
        page.end_row();
    }
    page.end_table();
}

} // namespace

void write_provenance(Page& page) {
    if (page.results.analyses.empty()) return;
    page.out.open("section", {{"id", "provenance"}, {"aria-labelledby", "provenance-h"}}).line();
    page.out.element("h2", "How each pooled number was made", {{"id", "provenance-h"}}).line();
    for (const model::AnalysisResult& result : page.results.analyses) {
        const model::Analysis* analysis = page.review.find(result.id);
        if (!analysis) continue;
        const std::string id = plot::analysis_anchor(result.id);
        page.out.open("section", {{"id", id}, {"class", "made"}, {"aria-labelledby", id + "-h"}}).line();
        page.out.element("h3", sentence_case(analysis_label(page.review, *analysis)), {{"id", id + "-h"}}).line();
        facts(page, *analysis, result);
        inputs(page, *analysis, result);
        page.out.open("p");
        page.link("#" + plot::anchor("f", result.id.value), "Back to the figure");
        page.out.close().close().line();
    }
    page.out.close().line();
}

} // namespace assay::report
