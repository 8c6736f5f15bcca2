// Cronbach's alpha: ai the coefficient, mi the number of items, ni the people.
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

namespace {
struct Alpha {
    double alpha, items, n;
};

Alpha read(const Row& row, Status& status) {
    if (!row[Role::ai] || !row[Role::mi] || !row[Role::ni]) {
        status = Status::missing;
        return {};
    }
    const Alpha a{*row[Role::ai], *row[Role::mi], *row[Role::ni]};
    if (!(a.alpha < 1)) status = Status::undefined;
    else if (!(a.items >= 2) || !(a.n > 2)) status = Status::too_small;
    return a;
}
} // namespace

Computed alpha_raw(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Alpha a = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double rest = 1 - a.alpha;
    return {a.alpha, 2 * a.items * rest * rest / ((a.items - 1) * (a.n - 2))};
}

Computed alpha_cube_root(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Alpha a = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double root = std::cbrt(1 - a.alpha), scale = 9 * a.n - 11;
    return {1 - root, 18 * a.items * (a.n - 1) * root * root / ((a.items - 1) * scale * scale)};
}

Computed alpha_log(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Alpha a = read(row, status);
    if (status != Status::ok) return {.status = status};
    return {-std::log1p(-a.alpha), 2 * a.items / ((a.items - 1) * (a.n - 2))};
}

} // namespace assay::effect
