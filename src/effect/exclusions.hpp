// Every reason for which a row or study stays out of an analysis: a stable code and what it means.
#pragma once

#include <span>
#include <string_view>

namespace assay::effect {

struct ExclusionCode {
    std::string_view code;
    std::string_view meaning; ///< one line for the docs
};

/// Sorted by code. docs/methods/rows.md lists the same (a test compares).
std::span<const ExclusionCode> exclusion_codes();

} // namespace assay::effect
