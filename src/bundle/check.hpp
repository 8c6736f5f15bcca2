// Whether a review means what it says: references, numbers, units, questions. Every problem is collected;
// none stops another check.
#pragma once

#include "base/diagnostics.hpp"
#include "bundle/read.hpp"
#include "model/review.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace assay::bundle {

/// Names that other stages own. An empty list is not checked.
struct Vocabulary {
    std::span<const std::string_view> measures;       ///< of analyses: "OR", "MD"
    std::span<const std::string_view> random_methods; ///< tau2 estimators: "REML", "DL"
    std::span<const std::string_view> common_methods; ///< "IV", "MH", "Peto"
    std::span<const std::string_view> tests;          ///< "z", "t", "knha", "adhoc"
    /// What the stage that knows the appraisal tools says of rob_answers.csv and rob_decisions.csv; null:
    /// nothing.
    std::vector<model::RowMessage> (*appraisals)(const model::Review&) = nullptr;
};

/// The names of format version 1, without measures.
Vocabulary format_vocabulary();

/// Checks what was read, pointing at cells and keys; what reading already complained about is not repeated.
void check_review(const Loaded& loaded, const Vocabulary& vocabulary, Diagnostics& diagnostics);

/// Checks values that never stood in a folder; messages point at the rows' places.
void check_review(const model::Review& review, const Vocabulary& vocabulary, Diagnostics& diagnostics);

/// One row of the table of checks.
struct Check {
    std::string_view name;
    std::string_view what; ///< one line for the docs
};
std::span<const Check> checks();

/// Read, check and point: everything `assay check` says about a folder, the messages with their lines.
Loaded read_and_check(const std::filesystem::path& path, const Vocabulary& vocabulary,
                      Diagnostics& diagnostics);
Loaded read_and_check(Folder folder, const Vocabulary& vocabulary, Diagnostics& diagnostics);

} // namespace assay::bundle
