// Who was studied: design, people, arms with form and dose, funding.
#include "plot/anchor.hpp"
#include "plot/number.hpp"
#include "report/parts.hpp"
#include "report/value.hpp"

#include <algorithm>
#include <array>

namespace assay::report {

namespace {

void arms(Page& page, const model::Study& study) {
    bool first = true;
    for (const model::Arm& arm : page.review.arms) {
        if (arm.study != study.id) continue;
        if (!first) page.out.leaf("br");
        first = false;
        page.out.text(arm.label.empty() ? arm.id.value : arm.label);
        const std::string dose = dose_text(arm);
        if (dose.empty()) continue;
        page.out.text(": ");
        page.number("#" + plot::anchor("arm", arm.id.value), dose);
    }
}

struct Word {
    std::string_view code, text;
};
/// Codes of studies.csv as readers say them; other codes stay as they are.
constexpr std::array<Word, 13> words{{
    {"rct-parallel", "randomised, parallel groups"},
    {"rct-crossover", "randomised crossover"},
    {"rct-cluster", "randomised by groups"},
    {"n-of-1", "n-of-1"},
    {"nonrandomised", "not randomised"},
    {"before-after", "before and after"},
    {"single-arm", "one group"},
    {"double", "double-blind"},
    {"single", "single-blind"},
    {"open", "open"},
    {"unclear", "unclear"},
    {"results-not-seen", "results not seen"},
    {"not-reported", "not reported"},
}};

std::string in_words(const std::string& code) {
    for (const Word& word : words)
        if (word.code == code) return std::string(word.text);
    return code;
}

std::string design(const model::Study& study) {
    std::string text = in_words(study.design);
    if (study.blinding == "unclear") {
        text += ", blinding unclear";
    } else if (!study.blinding.empty()) {
        text += ", " + in_words(study.blinding);
    }
    if (study.status != "completed" && !study.status.empty()) text += "; " + in_words(study.status);
    return text;
}

} // namespace

void write_who(Page& page, const model::Question& question) {
    std::vector<const model::Study*> studies;
    for (const model::Study& study : page.review.studies)
        if (studied_for(study, question.id)) studies.push_back(&study);
    if (studies.empty()) return;
    page.out.element("h3", "Who was studied", {{"id", plot::question_anchor(question.id) + "-who"}}).line();
    page.begin_table("Trials of this question",
                     {{"Trial"}, {"Design"}, {"People", true}, {"Population"}, {"Arms and doses"}, {"Duration"}, {"Funding"}},
                     "sortable");
    for (const model::Study* study : studies) {
        const std::string href = "#" + plot::study_anchor(study->id);
        page.row();
        page.cell([&] { page.link(href, study->label.empty() ? study->id.value : study->label); });
        page.cell(design(*study));
        page.cell([&] {
            if (study->n_randomised) {
                page.number(href, plot::shortest(*study->n_randomised));
            } else {
                page.out.element("span", "not stated", {{"class", "soft"}});
            }
        });
        page.cell(study->population + (study->country.empty() ? "" : "; " + study->country));
        page.cell([&] { arms(page, *study); });
        page.cell(study->duration);
        page.cell(in_words(study->funding_class));
        page.end_row();
    }
    page.end_table();
}

} // namespace assay::report
