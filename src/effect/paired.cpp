// Effects of one group measured twice: m1i and m2i are its two means, ri the correlation between the
// measurements.
#include "effect/families.hpp"
#include "num/distributions.hpp"
#include "num/gamma.hpp"
#include "num/hypergeometric.hpp"

#include <array>
#include <cmath>
#include <span>

namespace assay::effect {

namespace {
struct Pair {
    double m1, m2, sd1, sd2, n, r;
    /// Variance of the differences.
    double difference() const { return sd1 * sd1 + sd2 * sd2 - 2 * r * sd1 * sd2; }
    double mean_square() const { return (sd1 * sd1 + sd2 * sd2) / 2; }
};

constexpr std::array all_of_them = {Role::m1i, Role::m2i, Role::sd1i, Role::sd2i, Role::ni, Role::ri};
constexpr std::array without_sd2 = {Role::m1i, Role::m2i, Role::sd1i, Role::ni, Role::ri};
constexpr std::array without_means = {Role::sd1i, Role::sd2i, Role::ni, Role::ri};

Pair read(const Row& row, Status& status, std::span<const Role> needed = all_of_them) {
    for (Role role : needed)
        if (!row[role]) status = Status::missing;
    if (status != Status::ok) return {};
    const auto of = [&](Role role) { return row[role].value_or(1); };
    const Pair p{of(Role::m1i), of(Role::m2i), of(Role::sd1i), of(Role::sd2i), of(Role::ni), of(Role::ri)};
    if (!(p.sd1 >= 0) || !(p.sd2 >= 0) || !(p.n >= 0) || !(std::fabs(p.r) <= 1))
        status = Status::impossible;
    else if (p.n < 1)
        status = Status::too_small;
    return p;
}

Computed checked(double y, double v, Status otherwise = Status::sd_zero) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, otherwise};
    return {y, v};
}

double correction(double df, const Setting& setting) {
    return setting.correct ? num::hedges_j(df) : 1;
}

/// Unbiased correlation: Olkin & Pratt 1958, Ann Math Stat 29:201, equation 2.3. NaN for n of 4 or less.
double unbiased(double r, double n) {
    return r * num::hypergeometric_2f1(0.5, 0.5, (n - 2) / 2, 1 - r * r);
}

/// The variance of a standardised change d with small-sample factor j on df; at d = 0 it is `means`/n.
double variance_of_change(double d, double j, double df, double n, double means, Vtype vtype) {
    switch (vtype) {
    case Vtype::LS2:
        return j * j * (means / n + d * d / (2 * n));
    case Vtype::UB:
        return means / n + (1 - (df - 2) / (df * j * j)) * j * j * d * d;
    case Vtype::H0:
        return df > 2 ? j * j * means / n * df / (df - 2) : 0;
    default:
        return means / n + j * j * d * d / (2 * n);
    }
}

/// The mean change over its own SD, printed or from the means.
struct Change {
    double d, n;
};
Change read_change(const Row& row, Status& status) {
    if (const auto n = row[Role::ni]; n && *n > 1) {
        if (row[Role::di]) return {*row[Role::di], *n};
        if (row[Role::ti]) return {*row[Role::ti] / std::sqrt(*n), *n};
        if (row[Role::pi]) {
            const double p = std::fabs(*row[Role::pi]);
            if (!(p > 0 && p <= 1)) status = Status::impossible;
            return {std::copysign(-num::t_quantile(p / 2, *n - 1), *row[Role::pi]) / std::sqrt(*n), *n};
        }
    }
    const Pair p = read(row, status);
    return {(p.m1 - p.m2) / std::sqrt(p.difference()), p.n};
}
} // namespace

Computed mean_change(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Pair p = read(row, status);
    if (status != Status::ok) return {.status = status};
    return checked(p.m1 - p.m2, p.difference() / p.n);
}

Computed mean_change_of_percent(const Row& row, const Setting& setting) {
    if (!row[Role::mini] || !row[Role::maxi]) return {.status = Status::missing};
    const double width = *row[Role::maxi] - *row[Role::mini];
    if (!(width > 0)) return {.status = Status::impossible};
    Computed raw = mean_change(row, setting);
    raw.y *= 100 / width;
    raw.v *= 1e4 / (width * width);
    return raw;
}

Computed standardised_change(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Change c = read_change(row, status);
    if (status != Status::ok) return {.status = status};
    const double df = c.n - 1, j = correction(df, setting);
    return checked(j * c.d, variance_of_change(c.d, j, df, c.n, 1, setting.vtype), Status::too_small);
}

Computed change_by_raw_sd(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, status, without_sd2);
    if (status != Status::ok) return {.status = status};
    const double df = p.n - 1, j = correction(df, setting), d = (p.m1 - p.m2) / p.sd1;
    const bool exact = setting.vtype == Vtype::UB || setting.vtype == Vtype::H0;
    const double means = 2 * (1 - (exact ? unbiased(p.r, p.n) : p.r));
    return checked(j * d, variance_of_change(d, j, df, p.n, means, setting.vtype), Status::too_small);
}

Computed change_by_raw_sd_unequal(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double y = correction(p.n - 1, setting) * (p.m1 - p.m2) / p.sd1;
    const double m = setting.vtype == Vtype::LS2 ? p.n : p.n - 1;
    return checked(y, p.difference() / (p.sd1 * p.sd1 * m) + y * y / (2 * m), Status::too_small);
}

namespace {
/// Degrees of freedom of the mean of two correlated variances: Cousineau 2020, Quant Meth Psych 16:418,
/// equation 2.
double df_of_mean_square(const Pair& p) {
    return 2 * (p.n - 1) / (1 + p.r * p.r);
}

/// Bonett 2008, Psychol Methods 13:99, equation 10, with m = n - 1 or n.
double variance_by_mean_square(const Pair& p, double d, double m) {
    const double s1 = p.sd1 * p.sd1, s2 = p.sd2 * p.sd2, mean = p.mean_square();
    return p.difference() / (mean * m) +
           d * d * (s1 * s1 + s2 * s2 + 2 * p.r * p.r * s1 * s2) / (8 * mean * mean * m);
}
} // namespace

Computed change_by_mean_sd(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double y = correction(df_of_mean_square(p), setting) * (p.m1 - p.m2) / std::sqrt(p.mean_square());
    return checked(y, 2 * (1 - p.r) / p.n + y * y * (1 + p.r * p.r) / (4 * p.n), Status::too_small);
}

Computed change_by_mean_sd_unequal(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double y = correction(df_of_mean_square(p), setting) * (p.m1 - p.m2) / std::sqrt(p.mean_square());
    return checked(y, variance_by_mean_square(p, y, setting.vtype == Vtype::LS2 ? p.n : p.n - 1),
                   Status::too_small);
}

Computed superiority_of_change(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Pair p = read(row, status);
    if (status != Status::ok) return {.status = status};
    constexpr double four_pi = 12.5663706143591729539;
    const double d = (p.m1 - p.m2) / std::sqrt(p.mean_square());
    return checked(num::normal_cdf(d / std::sqrt(2.0)),
                   std::exp(-d * d / 2) / four_pi * variance_by_mean_square(p, d, p.n - 1),
                   Status::too_small);
}

namespace {
/// log(m1/m2) of correlated means.
struct Ratio {
    double y, bias, v;
};
Ratio ratio_of(const Pair& p, bool second_order) {
    const double cv1 = p.sd1 / p.m1, cv2 = p.sd2 / p.m2;
    const double s1 = cv1 * cv1, s2 = cv2 * cv2;
    double v = (s1 + s2 - 2 * p.r * cv1 * cv2) / p.n;
    if (second_order) v += (s1 * s1 + s2 * s2 - 2 * p.r * p.r * s1 * s2) / (2 * p.n * p.n);
    return {std::log(p.m1 / p.m2), (s1 - s2) / (2 * p.n), v};
}
double variance_of_sds(const Pair& p, bool second_order) {
    const double m = p.n - 1, r2 = p.r * p.r;
    return (1 - r2) / m + (second_order ? (1 - r2 * r2) / (m * m) : 0);
}
} // namespace

Computed log_mean_change(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, status);
    if (status != Status::ok) return {.status = status};
    if (!(p.m1 / p.m2 > 0)) return {.status = Status::undefined};
    const Ratio ratio = ratio_of(p, setting.vtype == Vtype::LS2);
    return checked(ratio.y + (setting.correct ? ratio.bias : 0), ratio.v);
}

Computed variability_change(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, status, without_means);
    if (status != Status::ok) return {.status = status};
    return checked(std::log(p.sd1 / p.sd2), variance_of_sds(p, setting.vtype == Vtype::LS2));
}

Computed coefficient_of_variation_change(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Pair p = read(row, status);
    if (status != Status::ok) return {.status = status};
    if (!(p.m1 / p.m2 > 0)) return {.status = Status::undefined};
    const bool second_order = setting.vtype == Vtype::LS2;
    const Ratio ratio = ratio_of(p, second_order);
    return checked(std::log(p.sd1 / p.sd2) - ratio.y - (setting.correct ? ratio.bias : 0),
                   ratio.v + variance_of_sds(p, second_order));
}

} // namespace assay::effect
