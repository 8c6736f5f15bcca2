// Effects of two independent groups with mean, SD and n.
#include "effect/families.hpp"
#include "num/distributions.hpp"
#include "num/gamma.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <span>

namespace assay::effect {

namespace {
constexpr double pi = 3.14159265358979323846;

struct Groups {
    double m1, sd1, n1, m2, sd2, n2;

    double df() const { return n1 + n2 - 2; }
    double pooled_variance() const { return ((n1 - 1) * sd1 * sd1 + (n2 - 1) * sd2 * sd2) / df(); }
    double inverse_n() const { return 1 / n1 + 1 / n2; }
};

constexpr std::array all_moments = {Role::m1i, Role::sd1i, Role::n1i, Role::m2i, Role::sd2i, Role::n2i};
constexpr std::array spreads = {Role::sd1i, Role::n1i, Role::sd2i, Role::n2i};
constexpr std::array by_second_sd = {Role::m1i, Role::n1i, Role::m2i, Role::sd2i, Role::n2i};

/// Reads the needed numbers (the others are 1 when absent); sets `status` when they do not serve.
Groups read(const Row& row, Status& status, std::span<const Role> needed = all_moments) {
    for (Role role : needed)
        if (!row[role]) {
            status = Status::missing;
            return {};
        }
    const auto of = [&](Role role) { return row[role].value_or(1); };
    const Groups g{of(Role::m1i), of(Role::sd1i), of(Role::n1i),
                   of(Role::m2i), of(Role::sd2i), of(Role::n2i)};
    if (!(g.sd1 >= 0) || !(g.sd2 >= 0) || !(g.n1 >= 0) || !(g.n2 >= 0))
        status = Status::impossible;
    else if (g.n1 < 1 || g.n2 < 1)
        status = Status::too_small;
    return g;
}

Computed checked(double y, double v, Status otherwise = Status::undefined) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, otherwise};
    return {y, v};
}

/// Cohen's d (not corrected) with its groups; from means and SDs, or from d, t or P as printed.
struct Standardised {
    double d, n1, n2;
    double df() const { return n1 + n2 - 2; }
    double inverse_n() const { return 1 / n1 + 1 / n2; }
};

/// d as printed, or from t, P or a point-biserial correlation; what is printed comes before the means.
std::optional<double> printed_d(const Row& row, double n1, double n2, Status& status) {
    const double df = n1 + n2 - 2, inverse_n = 1 / n1 + 1 / n2;
    if (row[Role::di]) return row[Role::di];
    if (row[Role::ti]) return *row[Role::ti] * std::sqrt(inverse_n);
    if (row[Role::pi]) {
        const double p = std::fabs(*row[Role::pi]);
        if (!(p > 0 && p <= 1)) status = Status::impossible;
        // The sign of the P value tells the direction.
        return std::copysign(-num::t_quantile(p / 2, df), *row[Role::pi]) * std::sqrt(inverse_n);
    }
    if (row[Role::ri]) {
        const double r = *row[Role::ri];
        if (!(std::fabs(r) < 1)) status = Status::impossible;
        return std::sqrt(df * inverse_n) * r / std::sqrt(1 - r * r);
    }
    return std::nullopt;
}

Standardised read_standardised(const Row& row, Status& status) {
    const auto n1 = row[Role::n1i], n2 = row[Role::n2i];
    if (!n1 || !n2) {
        status = Status::missing;
        return {};
    }
    if (const auto d = printed_d(row, *n1, *n2, status)) {
        const Standardised s{*d, *n1, *n2};
        if (!(s.n1 >= 1) || !(s.n2 >= 1) || s.df() <= 1) status = Status::too_small;
        return s;
    }
    const Groups g = read(row, status);
    if (status != Status::ok) return {};
    if (g.df() <= 1)
        status = Status::too_small;
    else if (g.pooled_variance() <= 0)
        status = Status::sd_zero;
    return {(g.m1 - g.m2) / std::sqrt(g.pooled_variance()), g.n1, g.n2};
}

double correction(double df, const Setting& setting) {
    return setting.correct ? num::hedges_j(df) : 1;
}
} // namespace

Computed mean_difference(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double v = setting.vtype == Vtype::HO ? g.pooled_variance() * g.inverse_n()
                                                : g.sd1 * g.sd1 / g.n1 + g.sd2 * g.sd2 / g.n2;
    return checked(g.m1 - g.m2, v, Status::sd_zero);
}

namespace {
/// A difference over one SD with `df` degrees of freedom and the people `n` behind that SD.
struct Divided {
    double d, n1, n2, df, n;
};

Divided by_pooled_sd(const Row& row, Status& status) {
    const Standardised s = read_standardised(row, status);
    return {s.d, s.n1, s.n2, s.df(), s.n1 + s.n2};
}

Divided by_sd_of_group_2(const Row& row, Status& status) {
    const Groups g = read(row, status, by_second_sd);
    if (status == Status::ok && g.sd2 == 0) status = Status::sd_zero;
    if (status == Status::ok && g.n2 <= 2) status = Status::too_small;
    return {(g.m1 - g.m2) / g.sd2, g.n1, g.n2, g.n2 - 1, g.n2};
}

void add_to_average(const Divided& s, const Setting& setting, Averages& sums) {
    const double n = s.n1 + s.n2;
    sums.value1 += n * correction(s.df, setting) * s.d;
    sums.weight1 += n;
}

Computed standardised(const Divided& s, const Setting& setting) {
    const double j = correction(s.df, setting), g = j * s.d, inverse_n = 1 / s.n1 + 1 / s.n2;
    double v = 0;
    switch (setting.vtype) {
    case Vtype::H0:
        v = s.df > 2 ? j * j * s.df / (s.df - 2) * inverse_n : 0;
        break; // exact at no difference
    case Vtype::LS2:
        v = j * j * (inverse_n + s.d * s.d / (2 * s.n));
        break;
    case Vtype::LS3:
        v = inverse_n + g * g / (2 * (s.n - 3.94));
        break; // Hedges & Olkin 1985; RevMan's
    case Vtype::UB:
        v = inverse_n + (1 - (s.df - 2) / (s.df * j * j)) * g * g;
        break;
    case Vtype::AV:
        v = inverse_n + setting.average1 * setting.average1 / (2 * s.n);
        break;
    default:
        v = inverse_n + g * g / (2 * s.n);
    }
    return checked(g, v);
}
} // namespace

void average_smd(const Row& row, const Setting& setting, Averages& sums) {
    Status status = Status::ok;
    const Divided s = by_pooled_sd(row, status);
    if (status == Status::ok) add_to_average(s, setting, sums);
}

void average_glass(const Row& row, const Setting& setting, Averages& sums) {
    Status status = Status::ok;
    const Divided s = by_sd_of_group_2(row, status);
    if (status == Status::ok) add_to_average(s, setting, sums);
}

Computed standardised_mean_difference(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Divided s = by_pooled_sd(row, status);
    return status == Status::ok ? standardised(s, setting) : Computed{.status = status};
}

Computed glass_delta(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Divided s = by_sd_of_group_2(row, status);
    return status == Status::ok ? standardised(s, setting) : Computed{.status = status};
}

Computed glass_delta_unequal(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    if (g.sd2 == 0) return {.status = Status::sd_zero};
    if (g.n1 < 2 || g.n2 <= 2) return {.status = Status::too_small};
    const double y = correction(g.n2 - 1, setting) * (g.m1 - g.m2) / g.sd2, ratio = g.sd1 / g.sd2;
    return checked(y, ratio * ratio / (g.n1 - 1) + 1 / (g.n2 - 1) + y * y / (2 * (g.n2 - 1)));
}

namespace {
/// Squares of two SDs as shares of their mean square, and their sizes for the two parts of the variance of a
/// difference over the root mean square SD: Bonett 2008, Psychol Methods 13:99, equation 8.
struct Spread {
    double u1, u2, n1, n2;
    /// `less_scale`: subtracted from n in the part that comes from the SDs; `less_means`: in that of the
    /// means.
    double variance(double d, double less_scale, double less_means) const {
        return d * d / 8 * (u1 * u1 / (n1 - less_scale) + u2 * u2 / (n2 - less_scale)) +
               u1 / (n1 - less_means) + u2 / (n2 - less_means);
    }
    double variance(double d, Vtype vtype) const {
        if (vtype == Vtype::LS2) return variance(d, 0, 0);
        if (vtype == Vtype::LS3) return variance(d, 1, 0);
        return variance(d, 1, 1);
    }
};
Spread spread_of(const Groups& g) {
    const double mean = (g.sd1 * g.sd1 + g.sd2 * g.sd2) / 2;
    return {g.sd1 * g.sd1 / mean, g.sd2 * g.sd2 / mean, g.n1, g.n2};
}
double root_mean_square_sd(const Groups& g) {
    return std::sqrt((g.sd1 * g.sd1 + g.sd2 * g.sd2) / 2);
}
} // namespace

Computed standardised_unequal(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    if (g.sd1 == 0 && g.sd2 == 0) return {.status = Status::sd_zero};
    if (g.df() <= 1) return {.status = Status::too_small};
    const double y = correction(g.df(), setting) * (g.m1 - g.m2) / root_mean_square_sd(g);
    return checked(y, spread_of(g).variance(y, setting.vtype), Status::too_small);
}

Computed mean_difference_of_percent(const Row& row, const Setting& setting) {
    if (!row[Role::mini] || !row[Role::maxi]) return {.status = Status::missing};
    const double width = *row[Role::maxi] - *row[Role::mini];
    if (!(width > 0)) return {.status = Status::impossible};
    Computed raw = mean_difference(row, setting);
    const double factor = 100 / width;
    raw.y *= factor;
    raw.v *= factor * factor;
    return raw;
}

namespace {
/// Point-biserial correlation from d with the sizes of the groups.
struct Biserial {
    double d, r, h, n1, n2;
    double n() const { return n1 + n2; }
};

Biserial read_biserial(const Row& row, Status& status) {
    const Standardised s = read_standardised(row, status);
    const double h = s.df() * s.inverse_n();
    return {s.d, s.d / std::sqrt(s.d * s.d + h), h, s.n1, s.n2};
}

Computed point_biserial_of(const Biserial& b, Vtype vtype) {
    const double r2 = b.r * b.r;
    if (vtype == Vtype::CS) {
        // Tate 1954, Ann Math Stat 25:603: only the total was fixed.
        const double rest = 1 - r2;
        return checked(b.r, rest * rest * (b.n() * r2 / (4 * b.n1 * b.n2) + (2 - 3 * r2) / (2 * b.n())));
    }
    const double total = b.h + b.d * b.d;
    return checked(b.r,
                   b.h * b.h / (total * total * total) * (1 / b.n1 + 1 / b.n2 + b.d * b.d / (2 * b.n())));
}

Computed biserial_of(const Biserial& b) {
    const double p1 = b.n1 / b.n(), p2 = b.n2 / b.n();
    const double z = num::normal_quantile(p2), density = num::normal_density(z);
    const double r = std::sqrt(p1 * p2) / density * b.r, t = std::clamp(r, -1.0, 1.0);
    // Soper 1914, Biometrika 10:384; a correlation beyond 1 has the variance of 1.
    const double v = (p1 * p2 / (density * density) -
                      (1.5 + (1 - p1 * z / density) * (1 + p2 * z / density)) * t * t + t * t * t * t) /
                     (b.n() - 1);
    return checked(r, v);
}

Computed as_fisher_z(const Computed& r) {
    if (r.status != Status::ok) return r;
    const double slope = 1 / (1 - std::min(1.0, r.y * r.y));
    return checked(std::atanh(r.y), r.v * slope * slope);
}
} // namespace

Computed point_biserial(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Biserial b = read_biserial(row, status);
    return status == Status::ok ? point_biserial_of(b, setting.vtype) : Computed{.status = status};
}
Computed z_of_point_biserial(const Row& row, const Setting& setting) {
    return as_fisher_z(point_biserial(row, setting));
}
Computed biserial(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Biserial b = read_biserial(row, status);
    return status == Status::ok ? biserial_of(b) : Computed{.status = status};
}
Computed z_of_biserial(const Row& row, const Setting& setting) {
    return as_fisher_z(biserial(row, setting));
}

Computed probability_of_superiority(const Row& row, const Setting& setting) {
    if (!row[Role::ai] || !row[Role::n1i] || !row[Role::n2i]) return {.status = Status::missing};
    const double a = *row[Role::ai], n1 = *row[Role::n1i], n2 = *row[Role::n2i];
    const double ties = row[Role::mi].value_or(0);
    if (!(a >= 0 && a <= 1) || !(ties >= 0 && ties <= 1) || !(n1 > 0) || !(n2 > 0))
        return {.status = Status::impossible};
    const double q0 = a * (1 - a), q1 = a / (2 - a), q2 = 2 * a * a / (1 + a);
    const double mean_n = (n1 + n2) / 2, pairs = (n1 - 1) * (n2 - 1);
    switch (setting.vtype) {
    case Vtype::LS2: // Hanley & McNeil 1982 with the denominator and the ties of Cho et al. 2019, section 2.4
        return checked(a, (q0 - ties / 4 + (n1 - 1) * (q1 - a * a) + (n2 - 1) * (q2 - a * a)) / pairs);
    case Vtype::H0:
        return checked(a, (n1 + n2 + 1) / (12 * n1 * n2));
    case Vtype::MAX:
        return checked(a, q0 / (std::min(n1, n2) - 1)); // Bamber 1975, equation 7
    default:                                            // Newcombe 2006 with the same denominator
        return checked(a, q0 / pairs * (2 * mean_n - 1 - (3 * mean_n - 3) / ((2 - a) * (1 + a))));
    }
}

Computed superiority_of_normals(const Row& row, const Setting& setting) {
    if (!row[Role::n1i] || !row[Role::n2i]) return {.status = Status::missing};
    Status status = Status::ok;
    const double n1 = *row[Role::n1i], n2 = *row[Role::n2i];
    std::optional<double> d = printed_d(row, n1, n2, status);
    const bool sds = row[Role::sd1i] && row[Role::sd2i];
    // One SD for both groups where d comes alone, or the SDs are not known.
    const bool equal = d || !sds || setting.vtype == Vtype::HO;
    Groups g{0, row[Role::sd1i].value_or(1), n1, 0, row[Role::sd2i].value_or(1), n2};
    if (!sds) g.sd1 = g.sd2 = 1;
    if (!(n1 > 0) || !(n2 > 0) || !(g.sd1 >= 0) || !(g.sd2 >= 0)) status = Status::impossible;
    if (status != Status::ok) return {.status = status};
    if (!d && sds && row[Role::m1i] && row[Role::m2i]) {
        const double sd = equal ? std::sqrt(g.pooled_variance()) : root_mean_square_sd(g);
        d = (*row[Role::m1i] - *row[Role::m2i]) / sd;
    }
    if (!d && !row[Role::ai]) return {.status = Status::missing};
    const double y = row[Role::ai] ? *row[Role::ai] : num::normal_cdf(*d / std::sqrt(2.0));
    if (!(y >= 0 && y <= 1)) return {.status = Status::impossible};
    if (!d) d = std::sqrt(2.0) * num::normal_quantile(y);
    const Spread spread = spread_of(g);
    // By the delta method from the variance of d: (dy/dd)^2 = exp(-d^2/2)/(4 pi).
    if (!equal && setting.vtype == Vtype::H0) return checked(y, spread.variance(0, 1, 1) / (4 * pi));
    const double of_d =
        equal ? 1 / n1 + 1 / n2 + *d * *d / (2 * (n1 + n2)) : spread.variance(*d, setting.vtype);
    return checked(y, std::exp(-*d * *d / 2) / (4 * pi) * of_d);
}

Computed ratio_of_means(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    if (!(g.m1 / g.m2 > 0)) return {.status = Status::undefined};
    // Squared coefficients of variation, each divided by n: the first-order variance of a log mean.
    const double cv1 = g.sd1 * g.sd1 / (g.n1 * g.m1 * g.m1), cv2 = g.sd2 * g.sd2 / (g.n2 * g.m2 * g.m2);
    double y = std::log(g.m1 / g.m2), v = cv1 + cv2;
    if (setting.vtype == Vtype::HO)
        v = g.pooled_variance() * (1 / (g.n1 * g.m1 * g.m1) + 1 / (g.n2 * g.m2 * g.m2));
    if (setting.vtype == Vtype::AV)
        v = setting.average1 * setting.average1 / g.n1 + setting.average2 * setting.average2 / g.n2;
    if (setting.vtype == Vtype::AVHO) v = setting.average1 * setting.average1 * g.inverse_n();
    if (setting.vtype == Vtype::LS2) v += (cv1 * cv1 + cv2 * cv2) / 2;
    if (setting.correct) y += (cv1 - cv2) / 2;
    return checked(y, v, Status::sd_zero);
}

void average_cv(const Row& row, const Setting& setting, Averages& sums) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok || g.m1 == 0 || g.m2 == 0) return;
    sums.value1 += g.n1 * g.sd1 / g.m1;
    sums.weight1 += g.n1;
    // AVHO: one coefficient of variation for all groups; AV: one for each side.
    (setting.vtype == Vtype::AVHO ? sums.value1 : sums.value2) += g.n2 * g.sd2 / g.m2;
    (setting.vtype == Vtype::AVHO ? sums.weight1 : sums.weight2) += g.n2;
}

Computed variability_ratio(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status, spreads);
    if (status != Status::ok) return {.status = status};
    if (g.n1 < 2 || g.n2 < 2) return {.status = Status::too_small};
    const double half1 = 1 / (2 * (g.n1 - 1)), half2 = 1 / (2 * (g.n2 - 1));
    // LS2: the second-order variance of Senior, Viechtbauer & Nakagawa 2020, Res Synth Methods 11:553,
    // equation 15.
    const double v =
        setting.vtype == Vtype::LS2 ? 2 * (g.n1 * half1 * half1 + g.n2 * half2 * half2) : half1 + half2;
    return checked(std::log(g.sd1 / g.sd2) + (setting.correct ? half1 - half2 : 0), v, Status::sd_zero);
}

Computed coefficient_of_variation_ratio(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    const Computed sds = variability_ratio(row, setting);
    if (sds.status != Status::ok) return sds;
    if (!(g.m1 / g.m2 > 0)) return {.status = Status::undefined};
    const double cv1 = g.sd1 * g.sd1 / (g.n1 * g.m1 * g.m1), cv2 = g.sd2 * g.sd2 / (g.n2 * g.m2 * g.m2);
    const double bias = setting.correct ? (cv1 - cv2) / 2 : 0; // of the log means
    const double second = setting.vtype == Vtype::LS2 ? (cv1 * cv1 + cv2 * cv2) / 2 : 0;
    return checked(sds.y - std::log(g.m1 / g.m2) - bias, sds.v + cv1 + cv2 + second);
}

namespace {
Computed d_as_log_odds(const Row& row, const Setting&, double factor) {
    Status status = Status::ok;
    const Standardised s = read_standardised(row, status);
    if (status != Status::ok) return {.status = status};
    const double v = s.inverse_n() + s.d * s.d / (2 * (s.n1 + s.n2));
    return checked(factor * s.d, factor * factor * v);
}
} // namespace

Computed d_to_odds_normal(const Row& row, const Setting& setting) {
    return d_as_log_odds(row, setting, 1.65);
}
Computed d_to_odds_logistic(const Row& row, const Setting& setting) {
    return d_as_log_odds(row, setting, pi / std::sqrt(3.0));
}

} // namespace assay::effect
