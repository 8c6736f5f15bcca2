// The appendix: every row of the review's tables that carries a number, by trial, with its source and its uses.
#include "effect/rules.hpp"
#include "plot/anchor.hpp"
#include "plot/number.hpp"
#include "report/parts.hpp"
#include "report/value.hpp"

#include <algorithm>

namespace assay::report {

namespace {

std::string place_of(const model::Result& row) {
    std::string text = row.timepoint;
    if (!row.basis.empty()) text += (text.empty() ? "" : ", ") + row.basis;
    if (!row.unit.empty()) text += ", unit " + row.unit;
    if (!row.period.empty()) text += ", per " + row.period;
    return text;
}

void used_in(Page& page, const model::ResultId& id) {
    const auto found = page.uses.find(id);
    if (found == page.uses.end()) {
        page.out.element("span", "nowhere", {{"class", "soft"}});
        return;
    }
    bool first = true;
    for (const auto& [analysis_id, index] : found->second) {
        const model::Analysis* analysis = page.review.find(analysis_id);
        if (!first) page.out.text("; ");
        first = false;
        page.link("#" + plot::effect_anchor(analysis_id, index),
                  analysis ? analysis_label(page.review, *analysis) : analysis_id.value);
    }
}

void source_cell(Page& page, const model::ReportId& source, const std::string& where) {
    page.link("#" + plot::source_anchor(source), report_label(page.review, source));
    if (!where.empty()) page.out.text(", " + where);
}

/// "Derived: sd = 10 (sd = se*sqrt(n); se 2, n 25; rule sd.se: Cochrane Handbook ...)".
std::string derived_text(const model::Derived& one) {
    std::string text = "Derived: " + one.number + " = " + plot::with_minus(plot::trimmed(one.value, 4)) + " (" + one.formula;
    for (std::size_t i = 0; i < one.inputs.size(); ++i)
        text += (i ? ", " : "; ") + one.inputs[i].name + " " + plot::with_minus(plot::trimmed(one.inputs[i].value, 4));
    if (!one.origin.empty()) text += "; " + one.origin;
    const effect::Rule* rule = effect::find_rule(one.rule);
    text += "; rule " + one.rule;
    if (rule) text += ", " + std::string(rule->source);
    return text + ").";
}

/// What rules made of this row for the analyses that use it; a number that serves several is told once.
void derived_numbers(Page& page, const model::ResultId& id) {
    const auto found = page.uses.find(id);
    if (found == page.uses.end()) return;
    std::vector<std::string> told;
    for (const auto& [analysis_id, index] : found->second) {
        const model::AnalysisResult* result = page.results.find(analysis_id);
        if (!result || index >= result->effects.size()) continue;
        for (const model::Derived& one : result->effects[index].derived) {
            if (one.row != id) continue;
            std::string text = derived_text(one);
            if (std::find(told.begin(), told.end(), text) != told.end()) continue;
            page.out.element("small", " " + text, {{"class", "derived"}});
            told.push_back(std::move(text));
        }
    }
}

void result_row(Page& page, const model::Result& row) {
    page.row(plot::row_anchor(row.id));
    page.cell(row.id.value);
    page.cell([&] {
        page.out.text(outcome_label(page.review, row.outcome));
        const std::string place = place_of(row);
        if (!place.empty()) page.out.element("small", " " + place);
    });
    page.cell(arm_label(page.review, row.arm) +
              (row.versus.empty() ? "" : " against " + arm_label(page.review, row.versus)));
    page.cell(value_text(row));
    page.cell([&] {
        page.out.text(status_text(row));
        if (!row.formula.empty()) page.out.text(": " + row.formula);
        if (!row.not_pooled.empty()) page.out.text(". Kept out of pools: " + row.not_pooled);
        if (!row.note.empty()) page.out.element("small", " " + row.note);
        derived_numbers(page, row.id);
    });
    page.cell([&] { source_cell(page, row.source, row.where); });
    page.cell([&] { used_in(page, row.id); });
    page.end_row();
}

void arm_row(Page& page, const model::Arm& arm) {
    const std::string dose = dose_text(arm);
    if (dose.empty()) return;
    page.row(plot::anchor("arm", arm.id.value));
    page.cell(arm.id.value);
    page.cell("dose");
    page.cell(arm.label);
    page.cell(dose);
    page.cell([&] {
        page.out.text(arm.status);
        if (!arm.elemental_formula.empty()) page.out.text(": " + arm.elemental_formula);
        if (!arm.note.empty()) page.out.element("small", " " + arm.note);
    });
    page.cell([&] { source_cell(page, arm.source, arm.where); });
    page.cell("");
    page.end_row();
}

void study_head(Page& page, const model::Study& study) {
    page.out.open("tr", {{"class", "topic"}, {"id", plot::study_anchor(study.id)}});
    page.out.open("th", {{"colspan", "7"}, {"scope", "rowgroup"}});
    page.out.text(study.label.empty() ? study.id.value : study.label);
    std::string facts = study.title;
    const auto add = [&](const std::string& fact) {
        if (!fact.empty()) facts += (facts.empty() ? "" : "; ") + fact;
    };
    add(study.design);
    if (study.n_randomised) add(plot::shortest(*study.n_randomised) + " randomised");
    add(study.registration);
    if (!study.funding.empty()) add("funding: " + study.funding);
    if (!study.conflicts.empty()) add("conflicts: " + study.conflicts);
    if (!study.same_cohort_as.empty()) add("same people as " + study_label(page.review, study.same_cohort_as));
    for (const std::string& tag : study.tags)
        add(tag);
    add(study.note);
    page.out.text(" ").open("small").text(facts + (facts.empty() ? "" : facts.back() == '.' ? " " : ". "));
    if (!study.source.empty()) page.link("#" + plot::source_anchor(study.source), "source");
    page.out.close().close().close().line();
}

} // namespace

void write_rows(Page& page) {
    page.out.open("section", {{"id", "rows"}, {"aria-labelledby", "rows-h"}}).line();
    page.out.element("h2", "Every row", {{"id", "rows-h"}}).line();
    page.begin_table("Values with their source, place, status and use, by trial",
                     {{"Row"}, {"Outcome"}, {"Who"}, {"Value", true}, {"Status"}, {"Source"}, {"Used in"}}, "rows");
    for (const model::Study& study : page.review.studies) {
        page.new_body();
        study_head(page, study);
        for (const model::Arm& arm : page.review.arms)
            if (arm.study == study.id) arm_row(page, arm);
        for (const model::Result& row : page.review.results)
            if (row.study == study.id) result_row(page, row);
    }
    page.end_table();
    page.out.close().line();
}

} // namespace assay::report
