// What trials and reviews concluded, coded, in our words.
#include "plot/anchor.hpp"
#include "plot/number.hpp"
#include "report/parts.hpp"

#include <algorithm>

namespace assay::report {

namespace {

std::string css_name(std::string code) {
    std::replace(code.begin(), code.end(), ' ', '-');
    return "tag c-" + code;
}

void counted(Page& page, std::string_view who, const model::ConclusionCount& count) {
    const int all = count.benefit + count.no_benefit + count.inconclusive + count.harm;
    if (all == 0) return;
    std::string text = std::string(who) + ": " + std::to_string(count.benefit) + " saw a benefit, " +
                       std::to_string(count.no_benefit) + " saw none, " + std::to_string(count.inconclusive) +
                       " left it open";
    if (count.harm > 0) text += ", " + std::to_string(count.harm) + " saw harm";
    page.paragraph(text + ".");
}

} // namespace

void write_conclusions(Page& page, const model::Question& question) {
    const auto asked = [&](const model::Conclusion& one) { return one.question == question.id; };
    if (std::none_of(page.review.conclusions.begin(), page.review.conclusions.end(), asked)) return;
    page.heading(3, "What trials and reviews concluded");
    if (const model::QuestionResult* result = page.results.find(question.id)) {
        counted(page, "Trials", result->trials);
        counted(page, "Reviews and guidelines", result->reviews);
    }
    page.begin_table("Conclusions of the authors, in our words",
                     {{"Who"}, {"Conclusion"}, {"Key number"}, {"In our words"}, {"Our reading"}}, "sortable");
    for (const model::Conclusion& one : page.review.conclusions) {
        if (!asked(one)) continue;
        const bool trial = !one.study.empty();
        const std::string href = "#" + (trial ? plot::study_anchor(one.study) : plot::source_anchor(one.report));
        page.row();
        page.cell([&] {
            page.link(href, trial ? study_label(page.review, one.study) : report_label(page.review, one.report));
            if (!trial) page.out.text(" (review)");
        });
        page.cell([&] {
            page.out.element("span", one.code, {{"class", css_name(one.code)}});
            if (!one.certainty.empty()) page.out.text(" certainty: " + one.certainty);
        });
        page.cell([&] { if (!one.key_number.empty()) page.number(href, plot::with_minus(one.key_number)); });
        page.cell(one.words);
        page.cell(one.reading);
        page.end_row();
    }
    page.end_table();
}

} // namespace assay::report
