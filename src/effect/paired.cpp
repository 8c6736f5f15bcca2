// Effects of one group measured twice: m1i and m2i are its two means, ri the correlation between the measurements.
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

Computed mean_change(const Row& row, const Setting&) {
    for (Role role : {Role::m1i, Role::m2i, Role::sd1i, Role::sd2i, Role::ni, Role::ri})
        if (!row[role]) return {.status = Status::missing};
    const double sd1 = *row[Role::sd1i], sd2 = *row[Role::sd2i], n = *row[Role::ni], r = *row[Role::ri];
    if (!(sd1 >= 0) || !(sd2 >= 0) || !(n >= 0) || !(std::fabs(r) <= 1)) return {.status = Status::impossible};
    if (n < 1) return {.status = Status::too_small};
    const double v = (sd1 * sd1 + sd2 * sd2 - 2 * r * sd1 * sd2) / n;
    if (!(v > 0)) return {.status = Status::sd_zero};
    return {*row[Role::m1i] - *row[Role::m2i], v};
}

} // namespace assay::effect
