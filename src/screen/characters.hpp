// Pieces of words: runs of a few characters, which say something where words are joined, bent or misspelt.
#pragma once

#include <functional>
#include <string_view>

namespace assay::screen {

/// Calls `each` with every run of three to five characters of " word " (`word` in lower case), that is with
/// the spaces at its ends, which tell a beginning from a middle. A character of a script without spaces
/// counts for two, as it says as much as a syllable or more: there the runs have one or two of them. Views
/// are valid during the call only.
void for_each_piece(std::string_view word, const std::function<void(std::string_view)>& each);

} // namespace assay::screen
