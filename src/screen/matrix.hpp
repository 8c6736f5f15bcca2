// Records as sparse vectors: the form every feature maker hands to the ranker.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace assay::screen {

/// Row r holds columns column[begin[r]..begin[r+1]) with their values. Columns that occur in one row only may
/// be left out, because they meet no other record; `self` still counts them.
struct Matrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<std::size_t> begin{0};
    std::vector<std::uint32_t> column;
    std::vector<float> value;
    std::vector<float>
        self; ///< squared length of each row, columns left out included: 1, or 0 for an empty row
};

/// Both matrices side by side (same rows): lengths sqrt(1 - share) and sqrt(share), so that similarities mix
/// as (1 - share) a + share b.
Matrix beside(const Matrix& a, const Matrix& b, double share);

} // namespace assay::screen
