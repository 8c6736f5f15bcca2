// Events in matched pairs: ai pairs with the event under both conditions, bi under the first only, ci under the second
// only, di under neither.
#include "effect/cells.hpp"
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

namespace {
Computed with(const Row& row, const Setting& setting, Computed (*formula)(const Cells&)) {
    for (Role role : {Role::ai, Role::bi, Role::ci, Role::di})
        if (!row[role]) return {.status = Status::missing};
    const Cells cells{*row[Role::ai], *row[Role::bi], *row[Role::ci], *row[Role::di]};
    if (!(cells.a >= 0) || !(cells.b >= 0) || !(cells.c >= 0) || !(cells.d >= 0)) return {.status = Status::impossible};
    Computed result = formula(cells.plus(setting.add));
    result.added = setting.add;
    return result;
}

Computed checked(double y, double v) {
    if (!std::isfinite(y) || !std::isfinite(v) || v <= 0) return {.status = Status::zero_cell};
    return {y, v};
}

double total(const Cells& t) { return t.a + t.b + t.c + t.d; }
} // namespace

/// Pairs have no groups that could be empty: a zero is a zero in any cell.
Zeros zeros_matched(const Row& row) {
    Zeros zeros{true, false, false};
    for (Role role : {Role::ai, Role::bi, Role::ci, Role::di}) {
        if (!row[role] || !(*row[role] >= 0)) return {};
        zeros.any = zeros.any || *row[role] == 0;
    }
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

} // namespace assay::effect
