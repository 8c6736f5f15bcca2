// Shapes of registry numbers and DOIs: a digit too few or an invented suffix shows without asking anybody.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::trust {

struct BadIdentifier {
    std::string text;     ///< as it stands
    std::string expected; ///< "ISRCTN and 8 digits"
};

/// Registry numbers in a text that do not have the shape of their registry.
std::vector<BadIdentifier> bad_registry_numbers(std::string_view text);
/// Whether any registry number is in the text.
bool has_registry_number(std::string_view text);

/// Why a DOI cannot be one, or looks made up; empty: nothing to say.
std::string doi_trouble(std::string_view doi);

} // namespace assay::trust
