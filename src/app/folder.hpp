// What a user does with a review folder before anything is computed: check it, bring it into canonical form.
#pragma once

#include "base/diagnostics.hpp"
#include "model/review.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace assay::app {

struct Checked {
    model::Review review; ///< as much as could be read; trustworthy only without errors
    Diagnostics diagnostics;
    std::string digest; ///< SHA-256 over the folder's tables and review.toml
};

Checked check(const std::filesystem::path& folder);

struct Formatted {
    std::vector<std::string> changed; ///< names of the files that were (or would be) written
    Diagnostics diagnostics;
};

Formatted format(const std::filesystem::path& folder, bool check_only);

std::string diagnostics_json(const Diagnostics& diagnostics);

/// "19 questions, 110 studies, ...": what the folder holds.
std::string inventory(const model::Review& review);

} // namespace assay::app
