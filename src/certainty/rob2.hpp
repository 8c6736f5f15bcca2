// Appraisal tools as data (data/methods/rob): RoB 2 and its variants and ROBINS-I V2, whose judgements follow from
// signalling answers by published tables; AMSTAR 2 and INSPECT-SR, which go about it in another way. This file reads
// the tables and applies the decision lists. Only question numbers and short labels of our own are shipped; the
// tools' sentences are under CC BY-NC-ND and stand at the link of each tool.
#pragma once

#include "model/appraisal.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

struct RobCondition {
    int question = 0;          ///< index into the domain's questions; -1: the worst judgement so far
    std::uint32_t answers = 0; ///< bits of the codes (or judgements) that satisfy it
};

struct RobQuestion {
    std::string id;                   ///< "2.3"
    std::string label;                ///< ours
    std::vector<std::string> answers; ///< codes that may be given: Y PY PN N NI NA, WY SY WN SN, U, P NM
    std::string status;               ///< "unverified" or empty
    /// The question is asked when all conditions of one of these hold; empty: always.
    std::vector<std::vector<RobCondition>> applies;
    bool na_free = false; ///< NA may be given although the question is asked
};

/// One line of a decision list: the first whose conditions all hold gives the judgement.
struct RobRule {
    std::vector<RobCondition> conditions;
    std::string when; ///< as in the table: "1.2=NI 1.3=y"
    int judgement = 0;
};

struct RobPart {
    std::string
        name; ///< empty, or of a part: "deviations", "analysis"; "final" changes the result of the others
    std::vector<RobRule> rules;
};

struct RobDomain {
    std::string id;    ///< "D2-assign"
    std::string label; ///< ours
    std::vector<RobQuestion> questions;
    std::vector<RobPart> parts; ///< empty: the tool has no algorithm for the domain

    /// As people write it: "D2".
    std::string_view name() const;
    /// The effect of interest it is for: "assignment", "adhering", or empty for both.
    std::string_view aim() const;
};

struct RobTool {
    std::string id, version, title, status, link;
    std::string subject; ///< what is judged: result | trial | review
    std::string method;  ///< table (of rules) | flaws (AMSTAR 2: counted) | person (no algorithm for domains)
    std::vector<std::string> judgements; ///< from best to worst
    std::vector<std::string> letters;    ///< of the judgements, for narrow tables
    std::vector<model::RiskLevel> levels; ///< of the judgements; empty: the tool does not rate risk of bias
    std::vector<RobDomain> domains;

    const RobDomain* find(std::string_view domain) const;
    /// It distinguishes the effect of assignment from that of adhering.
    bool has_aims() const;
    /// Index into `judgements`, or -1.
    int judgement(std::string_view name) const;
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

/// Whether a question is asked, given the answers to earlier ones.
enum class Applies { no, yes, open };

/// Walks the questions in order. Where one does not apply its bits become those of NA, so that a later question
/// that hangs on it does not apply either. `open`: an unanswered question stands in the way.
std::vector<Applies> route(const RobDomain& domain, std::span<std::uint32_t> bits);

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

} // namespace assay::certainty
