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
    if (!(a.alpha < 1))
        status = Status::undefined;
    else if (!(a.items >= 2) || !(a.n > 2))
        status = Status::too_small;
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

namespace {
struct Intraclass {
    double r, ratings, n;
};

Intraclass read_intraclass(const Row& row, Status& status) {
    if (!row[Role::ri] || !row[Role::mi] || !row[Role::ni]) {
        status = Status::missing;
        return {};
    }
    const Intraclass i{*row[Role::ri], *row[Role::mi], *row[Role::ni]};
    if (!(std::fabs(i.r) <= 1) || !(i.n > 0))
        status = Status::impossible;
    else if (!(i.ratings >= 2))
        status = Status::too_small;
    return i;
}

Computed checked(double y, double v) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, Status::undefined};
    return {y, v};
}
} // namespace

Computed intraclass(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Intraclass i = read_intraclass(row, status);
    if (status != Status::ok) return {.status = status};
    const double m = i.ratings, spread = (1 - i.r) * (1 + (m - 1) * i.r);
    return checked(i.r, 2 * spread * spread / (m * (m - 1) * i.n));
}

Computed z_of_intraclass(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Intraclass i = read_intraclass(row, status);
    if (status != Status::ok) return {.status = status};
    const double m = i.ratings;
    return checked(0.5 * std::log((1 + (m - 1) * i.r) / (1 - i.r)), m / (2 * (m - 1) * i.n));
}

} // namespace assay::effect
