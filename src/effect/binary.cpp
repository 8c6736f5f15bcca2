// Effects of two groups with events and non-events: cells a b / c d, risks a/n1 and c/n2.
#include "effect/cells.hpp"
#include "effect/families.hpp"

#include <cmath>

namespace assay::effect {

namespace {
Computed with_cells(const Row& row, const Setting& setting,
                    Computed (*formula)(const Cells&, const Setting&)) {
    const auto cells = cells_of(row);
    if (!cells) return {.status = cells_status(row)};
    Computed outcome = formula(cells->plus(setting.add), setting);
    outcome.added = setting.add;
    return outcome;
}

bool unusable(double x) {
    return !std::isfinite(x);
}

Computed checked(double y, double v) {
    if (unusable(y) || unusable(v) || v <= 0) return {y, v, Status::zero_cell};
    return {y, v};
}

double variance_of_log_risk(double p, double n) {
    return (1 - p) / (n * p);
}
} // namespace

Zeros zeros_2x2(const Row& row) {
    const auto cells = cells_of(row);
    if (!cells) return {};
    const auto& [a, b, c, d] = *cells;
    return {true, a == 0 || b == 0 || c == 0 || d == 0, (a == 0 && c == 0) || (b == 0 && d == 0)};
}

void average_risks(const Row& row, const Setting& setting, Averages& sums) {
    const auto raw = cells_of(row);
    if (!raw) return;
    const Cells cells = raw->plus(setting.add);
    sums.value1 += cells.a;
    sums.weight1 += cells.n1();
    sums.value2 += cells.c;
    sums.weight2 += cells.n2();
}

Computed risk_ratio(const Row& row, const Setting& setting) {
    return with_cells(row, setting, [](const Cells& t, const Setting& s) {
        const double y = std::log(t.p1()) - std::log(t.p2());
        double p1 = t.p1(), p2 = t.p2();
        if (s.vtype == Vtype::AV) p1 = s.average1, p2 = s.average2;
        if (s.vtype == Vtype::H0) p1 = p2 = t.pooled();
        return checked(y, variance_of_log_risk(p1, t.n1()) + variance_of_log_risk(p2, t.n2()));
    });
}

Computed odds_ratio(const Row& row, const Setting& setting) {
    return with_cells(row, setting, [](const Cells& t, const Setting& s) {
        const double y = std::log(t.a / t.b) - std::log(t.c / t.d);
        if (s.vtype != Vtype::AV && s.vtype != Vtype::H0)
            return checked(y, 1 / t.a + 1 / t.b + 1 / t.c + 1 / t.d);
        const double p1 = s.vtype == Vtype::AV ? s.average1 : t.pooled();
        const double p2 = s.vtype == Vtype::AV ? s.average2 : t.pooled();
        return checked(y, 1 / (t.n1() * p1 * (1 - p1)) + 1 / (t.n2() * p2 * (1 - p2)));
    });
}

Computed risk_difference(const Row& row, const Setting& setting) {
    return with_cells(row, setting, [](const Cells& t, const Setting& s) {
        double p1 = t.p1(), p2 = t.p2(), m1 = t.n1(), m2 = t.n2();
        if (s.vtype == Vtype::UB) m1 -= 1, m2 -= 1;
        if (s.vtype == Vtype::AV) p1 = s.average1, p2 = s.average2;
        if (s.vtype == Vtype::H0) p1 = p2 = t.pooled();
        return checked(t.p1() - t.p2(), p1 * (1 - p1) / m1 + p2 * (1 - p2) / m2);
    });
}

Computed peto(const Row& row, const Setting& setting) {
    return with_cells(row, setting, [](const Cells& t, const Setting&) {
        const double n = t.n1() + t.n2(), events = t.a + t.c, others = t.b + t.d;
        const double expected = events * t.n1() / n;
        const double v = events * others * (t.n1() / n) * (t.n2() / n) / (n - 1); // hypergeometric
        return checked((t.a - expected) / v, 1 / v);
    });
}

Computed arcsine_difference(const Row& row, const Setting& setting) {
    return with_cells(row, setting, [](const Cells& t, const Setting&) {
        const double y = std::asin(std::sqrt(t.p1())) - std::asin(std::sqrt(t.p2()));
        return checked(y, 1 / (4 * t.n1()) + 1 / (4 * t.n2()));
    });
}

} // namespace assay::effect
