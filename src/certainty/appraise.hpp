// From the answers and decisions of a review folder to appraisals: the tool's judgement of each domain with
// the rule that fired, a person's beside it, and what is wrong with the rows.
#pragma once

#include "certainty/rob2.hpp"
#include "model/review.hpp"
#include "model/row_message.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

struct Appraised {
    std::vector<model::Appraisal> appraisals; ///< in the order in which the rows first name their subject
    std::vector<model::RowMessage> messages;
};

/// Every subject (a result, a trial or a review, with a tool and an aim) that rob_answers.csv or
/// rob_decisions.csv names. Rows of unknown tools are told of and left out.
Appraised appraise(const model::Review& review);

/// The messages alone, for the checks of the folder.
std::vector<model::RowMessage> appraisal_messages(const model::Review& review);

/// How risky a study's result is: the worst level among the appraisals that fit best (the rows, else the
/// outcome, else the study as a whole); `says` names them.
struct Risk {
    model::RiskLevel level = model::RiskLevel::unknown;
    std::vector<const model::Appraisal*> from;
};
Risk risk_of(std::span<const model::Appraisal> appraisals, const model::StudyId& study,
             const model::OutcomeId& outcome, std::span<const model::ResultId> rows);

/// "low" | "some" | "high"; empty: unknown.
std::string_view to_string(model::RiskLevel level);

/// The questions that can still apply, given the answers of the folder, and are not answered yet.
struct OpenQuestion {
    const RobDomain* domain = nullptr;
    const RobQuestion* question = nullptr;
};
std::vector<OpenQuestion> open_questions(const RobTool& tool, std::string_view aim,
                                         std::span<const model::RobAnswerRow* const> answers);

/// The domains that count for an aim, in the tool's order.
std::vector<const RobDomain*> domains_for(const RobTool& tool, std::string_view aim);

/// The tool's id, or null.
const RobTool* find_tool(std::span<const RobTool> tools, std::string_view id);

} // namespace assay::certainty
