#include "trust/pvalues.hpp"

#include "num/distributions.hpp"
#include "num/gamma.hpp"

#include <algorithm>
#include <cmath>

namespace assay::trust {

namespace {

struct Moments {
    double sd1, n1, sd2, n2;
};

struct Test {
    double se, df;
};

Test pooled(const Moments& m) {
    const double df = m.n1 + m.n2 - 2;
    const double variance = ((m.n1 - 1) * m.sd1 * m.sd1 + (m.n2 - 1) * m.sd2 * m.sd2) / df;
    return {std::sqrt(variance * (1 / m.n1 + 1 / m.n2)), df};
}

// Welch 1947, Biometrika 34:28; degrees of freedom after Satterthwaite 1946.
Test welch(const Moments& m) {
    const double a = m.sd1 * m.sd1 / m.n1, b = m.sd2 * m.sd2 / m.n2;
    return {std::sqrt(a + b), (a + b) * (a + b) / (a * a / (m.n1 - 1) + b * b / (m.n2 - 1))};
}

/// Distance of two printed means: the smallest and the largest it can be.
Range distance(const Printed& a, const Printed& b) {
    const Range x = a.rounded(), y = b.rounded();
    const double low = std::max({0.0, x.low - y.high, y.low - x.high});
    return {low, std::max(x.high - y.low, y.high - x.low)};
}

void widen(Range& range, double p) {
    range.low = std::min(range.low, p);
    range.high = std::max(range.high, p);
}

// The support of the hypergeometric distribution with the probability of each first cell.
struct Hypergeometric {
    double first = 0;
    std::vector<double> p;
};

Hypergeometric hypergeometric(double n1, double n2, double events) {
    Hypergeometric h;
    h.first = std::max(0.0, events - n2);
    const double last = std::min(n1, events);
    const auto choose = [](double n, double k) {
        return num::log_gamma(n + 1) - num::log_gamma(k + 1) - num::log_gamma(n - k + 1);
    };
    double log_p = choose(n1, h.first) + choose(n2, events - h.first) - choose(n1 + n2, events);
    for (double x = h.first; x <= last; ++x) {
        h.p.push_back(std::exp(log_p));
        log_p += std::log((n1 - x) * (events - x) / ((x + 1) * (n2 - events + x + 1)));
    }
    return h;
}

// Two-sided by adding the tables that are no likelier than the one seen (Fisher 1935; Lancaster 1961 for
// mid-P).
void add_exact(std::vector<NamedP>& tests, double e1, double n1, double n2, double events) {
    // Beyond this size the exact tests agree with the others, and their tables would fill memory.
    constexpr double largest = 1e6;
    if (std::min(n1, events) > largest) return;
    const Hypergeometric h = hypergeometric(n1, n2, events);
    const double seen = h.p[static_cast<std::size_t>(e1 - h.first)];
    double total = 0;
    for (const double p : h.p)
        if (p <= seen * (1 + 1e-7)) total += p;
    tests.push_back({"Fisher exact", std::min(1.0, total)});
    tests.push_back({"mid-P", std::min(1.0, total - seen / 2)});
}

void add_z(std::vector<NamedP>& tests, std::string_view name, double estimate, double variance) {
    if (variance > 0 && std::isfinite(variance))
        tests.push_back({name, num::two_sided_p(estimate / std::sqrt(variance))});
}

double deviance(double observed, double expected) {
    return observed > 0 ? 2 * observed * std::log(observed / expected) : 0;
}

bool people(double n) {
    return n == std::floor(n) && n >= 1;
}

} // namespace

Range printed_p(const model::PValue& p, const Printed& text) {
    switch (p.relation) {
    case '<':
        return {0, p.value};
    case '>':
        return {p.value, 1};
    default:
        return {std::max(0.0, p.value - text.unit() / 2), std::min(1.0, p.value + text.unit())};
    }
}

std::optional<Range> p_of_groups(const Group& a, const Group& b) {
    if (!(a.n >= 2) || !(b.n >= 2)) return std::nullopt;
    const Range apart = distance(a.mean, b.mean), s1 = a.sd.rounded(), s2 = b.sd.rounded();
    if (s1.low <= 0 || s2.low <= 0) return std::nullopt;
    Range range{1, 0};
    for (const auto test : {pooled, welch}) {
        // Both standard errors grow with each SD, so the corners of the rounding box hold the extremes.
        const Test small = test({s1.low, a.n, s2.low, b.n}), large = test({s1.high, a.n, s2.high, b.n});
        widen(range, num::two_sided_p(apart.high / small.se, small.df));
        widen(range, num::two_sided_p(apart.low / large.se, large.df));
    }
    return range;
}

std::optional<Range> p_of_pairs(const Group& before, const Group& after) {
    const double n = std::min(before.n, after.n);
    if (!(n >= 2)) return std::nullopt;
    const Range apart = distance(before.mean, after.mean), s1 = before.sd.rounded(), s2 = after.sd.rounded();
    if (s1.low <= 0 || s2.low <= 0) return std::nullopt;
    // SD of the differences: sqrt(s1^2 + s2^2 - 2 r s1 s2), from |s1 - s2| at r = 1 to s1 + s2 at r = -1.
    const double smallest = std::max({0.0, s1.low - s2.high, s2.low - s1.high}), largest = s1.high + s2.high;
    const double root = std::sqrt(n), df = n - 1;
    return Range{smallest > 0 ? num::two_sided_p(apart.high / smallest * root, df) : 0,
                 num::two_sided_p(apart.low / largest * root, df)};
}

std::optional<Range> p_of_interval(const Printed& estimate, const Printed& low, const Printed& high,
                                   double level, bool log_scale, std::optional<double> df) {
    Range e = estimate.rounded(), l = low.rounded(), h = high.rounded();
    if (log_scale) {
        for (Range* range : {&e, &l, &h}) {
            if (range->low <= 0) return std::nullopt;
            *range = {std::log(range->low), std::log(range->high)};
        }
    }
    const double narrow = h.low - l.high, wide = h.high - l.low;
    if (narrow <= 0 || !(level > 0 && level < 1)) return std::nullopt;
    const double least = e.contains(0) ? 0 : std::min(std::fabs(e.low), std::fabs(e.high));
    const double most = std::max(std::fabs(e.low), std::fabs(e.high));
    Range range{1, 0};
    for (const double degrees : {0.0, df.value_or(0)}) {
        if (degrees < 0) continue;
        const double width = 2 * num::critical_value(level, degrees);
        widen(range, num::two_sided_p(most * width / narrow, degrees));
        widen(range, num::two_sided_p(least * width / wide, degrees));
    }
    return range;
}

std::vector<NamedP> p_of_counts(double e1, double n1, double e2, double n2) {
    std::vector<NamedP> tests;
    const double events = e1 + e2, n = n1 + n2;
    if (!people(n1) || !people(n2) || e1 != std::floor(e1) || e2 != std::floor(e2) || e1 < 0 || e2 < 0 ||
        e1 > n1 || e2 > n2 || events == 0 || events == n)
        return tests;
    const double a = e1, b = n1 - e1, c = e2, d = n2 - e2;
    const double margins = n1 * n2 * events * (n - events), cross = std::fabs(a * d - b * c);
    const auto chi2 = [](double statistic) { return num::chi_squared_upper(statistic, 1); };
    tests.push_back({"chi-squared", chi2(n * cross * cross / margins)});
    tests.push_back({"chi-squared, n - 1", chi2((n - 1) * cross * cross / margins)}); // Campbell 2007
    const double corrected = std::max(0.0, cross - n / 2);                            // Yates 1934
    tests.push_back({"chi-squared, continuity corrected", chi2(n * corrected * corrected / margins)});
    const double likelihood = deviance(a, n1 * events / n) + deviance(b, n1 * (n - events) / n) +
                              deviance(c, n2 * events / n) + deviance(d, n2 * (n - events) / n);
    tests.push_back({"likelihood ratio", chi2(std::max(0.0, likelihood))});
    add_exact(tests, e1, n1, n2, events);
    const double p1 = a / n1, p2 = c / n2;
    add_z(tests, "Wald, difference of risks", p1 - p2, p1 * (1 - p1) / n1 + p2 * (1 - p2) / n2);
    if (a > 0 && c > 0)
        add_z(tests, "Wald, log risk ratio", std::log(p1 / p2), 1 / a - 1 / n1 + 1 / c - 1 / n2);
    if (a > 0 && b > 0 && c > 0 && d > 0)
        add_z(tests, "Wald, log odds ratio", std::log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d);
    return tests;
}

double gap_in_z(const Range& a, const Range& b) {
    if (a.meets(b)) return 0;
    const bool a_below = a.high < b.low;
    const double smaller = a_below ? a.high : b.high, larger = a_below ? b.low : a.low;
    constexpr double least = 1e-300; // a range that ends at 0 lies infinitely far out
    return num::normal_quantile(1 - larger / 2) * -1 - num::normal_quantile(std::max(smaller, least) / 2);
}

} // namespace assay::trust
