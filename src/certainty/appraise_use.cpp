// What others ask of appraisals and tools: the risk of one result, the questions that are still open.
#include "certainty/appraise.hpp"
#include "certainty/voices.hpp"

#include <algorithm>

namespace assay::certainty {

using namespace model;

Risk risk_of(std::span<const Appraisal> appraisals, const StudyId& study, const OutcomeId& outcome,
             std::span<const ResultId> rows) {
    Risk best;
    int fit = 0; // of the appraisals in `best`: 1 the study, 2 the outcome, 3 the row
    for (const Appraisal& each : appraisals) {
        const AppraisalSubject& subject = each.subject;
        if (each.level == RiskLevel::unknown || subject.study != study) continue;
        int own = 1;
        if (!subject.result.empty())
            own = std::find(rows.begin(), rows.end(), subject.result) != rows.end() ? 3 : 0;
        else if (!subject.outcome.empty())
            own = subject.outcome == outcome ? 2 : 0;
        if (own == 0 || own < fit) continue;
        if (own > fit) best = {}, fit = own;
        best.level = std::max(best.level, each.level);
        best.from.push_back(&each);
    }
    return best;
}

std::string_view to_string(RiskLevel level) {
    constexpr std::string_view words[] = {"", "low", "some", "high"};
    return words[static_cast<std::size_t>(level)];
}

std::vector<OpenQuestion> open_questions(const RobTool& tool, std::string_view aim,
                                         std::span<const RobAnswerRow* const> answers) {
    std::vector<OpenQuestion> open;
    for (const RobDomain* domain : domains_for(tool, aim)) {
        std::vector<RowMessage> ignored;
        std::map<const RobAnswerRow*, std::string> states;
        const Voices voices = listen(tool, *domain, answers, ignored, states);
        std::vector<bool> wanted(domain->questions.size(), false);
        for (const std::string& assessor : voices.assessors()) {
            const Walk own = walk(tool, voices, assessor, ignored, states);
            for (std::size_t i = 0; i < wanted.size(); ++i)
                wanted[i] = wanted[i] || (own.asked[i] != Applies::no && voices.said[i].rows.empty());
        }
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (wanted[i]) open.push_back({domain, &domain->questions[i]});
    }
    return open;
}

std::vector<const RobDomain*> domains_for(const RobTool& tool, std::string_view aim) {
    std::vector<const RobDomain*> domains;
    for (const RobDomain& domain : tool.domains)
        if (domain.aim().empty() || domain.aim() == aim) domains.push_back(&domain);
    return domains;
}

const RobTool* find_tool(std::span<const RobTool> tools, std::string_view id) {
    for (const RobTool& tool : tools)
        if (tool.id == id) return &tool;
    return nullptr;
}

} // namespace assay::certainty
