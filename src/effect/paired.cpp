// Effects of one group measured twice: m1i and m2i are its two means, ri the correlation between the measurements.
#include "effect/families.hpp"
#include "num/gamma.hpp"

#include <cmath>

namespace assay::effect {

namespace {
struct Pair {
    double m1, m2, sd1, sd2, n, r;
    /// Variance of the differences.
    double difference() const { return sd1 * sd1 + sd2 * sd2 - 2 * r * sd1 * sd2; }
};

Pair read(const Row& row, bool needs_sd2, Status& status) {
    for (Role role : {Role::m1i, Role::m2i, Role::sd1i, Role::ni, Role::ri})
        if (!row[role]) status = Status::missing;
    if (needs_sd2 && !row[Role::sd2i]) status = Status::missing;
    if (status != Status::ok) return {};
    const Pair p{*row[Role::m1i], *row[Role::m2i], *row[Role::sd1i], row[Role::sd2i].value_or(1), *row[Role::ni], *row[Role::ri]};
    if (!(p.sd1 >= 0) || !(p.sd2 >= 0) || !(p.n >= 0) || !(std::fabs(p.r) <= 1)) status = Status::impossible;
    else if (p.n < 1) status = Status::too_small;
    return p;
}

Computed checked(double y, double v, Status otherwise = Status::sd_zero) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {.status = otherwise};
    return {y, v};
}

double correction(double df, const Setting& setting) { return setting.correct ? num::hedges_j(df) : 1; }
} // namespace

Computed mean_change(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Pair p = read(row, true, status);
    if (status != Status::ok) return {.status = status};
    return checked(p.m1 - p.m2, p.difference() / p.n);
}

Computed standardised_change(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, true, status);
    if (status != Status::ok) return {.status = status};
    const double y = correction(p.n - 1, setting) * (p.m1 - p.m2) / std::sqrt(p.difference());
    return checked(y, 1 / p.n + y * y / (2 * p.n), Status::too_small);
}

Computed change_by_raw_sd(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, false, status);
    if (status != Status::ok) return {.status = status};
    const double y = correction(p.n - 1, setting) * (p.m1 - p.m2) / p.sd1;
    return checked(y, 2 * (1 - p.r) / p.n + y * y / (2 * p.n), Status::too_small);
}

Computed log_mean_change(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, true, status);
    if (status != Status::ok) return {.status = status};
    if (!(p.m1 / p.m2 > 0)) return {.status = Status::undefined};
    const double cv1 = p.sd1 / p.m1, cv2 = p.sd2 / p.m2;
    const double bias = setting.correct ? (cv1 * cv1 - cv2 * cv2) / (2 * p.n) : 0;
    return checked(std::log(p.m1 / p.m2) + bias, (cv1 * cv1 + cv2 * cv2 - 2 * p.r * cv1 * cv2) / p.n);
}

Computed variability_change(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Pair p = read(row, true, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::log(p.sd1 / p.sd2), (1 - p.r * p.r) / (p.n - 1));
}

} // namespace assay::effect
