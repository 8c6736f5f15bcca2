// How alike two short texts are.
#pragma once

#include <cstddef>
#include <string_view>

namespace assay::text {

/// Levenshtein distance in bytes, bit-parallel (Myers 1999, blocks after Hyyro 2003). Returns `limit` + 1 as
/// soon as the distance is known to exceed `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// 1 - distance / longer length; 1 for two empty texts. Values below `floor` may come back as 0.
double edit_similarity(std::string_view a, std::string_view b, double floor = 0);

} // namespace assay::text
