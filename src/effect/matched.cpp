// Events in matched pairs: ai pairs with the event under both conditions, bi under the first only, ci under
// the second only, di under neither.
#include "effect/cells.hpp"
#include "effect/families.hpp"

#include <cmath>
#include <optional>

namespace assay::effect {

namespace {
Computed with(const Row& row, const Setting& setting, Computed (*formula)(const Cells&)) {
    for (Role role : {Role::ai, Role::bi, Role::ci, Role::di})
        if (!row[role]) return {.status = Status::missing};
    const Cells cells{*row[Role::ai], *row[Role::bi], *row[Role::ci], *row[Role::di]};
    if (!(cells.a >= 0) || !(cells.b >= 0) || !(cells.c >= 0) || !(cells.d >= 0))
        return {.status = Status::impossible};
    Computed result = formula(cells.plus(setting.add));
    result.added = setting.add;
    return result;
}

Computed checked(double y, double v) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {y, v, Status::zero_cell};
    return {y, v};
}

double total(const Cells& t) {
    return t.a + t.b + t.c + t.d;
}
} // namespace

/// Pairs have no groups that could be empty: a zero is a zero in any cell.
Zeros zeros_matched(const Row& row) {
    Zeros zeros{true, false, false};
    for (Role role : {Role::ai, Role::bi, Role::ci, Role::di}) {
        if (!row[role] || !(*row[role] >= 0)) return {};
        zeros.any = zeros.any || *row[role] == 0;
    }
    const auto none = [&](Role one, Role other) { return *row[one] == 0 && *row[other] == 0; };
    zeros.both = none(Role::ai, Role::ci) || none(Role::bi, Role::di);
    return zeros;
}

Computed matched_risk_difference(const Row& row, const Setting& setting) {
    return with(row, setting, [](const Cells& t) {
        const double n = total(t), y = (t.b - t.c) / n;
        return checked(y, ((t.b + t.c) / n - y * y) / n);
    });
}
Computed matched_risk_ratio(const Row& row, const Setting& setting) {
    return with(row, setting, [](const Cells& t) {
        const double one = t.a + t.b, two = t.a + t.c;
        return checked(std::log(one / two), (t.b + t.c) / (one * two));
    });
}
Computed matched_odds_ratio(const Row& row, const Setting& setting) {
    return with(row, setting, [](const Cells& t) {
        const double n = total(t), p1 = (t.a + t.b) / n, p2 = (t.a + t.c) / n;
        const double u1 = p1 * (1 - p1), u2 = p2 * (1 - p2), covariance = (t.a * t.d - t.b * t.c) / (n * n);
        return checked(std::log(p1 / (1 - p1)) - std::log(p2 / (1 - p2)),
                       (1 / u1 + 1 / u2 - 2 * covariance / (u1 * u2)) / n);
    });
}
Computed conditional_odds_ratio(const Row& row, const Setting& setting) {
    return with(row, setting, [](const Cells& t) { return checked(std::log(t.b / t.c), 1 / t.b + 1 / t.c); });
}
Computed matched_peto(const Row& row, const Setting& setting) {
    return with(row, setting, [](const Cells& t) {
        const double discordant = t.b + t.c;
        return checked(2 * (t.b - t.c) / discordant, 4 / discordant);
    });
}

/// The marginal odds ratio from the two margins (a 2x2 table of condition by event, ai + bi + ci + di = twice
/// the pairs) and the phi correlation within pairs, given as ri or as the share pi of pairs with both events:
/// Elbourne et al. 2002, Int J Epidemiol 31:140; Becker & Balagtas 1993, Biometrics 49:997, equation 3.
Computed odds_ratio_of_margins(const Row& row, const Setting& setting) {
    const auto raw = cells_of(row);
    if (!raw) return {.status = cells_status(row)};
    std::optional<double> r = row[Role::ri];
    if (!r && row[Role::pi]) {
        const double a = *row[Role::pi] * (raw->a + raw->b), b = raw->a - a, c = raw->c - a,
                     d = raw->b - raw->c + a;
        r = (a * d - b * c) / std::sqrt((a + b) * (c + d) * (a + c) * (b + d));
    }
    if (!r) return {.status = Status::missing};
    if (!(std::fabs(*r) <= 1)) return {.status = Status::impossible};
    Computed result = odds_ratio(row, setting);
    const Cells t = raw->plus(setting.add);
    const double n = std::nearbyint(total(t) / 2), product = t.a * t.b * t.c * t.d;
    const double joint = (*r * std::sqrt(product) + t.a * t.b) / n;
    const double covariance = n * n * (n * joint - t.a * t.b) / product;
    const Computed whole = checked(result.y, result.v - 2 * covariance / n);
    return {whole.y, whole.v, whole.status, setting.add};
}

} // namespace assay::effect
