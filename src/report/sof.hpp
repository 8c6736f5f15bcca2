// The summary of findings of a question as values: one row per pooled outcome, absolute effects from a stated
// baseline, one footnote per change of certainty. The report, CSV, Word and LaTeX are all written from these.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <string>
#include <vector>

namespace assay::report {

struct SofRow {
    model::AnalysisId analysis;
    std::string outcome;      ///< "Leg cramps per week"
    std::string detail;       ///< follow-up, scale, what matters
    std::string participants; ///< "136", "at least 61", "not stated"
    int studies = 0;
    std::string relative; ///< "RR 1.61 (0.75 to 3.46)"; a dash for differences of means
    std::string baseline; ///< per 1000, or a dash
    std::string with;     ///< per 1000 with the intervention
    std::string
        difference; ///< "50 fewer (80 fewer to 12 fewer) per 1000", "MD 0.11 (-0.48 to 0.70) cramps per week"
    std::string certainty; ///< high | moderate | low | very low
    std::string
        certainty_by;      ///< "rated in this review: A. B.", "published by others: ...", "proposed by rules"
    std::string notes;     ///< letters of the footnotes: "a, b"
    std::string statement; ///< in the words of GRADE guidelines 26
};

struct SofTable {
    model::QuestionId question;
    std::string title, population, intervention, comparator;
    std::vector<SofRow> rows;
    std::vector<std::string> footnotes; ///< "a. Imprecision, 1 level down: ..."
};

/// Rows shown at most; the order of the question's outcomes decides.
inline constexpr std::size_t most_findings = 7;

/// Absent rows: illustrations, analyses that are not primary, and those that pooled nothing.
SofTable summary_of_findings(const model::Review& review, const model::ReviewResults& results,
                             const model::Question& question);

/// The heads of the columns, in the order of sof_cells.
std::vector<std::string> sof_heads();
/// The cells of a row as text; the certainty carries its letters.
std::vector<std::string> sof_cells(const SofRow& row);

std::string sof_html(const model::Review& review, const std::vector<SofTable>& tables);
std::string sof_csv(const std::vector<SofTable>& tables);
std::string sof_latex(const model::Review& review, const std::vector<SofTable>& tables);
std::string sof_docx(const model::Review& review, const std::vector<SofTable>& tables);

} // namespace assay::report
