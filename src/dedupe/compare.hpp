// Lays two records side by side: which evidence there is, what it weighs, what speaks against a merge.
#pragma once

#include "dedupe/features.hpp"
#include "dedupe/rules.hpp"

#include <array>
#include <cstdint>
#include <span>

namespace assay::dedupe {

struct Comparison {
    double score = 0;            ///< sum of the points
    std::uint16_t conflicts = 0; ///< bit n: Conflict n, those that are switched on
    std::uint8_t size = 0;
    std::array<Evidence, 16> found{}; ///< what was seen, in the order of the fields

    std::span<const Evidence> evidence() const { return std::span<const Evidence>(found).first(size); }
    bool has(Evidence evidence) const;
    bool has(Conflict conflict) const { return (conflicts >> static_cast<unsigned>(conflict) & 1U) != 0; }
};

/// What the two records have in common. With `full` false, work stops once the score cannot reach
/// rules.relation_from any more, and `score` is then below it.
Comparison compare(const Catalogue& catalogue, const Features& a, const Features& b, const Rules& rules,
                   bool full = true);

/// How two journal names (folded, without stop words) fit.
Evidence compare_journals(std::string_view a, std::string_view b);

} // namespace assay::dedupe
