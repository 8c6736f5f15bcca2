// Answers a question in plain words from a review folder: `assay ask`.
#pragma once

#include "base/diagnostics.hpp"
#include "claims/answer.hpp"
#include "model/review.hpp"

#include <filesystem>
#include <optional>
#include <string>

namespace assay::app {

struct AskRequest {
    std::filesystem::path folder;
    std::string question;
    std::optional<int> want;  ///< in place of a number in the question
    bool independent = false; ///< as if the question had asked for independent funding
    std::string design;       ///< "rct": randomised trials only; empty: any
};

struct Answered {
    model::Review review;
    Diagnostics diagnostics; ///< of reading the folder; with errors there is no answer
    claims::Answer answer;
};

/// Errors: "ask/empty", "ask/too-long", "ask/design", "ask/want".
Answered ask(const AskRequest& request);

/// The answer as the outline of a piece of research.
std::string ask_text(const Answered& asked, int width);

/// Schema "assay/ask/1" (docs/formats/ask.md).
std::string ask_json(const Answered& asked);

} // namespace assay::app
