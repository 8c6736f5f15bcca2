// Two groups with events in person-time.
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

namespace {
struct Rates {
    double x1, t1, x2, t2;
};

Rates read(const Row& row, const Setting& setting, Status& status) {
    for (Role role : {Role::x1i, Role::t1i, Role::x2i, Role::t2i})
        if (!row[role]) {
            status = Status::missing;
            return {};
        }
    const Rates r{*row[Role::x1i], *row[Role::t1i], *row[Role::x2i], *row[Role::t2i]};
    if (!(r.x1 >= 0) || !(r.x2 >= 0) || !(r.t1 > 0) || !(r.t2 > 0)) status = Status::impossible;
    return {r.x1 + setting.add, r.t1, r.x2 + setting.add, r.t2};
}

Computed checked(double y, double v, double added) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, Status::zero_cell};
    return {y, v, Status::ok, added};
}
} // namespace

Zeros zeros_rates(const Row& row) {
    Status status = Status::ok;
    const Rates r = read(row, {}, status);
    if (status != Status::ok) return {};
    return {true, r.x1 == 0 || r.x2 == 0, r.x1 == 0 && r.x2 == 0};
}

Computed rate_ratio(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Rates r = read(row, setting, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::log(r.x1 / r.t1) - std::log(r.x2 / r.t2), 1 / r.x1 + 1 / r.x2, setting.add);
}

Computed rate_difference(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Rates r = read(row, setting, status);
    if (status != Status::ok) return {.status = status};
    return checked(r.x1 / r.t1 - r.x2 / r.t2, r.x1 / (r.t1 * r.t1) + r.x2 / (r.t2 * r.t2), setting.add);
}

Computed root_rate_difference(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Rates r = read(row, setting, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::sqrt(r.x1 / r.t1) - std::sqrt(r.x2 / r.t2), 1 / (4 * r.t1) + 1 / (4 * r.t2),
                   setting.add);
}

} // namespace assay::effect
