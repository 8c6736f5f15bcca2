#include "bundle/columns.hpp"

#include "base/error.hpp"
#include "bundle/fields.hpp"

#include <algorithm>
#include <array>

namespace assay::bundle {

namespace {

using namespace model;
using Words = std::string_view;

constexpr Words report_kinds[] = {"article", "abstract", "registry",  "review", "guideline",
                                  "agency",  "thesis",   "secondary", "data",   "preprint"};
constexpr Words accesses[] = {"full text", "abstract", "excerpt", "table", "not seen"};
constexpr Words designs[] = {"rct-parallel",  "rct-crossover", "rct-cluster", "n-of-1",
                             "nonrandomised", "before-after",  "single-arm",  "observational",
                             "case-control",  "unclear"};
constexpr Words blindings[] = {"double", "single", "open", "unclear"};
constexpr Words study_statuses[] = {"completed", "ongoing", "unpublished", "results-not-seen"};
constexpr Words fundings[] = {"industry",   "mixed",       "product-only", "public",  "foundation",
                              "university", "independent", "none",         "unclear", "not-reported"};
constexpr Words roles[] = {"intervention", "control", "active", "other"};
constexpr Words dose_bases[] = {"salt", "elemental", "unknown"};
constexpr Words statuses[] = {"printed", "derived", "secondary", "assumed"};
constexpr Words bases[] = {"baseline", "final", "change", "paired", "adjusted", "period", "other"};
constexpr Words shapes[] = {"events", "moments", "rate", "contrast", "statement"};
constexpr Words n_kinds[] = {"randomised", "analysed", "completed", "unknown"};
constexpr Words contrast_measures[] = {"MD", "SMD", "OR", "RR", "RD", "ROM", "other"};
constexpr Words quantiles[] = {"t", "z"};
constexpr Words p_kinds[] = {"between", "within"};
constexpr Words spreads[] = {"iqr", "ci", "range"};
constexpr Words rob_statuses[] = {"published", "preliminary"};
constexpr Words aims[] = {"assignment", "adhering"};
constexpr Words directions[] = {"favours intervention", "favours comparator", "towards null",
                                "away from null", "unpredictable"};
constexpr Words certainties[] = {"high", "moderate", "low", "very low"};
constexpr Words flow_names[] = {"database_results", "database_specific_results", "register_results",
                                "register_specific_results", "duplicates", "excluded_automatic",
                                "excluded_other", "records_screened", "records_excluded",
                                "dbr_sought_reports", "dbr_notretrieved_reports", "dbr_assessed",
                                "dbr_excluded", "dbr_included", "website_results", "organisation_results",
                                "citations_results", "other_left_out", "other_sought_reports",
                                "other_notretrieved_reports", "other_assessed", "other_excluded",
                                "other_included", "previous_studies", "previous_reports", "new_studies",
                                "new_reports", "total_studies", "total_reports"};
constexpr Words flow_checks[] = {"F1", "F2", "F3", "F4", "F5", "F6", "F7", "F8", "F9"};
constexpr Words checklists[] = {"prisma2020", "abstract", "prisma-s"};
constexpr Words codes[] = {"benefit", "no benefit", "inconclusive", "harm"};

constexpr Words yes = "yes", no = "";

template<class Row> struct Declared {
    Column column;
    Field<Row> field;
};

constexpr Declared<Report> reports[] = {
    {{"id", Type::id, yes, "by habit author and year", Target::report}, &Report::id},
    {{"study", Type::ref, no, "the trial it reports; empty for reviews and secondary pages", Target::study},
     &Report::study},
    {{"kind", Type::choice, yes, "", Target::none, report_kinds}, &Report::kind},
    {{"citation", Type::text, yes, "author, year, journal in short, in our words"}, &Report::citation},
    {{"year", Type::text, no, "as printed"}, &Report::year},
    {{"doi", Type::doi, no, "without \"https://doi.org/\""}, &Report::doi},
    {{"pmid", Type::pmid, no, "digits"}, &Report::pmid},
    {{"url", Type::url, no, ""}, &Report::url},
    {{"access", Type::choice, no, "what was read", Target::none, accesses}, &Report::access},
    {{"tags", Type::list, no, "`retracted`, ..."}, &Report::tags},
    {{"note", Type::text, no, ""}, &Report::note},
};

constexpr Declared<Study> studies[] = {
    {{"id", Type::id, yes, "by habit author and year", Target::study}, &Study::id},
    {{"label", Type::text, yes, "unique: \"Frusso 1999\""}, &Study::label},
    {{"author", Type::text, yes, ""}, &Study::author},
    {{"year", Type::year, no, "empty if unknown"}, &Study::year},
    {{"title", Type::text, yes, "a descriptor in own words"}, &Study::title},
    {{"questions", Type::refs, yes, "the questions it speaks to", Target::question}, &Study::questions},
    {{"design", Type::choice, yes, "", Target::none, designs}, &Study::design},
    {{"blinding", Type::choice, no, "", Target::none, blindings}, &Study::blinding},
    {{"status", Type::choice, yes, "", Target::none, study_statuses}, &Study::status},
    {{"country", Type::text, no, ""}, &Study::country},
    {{"population", Type::text, no, ""}, &Study::population},
    {{"comparator", Type::text, no, ""}, &Study::comparator},
    {{"duration", Type::text, no, ""}, &Study::duration},
    {{"registration", Type::text, no, "registry number, or why none"}, &Study::registration},
    {{"n_randomised", Type::number, no, "people"}, &Study::n_randomised},
    {{"n_analysed", Type::number, no, "people"}, &Study::n_analysed},
    {{"funding_class", Type::choice, yes, "", Target::none, fundings}, &Study::funding_class},
    {{"funding", Type::text, no, "who paid, in words"}, &Study::funding},
    {{"conflicts", Type::text, no, ""}, &Study::conflicts},
    {{"same_cohort_as", Type::ref, no,
      "the study whose participants these are; such a study is never pooled beside it", Target::study},
     &Study::same_cohort_as},
    {{"tags", Type::list, no, ""}, &Study::tags},
    {{"source", Type::ref, yes, "where the row's facts come from", Target::report}, &Study::source},
    {{"note", Type::text, no, ""}, &Study::note},
};

constexpr Declared<Arm> arms[] = {
    {{"id", Type::id, yes, "by habit `study.arm`", Target::arm}, &Arm::id},
    {{"study", Type::ref, yes, "", Target::study}, &Arm::study},
    {{"label", Type::text, yes, ""}, &Arm::label},
    {{"role", Type::choice, yes, "", Target::none, roles}, &Arm::role},
    {{"form", Type::text, no, "\"citrate\""}, &Arm::form},
    {{"route", Type::text, no, "\"oral\""}, &Arm::route},
    {{"n_randomised", Type::number, no, "people"}, &Arm::n_randomised},
    {{"n_analysed", Type::number, no, "people"}, &Arm::n_analysed},
    {{"dose", Type::number, no, "as printed"}, &Arm::dose},
    {{"dose_unit", Type::text, "with dose", "\"mg/day\""}, &Arm::dose_unit},
    {{"dose_basis", Type::choice, "with dose", "what the dose refers to", Target::none, dose_bases},
     &Arm::dose_basis},
    {{"elemental_mg", Type::number, no, "elemental dose in mg per the time unit of dose_unit"},
     &Arm::elemental_mg},
    {{"elemental_formula", Type::text, no,
      "how it follows; needed with elemental_mg unless dose_basis is elemental"},
     &Arm::elemental_formula},
    {{"status", Type::choice, "with dose", "of the dose", Target::none, statuses}, &Arm::status},
    {{"source", Type::ref, yes, "", Target::report}, &Arm::source},
    {{"where", Type::text, no, "place in the source"}, &Arm::where},
    {{"note", Type::text, no, ""}, &Arm::note},
};

constexpr Declared<ResultRow> results[] = {
    {{"id", Type::id, yes, "", Target::result}, &ResultRow::id},
    {{"study", Type::ref, yes, "", Target::study}, &ResultRow::study},
    {{"outcome", Type::ref, yes, "", Target::outcome}, &ResultRow::outcome},
    {{"timepoint", Type::text, no, "as printed: \"4 wk\""}, &ResultRow::timepoint},
    {{"weeks", Type::number, no, "the same as a number"}, &ResultRow::weeks},
    {{"basis", Type::choice, yes, "", Target::none, bases}, &ResultRow::basis},
    {{"arm", Type::ref, yes, "who ...", Target::arm}, &ResultRow::arm},
    {{"versus", Type::ref, no, "... minus (or over) whom; empty for the data of one arm", Target::arm},
     &ResultRow::versus},
    {{"shape", Type::choice, yes, "which numbers the row has", Target::none, shapes}, &ResultRow::shape},
    {{"n", Type::number, no, "people behind this row"}, &ResultRow::n},
    {{"n_kind", Type::choice, no, "", Target::none, n_kinds}, &ResultRow::n_kind},
    {{"events", Type::number, no, "shapes events and rate"}, &ResultRow::events},
    {{"percent", Type::number, no, "the percentage printed beside the events"}, &ResultRow::percent},
    {{"mean", Type::number, no, "shape moments"}, &ResultRow::mean},
    {{"sd", Type::number, no, "shape moments; of a paired contrast: of the differences within people"},
     &ResultRow::sd},
    {{"person_time", Type::number, no, "shape rate"}, &ResultRow::person_time},
    {{"measure", Type::choice, no, "shape contrast", Target::none, contrast_measures}, &ResultRow::measure},
    {{"estimate", Type::number, no, "shape contrast; ratios on the natural scale"}, &ResultRow::estimate},
    {{"se", Type::number, no, "of a contrast (ratios: on the log scale) or of the mean of a group"},
     &ResultRow::se},
    {{"ci_low", Type::number, no, "of a contrast or of the mean of a group"}, &ResultRow::ci_low},
    {{"ci_high", Type::number, no, "likewise"}, &ResultRow::ci_high},
    {{"ci_level", Type::number, no, "0.95 unless said"}, &ResultRow::ci_level},
    {{"ci_quantile", Type::choice, no,
      "shape moments: what the interval was made with; empty: t with n - 1 df", Target::none, quantiles},
     &ResultRow::ci_quantile},
    {{"t", Type::number, no,
      "test statistic, when that is what is printed; shape moments: of the group's mean against 0"},
     &ResultRow::t},
    {{"df", Type::number, no, "its degrees of freedom"}, &ResultRow::df},
    {{"f", Type::number, no, "shape contrast: F with 1 and df degrees of freedom"}, &ResultRow::f},
    {{"median", Type::number, no, "shapes statement and moments; of moments the mean is derived from it"},
     &ResultRow::median},
    {{"spread_low", Type::number, no, "shapes statement and moments"}, &ResultRow::spread_low},
    {{"spread_high", Type::number, no, "shapes statement and moments"}, &ResultRow::spread_high},
    {{"spread_kind", Type::choice, no, "what spread_low and spread_high are", Target::none, spreads},
     &ResultRow::spread_kind},
    {{"minimum", Type::number, no, "shape moments: beside an iqr"}, &ResultRow::minimum},
    {{"maximum", Type::number, no, "shape moments: beside an iqr"}, &ResultRow::maximum},
    {{"p", Type::p_value, no, "`0.59`, `<0.05`, `>0.05`"}, &ResultRow::p},
    {{"p_kind", Type::choice, no, "what p tests: two groups (if empty), or a group's own change",
      Target::none, p_kinds},
     &ResultRow::p_kind},
    {{"correlation", Type::number, no,
      "basis change: of baseline and final values; crossover: of one person's values under the two "
      "treatments"},
     &ResultRow::correlation},
    {{"icc", Type::number, no,
      "intracluster correlation, for numbers of a cluster trial that ignore the clusters"},
     &ResultRow::icc},
    {{"cluster_size", Type::number, no, "mean number of people per cluster"}, &ResultRow::cluster_size},
    {{"icc_from", Type::text, "with icc", "where the ICC comes from"}, &ResultRow::icc_from},
    {{"unit", Type::text, no, "empty: the outcome's; `unknown` blocks pooling"}, &ResultRow::unit},
    {{"period", Type::text, no,
      "counts; empty: the outcome's; \"4 weeks\" is rescaled; `unknown` blocks pooling"},
     &ResultRow::period},
    {{"status", Type::choice, yes, "where the number comes from", Target::none, statuses},
     &ResultRow::status},
    {{"n_status", Type::choice, no, "the same for n where it differs", Target::none, statuses},
     &ResultRow::n_status},
    {{"formula", Type::text, no, "how the number was made; needed with derived and assumed"},
     &ResultRow::formula},
    {{"source", Type::ref, yes, "", Target::report}, &ResultRow::source},
    {{"where", Type::text, no, "place in the source"}, &ResultRow::where},
    {{"tags", Type::list, no, ""}, &ResultRow::tags},
    {{"not_pooled", Type::text, no, "why this row must stay out of pools"}, &ResultRow::not_pooled},
    {{"note", Type::text, no, ""}, &ResultRow::note},
};

constexpr Declared<RobRow> rob[] = {
    {{"study", Type::ref, yes, "", Target::study}, &RobRow::study},
    {{"outcome", Type::ref, no, "", Target::outcome}, &RobRow::outcome},
    {{"tool", Type::text, yes, "\"RoB 1\", \"RoB 2\""}, &RobRow::tool},
    {{"domain", Type::text, yes, ""}, &RobRow::domain},
    {{"judgement", Type::text, yes, ""}, &RobRow::judgement},
    {{"basis", Type::text, no, "why, in own words"}, &RobRow::basis},
    {{"status", Type::choice, yes,
      "preliminary rows are a reader's first impression and never count as ratings", Target::none,
      rob_statuses},
     &RobRow::status},
    {{"assessor", Type::text, no, ""}, &RobRow::assessor},
    {{"source", Type::ref, yes, "", Target::report}, &RobRow::source},
};

constexpr Declared<RobAnswerRow> rob_answers[] = {
    {{"study", Type::ref, no, "of a trial or its result: its id (this or `report`)", Target::study},
     &RobAnswerRow::study},
    {{"report", Type::ref, no, "of a review that is rated: its id", Target::report}, &RobAnswerRow::report},
    {{"outcome", Type::ref, no, "tools that judge a result: which outcome", Target::outcome},
     &RobAnswerRow::outcome},
    {{"result", Type::ref, no, "... or which row of results.csv", Target::result}, &RobAnswerRow::result},
    {{"tool", Type::text, yes, "rob2, rob2-cluster, rob2-crossover, robins-i-v2, amstar2, inspect-sr"},
     &RobAnswerRow::tool},
    {{"aim", Type::choice, no, "the effect of interest; empty: assignment", Target::none, aims},
     &RobAnswerRow::aim},
    {{"question", Type::text, yes, "number of the question: \"2.3\""}, &RobAnswerRow::question},
    {{"answer", Type::text, no, "a code of the question; empty: not yet answered"}, &RobAnswerRow::answer},
    {{"note", Type::text, no, "why, in own words"}, &RobAnswerRow::note},
    {{"source", Type::ref, "with answer", "", Target::report}, &RobAnswerRow::source},
    {{"where", Type::text, no, "place in the source"}, &RobAnswerRow::where},
    {{"assessor", Type::text, no, "who; `consensus` settles what others answered differently"},
     &RobAnswerRow::assessor},
};

constexpr Declared<RobDecisionRow> rob_decisions[] = {
    {{"study", Type::ref, no, "as in rob_answers.csv", Target::study}, &RobDecisionRow::study},
    {{"report", Type::ref, no, "", Target::report}, &RobDecisionRow::report},
    {{"outcome", Type::ref, no, "", Target::outcome}, &RobDecisionRow::outcome},
    {{"result", Type::ref, no, "", Target::result}, &RobDecisionRow::result},
    {{"tool", Type::text, yes, ""}, &RobDecisionRow::tool},
    {{"aim", Type::choice, no, "", Target::none, aims}, &RobDecisionRow::aim},
    {{"domain", Type::text, yes, "\"D2\", or \"overall\""}, &RobDecisionRow::domain},
    {{"judgement", Type::text, no, "a judgement of the tool; empty: the algorithm's stands"},
     &RobDecisionRow::judgement},
    {{"direction", Type::choice, no, "where the bias is thought to lead", Target::none, directions},
     &RobDecisionRow::direction},
    {{"reason", Type::text, "with judgement", "why a person judges so"}, &RobDecisionRow::reason},
    {{"by", Type::text, no, "who decided"}, &RobDecisionRow::by},
};

constexpr Declared<Published> published[] = {
    {{"id", Type::id, yes, "", Target::published}, &Published::id},
    {{"question", Type::ref, yes, "", Target::question}, &Published::question},
    {{"outcome", Type::ref, no, "empty when the review's outcome is not one of ours", Target::outcome},
     &Published::outcome},
    {{"compare_with", Type::ref, no, "the analysis it stands beside", Target::analysis},
     &Published::compare_with},
    {{"label", Type::text, yes, "\"Cochrane Garrison 2020\""}, &Published::label},
    {{"year", Type::text, no, ""}, &Published::year},
    {{"outcome_text", Type::text, yes, "the outcome in the review's terms"}, &Published::outcome_text},
    {{"measure", Type::text, yes, "as printed"}, &Published::measure},
    {{"direction", Type::text, yes, "who minus whom, in words"}, &Published::direction},
    {{"estimate", Type::number, no, ""}, &Published::estimate},
    {{"ci_low", Type::number, no, ""}, &Published::ci_low},
    {{"ci_high", Type::number, no, ""}, &Published::ci_high},
    {{"ci_level", Type::number, no, "0.95 unless said"}, &Published::ci_level},
    {{"p", Type::p_value, no, ""}, &Published::p},
    {{"k", Type::text, no, "trials, as printed"}, &Published::k},
    {{"n", Type::text, no, "people, as printed"}, &Published::n},
    {{"i2", Type::number, no, "percent"}, &Published::i2},
    {{"certainty", Type::choice, no, "the review's own rating", Target::none, certainties},
     &Published::certainty},
    {{"model", Type::text, no, ""}, &Published::model},
    {{"reproduced", Type::text, no, "whether its rows give its number again"}, &Published::reproduced},
    {{"status", Type::choice, yes, "", Target::none, statuses}, &Published::status},
    {{"source", Type::ref, yes, "", Target::report}, &Published::source},
    {{"where", Type::text, no, "place in the source"}, &Published::where},
    {{"note", Type::text, no, ""}, &Published::note},
};

constexpr Declared<Conclusion> conclusions[] = {
    {{"id", Type::id, yes, "", Target::conclusion}, &Conclusion::id},
    {{"study", Type::ref, no, "of a trial: its id (this or `report`)", Target::study}, &Conclusion::study},
    {{"report", Type::ref, no, "of a review, guideline or agency: its id", Target::report},
     &Conclusion::report},
    {{"question", Type::ref, yes, "", Target::question}, &Conclusion::question},
    {{"code", Type::choice, yes, "", Target::none, codes}, &Conclusion::code},
    {{"key_number", Type::text, no, "the number it rests on"}, &Conclusion::key_number},
    {{"words", Type::text, yes, "in own words"}, &Conclusion::words},
    {{"reading", Type::text, no, "our reading"}, &Conclusion::reading},
    {{"certainty", Type::text, no, ""}, &Conclusion::certainty},
};

constexpr Declared<FlowCount> flow_rows[] = {
    {{"box", Type::choice, yes, "as in the CSV of the R package PRISMA2020", Target::none, flow_names},
     &FlowCount::box},
    {{"label", Type::text, no, "which database, register or reason; empty: the whole box"},
     &FlowCount::label},
    {{"n", Type::number, yes, "records, reports or studies"}, &FlowCount::n},
    {{"source", Type::ref, no, "where the number is printed", Target::report}, &FlowCount::source},
    {{"where", Type::text, no, "place in the source"}, &FlowCount::where},
    {{"note", Type::text, no, ""}, &FlowCount::note},
};

constexpr Declared<FlowAcceptance> accepted_rows[] = {
    {{"check", Type::choice, yes, "the invariant that does not hold", Target::none, flow_checks},
     &FlowAcceptance::check},
    {{"left", Type::number, yes, "its two numbers, as `assay flow` prints them: other numbers need a new look"},
     &FlowAcceptance::left},
    {{"right", Type::number, yes, ""}, &FlowAcceptance::right},
    {{"who", Type::text, yes, ""}, &FlowAcceptance::who},
    {{"when", Type::text, yes, "2026-11-21"}, &FlowAcceptance::when},
    {{"why", Type::text, yes, "shown below the diagram"}, &FlowAcceptance::why},
};

constexpr Declared<ChecklistLink> checklist_rows[] = {
    {{"checklist", Type::choice, yes, "", Target::none, checklists}, &ChecklistLink::checklist},
    {{"item", Type::text, yes, "its number: \"13d\""}, &ChecklistLink::item},
    {{"where", Type::text, no,
      "`#anchor` of the report, a file of the folder (`protocol.md`), or an address (https://...)"},
     &ChecklistLink::where},
    {{"note", Type::text, no, "what stands there, or why it is not reported"}, &ChecklistLink::note},
};

template<class Row, std::size_t N>
constexpr std::array<Column, N> columns_of(const Declared<Row> (&rows)[N]) {
    std::array<Column, N> columns = {};
    for (std::size_t i = 0; i < N; ++i)
        columns[i] = rows[i].column;
    return columns;
}

template<class Row, std::size_t N>
constexpr std::array<Field<Row>, N> fields_of(const Declared<Row> (&rows)[N]) {
    std::array<Field<Row>, N> list = {};
    for (std::size_t i = 0; i < N; ++i)
        list[i] = rows[i].field;
    return list;
}

constexpr auto report_columns = columns_of(reports);
constexpr auto study_columns = columns_of(studies);
constexpr auto arm_columns = columns_of(arms);
constexpr auto result_columns = columns_of(results);
constexpr auto rob_columns = columns_of(rob);
constexpr auto rob_answer_columns = columns_of(rob_answers);
constexpr auto rob_decision_columns = columns_of(rob_decisions);
constexpr auto published_columns = columns_of(published);
constexpr auto conclusion_columns = columns_of(conclusions);

constexpr auto flow_columns = columns_of(flow_rows);
constexpr auto accepted_columns = columns_of(accepted_rows);
constexpr auto checklist_columns = columns_of(checklist_rows);

constexpr auto report_fields = fields_of(reports);
constexpr auto study_fields = fields_of(studies);
constexpr auto arm_fields = fields_of(arms);
constexpr auto result_fields = fields_of(results);
constexpr auto rob_fields = fields_of(rob);
constexpr auto rob_answer_fields = fields_of(rob_answers);
constexpr auto rob_decision_fields = fields_of(rob_decisions);
constexpr auto published_fields = fields_of(published);
constexpr auto conclusion_fields = fields_of(conclusions);

constexpr auto flow_fields = fields_of(flow_rows);
constexpr auto accepted_fields = fields_of(accepted_rows);
constexpr auto checklist_fields = fields_of(checklist_rows);

constexpr Table all[] = {
    {TableId::reports, "reports.csv", "a publication, registry entry or page that was read", true,
     report_columns},
    {TableId::studies, "studies.csv", "a trial (several reports may tell of one)", true, study_columns},
    {TableId::arms, "arms.csv", "a group of a trial, with form and dose", true, arm_columns},
    {TableId::results, "results.csv", "one number-bearing statement of a report", true, result_columns},
    {TableId::rob, "rob.csv", "a risk-of-bias judgement", false, rob_columns},
    {TableId::rob_answers, "rob_answers.csv", "an answer to a signalling question of an appraisal tool",
     false, rob_answer_columns},
    {TableId::rob_decisions, "rob_decisions.csv", "a person's judgement beside the algorithm's", false,
     rob_decision_columns},
    {TableId::published, "published.csv", "a pooled result printed by others", false, published_columns},
    {TableId::conclusions, "conclusions.csv", "what a trial or review concluded, coded", false,
     conclusion_columns},
    {TableId::flow, "flow.csv", "a count of the flow of records, where the review was not screened with assay",
     false, flow_columns},
    {TableId::flow_accepted, "flow_accepted.csv", "a difference in the flow that somebody accepts, and why",
     false, accepted_columns},
    {TableId::checklist, "prisma.csv", "where an item of a checklist is reported", false, checklist_columns},
};

} // namespace

template<> std::span<const Field<Report>> fields<Report>() {
    return report_fields;
}
template<> std::span<const Field<Study>> fields<Study>() {
    return study_fields;
}
template<> std::span<const Field<Arm>> fields<Arm>() {
    return arm_fields;
}
template<> std::span<const Field<ResultRow>> fields<ResultRow>() {
    return result_fields;
}
template<> std::span<const Field<RobRow>> fields<RobRow>() {
    return rob_fields;
}
template<> std::span<const Field<RobAnswerRow>> fields<RobAnswerRow>() {
    return rob_answer_fields;
}
template<> std::span<const Field<RobDecisionRow>> fields<RobDecisionRow>() {
    return rob_decision_fields;
}
template<> std::span<const Field<Published>> fields<Published>() {
    return published_fields;
}
template<> std::span<const Field<Conclusion>> fields<Conclusion>() {
    return conclusion_fields;
}

template<> std::span<const Field<FlowCount>> fields<FlowCount>() {
    return flow_fields;
}
template<> std::span<const Field<FlowAcceptance>> fields<FlowAcceptance>() {
    return accepted_fields;
}
template<> std::span<const Field<ChecklistLink>> fields<ChecklistLink>() {
    return checklist_fields;
}

std::span<const Table> tables() {
    return all;
}

const Table& table(TableId id) {
    const auto found =
        std::find_if(std::begin(all), std::end(all), [&](const Table& t) { return t.id == id; });
    ASSAY_EXPECT(found != std::end(all));
    return *found;
}

const Column* find_column(const Table& table, std::string_view name) {
    const auto found = std::find_if(table.columns.begin(), table.columns.end(),
                                    [&](const Column& column) { return column.name == name; });
    return found == table.columns.end() ? nullptr : &*found;
}

std::span<const std::string_view> status_choices() {
    return statuses;
}
std::span<const std::string_view> funding_choices() {
    return fundings;
}
std::span<const std::string_view> design_choices() {
    return designs;
}
std::span<const std::string_view> basis_choices() {
    return bases;
}
std::span<const std::string_view> role_choices() {
    return roles;
}

std::string_view to_string(Target target) {
    switch (target) {
    case Target::none:
        break;
    case Target::term:
        return "term";
    case Target::question:
        return "question";
    case Target::outcome:
        return "outcome";
    case Target::analysis:
        return "analysis";
    case Target::report:
        return "report";
    case Target::study:
        return "study";
    case Target::arm:
        return "arm";
    case Target::result:
        return "result";
    case Target::published:
        return "published result";
    case Target::conclusion:
        return "conclusion";
    }
    return "";
}

std::string_view to_string(Type type) {
    switch (type) {
    case Type::id:
        return "id";
    case Type::ref:
        return "id of a row";
    case Type::refs:
        return "ids, `;`";
    case Type::text:
        return "text";
    case Type::list:
        return "words, `;`";
    case Type::number:
        return "number";
    case Type::probability:
        return "0 to 1";
    case Type::year:
        return "year";
    case Type::choice:
        return "one of";
    case Type::p_value:
        return "p value";
    case Type::doi:
        return "DOI";
    case Type::pmid:
        return "PubMed id";
    case Type::url:
        break;
    }
    return "web address";
}

std::string listed(std::span<const std::string_view> choices) {
    std::string text;
    for (std::size_t i = 0; i < choices.size(); ++i) {
        if (i > 0) text += i + 1 == choices.size() ? " or " : ", ";
        text += choices[i];
    }
    return text;
}

} // namespace assay::bundle
