// How the numbers were made, told from the analyses as they are declared.
#include "effect/rules.hpp"
#include "plot/anchor.hpp"
#include "plot/measure.hpp"
#include "plot/number.hpp"
#include "plot/words.hpp"
#include "report/parts.hpp"

#include <algorithm>

namespace assay::report {

namespace {

std::string list_of(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words)
        out += (out.empty() ? "" : ", ") + word;
    return out;
}

template<class Ids> std::string id_list(const Ids& ids) {
    std::vector<std::string> words;
    for (const auto& id : ids)
        words.push_back(id.value);
    return list_of(words);
}

std::string filter_in_words(const model::Filter& filter) {
    std::string out;
    const auto add = [&](std::string_view what, const std::string& words) {
        if (!words.empty()) out += (out.empty() ? "" : "; ") + std::string(what) + " " + words;
    };
    add("rows", id_list(filter.rows));
    add("only", id_list(filter.only_studies));
    add("without", id_list(filter.without_studies));
    add("tagged", list_of(filter.only_tags));
    add("not tagged", list_of(filter.without_tags));
    add("value status", list_of(filter.statuses));
    add("funding", list_of(filter.funding));
    add("design", list_of(filter.designs));
    add("time point", list_of(filter.timepoints));
    add("basis", list_of(filter.bases));
    if (filter.without_derived) add("without", "derived numbers");
    return out.empty() ? "all rows of the outcome" : out;
}

std::string choice_in_words(const model::Analysis& analysis) {
    model::Synthesis s;
    s.model = analysis.model;
    s.method = analysis.method;
    return sentence_case(plot::model_in_words(s)) + "; " + plot::test_in_words(analysis.test) + ", " +
           plot::ci_name(analysis.level);
}

std::string zero_cells_in_words(const model::ZeroCells& zero, bool ratio) {
    const bool dropped = zero.drop00.value_or(ratio);
    const std::string both = dropped ? "; trials without events in both arms left out" : "";
    if (zero.to == "none") return "nothing is added to empty cells" + both;
    std::string where = zero.to == "all"      ? "each cell of every trial"
                        : zero.to == "if0all" ? "each cell of every trial if any has an empty cell"
                                              : "each cell of a trial with an empty cell";
    return plot::shortest(zero.add) + " added to " + where + both;
}

/// "funding_class" as words.
std::string in_words(std::string name) {
    std::replace(name.begin(), name.end(), '_', ' ');
    return name;
}

void analyses_table(Page& page) {
    page.begin_table("Every analysis as it was declared before it was computed",
                     {{"Analysis"}, {"Measure"}, {"Model and interval"}, {"Rows"}, {"Empty cells"}});
    for (const model::Analysis& analysis : page.review.analyses) {
        const plot::MeasureLook look = plot::measure_look(analysis.measure);
        const bool counts = analysis.measure == "OR" || analysis.measure == "RR" || analysis.measure == "RD";
        page.row();
        page.cell([&] {
            page.link("#" + plot::analysis_anchor(analysis.id),
                      sentence_case(analysis_label(page.review, analysis)));
        });
        page.cell(std::string(look.name) + " (" + analysis.measure + ")");
        page.cell(choice_in_words(analysis));
        page.cell(filter_in_words(analysis.filter));
        page.cell(counts ? zero_cells_in_words(analysis.zero_cells, look.ratio) : std::string());
        page.end_row();
    }
    page.end_table();
}

void outcomes_table(Page& page) {
    page.begin_table("Outcomes and the smallest difference that matters",
                     {{"Outcome"}, {"Better"}, {"Smallest difference that matters"}, {"Who says so"}});
    for (const model::Outcome& outcome : page.review.outcomes) {
        page.row();
        page.cell(sentence_case(outcome.label));
        page.cell(outcome.better == model::Better::lower    ? "lower"
                  : outcome.better == model::Better::higher ? "higher"
                                                            : "neither");
        page.cell(outcome.matters ? plot::difference_in_words(outcome) : "none stated");
        page.cell(outcome.matters ? outcome.matters->source : "");
        page.end_row();
    }
    page.end_table();
}

/// Values that were assumed because no trial gives them, with the reason and what they were replaced by.
void assumed_values(Page& page) {
    const model::DerivedChoices& chosen = page.review.derived;
    const auto numbers = [](const std::vector<double>& values) {
        std::vector<std::string> words;
        for (const double value : values)
            words.push_back(plot::shortest(value));
        return list_of(words);
    };
    const auto tell = [&](const std::optional<double>& value, const std::string& what,
                          const std::string& source, const std::vector<double>& others) {
        if (!value) return;
        page.paragraph(what + " that no trial gives: " + plot::shortest(*value) +
                       (source.empty() ? "" : " (" + source + ")") +
                       (others.empty() ? "" : "; tried in its place: " + numbers(others)) + ".");
    };
    if (!chosen.change_correlation && !chosen.crossover_correlation && !chosen.icc) return;
    page.heading(3, "Assumed values");
    tell(chosen.change_correlation, "A correlation of baseline and final values", chosen.change_source,
         chosen.correlations);
    tell(chosen.crossover_correlation, "A correlation of one person's values under two treatments",
         chosen.crossover_source, chosen.correlations);
    tell(chosen.icc, "An intracluster correlation", chosen.icc_source, chosen.iccs);
}

/// The rules that made a number which some analysis uses.
void rules_used(Page& page) {
    std::vector<std::string_view> used;
    for (const model::AnalysisResult& analysis : page.results.analyses)
        for (const model::Effect& effect : analysis.effects)
            for (const model::Derived& one : effect.derived)
                if (std::find(used.begin(), used.end(), one.rule) == used.end()) used.push_back(one.rule);
    if (used.empty()) return;
    page.heading(3, "Numbers derived from others");
    page.begin_table("Rules that made a number of some analysis; each use is told at its row",
                     {{"Rule"}, {"What it gives"}, {"Formula"}, {"Source"}});
    for (const effect::Rule& rule : effect::rules()) {
        if (std::find(used.begin(), used.end(), rule.id) == used.end()) continue;
        page.row();
        page.cell(std::string(rule.id));
        page.cell(std::string(rule.title));
        page.cell(std::string(rule.formula));
        page.cell(std::string(rule.source));
        page.end_row();
    }
    page.end_table();
}

/// Subgroups and the choices that are tried beside each analysis.
void choices(Page& page) {
    std::vector<std::string> lines;
    for (const model::Analysis& analysis : page.review.analyses) {
        std::string text;
        if (!analysis.subgroup.empty()) text = "subgroups by " + in_words(analysis.subgroup);
        for (const model::SensitivitySet& set : analysis.sensitivity)
            text += (text.empty() ? "" : "; ") + set.label;
        if (!text.empty())
            lines.push_back(sentence_case(analysis_label(page.review, analysis)) + ": " + text + ".");
    }
    if (lines.empty() && page.review.sets.empty()) return;
    page.heading(3, "Subgroups and other choices", "methods-choices");
    if (!page.review.sets.empty()) {
        std::vector<std::string> labels;
        for (const model::SensitivitySet& set : page.review.sets)
            labels.push_back(set.label);
        page.paragraph("Every analysis is repeated on each of these: " + list_of(labels) + ".");
    }
    if (lines.empty()) return;
    page.out.open("ul").line();
    for (const std::string& line : lines)
        page.out.element("li", line).line();
    page.out.close().line();
}

void certainty(Page& page) {
    const auto& all = page.results.analyses;
    if (std::none_of(all.begin(), all.end(), [](const auto& a) { return a.grade.has_value(); })) return;
    page.heading(3, "Certainty and missing results", "methods-certainty");
    page.paragraph(
        "Rules propose a certainty for each pooled result: risk of bias, inconsistency, indirectness, "
        "imprecision and missing results may lower it. The numbers and the rule stand beside each "
        "proposal; people may decide otherwise and give their reason. Missing results are judged by the "
        "weight of small trials and of trials paid by sellers, by trials known to be unpublished, and by a "
        "test of asymmetry from " +
        std::to_string(page.review.cutoffs.fewest_for_asymmetry) + " trials on.");
}

} // namespace

void write_methods(Page& page) {
    page.out.open("section", {{"id", "methods"}, {"aria-labelledby", "methods-h"}}).line();
    page.out.element("h2", "Methods", {{"id", "methods-h"}}).line();
    if (!page.review.search_note.empty()) {
        page.heading(3, "How the records were found", "methods-search");
        page.paragraph(page.review.search_note);
    }
    page.heading(3, "How to read this report", "methods-reading");
    page.paragraph(
        "Every effect is the intervention minus the comparator, or the intervention over the comparator for "
        "ratios. Ratios are pooled as logarithms and shown as ratios.");
    page.paragraph(
        "The square of a trial has an area in proportion to its weight; the line is its interval, and an "
        "arrow "
        "means that the interval goes on. The diamond is the pooled interval. The bar under it is the "
        "prediction interval: where the effect of a new, similar trial may lie.");
    page.paragraph(
        std::string("The grey band holds differences too small to matter. The verdicts follow from the "
                    "pooled interval, "
                    "this band and ") +
        (page.review.ratings.empty()
             ? "the certainty that others have published; nobody has rated certainty for this report."
             : "the certainty that people decided on for this report (grade.toml); where they have not, the "
               "one that "
               "others have published."));
    page.paragraph(
        "A value is printed (as in the source), derived (computed from printed values by the formula shown), "
        "secondary (as told by another paper) or assumed.");
    page.heading(3, "Analyses", "methods-analyses");
    analyses_table(page);
    choices(page);
    rules_used(page);
    assumed_values(page);
    certainty(page);
    page.heading(3, "Outcomes", "methods-outcomes");
    outcomes_table(page);
    page.out.close().line();
}

} // namespace assay::report
