// Runs a strategy over an index: each line gives the records it finds.
#pragma once

#include "search/clean.hpp"
#include "search/index.hpp"
#include "search/thesaurus.hpp"
#include "search/tree.hpp"

#include <cstdint>
#include <vector>

namespace assay::search {

/// A set of documents, a bit each.
struct Found {
    std::vector<std::uint64_t> bits;

    std::size_t count() const;
    bool has(std::size_t document) const { return bits[document >> 6] >> (document & 63) & 1U; }
    std::vector<std::size_t> list() const;
};

/// One per line of the strategy; comments and lines that could not be read find nothing. What cannot be
/// searched in records is reported once per line and left out.
std::vector<Found> evaluate(const Cleaned& in, const Strategy& strategy, const Index& index,
                            const Thesaurus& thesaurus, Diagnostics& diagnostics);

/// What each line is worth to one of them.
struct Answers {
    std::vector<Found> lines;
    /// Per line: how many records `target` would no longer find if that line found nothing. For `target`
    /// itself all it finds; for lines it does not build on, 0.
    std::vector<std::size_t> only;
};

Answers evaluate_each_without(const Cleaned& in, const Strategy& strategy, const Index& index,
                              const Thesaurus& thesaurus, Diagnostics& diagnostics, std::size_t target);

} // namespace assay::search
