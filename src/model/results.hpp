// Everything a build computes for a review: what the report shows and results.json prints. One object feeds
// tables, figures and JSON, so that they cannot disagree.
#pragma once

#include "model/appraisal.hpp"
#include "model/effect.hpp"
#include "model/flow.hpp"
#include "model/grade.hpp"
#include "model/ids.hpp"
#include "model/synthesis.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::model {

/// A pooled result under another choice or on fewer rows.
struct Variant {
    std::string id;    ///< "without-isis-4", "common-iv"
    std::string label; ///< "without ISIS-4"
    std::string kind;  ///< leave-one-out | named-set | model | assumed-value | global-set | standard-set
    std::optional<Synthesis> synthesis; ///< absent: nothing left to pool
    std::vector<StudyId> dropped;
    std::string note; ///< why absent, or "the same rows as the main analysis"
    std::string answer; ///< standard sets: same | differs | too few; else empty
};

struct SubgroupResult {
    std::string level;
    Synthesis synthesis;
    std::vector<std::size_t> members; ///< indices into effects
};

struct SubgroupTest {
    std::string column;
    std::vector<SubgroupResult> groups;
    double q = 0; ///< Q between
    int df = 0;
    double p = 1;
};

/// Signed words for a result, in GRADE's wording; never "no effect" or "proven".
struct Verdict {
    std::string code;  ///< stable: benefit | harm | little | uncertain | not-pooled | single | illustration
    std::string headline; ///< a few words for the overview table
    std::string text;  ///< one or two sentences
    std::string certainty;        ///< high | moderate | low | very low; empty: not graded
    std::string certainty_source; ///< "published by others: Cochrane Garrison 2020"
    bool important = false;       ///< the point estimate is beyond the smallest difference that matters
};

/// A pooled result of others put beside ours.
struct Comparison {
    PublishedId published;
    std::string relation; ///< "overlaps", "ours lies inside", ... in words with the numbers compared
};

struct AnalysisResult {
    AnalysisId id;
    std::vector<Effect> effects;
    std::vector<Excluded> excluded;
    std::optional<Synthesis> main;   ///< absent: nothing could be pooled
    std::vector<Variant> variants;
    std::optional<SubgroupTest> subgroups;
    std::vector<Comparison> comparisons;
    Verdict verdict;
    std::optional<GradeRating> grade; ///< absent: nothing pooled, or an illustration
    std::string formula;             ///< of the measure, for the provenance drawer
};

struct ConclusionCount {
    int benefit = 0, no_benefit = 0, inconclusive = 0, harm = 0;
};

struct QuestionResult {
    QuestionId id;
    std::vector<AnalysisId> analyses; ///< headline first
    Verdict verdict;
    ConclusionCount trials, reviews;
    int studies = 0;
    int randomised = 0; ///< of these, randomised trials
    std::optional<double> participants; ///< randomised, where known
    int participants_unknown = 0;       ///< studies without that number
};

struct ReviewResults {
    std::vector<QuestionResult> questions;
    std::vector<AnalysisResult> analyses;
    std::vector<Appraisal> appraisals; ///< risk of bias from answers, in the order of the rows
    std::string input_digest; ///< SHA-256 over the canonical inputs
    Flow flow;                ///< of the records: counted from a store, stated by the folder, or unknown
    std::vector<ChecklistRow> checklist; ///< every item of every checklist, beside its link

    const AnalysisResult* find(const AnalysisId& id) const;
    const QuestionResult* find(const QuestionId& id) const;
};

} // namespace assay::model
