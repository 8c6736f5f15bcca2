// One group: proportions (xi of ni), rates (xi in ti) and means (mi, sdi, ni).
#include "effect/families.hpp"
#include "num/distributions.hpp"
#include "num/gamma.hpp"

#include <cmath>
#include <optional>

namespace assay::effect {

namespace {
Computed checked(double y, double v, double added = 0, Status otherwise = Status::zero_cell) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, otherwise};
    return {y, v, Status::ok, added};
}

struct Part {
    double x, m; ///< events, non-events
    double n() const { return x + m; }
    double p() const { return x / n(); }
};

Part part(const Row& row, Status& status) {
    const auto x = row[Role::xi], m = row[Role::mi], n = row[Role::ni];
    if (!x || !(m || n)) {
        status = Status::missing;
        return {};
    }
    const Part result{*x, m ? *m : *n - *x};
    if (!(result.x >= 0) || !(result.m >= 0) || !(result.n() > 0)) status = Status::impossible;
    return result;
}

Computed proportion_with(const Row& row, const Setting& setting,
                         Computed (*formula)(const Part&, const Setting&)) {
    Status status = Status::ok;
    const Part raw = part(row, status);
    if (status != Status::ok) return {.status = status};
    return formula({raw.x + setting.add, raw.m + setting.add}, setting);
}

struct Exposure {
    double x, t;
};

Exposure exposure(const Row& row, Status& status) {
    if (!row[Role::xi] || !row[Role::ti]) {
        status = Status::missing;
        return {};
    }
    const Exposure e{*row[Role::xi], *row[Role::ti]};
    if (!(e.x >= 0) || !(e.t > 0)) status = Status::impossible;
    return e;
}

Computed rate_with(const Row& row, const Setting& setting,
                   Computed (*formula)(const Exposure&, double added)) {
    Status status = Status::ok;
    const Exposure e = exposure(row, status);
    if (status != Status::ok) return {.status = status};
    return formula({e.x + setting.add, e.t}, setting.add);
}

struct Sample {
    double m, sd, n;
};

Sample sample(const Row& row, bool needs_mean, Status& status) {
    if ((needs_mean && !row[Role::mi]) || !row[Role::sdi] || !row[Role::ni]) {
        status = Status::missing;
        return {};
    }
    const Sample s{row[Role::mi].value_or(0), *row[Role::sdi], *row[Role::ni]};
    if (!(s.sd >= 0) || !(s.n >= 0))
        status = Status::impossible;
    else if (s.n < 2)
        status = Status::too_small;
    else if (s.sd == 0)
        status = Status::sd_zero;
    return s;
}
} // namespace

Zeros zeros_single(const Row& row) {
    Status status = Status::ok;
    const Part p = part(row, status);
    if (status != Status::ok) return {};
    return {true, p.x == 0 || p.m == 0, false};
}

Zeros zeros_single_rate(const Row& row) {
    Status status = Status::ok;
    const Exposure e = exposure(row, status);
    if (status != Status::ok) return {};
    return {true, e.x == 0, false};
}

void average_proportion(const Row& row, const Setting& setting, Averages& sums) {
    Status status = Status::ok;
    const Part p = part(row, status);
    if (status != Status::ok) return;
    sums.value1 += p.x + setting.add;
    sums.weight1 += p.n() + 2 * setting.add;
}

Computed proportion(const Row& row, const Setting& setting) {
    return proportion_with(row, setting, [](const Part& s, const Setting& with) {
        const double p = with.vtype == Vtype::AV ? with.average1 : s.p();
        const double n = with.vtype == Vtype::UB ? s.n() - 1 : s.n();
        return checked(s.p(), p * (1 - p) / n, with.add);
    });
}
Computed log_proportion(const Row& row, const Setting& setting) {
    return proportion_with(row, setting, [](const Part& s, const Setting& with) {
        const double p = with.vtype == Vtype::AV ? with.average1 : s.p();
        return checked(std::log(s.p()), 1 / (p * s.n()) - 1 / s.n(), with.add);
    });
}
Computed logit_proportion(const Row& row, const Setting& setting) {
    return proportion_with(row, setting, [](const Part& s, const Setting& with) {
        const double p = with.vtype == Vtype::AV ? with.average1 : s.p();
        return checked(std::log(s.x / s.m), 1 / (p * s.n()) + 1 / ((1 - p) * s.n()), with.add);
    });
}
Computed probit_proportion(const Row& row, const Setting& setting) {
    return proportion_with(row, setting, [](const Part& s, const Setting& with) {
        const double z = num::normal_quantile(s.p()), density = num::normal_density(z);
        return checked(z, s.p() * (1 - s.p()) / (s.n() * density * density), with.add);
    });
}
Computed arcsine_proportion(const Row& row, const Setting& setting) {
    return proportion_with(row, setting, [](const Part& s, const Setting& with) {
        return checked(std::asin(std::sqrt(s.p())), 1 / (4 * s.n()), with.add);
    });
}
Computed double_arcsine_proportion(const Row& row, const Setting& setting) {
    return proportion_with(row, setting, [](const Part& s, const Setting& with) {
        const double n = s.n();
        const double y =
            (std::asin(std::sqrt(s.x / (n + 1))) + std::asin(std::sqrt((s.x + 1) / (n + 1)))) / 2;
        return checked(y, 1 / (4 * n + 2), with.add);
    });
}

Computed rate(const Row& row, const Setting& setting) {
    return rate_with(row, setting, [](const Exposure& e, double add) {
        return checked(e.x / e.t, e.x / (e.t * e.t), add);
    });
}
Computed log_rate(const Row& row, const Setting& setting) {
    return rate_with(row, setting, [](const Exposure& e, double add) {
        return checked(std::log(e.x / e.t), 1 / e.x, add);
    });
}
Computed root_rate(const Row& row, const Setting& setting) {
    return rate_with(row, setting, [](const Exposure& e, double add) {
        return checked(std::sqrt(e.x / e.t), 1 / (4 * e.t), add);
    });
}
Computed double_root_rate(const Row& row, const Setting& setting) {
    return rate_with(row, setting, [](const Exposure& e, double add) {
        return checked((std::sqrt(e.x / e.t) + std::sqrt((e.x + 1) / e.t)) / 2, 1 / (4 * e.t), add);
    });
}

void average_variance(const Row& row, const Setting&, Averages& sums) {
    Status status = Status::ok;
    const Sample s = sample(row, true, status);
    if (status != Status::ok) return;
    sums.value1 += (s.n - 1) * s.sd * s.sd;
    sums.weight1 += s.n - 1;
}

Computed single_mean(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Sample s = sample(row, true, status);
    if (status != Status::ok) return {.status = status};
    return checked(s.m, (setting.vtype == Vtype::HO ? setting.average1 : s.sd * s.sd) / s.n);
}

namespace {
/// The row with mean and SD in percent of the scale's width.
std::optional<Row> in_percent(const Row& row) {
    if (!row[Role::mini] || !row[Role::maxi] || !row[Role::mi] || !row[Role::sdi]) return std::nullopt;
    const double low = *row[Role::mini], width = *row[Role::maxi] - low;
    if (!(width > 0)) return std::nullopt;
    Row percent = row;
    percent[Role::mi] = 100 * (*row[Role::mi] - low) / width;
    percent[Role::sdi] = 100 * *row[Role::sdi] / width;
    return percent;
}
} // namespace

void average_variance_of_percent(const Row& row, const Setting& setting, Averages& sums) {
    if (const auto percent = in_percent(row)) average_variance(*percent, setting, sums);
}

Computed single_mean_of_percent(const Row& row, const Setting& setting) {
    const auto percent = in_percent(row);
    return percent ? single_mean(*percent, setting) : Computed{.status = Status::missing};
}
Computed standardised_mean(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Sample s = sample(row, true, status);
    if (status != Status::ok) return {.status = status};
    const double y = (setting.correct ? num::hedges_j(s.n - 1) : 1) * s.m / s.sd;
    return checked(y, 1 / s.n + y * y / (2 * s.n), 0, Status::too_small);
}
Computed log_mean(const Row& row, const Setting&) {
    Status status = Status::ok;
    const Sample s = sample(row, true, status);
    if (status != Status::ok) return {.status = status};
    if (!(s.m > 0)) return {.status = Status::undefined};
    return checked(std::log(s.m), s.sd * s.sd / (s.n * s.m * s.m));
}
Computed log_sd(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Sample s = sample(row, false, status);
    if (status != Status::ok) return {.status = status};
    const double half = 1 / (2 * (s.n - 1));
    return checked(std::log(s.sd) + (setting.correct ? half : 0), half);
}
Computed log_cv(const Row& row, const Setting& setting) {
    Status status = Status::ok;
    const Sample s = sample(row, true, status);
    if (status != Status::ok) return {.status = status};
    if (!(s.m > 0)) return {.status = Status::undefined};
    const double half = 1 / (2 * (s.n - 1)), cv = s.sd / s.m;
    return checked(std::log(cv) + (setting.correct ? half : 0), half + cv * cv / s.n);
}

} // namespace assay::effect
