// Which records the protocol's own words find: the first page before anybody has decided on anything.
#pragma once

#include "screen/features.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace assay::screen {

/// BM25 (Robertson, Walker, Jones, Hancock-Beaulieu and Gatford, TREC-3, 1995; k1 = 1.2, b = 0.75, the rarity
/// of Lucene, which is never negative) of stemmed words; each word of the question counts once.
std::vector<double> bm25(std::span<const Text> records, std::string_view question);

/// Rows from the highest value to the lowest, ties to the lower row.
std::vector<std::size_t> by_value(std::span<const double> values);

} // namespace assay::screen
