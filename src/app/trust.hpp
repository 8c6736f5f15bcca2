// Runs the integrity checks over a review folder: `assay trust`.
#pragma once

#include "base/diagnostics.hpp"
#include "model/review.hpp"
#include "trust/checks.hpp"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace assay::app {

struct TrustRequest {
    std::filesystem::path folder;
    std::optional<std::filesystem::path> retractions; ///< a Retraction Watch table
    trust::Settings settings;
};

struct Trusted {
    model::Review review;
    Diagnostics diagnostics; ///< of reading and checking the folder; the checks run on what could be read
    trust::Assessment assessment;
    trust::Settings settings;
    std::size_t notices = 0; ///< rows of the retraction table
    std::size_t unmarked = 0,
                unmarked_flagged = 0; ///< examined rows without a tag "flag...", and those flagged
};

Trusted run_trust(const TrustRequest& request);

/// The studies with a number that does not fit, each once, in the order of the findings.
std::vector<model::StudyId> flagged_studies(const Trusted& trusted);

struct TrustView {
    bool notes = false; ///< show findings that are possible, too
    std::string check;  ///< only this check; empty: all
    int width = 100;
};

/// Findings, the table of checks, the shares, for a terminal.
std::string trust_text(const Trusted& trusted, const TrustView& view);

/// The same as data: schema "assay/trust/1" (docs/formats/trust.md).
std::string trust_json(const Trusted& trusted);

/// The table of checks alone.
std::string trust_checks_text();

} // namespace assay::app
