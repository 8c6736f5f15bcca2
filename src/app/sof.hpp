// Writes the summary of findings of a review to one file: `assay sof`.
#pragma once

#include "base/diagnostics.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace assay::app {

struct SofRequest {
    std::filesystem::path folder;
    std::filesystem::path out; ///< .html, .csv, .docx or .tex; empty: nothing is written
    std::string question;      ///< id; empty: every question that has a pooled outcome
};

struct SofWritten {
    Diagnostics diagnostics; ///< with errors nothing is written
    int tables = 0, rows = 0;
    std::vector<std::string> without_harm; ///< questions whose table holds no outcome of harm
    std::string csv;                       ///< the same rows as text
};

/// Errors: "sof/format", "sof/question", "sof/empty".
SofWritten write_sof(const SofRequest& request);

} // namespace assay::app
