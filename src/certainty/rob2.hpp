// Risk-of-bias tools whose judgements follow from signalling answers by published tables: RoB 2 and its
// variants, ROBINS-I V2. The tables are data (data/methods/rob); this file reads and applies them. Only question
// numbers and short labels of our own are shipped; the tools' sentences are under CC BY-NC-ND and stand at
// the link of each tool.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

struct RobQuestion {
    std::string id;                   ///< "2.3"
    std::string label;                ///< ours
    std::vector<std::string> answers; ///< codes that may be given: Y PY PN N NI NA, WY SY WN SN
    std::string status;               ///< "unverified" or empty
};

/// One line of a decision list: the first whose conditions all hold gives the judgement.
struct RobRule {
    struct Condition {
        int question = 0;          ///< index into the domain's questions; -1: the worst judgement so far
        std::uint32_t answers = 0; ///< bits of the codes (or judgements) that satisfy it
    };
    std::vector<Condition> conditions;
    std::string when; ///< as in the table: "1.2=NI 1.3=y"
    int judgement = 0;
};

struct RobPart {
    std::string
        name; ///< empty, or of a part: "deviations", "analysis"; "final" changes the result of the others
    std::vector<RobRule> rules;
};

struct RobDomain {
    std::string id; ///< "D2-assign"
    std::vector<RobQuestion> questions;
    std::vector<RobPart> parts;
};

struct RobTool {
    std::string id, version, title, status, link;
    std::vector<std::string> judgements; ///< from best to worst
    std::vector<RobDomain> domains;

    const RobDomain* find(std::string_view domain) const;
};

/// Every tool of the embedded tables.
std::vector<RobTool> rob_tools();

/// The bit of an answer code; 0 for an unknown code.
std::uint32_t answer_bit(std::string_view code);

struct RobAnswer {
    std::string question, code;
};

struct RobJudgement {
    std::string domain;
    std::string algorithm;            ///< what the table gives; empty while an answer is missing
    std::string rule;                 ///< the lines that decided, "part: conditions"
    std::vector<std::string> missing; ///< questions without an answer that the decision needed
    std::vector<std::string> invalid; ///< "2.3=XY": codes that the question does not have
};

/// `bits`: one per question of the domain, 0 where unanswered. The judgement's index, or -1 where an
/// unanswered question stands in the way.
int judge(const RobDomain& domain, std::span<const std::uint32_t> bits);

/// The same with names, and the trail.
RobJudgement judge(const RobTool& tool, const RobDomain& domain, std::span<const RobAnswer> answers);

/// The overall judgement by the rule "as bad as the worst domain". Several domains with some concerns may be
/// raised to high by a person, never by a rule. Empty unless every domain is judged.
std::string overall(const RobTool& tool, std::span<const std::string> judgements);

/// Several domains with some concerns: a person should decide whether they add up.
bool may_be_raised(const RobTool& tool, std::span<const std::string> judgements);

/// What a person decided beside what the algorithm gave. Both are kept.
struct RobDecision {
    std::string algorithm, override_judgement, reason, by;

    const std::string& final_judgement() const {
        return override_judgement.empty() ? algorithm : override_judgement;
    }
};

} // namespace assay::certainty
