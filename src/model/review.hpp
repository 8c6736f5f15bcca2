// A review as it stands in its folder: review.toml and the tables beside it, read and checked, nothing computed.
// docs/formats/bundle.md describes the same for users; src/bundle/columns.cpp declares the columns.
#pragma once

#include "base/place.hpp"
#include "model/appraisal.hpp"
#include "model/flow.hpp"
#include "model/grade.hpp"
#include "model/ids.hpp"

#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace assay::model {

// ---- what review.toml declares ------------------------------------------------------------------------------

enum class TermKind { population, intervention, comparator, outcome };

/// A word of the question, with the other words people use for it.
struct Term {
    TermId id;
    TermKind kind = TermKind::population;
    std::string label;
    std::vector<std::string> synonyms;
    Place place;
};

/// One question in PICO form.
struct Question {
    QuestionId id;
    std::string title;  ///< "Does magnesium prevent night cramps?"
    std::string topic;  ///< heading under which questions are grouped in the report
    TermId population, intervention, comparator;
    std::vector<OutcomeId> outcomes; ///< most important first
    std::string background;          ///< one or two sentences for the reader; may be empty
    std::string not_pooled;          ///< why nothing is pooled here; required when no analysis answers the question
    Place place;
};

enum class Better { lower, higher, neither };
enum class OutcomeKind { binary, continuous, count };

/// How far a smallest difference that matters is measured.
enum class DifferenceScale {
    units,  ///< in the outcome's unit (per its period for counts)
    ratio,  ///< a ratio, e.g. 0.75: effects between 0.75 and 1/0.75 do not matter
    risk,   ///< a difference of risks (0.05 = 5 in 100)
    sd      ///< standard deviations
};

struct SmallestDifference {
    double value = 0; ///< > 0
    DifferenceScale scale = DifferenceScale::units;
    std::string source; ///< who says so; "assay default" where nobody does
    Place place;
};

struct UnitFactor {
    std::string unit;  ///< a unit found in results.csv
    double factor = 1; ///< value in the outcome's unit = factor x value in this unit
    Place place;
};

struct Outcome {
    OutcomeId id;
    std::string label;
    std::vector<std::string> synonyms;
    OutcomeKind kind = OutcomeKind::continuous;
    std::string unit;   ///< "mmHg", "cramps"; empty for binary outcomes
    std::string period; ///< for counts: "week", "4 weeks"; empty otherwise
    std::optional<double> scale_low, scale_high; ///< ends of a questionnaire's scale
    double step = 0; ///< smallest step of one person's value (1: whole numbers); 0: not known
    Better better = Better::lower;
    std::optional<SmallestDifference> matters; ///< smallest difference that matters
    std::vector<UnitFactor> units;
    Place place;
};

/// Which rows take part. An empty list means "no restriction".
struct Filter {
    std::vector<ResultId> rows;              ///< exactly these rows of results.csv
    std::vector<StudyId> only_studies;
    std::vector<StudyId> without_studies;
    std::vector<std::string> only_tags;      ///< the row, its study or its source carries one of these
    std::vector<std::string> without_tags;
    std::vector<std::string> statuses;       ///< value_status in this list ("printed", "derived", ...)
    std::vector<std::string> funding;        ///< funding class of the study in this list
    std::vector<std::string> designs;        ///< design of the study in this list
    std::vector<std::string> timepoints;     ///< results.csv `timepoint` in this list
    std::vector<std::string> bases;          ///< results.csv `basis` in this list ("final", "change", ...)
    bool without_derived = false;            ///< no row whose numbers were derived, by its author or by a rule
};

/// A named sensitivity set: the analysis again on fewer rows, or with another choice.
struct SensitivitySet {
    SetId id;
    std::string label; ///< "without ISIS-4"
    Filter filter;
    std::string measure, model, method, test; ///< empty: as in the analysis
    /// In place of a value that no trial of the analysis gives: of a correlation, of an ICC.
    std::optional<double> change_correlation = {}, crossover_correlation = {}, icc = {};
    Place place;
};

struct ZeroCells {
    double add = 0.5;
    std::string to = "only0"; ///< only0 | if0all | all | none, as in metafor's escalc
    std::optional<bool> drop00; ///< leave out studies without (or with only) events in both arms; unset: by measure
};

/// Values that rules of derivation need where the trial itself does not give them. Each is used only where the
/// review sets it; `source` says why this value. The lists are what such values are replaced by in turn.
struct DerivedChoices {
    std::optional<double> change_correlation;    ///< of baseline and final values, -1 .. 1
    std::optional<double> crossover_correlation; ///< of one person's values under the two treatments, -1 .. 1
    std::optional<double> icc;                   ///< of the members of a cluster, 0 .. 1
    std::string change_source, crossover_source, icc_source;
    std::vector<double> correlations = {0.3, 0.5, 0.7, 0.9};
    std::vector<double> iccs = {0.01, 0.05, 0.1};
    std::string skewed = "leave-out"; ///< medians of skewed samples: leave-out | normal | log-normal
    Place place;
};

struct Analysis {
    AnalysisId id;
    QuestionId question;
    OutcomeId outcome;
    std::string label;             ///< may be empty: then made from outcome and measure
    std::string measure;           ///< a name in the table of measures: "OR", "MD"
    std::string model = "random";  ///< "random" | "common"
    std::string method = "REML";   ///< random: tau2 estimator; common: "IV" | "MH" | "Peto"
    std::string test = "knha";     ///< "z" | "t" | "knha" | "adhoc"
    double level = 0.95;
    std::string intervention_role = "intervention"; ///< arms whose role this is ...
    std::string comparator_role = "control";        ///< ... minus arms of this role
    std::string arms = "combine"; ///< several groups of one role: combine | split (the comparator is shared out)
    ZeroCells zero_cells;
    Filter filter;
    std::string subgroup;          ///< a column of studies or arms: "form", "design", "funding_class", "comparator"; empty: none
    bool primary = true;           ///< the one whose estimate is the question's headline, if several
    bool illustration = false;     ///< shown to teach a point; gives no verdict for care
    std::string note;
    std::vector<SensitivitySet> sensitivity;
    Place place;
};

// ---- the tables ---------------------------------------------------------------------------------------------

/// One row of reports.csv: a publication, registry entry or page that was read. Numbers name it as their source.
struct Report {
    ReportId id;
    StudyId study; ///< empty for reviews and secondary pages
    std::string kind, citation, year, doi, pmid, url, access, note;
    std::vector<std::string> tags;
    Place place;
};

/// One row of studies.csv: a trial, not a publication.
struct Study {
    StudyId id;
    std::string label;  ///< "Frusso 1999"
    std::string author;
    std::optional<int> year;
    std::string title;  ///< a descriptor in our words
    std::string design, blinding, status, country, population, comparator, duration, registration;
    std::optional<double> n_randomised, n_analysed;
    std::vector<QuestionId> questions;
    std::string funding_class, funding, conflicts;
    StudyId same_cohort_as;
    std::vector<std::string> tags;
    ReportId source;
    std::string note;
    Place place;
};

/// One row of arms.csv. Doses as printed, with what they refer to, and the elemental dose where it can be known.
struct Arm {
    ArmId id;
    StudyId study;
    std::string label;
    std::string role; ///< intervention | control | active | other
    std::string form, route;
    std::optional<double> n_randomised, n_analysed;
    std::optional<double> dose;     ///< as printed
    std::string dose_unit;          ///< "mg/day", "mg/kg once"
    std::string dose_basis;         ///< salt | elemental | unknown; empty without a dose
    std::optional<double> elemental_mg;
    std::string elemental_formula;  ///< how elemental_mg follows from dose
    std::string status;             ///< of the dose: printed | derived | secondary | assumed
    ReportId source;
    std::string where, note; ///< place in the source; remarks
    Place place;
};

/// The shapes of data are few and closed: a variant. Sizes are counts of people; SDs are > 0.
struct Events {
    std::optional<double> events, n;
};
/// Moments: beside mean, SD and n what a mean or an SD can be derived from.
struct Moments {
    std::optional<double> mean, sd, n;
    std::optional<double> se = {};                   ///< of the mean
    std::optional<double> ci_low = {}, ci_high = {}; ///< of the mean
    double ci_level = 0.95;
    std::string ci_quantile = {};          ///< t | z: what the interval was made with; empty: t
    std::optional<double> t = {}, df = {}; ///< of the test of the mean against 0
    std::optional<double> median = {}, spread_low = {}, spread_high = {};
    std::string spread_kind = {};                    ///< iqr | range
    std::optional<double> minimum = {}, maximum = {}; ///< beside an iqr
};
struct Rate {
    std::optional<double> events, person_time;
};
/// A reported contrast, `arm` minus `versus` (or arm over versus for ratios; ratios on the natural scale).
struct Contrast {
    std::string measure;
    std::optional<double> estimate, se, ci_low, ci_high, t, df, n;
    double ci_level = 0.95;
    std::optional<double> f = {};  ///< F statistic with 1 numerator df: t squared
    std::optional<double> sd = {}; ///< of the differences within people (paired)
};
/// Numbers that cannot be pooled as they are: medians, bare P values, words.
struct Statement {
    std::optional<double> median, spread_low, spread_high, n;
    std::string spread_kind; ///< iqr | ci | range
};
using Data = std::variant<Events, Moments, Rate, Contrast, Statement>;

/// A P value as papers print them.
struct PValue {
    double value = 0;
    char relation = '='; ///< '=' '<' '>'
};

/// One row of results.csv.
struct Result {
    ResultId id;
    StudyId study;
    OutcomeId outcome;
    std::string timepoint;
    std::optional<double> weeks;
    std::string basis; ///< baseline | final | change | paired | adjusted | period | other
    ArmId arm;         ///< who ...
    ArmId versus;      ///< ... minus whom; empty for the data of one arm
    Data data;
    std::string unit;    ///< empty: the outcome's; "unknown" blocks pooling
    std::string period;  ///< likewise for counts
    std::string n_kind;  ///< randomised | analysed | completed | unknown
    std::optional<double> percent; ///< events as a percentage of n, where that is printed
    std::optional<PValue> p;
    std::string p_kind;   ///< between | within (of the group's own change); empty: between
    std::optional<double> correlation;       ///< of baseline and final values, or of the two treatments of one person
    std::optional<double> icc, cluster_size; ///< of numbers that ignore clusters; mean people per cluster
    std::string icc_from;                    ///< where the ICC comes from
    std::string status;   ///< printed | derived | secondary | assumed
    std::string n_status; ///< the same for n, where it differs; else empty
    std::string formula;  ///< how a derived or assumed number was made
    ReportId source;
    std::string where;    ///< place in the source: "Table 2", "abstract"
    std::vector<std::string> tags;
    std::string not_pooled; ///< why the extractor keeps this row out of pools; empty: it may be pooled
    std::string note;
    Place place;
};

struct RobRow {
    StudyId study;
    OutcomeId outcome; ///< may be empty
    std::string tool, domain, judgement, basis;
    std::string status; ///< published | preliminary (a reader's first impression: never used as a rating)
    std::string assessor;
    ReportId source;
    Place place;
};

/// A pooled result printed by others.
struct Published {
    PublishedId id;
    QuestionId question;
    OutcomeId outcome; ///< may be empty when the review's outcome is not one of ours
    AnalysisId compare_with;
    std::string label, year, outcome_text, measure;
    std::string direction; ///< who minus whom, in words: "magnesium minus placebo"
    std::optional<double> estimate, ci_low, ci_high;
    double ci_level = 0.95;
    std::optional<PValue> p;
    std::string k, n; ///< as printed ("11 (IV set)")
    std::optional<double> i2;
    std::string certainty; ///< high | moderate | low | very low; empty: not graded
    std::string model, reproduced, status;
    ReportId source;
    std::string where, note;
    Place place;
};

struct Conclusion {
    std::string id;
    StudyId study;   ///< of a trial ...
    ReportId report; ///< ... or of a review, guideline or agency
    QuestionId question;
    std::string code; ///< benefit | no benefit | inconclusive | harm
    std::string key_number, words, reading;
    std::string certainty;
    Place place;
};

struct Review {
    int format = 1;
    std::string id, title, subtitle, question, status, updated, licence, disclaimer, language = "en";
    std::vector<std::string> authors;
    std::string search_note; ///< how the records were found; what the flow diagram may claim
    std::vector<Term> terms;
    std::vector<Question> questions;
    std::vector<Outcome> outcomes;
    std::vector<SensitivitySet> sets; ///< every analysis is repeated on each of these
    std::vector<Analysis> analyses;
    std::vector<Report> reports;
    std::vector<Study> studies;
    std::vector<Arm> arms;
    std::vector<Result> results;
    std::vector<RobRow> rob;
    std::vector<RobAnswerRow> rob_answers;
    std::vector<RobDecisionRow> rob_decisions;
    std::vector<Published> published;
    std::vector<Conclusion> conclusions;
    DerivedChoices derived;               ///< review.toml, [derived]
    FlowSettings flow_settings;                ///< review.toml, [flow]
    std::vector<FlowCount> flow;               ///< flow.csv
    std::vector<FlowAcceptance> flow_accepted; ///< flow_accepted.csv
    std::vector<ChecklistLink> checklist;      ///< prisma.csv
    GradeCutoffs cutoffs;                 ///< review.toml, [grade]
    std::vector<GradeDecision> ratings;   ///< grade.toml
    std::vector<GradeBaseline> baselines; ///< grade.toml
    std::vector<GradeInstrument> instruments; ///< grade.toml

    const Term* find(const TermId& id) const;
    const Question* find(const QuestionId& id) const;
    const Outcome* find(const OutcomeId& id) const;
    const Analysis* find(const AnalysisId& id) const;
    const Report* find(const ReportId& id) const;
    const Study* find(const StudyId& id) const;
    const Arm* find(const ArmId& id) const;
    const Result* find(const ResultId& id) const;
};

} // namespace assay::model
