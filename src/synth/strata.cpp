#include "synth/strata.hpp"

#include "num/distributions.hpp"
#include "num/sums.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

namespace assay::synth {

namespace {
using num::Sum;

bool is_rate(CountMeasure measure) {
    return measure == CountMeasure::rate_ratio || measure == CountMeasure::rate_difference;
}

double square(double x) {
    return x * x;
}

bool has_zero(const Stratum& s, bool rates) {
    return s.a == 0 || s.c == 0 || (!rates && (s.b == 0 || s.d == 0));
}

bool uninformative(const Stratum& s, bool rates) {
    return (s.a == 0 && s.c == 0) || (!rates && s.b == 0 && s.d == 0);
}

std::vector<Stratum> prepared(std::span<const Stratum> strata, bool rates, const StrataOptions& options) {
    std::vector<Stratum> kept;
    for (const Stratum& s : strata)
        if (!options.drop00 || !uninformative(s, rates)) kept.push_back(s);
    const bool some =
        std::any_of(kept.begin(), kept.end(), [&](const Stratum& s) { return has_zero(s, rates); });
    for (Stratum& s : kept) {
        const bool wanted = options.where == AddWhere::everywhere ||
                            (options.where == AddWhere::all_if_some_zero && some) ||
                            (options.where == AddWhere::strata_with_zero && has_zero(s, rates));
        if (!wanted) continue;
        s.a += options.add;
        s.c += options.add;
        if (rates) continue;
        s.b += options.add;
        s.d += options.add;
    }
    return kept;
}

struct Estimate {
    double value = 0, variance = 0;
};

Estimate odds_ratio(const std::vector<Stratum>& strata) {
    Sum r, s, pr, mixed, qs;
    for (const Stratum& t : strata) {
        const double n = t.a + t.b + t.c + t.d, p = (t.a + t.d) / n, q = (t.b + t.c) / n;
        const double ri = t.a / n * t.d, si = t.b / n * t.c;
        r += ri;
        s += si;
        pr += p * ri;
        mixed += p * si + q * ri;
        qs += q * si;
    }
    const double R = r.value(), S = s.value();
    return {std::log(R / S), (pr.value() / square(R) + mixed.value() / (R * S) + qs.value() / square(S)) / 2};
}

Estimate risk_ratio(const std::vector<Stratum>& strata) {
    Sum r, s, d;
    for (const Stratum& t : strata) {
        const double n1 = t.a + t.b, n2 = t.c + t.d, n = n1 + n2;
        r += t.a * (n2 / n);
        s += t.c * (n1 / n);
        d += (n1 / n) * (n2 / n) * (t.a + t.c) - t.a / n * t.c;
    }
    return {std::log(r.value() / s.value()), d.value() / (r.value() * s.value())};
}

Estimate risk_difference(const std::vector<Stratum>& strata) {
    Sum top, weight, p, q;
    for (const Stratum& t : strata) {
        const double n1 = t.a + t.b, n2 = t.c + t.d, n = n1 + n2;
        top += t.a * (n2 / n) - t.c * (n1 / n);
        weight += n1 * (n2 / n);
        p += t.c * square(n1 / n) - t.a * square(n2 / n) + (n1 / n) * (n2 / n) * (n2 - n1) / 2;
        q += (t.a * (n2 - t.c) / n + t.c * (n1 - t.a) / n) / 2;
    }
    const double W = weight.value(), estimate = top.value() / W;
    return {estimate, (estimate * p.value() + q.value()) / square(W)};
}

Estimate plain_risk_difference(std::span<const Stratum> plain, const std::vector<Stratum>& added) {
    Sum top, weight, variance;
    for (std::size_t i = 0; i < added.size(); ++i) {
        const Stratum &t = added[i], &u = plain[i];
        const double n1 = t.a + t.b, n2 = t.c + t.d, n = n1 + n2, w = n1 * (n2 / n);
        top += w * (u.a / (u.a + u.b) - u.c / (u.c + u.d));
        weight += w;
        variance += square(w) * (t.a * t.b / (n1 * n1 * n1) + t.c * t.d / (n2 * n2 * n2));
    }
    return {top.value() / weight.value(), variance.value() / square(weight.value())};
}

Estimate rate_ratio(const std::vector<Stratum>& strata) {
    Sum r, s, d;
    for (const Stratum& t : strata) {
        const double time = t.b + t.d;
        r += t.a * (t.d / time);
        s += t.c * (t.b / time);
        d += (t.b / time) * (t.d / time) * (t.a + t.c);
    }
    return {std::log(r.value() / s.value()), d.value() / (r.value() * s.value())};
}

Estimate rate_difference(const std::vector<Stratum>& strata) {
    Sum top, weight, variance;
    for (const Stratum& t : strata) {
        const double time = t.b + t.d, w = t.b / time * t.d;
        top += (t.a * t.d - t.c * t.b) / time;
        weight += w;
        variance += square(w) * (t.a / square(t.b) + t.c / square(t.d));
    }
    const double W = weight.value();
    return {top.value() / W, variance.value() / square(W)};
}

/// Observed less expected events of group 1 and their hypergeometric variance (`less` 1), or the binomial
/// one.
struct Excess {
    double off, variance;
};
Excess excess(const Stratum& t, double less) {
    const double n1 = t.a + t.b, n2 = t.c + t.d, n = n1 + n2, events = t.a + t.c, others = t.b + t.d;
    return {t.a - n1 / n * events, (n1 / n) * (n2 / n) * (events * (others / (n - less)))};
}

struct Peto {
    Estimate estimate;
    double q = 0;
    int informative = 0;
};
Peto peto(const std::vector<Stratum>& strata) {
    Sum off, variance, squares;
    Peto result;
    for (const Stratum& t : strata) {
        const Excess e = excess(t, 1);
        off += e.off;
        variance += e.variance;
        if (!(e.variance > 0)) continue;
        squares += square(e.off) / e.variance;
        ++result.informative;
    }
    const double V = variance.value();
    result.estimate = {off.value() / V, 1 / V};
    result.q = std::max(0.0, squares.value() - square(off.value()) / V);
    return result;
}

std::optional<ChiSquared> no_association(double off, double variance, bool correct) {
    if (!(variance > 0)) return std::nullopt;
    ChiSquared test;
    test.statistic = square(std::fabs(off) - (correct ? 0.5 : 0)) / variance;
    test.p = num::chi_squared_upper(test.statistic, 1);
    return test;
}

void test_association(StrataFit& fit, const std::vector<Stratum>& strata, CountMeasure measure,
                      bool correct) {
    Sum off, exact, plain;
    for (const Stratum& t : strata) {
        if (is_rate(measure)) {
            const double time = t.b + t.d, events = t.a + t.c;
            off += t.a - events * (t.b / time);
            exact += events * (t.b / time) * (t.d / time);
            continue;
        }
        off += excess(t, 1).off;
        exact += excess(t, 1).variance;
        plain += excess(t, 0).variance;
    }
    fit.mantel_haenszel = no_association(off.value(), exact.value(), correct);
    if (!is_rate(measure)) fit.cochran = no_association(off.value(), plain.value(), correct);
}

/// The cell that gives the table's margins the odds ratio: the root of a quadratic that lies inside the
/// margins.
double fitted_cell(const Stratum& t, double ratio) {
    const double n1 = t.a + t.b, n2 = t.c + t.d, events = t.a + t.c;
    if (ratio == 1) return n1 / (n1 + n2) * events;
    const double b = ratio * (n1 + events) + (n2 - events);
    const double root = std::sqrt(square(b) - 4 * n1 * events * ratio * (ratio - 1));
    // The smaller root, written so that a ratio near 1 costs no digits.
    return 2 * n1 * events * ratio / (b + root);
}

void test_one_odds_ratio(StrataFit& fit, const std::vector<Stratum>& strata) {
    const double ratio = std::exp(fit.estimate);
    Sum squares, off, variance;
    int terms = 0;
    for (const Stratum& t : strata) {
        const double n1 = t.a + t.b, n2 = t.c + t.d, events = t.a + t.c, others = t.b + t.d;
        const double cell = fitted_cell(t, ratio);
        if (!(cell > 0) || !(events > 0) || !(others > 0)) continue;
        const double v = 1 / (1 / cell + 1 / (n1 - cell) + 1 / (events - cell) + 1 / (n2 - events + cell));
        squares += square(t.a - cell) / v;
        off += t.a - cell;
        variance += v;
        ++terms;
    }
    if (terms == 0) return;
    const auto test = [&](double statistic) {
        ChiSquared result{std::max(0.0, statistic), std::nan(""), terms - 1};
        if (terms > 1) result.p = num::chi_squared_upper(result.statistic, result.df);
        return result;
    };
    fit.breslow_day = test(squares.value());
    fit.tarone = test(squares.value() - square(off.value()) / variance.value());
}

void add_heterogeneity(StrataFit& fit, double q, int df) {
    if (df < 1) return;
    fit.q = q;
    fit.q_df = df;
    fit.q_p = num::chi_squared_upper(q, df);
    fit.h2 = q / df;
    fit.i2 = q > df ? 100 * (q - df) / q : 0;
}

Estimate estimate_of(CountMeasure measure, const std::vector<Stratum>& strata) {
    switch (measure) {
    case CountMeasure::odds_ratio:
        return odds_ratio(strata);
    case CountMeasure::risk_ratio:
        return risk_ratio(strata);
    case CountMeasure::risk_difference:
        return risk_difference(strata);
    case CountMeasure::rate_ratio:
        return rate_ratio(strata);
    case CountMeasure::rate_difference:
        return rate_difference(strata);
    case CountMeasure::peto:
        return peto(strata).estimate;
    }
    return {};
}

} // namespace

std::optional<CountMeasure> count_measure_of(std::string_view name) {
    constexpr std::array<std::pair<std::string_view, CountMeasure>, 6> names = {
        {{"OR", CountMeasure::odds_ratio},
         {"RR", CountMeasure::risk_ratio},
         {"RD", CountMeasure::risk_difference},
         {"IRR", CountMeasure::rate_ratio},
         {"IRD", CountMeasure::rate_difference},
         {"PETO", CountMeasure::peto}}};
    for (const auto& [text, measure] : names)
        if (text == name) return measure;
    return std::nullopt;
}

StrataFit pool_strata(CountMeasure measure, std::span<const Stratum> strata, std::span<const double> y,
                      std::span<const double> v, const StrataOptions& options) {
    const bool rates = is_rate(measure);
    const std::vector<Stratum> used = prepared(strata, rates, options);
    StrataFit fit;
    fit.k = static_cast<int>(used.size());
    if (used.empty()) fit.problem = "no study with counts";
    for (const Stratum& s : used)
        if (!(s.a >= 0 && s.b >= 0 && s.c >= 0 && s.d >= 0))
            fit.problem = "a count is negative or not a number";
    if (!fit.problem.empty()) return fit;

    if (measure == CountMeasure::odds_ratio || measure == CountMeasure::rate_ratio)
        test_association(fit, used, measure, options.correct);
    const bool plain = options.plain_differences && measure == CountMeasure::risk_difference &&
                       used.size() == strata.size(); // none dropped: the two lists run side by side
    const Estimate pooled = plain ? plain_risk_difference(strata, used) : estimate_of(measure, used);
    if (!std::isfinite(pooled.value) || !(pooled.variance > 0) || std::isinf(pooled.variance)) {
        fit.problem =
            "the pooled effect is not defined: over all studies a cell of the table has no one in it";
        return fit;
    }
    fit.estimate = pooled.value;
    fit.se = std::sqrt(pooled.variance);
    fit.statistic = fit.estimate / fit.se;
    fit.p = num::two_sided_p(fit.statistic);
    const double critical = num::critical_value(options.level);
    fit.low = fit.estimate - critical * fit.se;
    fit.high = fit.estimate + critical * fit.se;

    const int df = static_cast<int>(y.size()) - 1;
    if (measure == CountMeasure::peto) {
        const Peto all = peto(used);
        if (all.informative > 1) add_heterogeneity(fit, all.q, df);
    } else {
        Sum q;
        for (std::size_t i = 0; i < y.size(); ++i)
            q += square(y[i] - fit.estimate) / v[i];
        add_heterogeneity(fit, q.value(), df);
    }
    if (measure == CountMeasure::odds_ratio) test_one_odds_ratio(fit, used);
    return fit;
}

} // namespace assay::synth
