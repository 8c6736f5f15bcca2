// Pooled results printed by others, beside ours where the two can be compared.
#include "plot/anchor.hpp"
#include "plot/number.hpp"
#include "report/parts.hpp"
#include "report/value.hpp"

#include <algorithm>

namespace assay::report {

namespace {

const model::Comparison* comparison(const Page& page, const model::Published& published) {
    for (const model::AnalysisResult& analysis : page.results.analyses)
        for (const model::Comparison& one : analysis.comparisons)
            if (one.published == published.id) return &one;
    return nullptr;
}

void source_cell(Page& page, const model::Published& published) {
    page.out.open("small");
    page.link("#" + plot::source_anchor(published.source), "source");
    if (!published.where.empty()) page.out.text(", " + published.where);
    page.out.close();
}

} // namespace

void write_published(Page& page, const model::Question& question) {
    const auto asked = [&](const model::Published& one) { return one.question == question.id; };
    if (std::none_of(page.review.published.begin(), page.review.published.end(), asked)) return;
    page.heading(3, "Pooled by others");
    page.begin_table("Pooled results as their authors printed them",
                     {{"Review"}, {"Outcome"}, {"Result"}, {"Trials, people"}, {"I\xC2\xB2", true}, {"Certainty"},
                      {"Beside ours", false, true}});
    for (const model::Published& published : page.review.published) {
        if (!asked(published)) continue;
        const std::string source = "#" + plot::source_anchor(published.source);
        page.row(plot::published_anchor(published.id));
        page.cell([&] {
            const bool dated = published.year.empty() || published.label.find(published.year) != std::string::npos;
            page.out.text(published.label + (dated ? "" : " " + published.year) + " ");
            source_cell(page, published);
        });
        page.cell([&] {
            page.out.text(published.outcome_text);
            if (!published.direction.empty()) page.out.element("small", " " + published.direction);
        });
        page.cell([&] { page.number(source, published_text(published)); });
        page.cell([&] {
            if (!published.k.empty()) page.number(source, published.k);
            if (!published.k.empty() && !published.n.empty()) page.out.text(" / ");
            if (!published.n.empty()) page.number(source, published.n);
        });
        page.cell([&] { if (published.i2) page.number(source, plot::shortest(*published.i2) + "%"); });
        page.cell(published.certainty.empty() ? "not graded" : published.certainty + " (their grade)");
        const model::Comparison* beside = comparison(page, published);
        page.cell(beside ? sentence_case(plot::with_minus(beside->relation)) : published.note);
        page.end_row();
    }
    page.end_table();
}

} // namespace assay::report
