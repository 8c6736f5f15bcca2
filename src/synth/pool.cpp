#include "synth/pool.hpp"

#include "base/error.hpp"
#include "num/distributions.hpp"
#include "synth/fit.hpp"
#include "synth/mantel_haenszel.hpp"

#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

using model::Effect;
using model::Synthesis;

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// y and v of the effects, as the numeric core wants them.
struct Numbers {
    std::vector<double> y, v;
    explicit Numbers(std::span<const Effect> effects) {
        for (const Effect& effect : effects) {
            ASSAY_EXPECT(std::isfinite(effect.y) && std::isfinite(effect.v) && effect.v > 0);
            y.push_back(effect.y);
            v.push_back(effect.v);
        }
    }
    Problem problem() const { return {y, v}; }
};

Synthesis nothing(Synthesis result, std::string why) {
    result.k = 0;
    result.estimate = result.se = result.ci_low = result.ci_high = nan;
    result.notes.push_back(std::move(why));
    return result;
}

/// The test of the mean and its interval.
void infer(Synthesis& result, int df) {
    const double factor = num::critical_value(result.level, df);
    result.ci_low = result.estimate - factor * result.se;
    result.ci_high = result.estimate + factor * result.se;
    result.statistic = result.estimate / result.se; // 0/0 is NaN and then undefined
    if (std::isnan(*result.statistic)) result.statistic.reset();
    if (df > 0) result.df = df;
    if (result.statistic) result.p = num::two_sided_p(*result.statistic, df);
}

void add_q(Synthesis& result, double q, int df) {
    result.q = q;
    result.q_df = df;
    result.q_p = df > 0 ? num::chi_squared_upper(q, df) : 1;
}

/// Where a new study's true effect may lie. metafor's interval uses the distribution of the test; the one of Higgins,
/// Thompson & Spiegelhalter 2009 (J R Stat Soc A 172:137, equation 12) uses t with k - 2 df and so needs three studies;
/// a tau2 that was given, not estimated, costs no degree of freedom.
void predict(Synthesis& result, int df, bool tau2_given) {
    if (result.k < 2) return;
    const double spread = std::sqrt(result.se * result.se + result.tau2);
    const double factor = num::critical_value(result.level, df);
    result.pi_low = result.estimate - factor * spread;
    result.pi_high = result.estimate + factor * spread;
    const int df_hts = result.k - (tau2_given ? 1 : 2);
    if (df_hts < 1) return;
    const double wider = num::critical_value(result.level, df_hts);
    result.pi_hts_low = result.estimate - wider * spread;
    result.pi_hts_high = result.estimate + wider * spread;
}

void set_weights(Synthesis& result, const Problem& problem) {
    const double total = at_tau2(problem, result.tau2).sum_w;
    for (double v : problem.v)
        result.weights.push_back(100 / ((v + result.tau2) * total));
}

void add_tau2_interval(Synthesis& result, const Problem& problem, double tr_p) {
    const Profile profile = q_profile(problem, result.level);
    if (profile.empty) {
        result.notes.push_back("the Q-profile interval of tau2 is empty: the effects scatter less than chance explains");
        return;
    }
    const model::Interval& tau2 = profile.interval;
    result.tau2_ci = tau2;
    const int df = problem.df();
    result.i2_ci = model::Interval{heterogeneity_from_tau2(tau2.low, tr_p, df).i2,
                                   heterogeneity_from_tau2(tau2.high, tr_p, df).i2, tau2.low_open, tau2.high_open};
}

void note_test(Synthesis& result, Test wanted, bool common, double factor) {
    if (result.k == 1 && wanted != Test::z) result.notes.push_back("one study: normal interval");
    if (result.k > 1 && common && (wanted == Test::knha || wanted == Test::adhoc))
        result.notes.push_back("the Hartung-Knapp adjustment is made for random effects");
    if (result.k > 1 && wanted == Test::knha && factor < 1)
        result.notes.push_back("the Hartung-Knapp factor is below 1: the interval is narrower than the plain t interval");
    if (result.k == 2 && wanted != Test::z)
        result.notes.push_back("two studies: the t interval has one degree of freedom and is very wide");
}

Synthesis inverse_variance(std::span<const Effect> effects, Synthesis result, const PoolOptions& options,
                           const Estimator* estimator, Test test) {
    const Numbers numbers(effects);
    const Problem problem = numbers.problem();
    const bool given = estimator && options.tau2;
    const Mean mean = given ? fit_mean_at(problem, *options.tau2, test) : fit_mean(problem, estimator, test);
    result.k = mean.k;
    result.estimate = mean.estimate;
    result.se = mean.se;
    result.test = to_string(mean.k > 1 ? test : Test::z);
    result.tau2 = mean.tau2.value;
    if (mean.k > 1) result.tau2_se = mean.tau2.se;
    result.iterations = mean.tau2.iterations;
    result.converged = mean.tau2.converged;
    infer(result, mean.df);
    add_q(result, mean.q, problem.df());
    const Heterogeneity h = estimator ? heterogeneity_from_tau2(mean.tau2.value, mean.tr_p, problem.df())
                                      : heterogeneity_from_q(mean.q, problem.df());
    result.i2 = h.i2;
    result.h2 = h.h2;
    set_weights(result, problem);
    if (estimator) {
        predict(result, mean.df, given);
        if (options.intervals_of_tau2 && mean.k > 1 && !given) add_tau2_interval(result, problem, mean.tr_p);
    }
    note_test(result, test, !estimator, mean.factor);
    if (!mean.tau2.converged) result.notes.push_back("the estimate of tau2 did not converge");
    if (mean.tau2.several_maxima)
        result.notes.push_back("the likelihood of tau2 has several maxima; the highest was taken");
    return result;
}

/// Mantel-Haenszel and Peto: pooled from counts. Q and I2 compare each study's own effect with the pooled one.
Synthesis from_counts(std::span<const Effect> effects, Synthesis result, Test test) {
    std::vector<model::Table2x2> tables;
    std::vector<std::size_t> index;
    for (std::size_t i = 0; i < effects.size(); ++i)
        if (effects[i].counts) {
            tables.push_back(*effects[i].counts);
            index.push_back(i);
        }
    const std::size_t without = effects.size() - tables.size();
    if (without > 0)
        result.notes.push_back(std::to_string(without) + (without == 1 ? " study" : " studies") +
                               " without counts left out: this method pools events");
    const bool peto = result.method == "Peto";
    const CountPool pooled = peto ? pool_peto(tables) : pool_mantel_haenszel(tables, result.measure);
    if (!pooled.problem.empty()) return nothing(std::move(result), pooled.problem);

    result.k = pooled.k;
    result.estimate = pooled.estimate;
    result.se = pooled.se;
    result.test = to_string(Test::z);
    infer(result, 0);
    result.weights.assign(effects.size(), 0);
    for (std::size_t i = 0; i < index.size(); ++i)
        result.weights[index[i]] = pooled.weights[i];
    if (peto) add_q(result, pooled.q, pooled.q_df);
    else {
        double q = 0;
        int terms = 0;
        for (std::size_t i : index) {
            if (!informative(*effects[i].counts)) continue;
            const double off = effects[i].y - pooled.estimate;
            q += off * off / effects[i].v;
            ++terms;
        }
        add_q(result, terms > 1 ? q : 0, std::max(0, terms - 1));
    }
    const Heterogeneity h = heterogeneity_from_q(result.q, result.q_df);
    result.i2 = h.i2;
    result.h2 = h.h2;
    if (test != Test::z) result.notes.push_back("this method has a normal interval only");
    if (pooled.uninformative > 0)
        result.notes.push_back(std::to_string(pooled.uninformative) +
                               (pooled.uninformative == 1 ? " study" : " studies") +
                               " with no events, or only events, in both groups carry no weight");
    return result;
}

} // namespace

Synthesis pool(std::span<const Effect> effects, const std::string& measure, const PoolOptions& options) {
    Synthesis result;
    result.measure = measure;
    result.model = options.model;
    result.method = options.method;
    result.test = options.test;
    result.level = options.level;

    const bool common = options.model == "common";
    const auto test = test_of(options.test);
    const Estimator* estimator = common ? nullptr : find_estimator(options.method);
    if (!common && options.model != "random")
        throw Error("synth/model", "no model called '" + options.model + "': random or common", Exit::input);
    if (!test) throw Error("synth/test", "no test called '" + options.test + "': z, t, knha or adhoc", Exit::input);
    if (!(options.level > 0 && options.level < 1))
        throw Error("synth/level", "the level of an interval lies between 0 and 1", Exit::input);
    if (!common && !estimator)
        throw Error("synth/method", "no estimator of tau2 called '" + options.method + "'", Exit::input);
    const bool counts = common && (options.method == "MH" || options.method == "Peto");
    if (common && !counts && options.method != "IV")
        throw Error("synth/method", "no common-effect method called '" + options.method + "': IV, MH or Peto", Exit::input);

    if (options.tau2 && !(*options.tau2 >= 0 && std::isfinite(*options.tau2)))
        throw Error("synth/tau2", "a given tau2 is zero or more", Exit::input);

    if (effects.empty()) return nothing(std::move(result), "no study to pool");
    if (counts) return from_counts(effects, std::move(result), *test);
    return inverse_variance(effects, std::move(result), options, estimator, *test);
}

} // namespace assay::synth
