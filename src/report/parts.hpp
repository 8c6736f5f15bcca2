// The parts of the page, one file each, in reading order.
#pragma once

#include "report/page.hpp"

namespace assay::report {

void write_overview(Page& page);                                                  // overview.cpp
void write_question(Page& page, const model::Question& question);                 // question.cpp
void write_summary(Page& page, const model::QuestionResult& result);              // summary.cpp
void write_analysis(Page& page, const model::Analysis& analysis,
                    const model::AnalysisResult& result);                         // analysis.cpp
void write_grade(Page& page, const model::Analysis& analysis,
                 const model::AnalysisResult& result);                            // grade.cpp
void write_findings(Page& page, const model::Question& question);                 // findings.cpp
void write_single_trials(Page& page, const model::Question& question);            // single_trials.cpp
void write_published(Page& page, const model::Question& question);                // published.cpp
void write_who(Page& page, const model::Question& question);                      // who.cpp
void write_conclusions(Page& page, const model::Question& question);              // conclusions.cpp
void write_bias(Page& page, const model::Question& question);                     // bias.cpp
bool has_appraisals(const Page& page, const model::Question& question);           // appraisals.cpp
void write_appraisals(Page& page, const model::Question& question);               // appraisals.cpp
void write_judgements(Page& page);                                                // appraisals.cpp
void write_question_sources(Page& page, const model::Question& question);         // sources.cpp
void write_flow(Page& page);                                                      // flow.cpp
void write_methods(Page& page);                                                   // methods.cpp
void write_checklists(Page& page);                                                // checklists.cpp
void write_provenance(Page& page);                                                // provenance.cpp
void write_rows(Page& page);                                                      // rows.cpp
void write_sources(Page& page);                                                   // sources.cpp

/// "high" as four filled circles and the word; marked as published by others. Empty certainty: "not graded".
void write_certainty(Page& page, const model::Verdict& verdict);                  // certainty.cpp

} // namespace assay::report
