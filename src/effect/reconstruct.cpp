#include "effect/reconstruct.hpp"

#include "num/distributions.hpp"

#include <cmath>

namespace assay::effect {

std::optional<Cells> table_from_margins(const PrintedTable& t) {
    if (!t.n || !t.n1 || !t.n2) return std::nullopt;
    const double n = std::nearbyint(*t.n), n1 = std::nearbyint(*t.n1), n2 = std::nearbyint(*t.n2);
    const double p1 = n1 / n, p2 = n2 / n;
    std::optional<double> joint, phi = t.phi;
    if (t.odds_ratio && *t.odds_ratio == 1)
        joint = p1 * p2;
    else if (t.odds_ratio) {
        const double r = *t.odds_ratio, b = r * (p1 + p2) + 1 - p1 - p2;
        // The smaller root of a quadratic, without cancellation for ratios near 1.
        joint = 2 * p1 * p2 * r / (b + std::sqrt(b * b - 4 * p1 * p2 * r * (r - 1)));
    }
    if (!phi && t.chi_squared) {
        const double x2 = *t.chi_squared, sign = x2 > 0 ? 1 : x2 < 0 ? -1 : 0;
        const double half = t.yates ? n / (2 * std::sqrt(n1 * (n - n1) * n2 * (n - n2))) : 0;
        phi = sign * (std::sqrt(std::fabs(x2) / n) + half);
    }
    if (!joint && phi) joint = p1 * p2 + *phi * std::sqrt(p1 * (1 - p1) * p2 * (1 - p2));
    if (!joint) return std::nullopt;
    const double a = std::nearbyint(n * *joint);
    const Cells cells{a, n1 - a, n2 - a, n - n1 - n2 + a};
    if (!(cells.a >= 0 && cells.b >= 0 && cells.c >= 0 && cells.d >= 0)) return std::nullopt;
    return cells;
}

EffectAndVariance wald(const PrintedEffect& printed, double (*forward)(double)) {
    const auto moved = [&](std::optional<double> x) { return x ? std::optional(forward(*x)) : std::nullopt; };
    const auto low = moved(printed.low), high = moved(printed.high);
    EffectAndVariance result{printed.y ? printed.y : moved(printed.estimate), printed.v};
    if (!result.v && low && high) {
        const double se = (*high - *low) / (2 * num::critical_value(printed.level));
        result.v = se * se;
    }
    std::optional<double> z = printed.z;
    if (!z && printed.p && *printed.p >= 0 && *printed.p <= 1) z = -num::normal_quantile(*printed.p / 2);
    if (!result.v && result.y && z) result.v = *result.y / *z * (*result.y / *z);
    return result;
}

EffectAndVariance delta_method(num::Function f, double y, double v) {
    // Two central differences with steps h and h/2; their combination leaves an error of h^4.
    const double h = 2e-3 * std::fmax(1e-2, std::fabs(y));
    const auto slope = [&](double step) { return (f(y + step) - f(y - step)) / (2 * step); };
    const double derivative = (4 * slope(h / 2) - slope(h)) / 3;
    return {f(y), derivative * derivative * v};
}

} // namespace assay::effect
