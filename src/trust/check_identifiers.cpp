// Registry numbers, DOIs and notices about the reports of a review.
#include "trust/identifiers.hpp"
#include "trust/parts.hpp"

#include <fmt/format.h>

namespace assay::trust {

namespace {

template<class Row>
Finding of_row(const Row& row, const model::StudyId& study, std::string field, Possible possible) {
    Finding made;
    made.study = study;
    made.row = row.id.value;
    made.field = std::move(field);
    made.place = row.place;
    made.possible = possible;
    return made;
}

template<class Row>
void judge_registry(Sink& sink, const Row& row, const model::StudyId& study, const std::string& field,
                    std::string_view text) {
    if (!has_registry_number(text)) return;
    sink.examined(row.place);
    for (const BadIdentifier& bad : bad_registry_numbers(text)) {
        Finding made = of_row(row, study, field, Possible::no);
        input(made, "number", bad.text);
        made.says = fmt::format("{} is not a number of this registry, which is {}.", bad.text, bad.expected);
        made.remedy = "A digit may be missing or doubled; look the entry up.";
        sink.add(std::move(made));
    }
}

} // namespace

void run_identifiers(const Context& context, Sink& sink) {
    const auto& review = context.data.review();
    for (const model::Study& study : review.studies)
        judge_registry(sink, study, study.id, "registration", study.registration);
    for (const model::Report& report : review.reports) {
        judge_registry(sink, report, report.study, "citation", report.citation);
        if (report.doi.empty()) continue;
        sink.examined(report.place);
        const std::string trouble = doi_trouble(report.doi);
        if (trouble.empty()) continue;
        Finding made = of_row(report, report.study, "doi", Possible::unlikely);
        input(made, "doi", report.doi);
        made.says = trouble;
        made.remedy = "Resolve it at doi.org; a resolver that knows it settles the matter.";
        sink.add(std::move(made));
    }
}

void run_retractions(const Context& context, Sink& sink) {
    const auto& review = context.data.review();
    if (context.retractions.empty()) return;
    for (const model::Report& report : review.reports)
        sink.examined(report.place);
    for (const Match& match : match(review, context.retractions)) {
        const Retraction& notice = *match.notice;
        Finding made = of_row(*match.report, match.report->study, "doi", Possible::unlikely);
        input(made, "notice", notice.nature);
        if (!notice.date.empty()) input(made, "date", notice.date);
        if (!notice.notice_doi.empty()) input(made, "notice_doi", notice.notice_doi);
        if (!notice.reasons.empty()) input(made, "reasons", notice.reasons);
        input(made, "matched_by", match.by);
        made.says = fmt::format("A notice about this report is on record: {}.", notice.nature);
        made.remedy =
            "Read the notice; analyses with and without the numbers of this report belong side by side.";
        // Every number of the report, and every number of its study.
        for (const model::Result& row : review.results)
            if (row.source == match.report->id ||
                (!match.report->study.empty() && row.study == match.report->study))
                made.touches.push_back(row.id.value);
        for (const model::Published& row : review.published)
            if (row.source == match.report->id) made.touches.push_back(row.id.value);
        const std::string nature = plain(notice.nature);
        if (nature == "reinstatement" || nature == "correction") made.possible = Possible::yes;
        sink.add(std::move(made));
    }
}

} // namespace assay::trust
