// Genotype counts of one group: ai and ci the two homozygotes, bi the heterozygotes.
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

Computed excess_heterozygosity(const Row& row, const Setting&) {
    if (!row[Role::ai] || !row[Role::bi] || !row[Role::ci]) return {.status = Status::missing};
    const double a = *row[Role::ai], b = *row[Role::bi], c = *row[Role::ci], n = a + b + c;
    if (!(a >= 0) || !(b >= 0) || !(c >= 0) || !(n > 0)) return {.status = Status::impossible};
    const double p0 = a / n, p1 = b / n, p2 = c / n;
    const double y = std::log(p1 / (2 * std::sqrt(p0 * p2)));
    const double v = ((1 - p1) / (4 * p0 * p2) + 1 / p1) / n;
    if (!std::isfinite(y) || !std::isfinite(v)) return {y, v, Status::zero_cell};
    return {y, v};
}

} // namespace assay::effect
