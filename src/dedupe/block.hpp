// Which pairs of records are worth comparing: those that share a key, so that the work grows with the records
// and not with their square.
#pragma once

#include "dedupe/features.hpp"

#include <cstdint>
#include <utility>
#include <vector>

namespace assay::dedupe {

using Candidate = std::pair<std::uint32_t, std::uint32_t>; ///< first < second

/// Pairs that share at least one key, sorted, each once.
std::vector<Candidate> candidates(const Catalogue& catalogue);

} // namespace assay::dedupe
