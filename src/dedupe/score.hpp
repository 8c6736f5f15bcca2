// How good a grouping is against the truth, counted in the three ways that papers mix up.
#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace assay::dedupe {

struct Score {
    std::size_t records = 0, true_groups = 0, found_groups = 0;
    /// Removal counting (ASySD, BibDedupe): the first record of each found group is kept, the others removed.
    std::size_t removed_rightly = 0; ///< copies removed
    std::size_t lost = 0;            ///< true groups of which nothing is kept: studies lost
    std::size_t left = 0;            ///< copies that are still there
    double removal_precision = 1, removal_recall = 1;
    double pair_precision = 1, pair_recall = 1;     ///< over pairs of records in one group
    double member_precision = 1, member_recall = 1; ///< over records that have a twin (SRA-DM counting)
};

/// `truth` and `found` name the group of each record, in the same order.
Score score(std::span<const std::string> truth, std::span<const std::string> found);

} // namespace assay::dedupe
