#include "synth/mantel_haenszel.hpp"

#include "num/distributions.hpp"
#include "num/sums.hpp"

#include <cmath>

namespace assay::synth {

namespace {
using model::Table2x2;
using num::Sum;

struct Margins {
    double n1, n2, events, others, n;
    explicit Margins(const Table2x2& t)
        : n1(t.ai + t.bi), n2(t.ci + t.di), events(t.ai + t.ci), others(t.bi + t.di), n(n1 + n2) {}
};

double square(double x) { return x * x; }

CountPool finish(CountPool pool, double estimate, double variance, double total_weight) {
    if (!std::isfinite(estimate) || !std::isfinite(variance) || !(variance > 0)) {
        pool.problem = "the pooled effect is not defined: over all studies a cell of the table has no one in it";
        return pool;
    }
    pool.estimate = estimate;
    pool.se = std::sqrt(variance);
    for (double& weight : pool.weights)
        weight *= 100 / total_weight;
    return pool;
}

/// sum(R), sum(S) and their products with P and Q, in the notation of Robins, Breslow & Greenland 1986, equation 1.
CountPool odds_ratio(std::span<const Table2x2> tables, CountPool pool) {
    Sum r, s, pr, ps_qr, qs;
    for (const Table2x2& t : tables) {
        const double n = Margins(t).n;
        const double p = (t.ai + t.di) / n, q = (t.bi + t.ci) / n, ri = t.ai * t.di / n, si = t.bi * t.ci / n;
        r += ri;
        s += si;
        pr += p * ri;
        ps_qr += p * si + q * ri;
        qs += q * si;
        pool.weights.push_back(si);
    }
    const double R = r.value(), S = s.value();
    const double variance =
        0.5 * (pr.value() / square(R) + ps_qr.value() / (R * S) + qs.value() / square(S));
    return finish(std::move(pool), std::log(R / S), variance, S);
}

/// Greenland & Robins 1985, Biometrics 41:55, equations 4 and 13.
CountPool risk_ratio(std::span<const Table2x2> tables, CountPool pool) {
    Sum r, s, d;
    for (const Table2x2& t : tables) {
        const Margins m(t);
        const double si = t.ci * m.n1 / m.n;
        r += t.ai * m.n2 / m.n;
        s += si;
        d += (m.n1 * m.n2 * m.events - t.ai * t.ci * m.n) / square(m.n);
        pool.weights.push_back(si);
    }
    const double R = r.value(), S = s.value();
    return finish(std::move(pool), std::log(R / S), d.value() / (R * S), S);
}

/// Sato, Greenland & Robins 1989, Biometrics 45:1323, equations 1 and 2.
CountPool risk_difference(std::span<const Table2x2> tables, CountPool pool) {
    Sum numerator, weight, p, q;
    for (const Table2x2& t : tables) {
        const Margins m(t);
        const double wi = m.n1 * m.n2 / m.n;
        numerator += (t.ai * m.n2 - t.ci * m.n1) / m.n;
        weight += wi;
        p += (square(m.n1) * t.ci - square(m.n2) * t.ai + m.n1 * m.n2 * (m.n2 - m.n1) / 2) / square(m.n);
        q += (t.ai * (m.n2 - t.ci) + t.ci * (m.n1 - t.ai)) / (2 * m.n);
        pool.weights.push_back(wi);
    }
    const double W = weight.value(), estimate = numerator.value() / W;
    return finish(std::move(pool), estimate, (estimate * p.value() + q.value()) / square(W), W);
}

/// Keeps the informative tables; the others get weight 0 at the end.
std::vector<Table2x2> informative_of(std::span<const Table2x2> tables) {
    std::vector<Table2x2> kept;
    for (const Table2x2& t : tables)
        if (informative(t)) kept.push_back(t);
    return kept;
}

void spread_weights(CountPool& pool, std::span<const Table2x2> tables) {
    std::vector<double> weights;
    std::size_t next = 0;
    for (const Table2x2& t : tables)
        weights.push_back(informative(t) && next < pool.weights.size() ? pool.weights[next++] : 0);
    pool.weights = std::move(weights);
}

} // namespace

bool informative(const Table2x2& t) { return t.ai + t.ci > 0 && t.bi + t.di > 0 && t.ai + t.bi > 0 && t.ci + t.di > 0; }

CountPool pool_mantel_haenszel(std::span<const Table2x2> tables, std::string_view measure) {
    CountPool pool;
    if (measure == "RD") {
        pool.k = static_cast<int>(tables.size());
        if (tables.empty()) pool.problem = "no study with counts";
        return tables.empty() ? pool : risk_difference(tables, std::move(pool));
    }
    if (measure != "OR" && measure != "RR") {
        pool.problem = "Mantel-Haenszel pools odds ratios, risk ratios and risk differences only";
        return pool;
    }
    const std::vector<Table2x2> kept = informative_of(tables);
    pool.k = static_cast<int>(tables.size());
    pool.uninformative = static_cast<int>(tables.size() - kept.size());
    if (kept.empty()) {
        pool.problem = "no study with counts and with events and non-events";
        return pool;
    }
    pool = measure == "OR" ? odds_ratio(kept, std::move(pool)) : risk_ratio(kept, std::move(pool));
    spread_weights(pool, tables);
    return pool;
}

CountPool pool_peto(std::span<const Table2x2> tables) {
    CountPool pool;
    Sum difference, variance, statistic;
    for (const Table2x2& t : tables) {
        const Margins m(t);
        if (!informative(t)) {
            ++pool.uninformative;
            pool.weights.push_back(0);
            continue;
        }
        const double off = t.ai - m.events * m.n1 / m.n;
        const double v = m.events * m.others * (m.n1 / m.n) * (m.n2 / m.n) / (m.n - 1);
        difference += off;
        variance += v;
        statistic += square(off) / v;
        pool.weights.push_back(v);
    }
    pool.k = static_cast<int>(tables.size());
    const int terms = pool.k - pool.uninformative;
    if (terms == 0) {
        pool.problem = "no study with counts and with events and non-events";
        return pool;
    }
    const double V = variance.value();
    pool.q_df = terms - 1;
    pool.q = terms > 1 ? std::fmax(0, statistic.value() - square(difference.value()) / V) : 0;
    return finish(std::move(pool), difference.value() / V, 1 / V, V);
}

} // namespace assay::synth
