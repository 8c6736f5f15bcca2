// Builds a review: reads and checks the folder, computes, writes index.html, results.json and the forest plots.
#pragma once

#include "app/folder.hpp"
#include "base/progress.hpp"
#include "model/results.hpp"

#include <filesystem>

namespace assay::app {

/// A folder read and computed, and its page; nothing is written.
struct Computed {
    Checked checked;
    model::ReviewResults results; ///< empty when the folder has errors
    std::string html;             ///< likewise
};
Computed compute_review(const std::filesystem::path& folder, const Progress& progress = {});

struct Built {
    Checked checked;
    model::ReviewResults results;     ///< empty when the folder has errors
    std::filesystem::path html, json; ///< empty when the folder has errors
};

/// Writes nothing when the folder has errors. Files are replaced as a whole or not at all.
Built build_report(const std::filesystem::path& folder, const std::filesystem::path& out, const Progress& progress = {});

/// The table of questions and their verdicts for a terminal of that width.
std::string overview(const model::Review& review, const model::ReviewResults& results, int width);

} // namespace assay::app
