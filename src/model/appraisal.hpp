// Risk of bias (and trust in a trial, or in a published review) as it is kept: answers to the questions of a
// tool, what the tool's algorithm makes of them, and what a person decided. The three are never mixed.
#pragma once

#include "base/place.hpp"
#include "model/ids.hpp"

#include <string>
#include <vector>

namespace assay::model {

/// What is judged, and with which tool. A trial's result: `study` with `outcome`, or with one row of
/// results.csv; a trial as a whole: `study` alone; a published review: `report`.
struct AppraisalSubject {
    StudyId study;
    ReportId report;
    OutcomeId outcome; ///< empty: the study as a whole
    ResultId result;   ///< may be empty
    std::string tool;  ///< an id of data/methods/rob/tools.csv: "rob2"
    std::string aim;   ///< assignment | adhering; empty: assignment, where the tool distinguishes them

    bool operator==(const AppraisalSubject&) const = default;
};

/// One row of rob_answers.csv.
struct RobAnswerRow {
    StudyId study;
    ReportId report;
    OutcomeId outcome;
    ResultId result;
    std::string tool, aim;
    std::string question; ///< "2.3"
    std::string answer;   ///< a code of the question: Y PY PN N NI NA, ...; empty: not yet answered
    std::string note;     ///< why, in own words
    ReportId source;
    std::string where;    ///< place in the source
    std::string assessor; ///< who; `consensus` settles what others answered differently
    Place place;
};

/// One row of rob_decisions.csv: a person's judgement of a domain, or of the whole, beside the algorithm's.
struct RobDecisionRow {
    StudyId study;
    ReportId report;
    OutcomeId outcome;
    ResultId result;
    std::string tool, aim;
    std::string domain;    ///< "D2", or "overall"
    std::string judgement; ///< empty: the algorithm's stands, and only the direction is recorded
    std::string direction; ///< where the bias is thought to lead
    std::string reason, by;
    Place place;
};

/// Both kinds of rows carry the same key.
template<class Row> AppraisalSubject subject_of(const Row& row) {
    return {row.study, row.report, row.outcome, row.result, row.tool, row.aim};
}

/// An answer as it stands in the folder, and what became of it.
struct AppraisedAnswer {
    std::string question, label, code, note;
    ReportId source;
    std::string where, assessor;
    std::string state; ///< used | differs | does not apply | not possible | settled (by the consensus)
    Place place;
};

struct AppraisedDomain {
    std::string id, label;
    std::string algorithm; ///< what the tool's table gives; empty: see `open`
    std::string rule;      ///< the lines of the table that decided
    std::string
        follows; ///< overall only: what follows from the domains as people judged them, where that differs
    std::string open;                           ///< why there is no judgement of the algorithm; else empty
    std::vector<std::string> missing;           ///< questions whose answer would be needed
    std::string decided, direction, reason, by; ///< a person's; `decided` empty: none
    Place decision;                             ///< row of rob_decisions.csv
    std::vector<AppraisedAnswer> answers;

    const std::string& judgement() const {
        return !decided.empty() ? decided : !follows.empty() ? follows : algorithm;
    }
};

/// How a judgement counts where all tools must be comparable: sets of studies, certainty of evidence.
enum class RiskLevel { unknown, low, some, high };

struct Appraisal {
    AppraisalSubject subject;
    std::string tool_title, version, status; ///< status: "verified", "single source", ...
    std::vector<std::string> scale;          ///< the tool's judgements from best to worst
    std::vector<AppraisedDomain> domains;    ///< those of the chosen aim
    AppraisedDomain overall;
    bool may_be_raised =
        false; ///< several domains with some concerns: a person should say whether they add up
    RiskLevel level =
        RiskLevel::unknown; ///< of the overall judgement; unknown for tools that rate something else
};

} // namespace assay::model
