// Correlations of two variables measured on the same people, and partial correlations from regressions.
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

namespace {
struct Correlation {
    double r, n;
};

Correlation read(const Row& row, Status& status) {
    if (!row[Role::ri] || !row[Role::ni]) {
        status = Status::missing;
        return {};
    }
    const Correlation c{*row[Role::ri], *row[Role::ni]};
    if (!(std::fabs(c.r) <= 1)) status = Status::impossible;
    else if (!(c.n > 3)) status = Status::too_small;
    return c;
}

Computed checked(double y, double v) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {.status = Status::undefined};
    return {y, v};
}

/// Partial correlation from the t of a coefficient: mi predictors, ni people.
struct Partial {
    double r, df;
};

Partial read_partial(const Row& row, Status& status) {
    if (!row[Role::ti] || !row[Role::ni] || !row[Role::mi]) {
        status = Status::missing;
        return {};
    }
    const double t = *row[Role::ti], df = *row[Role::ni] - *row[Role::mi] - 1;
    if (!(df > 1)) status = Status::too_small;
    return {t / std::sqrt(t * t + df), df};
}
} // namespace

void average_correlation(const Row& row, const Setting&, Averages& sums) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status != Status::ok) return;
    sums.value1 += c.n * c.r;
    sums.weight1 += c.n;
}

Computed correlation(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status != Status::ok) return {.status = status};
    const double r = setting.vtype == Vtype::AV ? setting.average1 : c.r;
    if (setting.vtype == Vtype::H0) return checked(c.r, (1 - r * r) / (c.n - 2)); // of the t test of no correlation
    return checked(c.r, (1 - r * r) * (1 - r * r) / (c.n - 1));
}

Computed fisher_z(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Correlation c = read(row, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::atanh(c.r), 1 / (c.n - 3));
}

Computed partial_correlation(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Partial p = read_partial(row, status);
    if (status != Status::ok) return {.status = status};
    return checked(p.r, (1 - p.r * p.r) * (1 - p.r * p.r) / (p.df + 1));
}

Computed fisher_z_partial(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Partial p = read_partial(row, status);
    if (status != Status::ok) return {.status = status};
    return checked(std::atanh(p.r), 1 / (p.df - 1));
}

} // namespace assay::effect
