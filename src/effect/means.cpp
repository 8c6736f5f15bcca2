// Effects of two independent groups with mean, SD and n.
#include "effect/families.hpp"
#include "num/distributions.hpp"
#include "num/gamma.hpp"

#include <cmath>

namespace assay::effect {

namespace {
struct Groups {
    double m1, sd1, n1, m2, sd2, n2;

    double df() const { return n1 + n2 - 2; }
    double pooled_variance() const { return ((n1 - 1) * sd1 * sd1 + (n2 - 1) * sd2 * sd2) / df(); }
    double inverse_n() const { return 1 / n1 + 1 / n2; }
};

/// Reads the six numbers; sets `status` when they do not serve.
Groups read(const Row& row, Status& status) {
    for (Role role : {Role::m1i, Role::sd1i, Role::n1i, Role::m2i, Role::sd2i, Role::n2i})
        if (!row[role]) {
            status = Status::missing;
            return {};
        }
    const Groups g{*row[Role::m1i], *row[Role::sd1i], *row[Role::n1i],
                   *row[Role::m2i], *row[Role::sd2i], *row[Role::n2i]};
    if (!(g.sd1 >= 0) || !(g.sd2 >= 0) || !(g.n1 >= 0) || !(g.n2 >= 0)) status = Status::impossible;
    else if (g.n1 < 1 || g.n2 < 1) status = Status::too_small;
    return g;
}

Computed checked(double y, double v, Status otherwise = Status::undefined) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {.status = otherwise};
    return {y, v};
}

/// Cohen's d (not corrected) with its groups; from means and SDs, or from d, t or P as printed.
struct Standardised {
    double d, n1, n2;
    double df() const { return n1 + n2 - 2; }
    double inverse_n() const { return 1 / n1 + 1 / n2; }
};

Standardised read_standardised(const Row& row, Status& status) {
    const auto n1 = row[Role::n1i], n2 = row[Role::n2i];
    if (row[Role::m1i] && row[Role::m2i]) {
        const Groups g = read(row, status);
        if (status != Status::ok) return {};
        if (g.df() <= 1) status = Status::too_small;
        else if (g.pooled_variance() <= 0) status = Status::sd_zero;
        return {(g.m1 - g.m2) / std::sqrt(g.pooled_variance()), g.n1, g.n2};
    }
    if (!n1 || !n2 || !(row[Role::di] || row[Role::ti] || row[Role::pi])) {
        status = Status::missing;
        return {};
    }
    Standardised s{0, *n1, *n2};
    if (!(s.n1 >= 1) || !(s.n2 >= 1) || s.df() <= 1) {
        status = Status::too_small;
        return s;
    }
    if (row[Role::di]) s.d = *row[Role::di];
    else if (row[Role::ti]) s.d = *row[Role::ti] * std::sqrt(s.inverse_n());
    else {
        // The sign of the P value tells the direction.
        const double p = std::fabs(*row[Role::pi]);
        if (!(p > 0 && p <= 1)) status = Status::impossible;
        s.d = std::copysign(-num::t_quantile(p / 2, s.df()), *row[Role::pi]) * std::sqrt(s.inverse_n());
    }
    return s;
}

double correction(double df, const Setting& setting) { return setting.correct ? num::hedges_j(df) : 1; }
} // namespace

Computed mean_difference(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double v = setting.vtype == Vtype::HO ? g.pooled_variance() * g.inverse_n()
                                                : g.sd1 * g.sd1 / g.n1 + g.sd2 * g.sd2 / g.n2;
    return checked(g.m1 - g.m2, v, Status::sd_zero);
}

void average_smd(const Row& row, const Setting& setting, Averages& sums) {
    Status status = Status::ok;
    const Standardised s = read_standardised(row, status);
    if (status != Status::ok) return;
    const double n = s.n1 + s.n2;
    sums.value1 += n * correction(s.df(), setting) * s.d;
    sums.weight1 += n;
}

Computed standardised_mean_difference(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Standardised s = read_standardised(row, status);
    if (status != Status::ok) return {.status = status};
    const double j = correction(s.df(), setting), g = j * s.d, n = s.n1 + s.n2;
    double v = 0;
    switch (setting.vtype) {
    case Vtype::H0: { // the exact variance of g when the true difference is zero
        const double df = s.df();
        v = df > 2 ? j * j * df / (df - 2) * s.inverse_n() : 0;
        break;
    }
    case Vtype::LS2: v = j * j * (s.inverse_n() + s.d * s.d / (2 * n)); break;
    case Vtype::UB: {
        const double j_exact = num::hedges_j(s.df());
        v = s.inverse_n() + (1 - (s.df() - 2) / (s.df() * j_exact * j_exact)) * g * g;
        break;
    }
    case Vtype::AV: v = s.inverse_n() + setting.average1 * setting.average1 / (2 * n); break;
    default: v = s.inverse_n() + g * g / (2 * n);
    }
    return checked(g, v);
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
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    if (g.n1 < 2 || g.n2 < 2) return {.status = Status::too_small};
    const double half1 = 1 / (2 * (g.n1 - 1)), half2 = 1 / (2 * (g.n2 - 1));
    return checked(std::log(g.sd1 / g.sd2) + (setting.correct ? half1 - half2 : 0), half1 + half2, Status::sd_zero);
}

Computed coefficient_of_variation_ratio(const Row& row, const Setting& setting) {
    const Computed sds = variability_ratio(row, setting);
    if (sds.status != Status::ok) return sds;
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (!(g.m1 / g.m2 > 0)) return {.status = Status::undefined};
    const double cv1 = g.sd1 * g.sd1 / (g.n1 * g.m1 * g.m1), cv2 = g.sd2 * g.sd2 / (g.n2 * g.m2 * g.m2);
    const double bias = setting.correct ? (cv1 - cv2) / 2 : 0; // of the log means
    return checked(sds.y - std::log(g.m1 / g.m2) - bias, sds.v + cv1 + cv2);
}

Computed glass_delta(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Groups g = read(row, status);
    if (status != Status::ok) return {.status = status};
    if (g.sd2 == 0) return {.status = Status::sd_zero};
    const double y = correction(g.n2 - 1, setting) * (g.m1 - g.m2) / g.sd2;
    return checked(y, g.inverse_n() + y * y / (2 * g.n2), Status::too_small);
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

Computed d_to_odds_normal(const Row& row, const Setting& setting) { return d_as_log_odds(row, setting, 1.65); }
Computed d_to_odds_logistic(const Row& row, const Setting& setting) {
    return d_as_log_odds(row, setting, 3.14159265358979323846 / std::sqrt(3.0));
}

} // namespace assay::effect
