#include "effect/conventions.hpp"

#include "num/gamma.hpp"

#include <cmath>

namespace assay::effect {

namespace {
Computed checked(double y, double v) {
    if (!std::isfinite(y) || !std::isfinite(v) || !(v > 0)) return {y, v, Status::zero_cell};
    return {y, v};
}

Computed ratio_of_risks(const Cells& t, double add, double factor) {
    const double a = t.a + add, c = t.c + add, n1 = t.n1() + factor * add, n2 = t.n2() + factor * add;
    // A group with events only keeps its first term: 1/a = 1/n then.
    const double a_in = factor > 1 || t.b > 0 ? a : t.a, c_in = factor > 1 || t.d > 0 ? c : t.c;
    const double n1_in = factor > 1 || t.b > 0 ? n1 : t.n1(), n2_in = factor > 1 || t.d > 0 ? n2 : t.n2();
    return checked(std::log(a / n1) - std::log(c / n2), 1 / a_in - 1 / n1_in + 1 / c_in - 1 / n2_in);
}
} // namespace

Computed conventional(std::string_view measure, const Cells& t, const CountConvention& convention) {
    const bool ratio = measure == "RR" || measure == "OR" || measure == "PETO";
    const bool none = t.a + t.c == 0, only = t.b + t.d == 0;
    if (ratio && (none || only)) return {.status = Status::double_zero};
    const bool empty = t.a == 0 || t.b == 0 || t.c == 0 || t.d == 0;
    const double add = empty ? convention.increment : 0;
    if (measure == "RR") return ratio_of_risks(t, add, convention.twice_in_risk_ratio ? 2 : 1);
    if (measure == "OR") {
        const Cells u = t.plus(add);
        return checked(std::log(u.a / u.b) - std::log(u.c / u.d), 1 / u.a + 1 / u.b + 1 / u.c + 1 / u.d);
    }
    if (measure == "RD") {
        const Cells u = t.plus(add);
        return checked(t.p1() - t.p2(), u.p1() * (1 - u.p1()) / u.n1() + u.p2() * (1 - u.p2()) / u.n2());
    }
    if (measure == "ASD")
        return checked(std::asin(std::sqrt(t.p1())) - std::asin(std::sqrt(t.p2())),
                       1 / (4 * t.n1()) + 1 / (4 * t.n2()));
    if (measure == "PETO") {
        const double n = t.n1() + t.n2(), events = t.a + t.c;
        const double v = events * (n - events) * (t.n1() / n) * (t.n2() / n) / (n - 1);
        return checked((t.a - events * t.n1() / n) / v, 1 / v);
    }
    return {.status = Status::missing};
}

Computed conventional_smd(double m1, double sd1, double n1, double m2, double sd2, double n2, bool exact) {
    const double df = n1 + n2 - 2, n = n1 + n2;
    if (!(df > 2)) return {.status = Status::too_small};
    const double sd = std::sqrt(((n1 - 1) * sd1 * sd1 + (n2 - 1) * sd2 * sd2) / df);
    const double j = exact ? num::hedges_j(df) : 1 - 3 / (4 * n - 9), g = j * (m1 - m2) / sd;
    const double share = exact ? 1 - (df - 2) / (df * j * j) : 1 / (2 * (n - 3.94));
    return checked(g, 1 / n1 + 1 / n2 + share * g * g);
}

} // namespace assay::effect
