// The answers of several assessors to one domain: where they agree, where they do not, and what the tool's
// table makes of each. Internal to the folder.
#pragma once

#include "certainty/appraise.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

/// The answers that count for one domain, by question.
struct Voices {
    const RobDomain& domain;
    struct Said {
        std::vector<const model::RobAnswerRow*> rows; ///< that may be used, in the order of the table
        std::map<std::string_view, const model::RobAnswerRow*> by; ///< the same by assessor
        const model::RobAnswerRow* agreed = nullptr; ///< what counts where nobody differs; of words that mean
                                                     ///< the same the more careful one
        bool differ = false;                         ///< assessors differ, and no consensus settles it
    };
    std::vector<Said> said; ///< one per question

    explicit Voices(const RobDomain& domain_) : domain(domain_), said(domain_.questions.size()) {}

    /// Those who answered a question on which assessors differ; one empty name where nobody differs.
    std::vector<std::string> assessors() const;
    /// What counts when this assessor is believed where assessors differ; null: unanswered.
    const model::RobAnswerRow* answer(std::size_t question, const std::string& assessor) const;
};

/// Y and PY, N and PN lead to the same in every table.
std::string_view answer_class(std::string_view code);

/// Sorts the rows of one subject into a domain: unknown codes, questions answered twice and answers that
/// differ are told; `states` gets what became of each row.
Voices listen(const RobTool& tool, const RobDomain& domain, std::span<const model::RobAnswerRow* const> rows,
              std::vector<model::RowMessage>& messages,
              std::map<const model::RobAnswerRow*, std::string>& states);

/// One assessor's way through the domain.
struct Walk {
    std::vector<std::uint32_t> bits; ///< after routing: NA where a question does not apply
    std::vector<Applies> asked;
    RobJudgement judgement;
};
Walk walk(const RobTool& tool, const Voices& voices, const std::string& assessor,
          std::vector<model::RowMessage>& messages,
          std::map<const model::RobAnswerRow*, std::string>& states);

} // namespace assay::certainty
