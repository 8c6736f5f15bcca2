// Reads a strategy in any of the search languages into the one tree. Nothing a user writes makes it fail:
// what cannot be understood is reported and left out or read as words.
#pragma once

#include "search/clean.hpp"
#include "search/tree.hpp"

namespace assay::search {

inline constexpr int deepest = 200;  ///< brackets within brackets; what stands deeper is left out
inline constexpr int highest = 1000; ///< levels of one tree; what comes after them is left out

Strategy parse(const Cleaned& in, Dialect dialect, Diagnostics& diagnostics);

} // namespace assay::search
