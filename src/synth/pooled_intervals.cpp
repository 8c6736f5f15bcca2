#include "synth/pooled_intervals.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {

double square(double x) {
    return x * x;
}

PooledMean with_interval(double estimate, double se, double df, double level) {
    const double critical = num::critical_value(level, df);
    return {
        estimate, se, estimate - critical * se, estimate + critical * se, num::two_sided_p(estimate / se, df),
        df};
}

struct Weighted {
    double mean = 0, sum_w = 0, q = 0;
};
Weighted weighted(std::span<const double> y, std::span<const double> v, double tau2) {
    Weighted r;
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double w = 1 / (v[i] + tau2);
        r.sum_w += w;
        sum += w * (y[i] - y[0]);
    }
    r.mean = y[0] + sum / r.sum_w;
    for (std::size_t i = 0; i < y.size(); ++i)
        r.q += square(y[i] - r.mean) / (v[i] + tau2);
    return r;
}

double q_around(std::span<const double> y, std::span<const double> v, double centre) {
    double q = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        q += square(y[i] - centre) / v[i];
    return q;
}

double dersimonian_laird(double q, std::span<const double> v) {
    double sum = 0, squares = 0;
    for (double one : v) {
        sum += 1 / one;
        squares += 1 / (one * one);
    }
    return std::max(0.0, (q - static_cast<double>(v.size() - 1)) / (sum - squares / sum));
}

double hartung_knapp_se(const Weighted& w, int df) {
    return std::sqrt(w.q / df / w.sum_w);
}

/// Standard error and degrees of freedom of Hartung-Knapp after the rule.
PooledMean hartung_knapp(std::span<const double> y, std::span<const double> v, const Weighted& w,
                         const PooledMean& classic, const IntervalOptions& options) {
    const int df = static_cast<int>(y.size()) - 1;
    if (df < 1) return classic;
    const double se = hartung_knapp_se(w, df);
    const PooledMean plain = with_interval(w.mean, se, df, options.level);
    const auto width = [](const PooledMean& m) { return m.high - m.low; };
    switch (options.rule) {
    case HartungKnappRule::none:
        return plain;
    case HartungKnappRule::se:
        return with_interval(w.mean, std::max(se, classic.se), df, options.level);
    case HartungKnappRule::ci:
        return width(plain) < width(classic) ? classic : plain;
    case HartungKnappRule::iqwig6: {
        const double tau2 = dersimonian_laird(weighted(y, v, 0).q, v);
        const Weighted dl = weighted(y, v, tau2);
        const PooledMean other = with_interval(dl.mean, std::sqrt(1 / dl.sum_w), 0, options.level);
        if (width(plain) >= width(other)) return plain;
        return with_interval(w.mean, std::max(se, classic.se), df, options.level);
    }
    }
    return plain;
}

void add_new_study(PooledIntervals& result, std::span<const double> v, const Weighted& w,
                   const IntervalOptions& options) {
    const int k = result.k;
    const double classic = 1 / w.sum_w;
    double variance = classic, df = 0;
    switch (options.new_study) {
    case NewStudyInterval::V:
        df = k - 1;
        break;
    case NewStudyInterval::HTS:
        df = k - 2;
        break;
    case NewStudyInterval::HK:
    case NewStudyInterval::HK_PR:
        df = options.new_study == NewStudyInterval::HK ? k - 1 : k - 2;
        if (k > 1) variance = square(hartung_knapp_se(w, k - 1));
        break;
    case NewStudyInterval::KR:
    case NewStudyInterval::KR_PR: {
        const KenwardRoger kr = kenward_roger(v, result.tau2);
        variance = square(kr.se);
        df = kr.df - (options.new_study == NewStudyInterval::KR ? 0 : 1);
        break;
    }
    case NewStudyInterval::S:
        break;
    }
    if (k < 2 || (options.new_study != NewStudyInterval::S && !(df > 0)) || !std::isfinite(variance)) return;
    const double reach = num::critical_value(options.new_level, df) * std::sqrt(variance + result.tau2);
    result.new_low = w.mean - reach;
    result.new_high = w.mean + reach;
}

std::optional<model::Interval> tau2_interval(std::span<const double> y, std::span<const double> v,
                                             const IntervalOptions& options) {
    if (options.tau2_interval == Tau2Method::none || options.tau2 || y.size() < 3) return std::nullopt;
    UniModel model{y, v};
    model.level = options.level;
    std::vector<double> weights;
    const bool generalised =
        options.tau2_interval == Tau2Method::J || options.tau2_interval == Tau2Method::BJ;
    if (generalised) {
        model.method = "GENQ";
        for (double one : v)
            weights.push_back(options.tau2_interval == Tau2Method::J ? 1 / std::sqrt(one) : 1 / one);
        model.weights = weights;
    } else
        model.method = options.estimator;
    const UniFit fit = fit_uni(model);
    const Tau2Interval got = generalised ? generalised_q_interval(model, fit)
                             : options.tau2_interval == Tau2Method::PL
                                 ? profile_likelihood_interval(model, fit)
                                 : q_profile_interval(model, fit);
    if (!got.problem.empty()) return std::nullopt;
    return got.tau2;
}

double i2_of_h(double h) {
    return h > 1 ? (h * h - 1) / (h * h) : 0;
}

void add_inconsistency(PooledIntervals& result, std::span<const double> v, const IntervalOptions& options) {
    if (result.q_df < 1) return;
    if (!options.i2_from_tau2) {
        result.h = std::max(1.0, std::sqrt(result.q / result.q_df));
        result.i2 = i2_of_h(result.h);
        if (result.k < 3) return;
        const model::Interval h = h_interval_from_q(result.q, result.q_df, options.level);
        result.h_interval = h;
        result.i2_interval = model::Interval{i2_of_h(h.low), i2_of_h(h.high)};
        return;
    }
    double sum = 0, squares = 0;
    for (double one : v) {
        sum += 1 / one;
        squares += 1 / (one * one);
    }
    const double typical = result.q_df / (sum - squares / sum);
    const auto i2 = [&](double t) { return t / (t + typical); };
    const auto h = [&](double t) { return std::sqrt(1 / (1 - i2(t))); };
    result.i2 = i2(result.tau2);
    result.h = h(result.tau2);
    if (!result.tau2_interval) return;
    const auto& t = *result.tau2_interval;
    result.i2_interval = model::Interval{i2(t.low), i2(t.high)};
    result.h_interval = model::Interval{h(t.low), h(t.high)};
}

} // namespace

KenwardRoger kenward_roger(std::span<const double> v, double tau2) {
    double w1 = 0, w2 = 0, w3 = 0;
    for (double one : v) {
        const double w = 1 / (one + tau2);
        w1 += w;
        w2 += w * w;
        w3 += w * w * w;
    }
    const double share = w2 / w1, information = w2 / 2 - w3 / w1 + share * share / 2;
    const double variance = (1 + 2 * (w3 / w1 - share * share) / information) / w1;
    return {std::sqrt(variance), 2 * information / square(variance * w2)};
}

model::Interval h_interval_from_q(double q, int df, double level) {
    const double k = df + 1, h = std::max(1.0, std::sqrt(q / df));
    // The standard error of ln H differs where Q is not above k.
    const double se = q > k
                          ? (std::log(q) - std::log(k - 1)) / (2 * (std::sqrt(2 * q) - std::sqrt(2 * k - 3)))
                          : std::sqrt((1 - 1 / (3 * square(k - 2))) / (2 * (k - 2)));
    const double reach = std::exp(num::critical_value(level) * se);
    return {std::max(1.0, h / reach), std::max(1.0, h * reach)};
}

PooledIntervals pool_intervals(std::span<const double> y, std::span<const double> v,
                               const IntervalOptions& options) {
    PooledIntervals result;
    result.k = static_cast<int>(y.size());
    if (y.empty()) return result;
    const Weighted fixed = weighted(y, v, 0);
    result.common = options.common
                        ? with_interval(options.common->estimate, options.common->se, 0, options.level)
                        : with_interval(fixed.mean, std::sqrt(1 / fixed.sum_w), 0, options.level);
    result.q_df = result.k - 1;
    const bool around = options.common && options.common->for_q;
    result.q = result.k == 1 ? 0 : around ? q_around(y, v, options.common->estimate) : fixed.q;
    result.q_p = result.q_df > 0 ? num::chi_squared_upper(result.q, result.q_df) : 1;

    if (options.tau2)
        result.tau2 = *options.tau2;
    else if (result.k > 1 && around && options.estimator == "DL")
        result.tau2 = dersimonian_laird(result.q, v);
    else if (result.k > 1) {
        UniModel model{y, v};
        model.method = options.estimator;
        result.tau2 = estimate_tau2(model).value;
    }
    const Weighted mixed = weighted(y, v, result.tau2);
    const PooledMean classic = with_interval(mixed.mean, std::sqrt(1 / mixed.sum_w), 0, options.level);
    result.random = classic;
    if (options.mean == MeanInterval::hartung_knapp)
        result.random = hartung_knapp(y, v, mixed, classic, options);
    if (options.mean == MeanInterval::kenward_roger && result.k > 1) {
        const KenwardRoger kr = kenward_roger(v, result.tau2);
        if (std::isfinite(kr.se) && kr.df > 0)
            result.random = with_interval(mixed.mean, kr.se, kr.df, options.level);
    }
    add_new_study(result, v, mixed, options);
    result.tau2_interval = tau2_interval(y, v, options);
    add_inconsistency(result, v, options);
    return result;
}

} // namespace assay::synth
