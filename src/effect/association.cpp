// 2x2 tables as measures of association, or as standardised differences of something continuous behind the
// events.
#include "effect/cells.hpp"
#include "effect/families.hpp"
#include "num/bivariate_normal.hpp"
#include "num/distributions.hpp"
#include "num/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <vector>

namespace assay::effect {

namespace {
constexpr double pi = 3.14159265358979323846;
/// Cox 1970: a log odds ratio over this is a standardised difference of normal variables.
constexpr double cox = 1.65;

struct Ready {
    Cells t;
    Status status = Status::ok;
};

Ready ready(const Row& row, const Setting& setting) {
    const auto cells = cells_of(row);
    if (!cells) return {{}, cells_status(row)};
    return {cells->plus(setting.add)};
}

Computed checked(double y, double v, double added) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, Status::zero_cell};
    return {y, v, Status::ok, added};
}

double odds(const Cells& t) {
    return t.a * t.d / (t.b * t.c);
}
double inverse_cells(const Cells& t) {
    return 1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d;
}

/// phi with the variance for tables of which only the total was fixed (cross-sectional), or the group sizes
/// were (ST).
struct Phi {
    double r, v;
};
Phi phi_of(const Cells& t, Vtype vtype) {
    const double n = t.n1() + t.n2();
    const double row1 = t.n1() / n, row2 = t.n2() / n, col1 = (t.a + t.c) / n, col2 = (t.b + t.d) / n;
    const double r = (t.a * t.d - t.b * t.c) / (n * n * std::sqrt(row1 * row2 * col1 * col2));
    const double r2 = r * r;
    if (vtype == Vtype::ST) {
        // Delta method with independent binomials p1 and p2 and fixed group sizes.
        const double p1 = t.p1(), p2 = t.p2(), root = std::sqrt(row1 * row2), spread = col1 * col2;
        const double lean = (1 - 2 * col1) / (2 * spread);
        const double slope1 = root / std::sqrt(spread) * (1 - (p1 - p2) * lean * row1);
        const double slope2 = root / std::sqrt(spread) * (-1 - (p1 - p2) * lean * row2);
        return {r, slope1 * slope1 * p1 * (1 - p1) / t.n1() + slope2 * slope2 * p2 * (1 - p2) / t.n2()};
    }
    const double cross = (row1 - row2) * (col1 - col2) / std::sqrt(row1 * row2 * col1 * col2);
    const double margins =
        (row1 - row2) * (row1 - row2) / (row1 * row2) + (col1 - col2) * (col1 - col2) / (col1 * col2);
    return {r, (1 - r2 + r * (1 + r2 / 2) * cross - 0.75 * r2 * margins) / n};
}
} // namespace

Computed phi(const Row& row, const Setting& setting) {
    const Ready in = ready(row, setting);
    if (in.status != Status::ok) return {.status = in.status};
    const Phi p = phi_of(in.t, setting.vtype);
    return checked(p.r, p.v, setting.add);
}

Computed z_of_phi(const Row& row, const Setting& setting) {
    const Ready in = ready(row, setting);
    if (in.status != Status::ok) return {.status = in.status};
    const Phi p = phi_of(in.t, setting.vtype);
    const double slope = 1 / (1 - p.r * p.r);
    return checked(std::atanh(p.r), p.v * slope * slope, setting.add);
}

Computed yule_q(const Row& row, const Setting& setting) {
    const Ready in = ready(row, setting);
    if (in.status != Status::ok) return {.status = in.status};
    const double q = (odds(in.t) - 1) / (odds(in.t) + 1), rest = 1 - q * q;
    return checked(q, rest * rest * inverse_cells(in.t) / 4, setting.add);
}

Computed yule_y(const Row& row, const Setting& setting) {
    const Ready in = ready(row, setting);
    if (in.status != Status::ok) return {.status = in.status};
    const double root = std::sqrt(odds(in.t)), y = (root - 1) / (root + 1), rest = 1 - y * y;
    return checked(y, rest * rest * inverse_cells(in.t) / 16, setting.add);
}

namespace {
/// The correlation of two normal variables that were cut in two. Three parameters (it and the two cuts) for
/// three free cells: the likelihood is highest where the margins and the first cell are met exactly. The
/// variance is the delta method's, which for a saturated model is the inverse of the information (Tallis
/// 1962, Biometrics 18:342; Pearson 1900, Philos Trans R Soc A 195:1).
Computed tetrachoric_of(const Cells& t) {
    const double n = t.n1() + t.n2();
    if (!(t.n1() > 0) || !(t.n2() > 0) || !(t.a + t.c > 0) || !(t.b + t.d > 0))
        return {.status = Status::zero_cell};
    if (t.b == 0 && t.c == 0) return {1, 0, Status::zero_cell};
    if (t.a == 0 && t.d == 0) return {-1, 0, Status::zero_cell};
    // One empty cell puts the correlation at its end; a variance is not defined there.
    if (t.b == 0 || t.c == 0) return {.y = 1, .status = Status::zero_cell};
    if (t.a == 0 || t.d == 0) return {.y = -1, .status = Status::zero_cell};
    const double h = num::normal_quantile(t.n1() / n), k = num::normal_quantile((t.a + t.c) / n);
    const double r = num::bivariate_normal_correlation(h, k, t.a / n), root = std::sqrt((1 - r) * (1 + r));
    const double by_row = num::normal_cdf((k - r * h) / root),
                 by_column = num::normal_cdf((h - r * k) / root);
    const double w11 = 1 - by_row - by_column, w12 = -by_row, w21 = -by_column;
    const double p11 = t.a / n, p12 = t.b / n, p21 = t.c / n;
    const double mean = p11 * w11 + p12 * w12 + p21 * w21;
    const double spread = p11 * w11 * w11 + p12 * w12 * w12 + p21 * w21 * w21 - mean * mean;
    const double density = num::bivariate_normal_density(h, k, r);
    return {r, spread / (n * density * density)};
}

/// What metafor does instead: a one-dimensional search for the correlation at the cuts of the margins, a
/// simplex search over all three, and the variance from second differences. It stops up to 1e-4 away from the
/// maximum.
Computed tetrachoric_by_search(const Cells& t) {
    const Computed exact = tetrachoric_of(t);
    if (exact.status != Status::ok) return exact;
    constexpr double most = 0.9999;
    const double n = t.n1() + t.n2(), row = num::normal_quantile(t.n1() / n),
                 column = num::normal_quantile((t.a + t.c) / n);
    const auto deviance = [&](std::span<const double> at) {
        const double r = std::clamp(at[0], -most, most), h = at[1], k = at[2];
        const double p11 = num::bivariate_normal_cdf(h, k, r), p12 = num::bivariate_normal_cdf(h, -k, -r);
        const double p21 = num::bivariate_normal_cdf(-h, k, -r), p22 = num::bivariate_normal_cdf(-h, -k, r);
        if (!(p11 > 0 && p12 > 0 && p21 > 0 && p22 > 0)) return std::numeric_limits<double>::infinity();
        return -(t.a * std::log(p11) + t.b * std::log(p12) + t.c * std::log(p21) + t.d * std::log(p22));
    };
    constexpr double coarse = 1.220703125e-4;
    const double start = num::minimum_between(
        [&](double r) {
            const double at[] = {r, row, column};
            // Brent's procedure compares numbers only; a large one stands for none.
            return std::min(deviance(at), std::numeric_limits<double>::max());
        },
        -1, 1, coarse);
    const std::vector<double> at = num::simplex_minimum(deviance, {start, row, column});
    const std::vector<double> h = num::difference_hessian(deviance, at);
    // The first cell of the inverse.
    const double rest = h[4] * h[8] - h[5] * h[7];
    const double determinant =
        h[0] * rest - h[1] * (h[3] * h[8] - h[5] * h[6]) + h[2] * (h[3] * h[7] - h[4] * h[6]);
    return {at[0], rest / determinant};
}
} // namespace

Computed tetrachoric(const Row& row, const Setting& setting) {
    const Ready in = ready(row, setting);
    if (in.status != Status::ok) return {.status = in.status};
    const Computed r = setting.by_search ? tetrachoric_by_search(in.t) : tetrachoric_of(in.t);
    return r.status == Status::ok ? checked(r.y, r.v, setting.add) : r;
}

Computed z_of_tetrachoric(const Row& row, const Setting& setting) {
    const Computed r = tetrachoric(row, setting);
    if (r.status != Status::ok) return {.status = r.status};
    const double slope = 1 / (1 - r.y * r.y);
    return checked(std::atanh(r.y), r.v * slope * slope, setting.add);
}

Computed probit_difference(const Row& row, const Setting& setting) {
    const Ready in = ready(row, setting);
    if (in.status != Status::ok) return {.status = in.status};
    const double z1 = num::normal_quantile(in.t.p1()), z2 = num::normal_quantile(in.t.p2());
    const auto variance = [](double p, double n, double z) {
        const double density = num::normal_density(z);
        return p * (1 - p) / (n * density * density);
    };
    return checked(z1 - z2, variance(in.t.p1(), in.t.n1(), z1) + variance(in.t.p2(), in.t.n2(), z2),
                   setting.add);
}

namespace {
Computed odds_as_difference(const Row& row, const Setting& setting, double factor) {
    Computed log_odds = odds_ratio(row, setting);
    log_odds.y *= factor;
    log_odds.v *= factor * factor;
    return log_odds;
}
} // namespace

Computed odds_to_d_normal(const Row& row, const Setting& setting) {
    return odds_as_difference(row, setting, 1 / cox);
}
Computed odds_to_d_logistic(const Row& row, const Setting& setting) {
    return odds_as_difference(row, setting, std::sqrt(3.0) / pi);
}

} // namespace assay::effect
