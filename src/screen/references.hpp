// Records as the list of works they cite: two records that cite the same works are about the same thing
// (bibliographic coupling, Kessler 1963); a record that is cited by another counts as its own reference.
#pragma once

#include "screen/matrix.hpp"

#include <span>
#include <string_view>

namespace assay::screen {

struct Citation {
    std::string_view record; ///< id of the citing record
    std::string_view work;   ///< id of the cited work, in the same numbering where it is a record too
};

struct ReferenceFeatures {
    Matrix
        matrix; ///< works weighted by rarity, rows of length one; a record without references is an empty row
    double links_per_record = 0; ///< references that another record shares, or that are records, per record
    std::size_t known = 0;       ///< citations whose record is in the list
};

/// `ids`: one per record, in row order.
ReferenceFeatures reference_features(std::span<const std::string_view> ids,
                                     std::span<const Citation> citations);

/// Below this many shared references per record the references say too little to be listened to.
inline constexpr double enough_links = 1;

} // namespace assay::screen
