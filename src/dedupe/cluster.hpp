// From pairs to groups: merges that are sure, links that are not merges, and what a person should look at.
#pragma once

#include "base/progress.hpp"
#include "dedupe/compare.hpp"

#include <cstdint>
#include <string_view>
#include <vector>

namespace assay::dedupe {

struct Link {
    std::uint32_t first = 0, second = 0; ///< numbers of the records, first < second
    Comparison comparison;
    bool decided = false; ///< a person said so
};

struct Relation {
    Link link;
    std::string_view kind; ///< "version", "abstract-of", ... (rules.hpp)
};

/// What a person has decided about two records; it goes before every rule.
struct Decision {
    std::uint32_t first = 0, second = 0;
    bool same = false;
};

struct Groups {
    std::vector<std::uint32_t> group; ///< of each record: the number of the group's first record
    std::vector<Link> merges;         ///< the merges that made the groups, best first
    std::vector<Link> review;         ///< the grey zone between different groups, best first
    std::vector<Relation> relations;  ///< same content, not the same record
    std::vector<Decision> clashes;    ///< decisions "same" that other decisions forbid
    std::size_t compared = 0;         ///< pairs that were laid side by side
    std::size_t count() const;        ///< number of groups
};

/// Finds the groups. `catalogue` must have had find_series().
Groups group(const Catalogue& catalogue, const Rules& rules, std::span<const Decision> decisions = {},
             const Progress& progress = {});

} // namespace assay::dedupe
