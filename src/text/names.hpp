// Names of people as databases write them: lists cut into names, names into family and given part.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::text {

struct PersonName {
    std::string family;      ///< with particles: "van der Berg"; the whole text for a group
    std::string given;       ///< "John A." or initials "J A"; may be empty
    std::string suffix;      ///< "Jr.", "III"; may be empty
    bool collective = false; ///< a group; `family` holds its name
};

/// Cuts a cell that holds several names: "A, B.; C, D.", "A B and C D", "A B, C D", "A K.B G. F." (names
/// glued after the last initial's point). "et al." and empty parts are dropped.
std::vector<std::string_view> split_names(std::string_view list);

/// "Family, Given, Suffix", "Family JA" (initials last) or "Given van Family".
PersonName parse_name(std::string_view name);

/// True for 1 to 4 capitals with or without points, hyphens and spaces: "J", "J. A.", "JA", "J-P".
bool is_initials(std::string_view text);

/// True for "van", "de la", "von" and other words that stand before a family name.
bool is_particle(std::string_view word);

/// True for "Jr", "Sr.", "III", "2nd".
bool is_suffix(std::string_view word);

} // namespace assay::text
