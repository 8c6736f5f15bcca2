// An effect that comes with its variance or standard error: nothing to compute, only to check.
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

Computed generic(const Row& row, const Setting&) {
    if (!row[Role::yi] || !(row[Role::vi] || row[Role::sei])) return {.status = Status::missing};
    const double v = row[Role::vi] ? *row[Role::vi] : *row[Role::sei] * *row[Role::sei];
    if (!(v >= 0) || (!row[Role::vi] && *row[Role::sei] < 0)) return {.status = Status::impossible};
    if (v == 0) return {.status = Status::sd_zero};
    if (!std::isfinite(v) || !std::isfinite(*row[Role::yi])) return {.status = Status::undefined};
    return {*row[Role::yi], v};
}

} // namespace assay::effect
