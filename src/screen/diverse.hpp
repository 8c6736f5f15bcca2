// A start that covers the topics of a list before anything is known of it.
#pragma once

#include "screen/matrix.hpp"
#include "screen/similarity.hpp"

#include <cstddef>
#include <vector>

namespace assay::screen {

/// All rows: first `most` records, each typical of the list (cosine with the mean of all rows) and unlike
/// those before it (minus the largest cosine with one of them): maximal marginal relevance with equal weights
/// (Carbonell and Goldstein, SIGIR 1998); then the rest as typical as they are. Ties to the lower row. No
/// random numbers, and the order of the rows says nothing.
std::vector<std::size_t> diverse_order(const Matrix& matrix, const Similarity& similarity,
                                       std::size_t most = 200);

} // namespace assay::screen
