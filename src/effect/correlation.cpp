// Correlations of two variables measured on the same people, partial correlations and explained variance of
// regressions.
#include "effect/families.hpp"
#include "num/distributions.hpp"
#include "num/hypergeometric.hpp"

#include <algorithm>
#include <cmath>

namespace assay::effect {

namespace {
Computed checked(double y, double v) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, Status::undefined};
    return {y, v};
}

double square(double x) {
    return x * x;
}

/// t as printed or from a two-sided P whose sign gives the direction.
std::optional<double> printed_t(const Row& row, double df, Status& status) {
    if (row[Role::ti]) return row[Role::ti];
    if (!row[Role::pi]) return std::nullopt;
    const double p = std::fabs(*row[Role::pi]);
    if (!(p > 0 && p <= 1) || !(df >= 1)) status = Status::impossible;
    return std::copysign(-num::t_quantile(p / 2, df), *row[Role::pi]);
}

struct Correlation {
    double r, n;
};

Correlation read(const Row& row, Status& status) {
    if (!row[Role::ni] || !(row[Role::ri] || row[Role::ti] || row[Role::pi])) {
        status = Status::missing;
        return {};
    }
    const double n = *row[Role::ni];
    Correlation c{row[Role::ri].value_or(0), n};
    if (!row[Role::ri]) {
        const double t = *printed_t(row, n - 2, status);
        c.r = t / std::sqrt(t * t + n - 2);
    }
    if (!(std::fabs(c.r) <= 1))
        status = Status::impossible;
    else if (!(n > 3))
        status = Status::too_small;
    return c;
}

/// Olkin & Pratt 1958, Ann Math Stat 29:201, equation 2.3; needs n > 4.
double unbiased(const Correlation& c) {
    return c.r * num::hypergeometric_2f1(0.5, 0.5, (c.n - 2) / 2, (1 - c.r) * (1 + c.r));
}

Computed as_fisher_z(const Computed& r) {
    if (r.status != Status::ok) return r;
    const double slope = 1 / (1 - std::min(1.0, square(r.y)));
    return checked(std::atanh(r.y), r.v * slope * slope);
}

/// Partial or semi-partial correlation from the t of a coefficient: mi predictors, ni people, r2i of the
/// whole model.
struct Partial {
    double r, df, n, r2;
};

Partial read_partial(const Row& row, bool semi, Status& status) {
    if (!row[Role::ni] || !row[Role::mi] || (semi && !row[Role::r2i]) ||
        !(row[Role::ri] || row[Role::ti] || row[Role::pi])) {
        status = Status::missing;
        return {};
    }
    const double df = *row[Role::ni] - *row[Role::mi] - 1, r2 = row[Role::r2i].value_or(0);
    Partial p{row[Role::ri].value_or(0), df, *row[Role::ni], r2};
    if (!(*row[Role::mi] > 0) || !(r2 >= 0 && r2 <= 1))
        status = Status::impossible;
    else if (!(df > 0))
        status = Status::too_small;
    if (status != Status::ok) return p;
    if (!row[Role::ri]) {
        const double t = *printed_t(row, df, status);
        p.r = semi ? t * std::sqrt((1 - r2) / df) : t / std::sqrt(t * t + df);
    }
    if (!(std::fabs(p.r) <= 1)) status = Status::impossible;
    return p;
}

/// R^2 with mi predictors and ni people.
struct Explained {
    double r2, m, n;
    double df() const { return n - m - 1; }
};

Explained read_explained(const Row& row, Status& status) {
    if (!row[Role::mi] || !row[Role::ni] || !(row[Role::r2i] || row[Role::fi] || row[Role::pi])) {
        status = Status::missing;
        return {};
    }
    Explained e{row[Role::r2i].value_or(0), *row[Role::mi], *row[Role::ni]};
    if (!(e.m > 0) || !(e.n > 0))
        status = Status::impossible;
    else if (!(e.df() > 0))
        status = Status::too_small;
    if (status != Status::ok) return e;
    if (!row[Role::r2i]) {
        const double f = row[Role::fi] ? *row[Role::fi] : num::f_quantile(1 - *row[Role::pi], e.m, e.df());
        e.r2 = e.m * f / (e.m * f + e.df());
    }
    if (!(e.r2 >= 0 && e.r2 <= 1)) status = Status::impossible;
    return e;
}

void add_to_average(double y, double n, Averages& sums) {
    sums.value1 += n * y;
    sums.weight1 += n;
}

/// The variance of R^2 as a random variable with the likelihood of the observed F as density: F is
/// non-central with noncentrality n*R^2/(1 - R^2).
double variance_by_likelihood(const Explained& e) {
    constexpr int panels = 4000;
    constexpr double low = 0.0001, high = 0.9999, step = (high - low) / panels;
    const double f = e.df() / e.m * e.r2 / (1 - e.r2);
    double mass = 0, first = 0, second = 0;
    for (int i = 0; i <= panels; ++i) { // Simpson's rule
        const double x = low + i * step, weight = i == 0 || i == panels ? 1 : i % 2 ? 4 : 2;
        const double density = weight * num::noncentral_f_density(f, e.m, e.df(), e.n * x / (1 - x));
        mass += density;
        first += x * density;
        second += x * x * density;
    }
    return second / mass - square(first / mass);
}
} // namespace

void average_correlation(const Row& row, const Setting&, Averages& sums) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status == Status::ok) add_to_average(c.r, c.n, sums);
}

void average_unbiased_correlation(const Row& row, const Setting&, Averages& sums) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status == Status::ok && c.n > 4) add_to_average(unbiased(c), c.n, sums);
}

Computed correlation(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status == Status::too_small) return {.y = c.r, .status = status};
    if (status != Status::ok) return {.status = status};
    const double r = setting.vtype == Vtype::AV ? setting.average1 : c.r;
    if (setting.vtype == Vtype::H0)
        return checked(c.r, (1 - r * r) / (c.n - 2)); // of the t test of no correlation
    return checked(c.r, square(1 - r * r) / (c.n - 1));
}

Computed unbiased_correlation(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status == Status::ok && !(c.n > 4)) status = Status::too_small;
    if (status != Status::ok) return {.status = status};
    const double y = unbiased(c), r = setting.vtype == Vtype::AV ? setting.average1 : y;
    if (setting.vtype == Vtype::UB) {
        // Unbiased too, from Hedges 1989, J Appl Psychol 74:469: y^2 less the unbiased estimate of rho^2.
        const double rest = (1 - c.r) * (1 + c.r);
        const double rho2 = 1 - (c.n - 3) / (c.n - 2) * rest * num::hypergeometric_2f1(1, 1, c.n / 2, rest);
        return checked(y, y * y - rho2);
    }
    return checked(y, square(1 - r * r) / (c.n - 1));
}

Computed fisher_z(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status == Status::too_small) return {.y = std::atanh(c.r), .status = status};
    if (status != Status::ok) return {.status = status};
    return checked(std::atanh(c.r), 1 / (c.n - 3));
}

void average_partial(const Row& row, const Setting&, Averages& sums) {
    Status status = Status::ok;
    const Partial p = read_partial(row, false, status);
    if (status == Status::ok) add_to_average(p.r, p.n, sums);
}

Computed partial_correlation(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Partial p = read_partial(row, false, status);
    if (status != Status::ok) return {.status = status};
    const double r = setting.vtype == Vtype::AV ? setting.average1 : p.r;
    return checked(p.r, square(1 - r * r) / (p.df + 1));
}

Computed fisher_z_partial(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Partial p = read_partial(row, false, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::atanh(p.r), 1 / (p.df - 1));
}

void average_semi_partial(const Row& row, const Setting&, Averages& sums) {
    Status status = Status::ok;
    const Partial p = read_partial(row, true, status);
    if (status == Status::ok) add_to_average(p.r, p.n, sums);
}

Computed semi_partial_correlation(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Partial p = read_partial(row, true, status);
    if (status != Status::ok) return {.status = status};
    const double r = setting.vtype == Vtype::AV ? setting.average1 : p.r, rest = p.r2 - r * r;
    return checked(p.r, (p.r2 * p.r2 - 2 * p.r2 + rest + 1 - rest * rest) / p.n);
}

Computed fisher_z_semi_partial(const Row& row, const Setting& setting) {
    return as_fisher_z(semi_partial_correlation(row, setting));
}

void average_explained(const Row& row, const Setting&, Averages& sums) {
    Status status = Status::ok;
    const Explained e = read_explained(row, status);
    if (status == Status::ok) add_to_average(e.r2, e.n, sums);
}

Computed explained_variance(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Explained e = read_explained(row, status);
    if (status != Status::ok) return {.status = status};
    const bool average = setting.vtype == Vtype::AV || setting.vtype == Vtype::AV2;
    const double r2 = average ? setting.average1 : e.r2, size = 4 * r2 * square(1 - r2);
    if (setting.vtype == Vtype::LS2 || setting.vtype == Vtype::AV2) // Kendall & Stuart 1979, equation 27.87
        return checked(e.r2, size * square(e.df()) / ((e.n * e.n - 1) * (e.n + 3)));
    return checked(e.r2, size / e.n);
}

Computed fisher_z_explained(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Explained e = read_explained(row, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::atanh(std::sqrt(e.r2)), 1 / e.n);
}

Computed explained_by_f(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Explained e = read_explained(row, status);
    if (status != Status::ok) return {.status = status};
    return checked(e.r2, variance_by_likelihood(e));
}

Computed fisher_z_explained_by_f(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Explained e = read_explained(row, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::atanh(std::sqrt(e.r2)), variance_by_likelihood(e) / square(1 - e.r2 * e.r2));
}

} // namespace assay::effect
