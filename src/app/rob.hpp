// Risk of bias and trust in trials and reviews from a folder's answers: `assay rob`.
#pragma once

#include "base/diagnostics.hpp"
#include "model/results.hpp"
#include "model/review.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace assay::app {

struct RobRequest {
    std::filesystem::path folder;
    std::string study, tool; ///< ids; empty: all
};

struct RobRead {
    model::Review review;
    Diagnostics diagnostics;
    std::vector<model::Appraisal> appraisals;   ///< those asked for
    std::vector<model::RobRow> without_answers; ///< rows of rob.csv: judged without signalling answers
};

/// Errors: "rob/study", "rob/tool" where the folder has none of that name.
RobRead read_rob(const RobRequest& request);

struct RobView {
    bool details = false; ///< each domain with its rule and answers
    int width = 100;
};
std::string rob_text(const RobRead& read, const RobView& view);
/// Schema assay/rob/1 (docs/formats/rob.md).
std::string rob_json(const RobRead& read);
/// One table as the R package robvis reads it: Study, a column per domain, Overall, Weight. `analysis`:
/// weights of that analysis in percent, and only its trials; empty: all 1. Errors: "rob/several-tools",
/// "rob/nothing", "rob/analysis".
std::string rob_csv(const RobRead& read, const std::string& analysis);
/// The lights and the bars of one tool as a file. Errors as above.
std::string rob_svg(const RobRead& read, bool bars);

struct RobNew {
    std::filesystem::path folder;
    std::string tool, study, report, outcome, result, aim, assessor;
};
/// Rows for rob_answers.csv, blank but for what is known: the questions that can apply given the answers that
/// are there already. `header`: begin with the names of the columns. Errors: "rob/tool", "rob/study",
/// "rob/report", "rob/outcome", "rob/result", "rob/aim", "rob/nothing".
struct RobRows {
    std::string csv;
    std::size_t rows = 0;
    Diagnostics diagnostics;
};
RobRows new_rob_rows(const RobNew& request, bool header);
/// Appends them to the folder's rob_answers.csv, whose columns may stand in any order; makes the file where
/// there is none.
RobRows append_rob_rows(const RobNew& request);

/// The table of tools, domains and questions.
std::string rob_tools_text(const std::string& tool);

} // namespace assay::app
