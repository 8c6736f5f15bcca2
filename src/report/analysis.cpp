// One analysis: forest plot with its table twin, robustness, funnel plot, rows left out.
#include "plot/anchor.hpp"
#include "plot/forest.hpp"
#include "plot/forest_svg.hpp"
#include "plot/funnel.hpp"
#include "plot/number.hpp"
#include "plot/sensitivity.hpp"
#include "plot/words.hpp"
#include "report/figure_block.hpp"
#include "report/parts.hpp"
#include "text/format.hpp"

#include <algorithm>

namespace assay::report {

namespace {

constexpr std::string_view dash = "\xE2\x80\x93";

void value_cell(Page& page, const std::string& href, const std::string& text) {
    page.cell([&] {
        if (text.empty()) {
            page.out.text(dash);
        } else if (href.empty()) {
            page.out.text(text);
        } else {
            page.number(href, text);
        }
    });
}

/// The forest plot as a table: the same Forest, so that the two cannot differ.
class Twin {
public:
    Twin(Page& page, const plot::Forest& forest) : page_(page), forest_(forest) {
        for (const plot::ForestGroup& group : forest.groups) {
            grouped_ = grouped_ || !group.title.empty();
            for (const plot::ForestRow& row : group.rows) {
                data1_ = data1_ || !row.data1.empty();
                data2_ = data2_ || !row.data2.empty();
                weights_ = weights_ || row.weight >= 0;
                notes_ = notes_ || !row.note.empty();
            }
        }
    }

    void write() {
        std::vector<Column> columns{{forest_.row_head}};
        if (grouped_) columns.push_back({"Group"});
        if (data1_) columns.push_back({forest_.head1, true});
        if (data2_) columns.push_back({forest_.head2, true});
        if (weights_) columns.push_back({"Weight", true});
        const std::string head = std::string(forest_.look.id) + " [" + plot::ci_name(forest_.level) + "]";
        columns.push_back({head, true});
        if (notes_) columns.push_back({"Note"});
        page_.begin_details("The same as a table");
        page_.begin_table(forest_.title, columns, "sortable");
        for (const plot::ForestGroup& group : forest_.groups) {
            for (const plot::ForestRow& row : group.rows)
                study(row, group.title);
            if (group.pool) pool(*group.pool, group.title);
        }
        if (forest_.pool) pool(*forest_.pool, "all");
        page_.end_table();
        page_.end_details();
    }

private:
    void study(const plot::ForestRow& row, const std::string& group) {
        page_.row();
        page_.cell(row.label);
        if (grouped_) page_.cell(group);
        if (data1_) value_cell(page_, row.href, row.data1);
        if (data2_) value_cell(page_, row.href, row.data2);
        if (weights_) value_cell(page_, "", row.weight >= 0 ? plot::fixed(row.weight, 1) + "%" : std::string());
        value_cell(page_, row.href, forest_.interval_text(row.estimate));
        if (notes_) page_.cell(row.note);
        page_.end_row();
    }

    void pooled_row(const std::string& label, const std::string& group, const std::string& href, const std::string& value) {
        page_.row({}, "pool");
        page_.cell(label);
        if (grouped_) page_.cell(group);
        if (data1_) page_.cell("");
        if (data2_) page_.cell("");
        if (weights_) page_.cell("");
        value_cell(page_, href, value);
        if (notes_) page_.cell("");
        page_.end_row();
    }

    void pool(const plot::ForestPool& pool, const std::string& group) {
        pooled_row(pool.label, group, pool.href, forest_.interval_text(pool.estimate));
        if (!pool.prediction) return;
        pooled_row(plot::trimmed(forest_.level * 100, 2) + "% prediction interval", group, pool.href,
                   plot::with_minus("[" + forest_.number(pool.prediction->low) + ", " +
                                    forest_.number(pool.prediction->high) + "]"));
    }

    Page& page_;
    const plot::Forest& forest_;
    bool grouped_ = false, data1_ = false, data2_ = false, weights_ = false, notes_ = false;
};

void forest_figure(Page& page, const plot::Forest& forest, const std::string& css) {
    page.out.open("figure", {{"class", css}, {"id", "fig-" + forest.id}}).line();
    write_canvas(page, plot::forest_svg(forest, plot::Layout::wide), "wide", forest.title);
    write_canvas(page, plot::forest_svg(forest, plot::Layout::compact), "compact", forest.title);
    page.out.element("figcaption", forest.sentence).line();
    page.out.close().line();
}

void funnel_figure(Page& page, const model::Analysis& analysis, const model::AnalysisResult& result,
                   const plot::Forest& forest) {
    constexpr std::size_t fewest_to_draw = 4;
    if (!result.main || result.effects.size() < fewest_to_draw) return;
    const plot::Funnel funnel = plot::funnel_of(plot::anchor("funnel", analysis.id.value),
                                                analysis_label(page.review, analysis), forest.axis_title,
                                                result.effects, *result.main);
    const bool few = result.effects.size() < static_cast<std::size_t>(plot::fewest_for_asymmetry);
    page.begin_details(few ? "Funnel plot (fewer than ten studies)" : "Funnel plot");
    page.out.open("figure", {{"class", "plot funnel"}}).line();
    write_canvas(page, plot::funnel_svg(funnel), "", funnel.title);
    page.out.element("figcaption", funnel.sentence).close().line();
    page.begin_table(funnel.title, {{"Study"}, {"Effect, analysis scale", true}, {"Standard error", true}}, "sortable");
    for (std::size_t i = 0; i < funnel.points.size(); ++i) {
        const std::string href = "#" + plot::effect_anchor(analysis.id, i);
        page.row();
        page.cell(funnel.points[i].label);
        value_cell(page, href, plot::with_minus(plot::fixed(funnel.points[i].y, 3)));
        value_cell(page, "", plot::fixed(funnel.points[i].se, 3));
        page.end_row();
    }
    page.end_table();
    page.end_details();
}

std::string variant_estimate(const plot::Forest& forest, const model::Variant& variant, const std::string& measure) {
    if (!variant.synthesis) return {};
    const model::Synthesis& s = *variant.synthesis;
    const plot::Estimate e = plot::pooled_interval(s);
    if (s.measure == measure) return forest.interval_text(e);
    plot::Forest other;
    other.look = plot::measure_look(s.measure);
    other.decimals = text::decimals_for((plot::shown(other.look, e.high) - plot::shown(other.look, e.low)) / 2);
    return s.measure + " " + other.interval_text(e);
}

void robustness_table(Page& page, const model::AnalysisResult& result, const plot::Forest& forest) {
    const std::string href = "#" + plot::analysis_anchor(result.id);
    const std::string& measure = result.main->measure;
    page.begin_table("Other choices, next to the main analysis",
                     {{"Choice"}, {"Trials", true}, {"Estimate [interval]", true},
                      {"Prediction interval", true}, {"I\xC2\xB2", true}, {"Remark"}},
                     "sortable");
    for (const std::string& kind : plot::variant_kinds(result)) {
        page.new_body();
        page.body_head(plot::variant_kind_in_words(kind));
        for (const model::Variant& variant : result.variants) {
            if (variant.kind != kind) continue;
            const model::Synthesis* s = variant.synthesis ? &*variant.synthesis : nullptr;
            page.row();
            page.cell(sentence_case(variant.label));
            page.cell(std::to_string(s ? s->k : 0));
            value_cell(page, href, variant_estimate(forest, variant, measure));
            const auto prediction = s && s->measure == measure ? plot::prediction_interval(*s) : std::nullopt;
            value_cell(page, "", prediction ? plot::with_minus(forest.number(prediction->low) + " to " +
                                                                 forest.number(prediction->high))
                                              : std::string());
            value_cell(page, "", s && s->k > 1 ? plot::fixed(s->i2, 0) + "%" : std::string());
            page.cell(variant.note);
            page.end_row();
        }
    }
    page.end_table();
}

/// A question's main analyses get the figure; the others, which are choices themselves, the sentence and the table.
void robustness(Page& page, const model::Analysis& analysis, const model::AnalysisResult& result,
                const plot::Forest& forest) {
    if (!result.main || result.variants.empty()) return;
    const plot::Forest choices = plot::sensitivity_of(forest, result);
    page.heading(4, "Does it hold under other choices?");
    std::size_t rows = 0;
    for (const plot::ForestGroup& group : choices.groups)
        rows += group.rows.size();
    if (rows > 1 && analysis.primary) {
        forest_figure(page, choices, "plot sensitivity");
    } else {
        page.paragraph(choices.sentence);
    }
    page.begin_details("The other choices as a table");
    robustness_table(page, result, forest);
    page.end_details();
}

/// One forest for the question that readers ask of every review: who paid, whose trials can be trusted.
void standard_sets(Page& page, const model::AnalysisResult& result, const plot::Forest& forest) {
    const bool any = std::any_of(result.variants.begin(), result.variants.end(),
                                 [](const model::Variant& variant) { return variant.kind == "standard-set"; });
    if (!result.main || !any) return;
    const plot::Forest sets = plot::standard_sets_of(forest, result);
    page.heading(4, "Does the answer change?");
    if (sets.groups.size() > 1) forest_figure(page, sets, "plot sensitivity");
    else page.paragraph(sets.sentence);
}

void one_left_out(Page& page, const model::Excluded& one) {
    page.link("#" + plot::study_anchor(one.study), study_label(page.review, one.study));
    if (one.rows.empty()) return;
    page.out.text(" (");
    for (std::size_t i = 0; i < one.rows.size(); ++i) {
        if (i) page.out.text(", ");
        page.number("#" + plot::row_anchor(one.rows[i]), one.rows[i].value);
    }
    page.out.text(")");
}

/// One line per reason, in the order in which the reasons first occur.
void left_out(Page& page, const model::AnalysisResult& result) {
    if (result.excluded.empty()) return;
    std::vector<std::string> reasons;
    for (const model::Excluded& one : result.excluded)
        if (std::find(reasons.begin(), reasons.end(), one.reason) == reasons.end()) reasons.push_back(one.reason);
    const std::size_t k = result.excluded.size();
    page.begin_details("Left out: " + std::to_string(k) + (k == 1 ? " entry" : " entries") + ", each with its reason");
    page.begin_table("Rows and trials that this analysis does not use", {{"Reason", false, true}, {"Trials and rows", false, true}});
    for (const std::string& reason : reasons) {
        page.row();
        page.cell(sentence_case(reason));
        page.cell([&] {
            bool first = true;
            for (const model::Excluded& one : result.excluded) {
                if (one.reason != reason) continue;
                if (!first) page.out.text("; ");
                first = false;
                one_left_out(page, one);
            }
        });
        page.end_row();
    }
    page.end_table();
    page.end_details();
}

} // namespace

void write_analysis(Page& page, const model::Analysis& analysis, const model::AnalysisResult& result) {
    const std::string id = plot::anchor("f", analysis.id.value);
    page.out.open("section", {{"id", id}, {"class", "analysis"}, {"aria-labelledby", id + "-h"}}).line();
    page.out.element("h3", sentence_case(analysis_label(page.review, analysis)), {{"id", id + "-h"}}).line();
    if (analysis.illustration)
        page.paragraph("Shown to teach a point about methods; not a verdict for care.", "marked");
    const model::QuestionResult* question = page.results.find(analysis.question);
    const bool told_above = question && question->verdict.text == result.verdict.text;
    if (!told_above) page.paragraph(plot::with_minus(result.verdict.text));
    page.paragraph(analysis.note, "soft");
    if (!result.effects.empty()) {
        const plot::Forest forest = plot::forest_of(page.review, analysis, result);
        forest_figure(page, forest, "plot forest");
        Twin(page, forest).write();
        standard_sets(page, result, forest);
        robustness(page, analysis, result, forest);
        write_grade(page, analysis, result);
        funnel_figure(page, analysis, result, forest);
    } else {
        page.paragraph("No trial gives numbers that this analysis can use.");
    }
    left_out(page, result);
    page.out.close().line();
}

} // namespace assay::report
