// The full model with one effect per study: it agrees with the lean ways, and bad input is told.
#include "base/error.hpp"
#include "num/distributions.hpp"
#include "num/eigenvalues.hpp"
#include "num/weighted_chi_squared.hpp"
#include "synth/combine_p.hpp"
#include "synth/pooled_intervals.hpp"
#include "synth/residuals.hpp"
#include "synth/shrinkage.hpp"
#include "synth/strata.hpp"
#include "synth/uni.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;
using namespace assay::synth;

namespace {
const std::vector<double> y{-0.9, -1.6, -1.3, -1.4, -0.2, -0.8, 0.3},
    v{0.33, 0.19, 0.41, 0.02, 0.05, 0.01, 0.08};

UniModel plain() {
    return {y, v};
}
} // namespace

TEST_CASE("the full model agrees with the lean one") {
    for (const char* method : {"DL", "HE", "HS", "HSk", "SJ", "PM", "ML", "REML"}) {
        CAPTURE(method);
        UniModel model = plain();
        model.method = method;
        model.test = Test::knha;
        const UniFit fit = fit_uni(model);
        const Mean mean = fit_mean({y, v}, find_estimator(method), Test::knha);
        REQUIRE(fit.defined);
        CHECK(std::fabs(fit.beta[0] - mean.estimate) < 1e-12);
        CHECK(std::fabs(fit.se[0] - mean.se) < 1e-12);
        CHECK(std::fabs(fit.tau2.value - mean.tau2.value) < 1e-12);
    }
}

TEST_CASE("weights of the inverse variance give the generalised Q of DerSimonian-Laird") {
    std::vector<double> w;
    for (double one : v)
        w.push_back(1 / one);
    UniModel model = plain();
    model.method = "GENQ";
    model.weights = w;
    const UniFit general = fit_uni(model);
    model.method = "DL";
    model.weights = {};
    CHECK(std::fabs(general.tau2.value - fit_uni(model).tau2.value) < 1e-12);
    model.method = "GENQ";
    model.weights = w;
    const Tau2Interval interval = generalised_q_interval(model, general);
    CHECK(interval.tau2.low < general.tau2.value);
    CHECK(interval.tau2.high > general.tau2.value);
}

TEST_CASE("what cannot be fitted says why") {
    CHECK(fit_uni({}).problem == "no study");
    const std::vector<double> one{0.4}, its{0.05}, bad{0.0}, twice{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    UniModel single{one, its};
    single.test = Test::knha;
    CHECK(fit_uni(single).defined);
    CHECK(fit_uni(single).df == 0);
    CHECK_FALSE(profile_likelihood_interval(single, fit_uni(single)).problem.empty());
    CHECK_FALSE(fit_uni({one, bad}).problem.empty());
    UniModel dependent = plain();
    dependent.x = twice;
    dependent.p = 2;
    CHECK(fit_uni(dependent).problem == "columns depend on one another");
    UniModel wrong = plain();
    wrong.method = "XX";
    CHECK_THROWS_AS(fit_uni(wrong), Error);
    wrong.method = "GENQ";
    CHECK_THROWS_AS(fit_uni(wrong), Error);
    const std::vector<double> nothing{std::nan("")};
    CHECK_FALSE(fit_uni({nothing, its}).problem.empty());
}

TEST_CASE("likelihood falls by half a chi-squared quantile at the ends of its interval") {
    const UniModel model = plain();
    const UniFit fit = fit_uni(model);
    const Tau2Interval interval = profile_likelihood_interval(model, fit);
    const double drop =
        profile_log_likelihood(model, fit.tau2.value) - profile_log_likelihood(model, interval.tau2.high);
    CHECK(std::fabs(drop - num::chi_squared_quantile(0.95, 1) / 2) < 1e-8);
}

TEST_CASE("the weighted sum of chi-squared variables: equal weights, two weights, far tails") {
    const std::vector<double> equal{2, 2, 2}, two{1, 1};
    for (double x : {0.01, 1.0, 6.0, 40.0, 150.0}) {
        CAPTURE(x);
        const double exact = num::chi_squared_upper(x / 2, 3);
        CHECK(std::fabs(num::weighted_chi_squared_upper(equal, x) - exact) < 1e-10 * exact + 1e-14);
        CHECK(std::fabs(num::weighted_chi_squared_upper(two, x) - std::exp(-x / 2)) <
              1e-10 * std::exp(-x / 2) + 1e-14);
    }
    CHECK(num::weighted_chi_squared_upper({}, 1) == 0);
    const std::vector<double> uneven{1, 1e-6, 0};
    CHECK(std::fabs(num::weighted_chi_squared_upper(uneven, 4) - num::chi_squared_upper(4, 1)) < 1e-5);
}

TEST_CASE("eigenvalues of a matrix whose are known") {
    // 2 on the diagonal, -1 beside it: 2 - 2 cos(j pi/(n + 1)).
    const std::size_t n = 6;
    std::vector<double> a(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
        a[i * n + i] = 2;
        if (i > 0) a[i * n + i - 1] = a[(i - 1) * n + i] = -1;
    }
    const auto got = num::symmetric_eigenvalues(a, n);
    REQUIRE(got.size() == n);
    for (std::size_t j = 0; j < n; ++j)
        CHECK(std::fabs(got[j] - (2 - 2 * std::cos(static_cast<double>(j + 1) * std::acos(-1.0) / 7))) <
              1e-13);
    CHECK(num::symmetric_eigenvalues({std::nan("")}, 1).empty());
}

TEST_CASE("combined P values: direct formulas and bad input") {
    const std::vector<double> p{0.01, 0.2, 0.3, 0.04, 0.6};
    CHECK(std::fabs(combine_tippett(p).p - (1 - std::pow(0.99, 5))) < 1e-14);
    CHECK(std::fabs(combine_largest(p).p - std::pow(0.6, 5)) < 1e-14);
    const std::vector<double> two{0.3, 0.5};
    CHECK(std::fabs(combine_edgington(two).p - 0.32) < 1e-14); // (0.8)^2/2
    CHECK(std::fabs(combine_fisher(two).p - 0.15 * (1 - std::log(0.15))) < 1e-14);
    CHECK_FALSE(combine_fisher({}).problem.empty());
    const std::vector<double> bad{0.2, 1.2};
    CHECK_FALSE(combine_stouffer(bad).problem.empty());
    CHECK_FALSE(combine_wilkinson(p, 9).problem.empty());
}

TEST_CASE("strata: one table gives its own odds ratio, and no events say so") {
    const std::vector<Stratum> one{{15, 85, 30, 70}};
    const std::vector<double> own{std::log(15.0 * 70 / (85 * 30))}, its{0.126};
    const StrataFit fit = pool_strata(CountMeasure::odds_ratio, one, own, its);
    CHECK(std::fabs(fit.estimate - own[0]) < 1e-12);
    CHECK(fit.breslow_day->df == 0);
    const std::vector<Stratum> empty{{0, 10, 0, 10}};
    CHECK_FALSE(pool_strata(CountMeasure::odds_ratio, empty, {}, {}).problem.empty());
    CHECK_FALSE(pool_strata(CountMeasure::risk_ratio, {}, {}, {}).problem.empty());
}

TEST_CASE("rules of Hartung-Knapp only widen, and Kenward-Roger has fewer degrees of freedom than studies") {
    const std::vector<double> close{0.1, 0.12, 0.09, 0.11}, their{0.04, 0.05, 0.03, 0.06};
    IntervalOptions options;
    options.mean = MeanInterval::hartung_knapp;
    const auto none = pool_intervals(close, their, options);
    for (HartungKnappRule rule : {HartungKnappRule::se, HartungKnappRule::ci, HartungKnappRule::iqwig6}) {
        options.rule = rule;
        const auto got = pool_intervals(close, their, options);
        CHECK(got.random.high - got.random.low > none.random.high - none.random.low);
    }
    CHECK(kenward_roger(v, 0.2).df < 7);
    CHECK(pool_intervals({}, {}).k == 0);
}

TEST_CASE("shrinkage: with large tau2 the effects stay where they were, residuals sum to zero by weight") {
    UniModel model = plain();
    model.tau2 = 1e9;
    const UniFit fit = fit_uni(model);
    CHECK(std::fabs(shrink(model, fit).effect[1] - y[1]) < 1e-6);
    const UniModel usual = plain();
    const UniFit own = fit_uni(usual);
    const Residuals r = residuals_of(usual, own);
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        sum += r.raw[i] / (v[i] + own.tau2.value);
    CHECK(std::fabs(sum) < 1e-9);
    CHECK(std::fabs(test_equal_tau2(usual, own).df - 6) < 1e-12);
}
