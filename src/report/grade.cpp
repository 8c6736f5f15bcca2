// The certainty of one analysis, domain by domain: what the rules propose with their numbers, what a person
// decided.
#include "plot/number.hpp"
#include "report/parts.hpp"

namespace assay::report {

namespace {

std::string levels_text(int levels) {
    if (levels == 0) return "0";
    return plot::with_minus((levels > 0 ? "+" : "") + std::to_string(levels));
}

std::string numbers_text(const model::GradeDomain& domain) {
    std::string text;
    for (const model::GradeNumber& number : domain.numbers) {
        std::string name = number.name;
        for (char& c : name)
            if (c == '_') c = ' ';
        text += (text.empty() ? "" : "; ") + name + " " + plot::with_minus(plot::trimmed(number.value, 3));
    }
    return text;
}

/// The cut-offs that no official text gives, so that nobody takes them for GRADE's.
void cutoffs(Page& page, const model::GradeCutoffs& cut) {
    page.begin_details(cut.changed ? "Cut-offs of the rules, set by this review"
                                   : "Cut-offs of the rules (ours, not GRADE's)");
    page.begin_table("No official text gives these numbers; [grade] in review.toml changes them",
                     {{"Cut-off"}, {"Value", true}});
    const auto row = [&](const char* name, double value) {
        page.row();
        page.cell(name);
        page.cell(plot::trimmed(value, 3));
        page.end_row();
    };
    row("alpha of the optimal information size", cut.alpha);
    row("power of the optimal information size", cut.power);
    row("far fewer people: share of the optimal size", cut.far_below);
    row("appreciable benefit or harm as a ratio, low", cut.ratio_low);
    row("appreciable benefit or harm as a ratio, high", cut.ratio_high);
    row("weight on the other side of the threshold", cut.opposite_weight);
    row("pairs of studies whose intervals do not overlap", cut.apart);
    row("the same, for two levels", cut.far_apart);
    row("weight of studies at high risk of bias", cut.high_risk_weight);
    row("weight of small trials, and of trials paid by sellers", cut.industry_share);
    row("a small trial has fewer people than", cut.small_study);
    row("trials needed before asymmetry is tested", cut.fewest_for_asymmetry);
    row("P of the test of asymmetry", cut.asymmetry_p);
    page.end_table();
    page.end_details();
}

} // namespace

void write_grade(Page& page, const model::Analysis& analysis, const model::AnalysisResult& result) {
    if (!result.grade) return;
    const model::GradeRating& rating = *result.grade;
    bool unrated = false;
    for (const model::GradeDomain& domain : rating.domains)
        unrated = unrated || (domain.rule.ends_with("/not-rated") && !domain.decided);
    page.begin_details(
        "Certainty, domain by domain: the rules propose " + std::string(unrated ? "at most " : "") +
        rating.proposed +
        (rating.decided ? ", people decided " + rating.result : ", nobody has decided in this review"));
    page.paragraph("Starts at " + rating.start +
                   (rating.start_decided ? " (proposed), " + *rating.start_decided + " (decided)" : "") +
                   ". A proposal follows from numbers by a rule; it does not replace judgement. Numbers are "
                   "turned so that benefit is "
                   "positive. " +
                   (unrated ? "Bias is not rated, so the proposal is an upper end. " : "") +
                   (rating.reason.empty()
                        ? ""
                        : "Decision: " + rating.reason + (rating.by.empty() ? "" : " (" + rating.by + ")")));
    page.begin_table("Certainty of " + analysis_label(page.review, analysis),
                     {{"Domain"},
                      {"Proposed", true},
                      {"Why", false, true},
                      {"Rule and numbers", false, true},
                      {"Decided", true},
                      {"Reason", false, true}});
    for (const model::GradeDomain& domain : rating.domains) {
        page.row();
        page.cell(sentence_case(domain.domain));
        page.cell(levels_text(domain.proposed));
        page.cell(domain.text);
        page.cell([&] {
            page.out.element("code", domain.rule);
            const std::string numbers = numbers_text(domain);
            if (!numbers.empty()) page.out.text(" " + numbers);
        });
        page.cell(domain.decided ? levels_text(*domain.decided) : "\xE2\x80\x93");
        page.cell(domain.reason + (domain.reason.empty() || domain.by.empty() ? "" : " (" + domain.by + ")"));
        page.end_row();
    }
    page.end_table();
    cutoffs(page, page.review.cutoffs);
    page.end_details();
}

} // namespace assay::report
