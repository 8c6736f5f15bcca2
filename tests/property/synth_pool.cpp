// What must hold for any data: pooling.
#include "../support/near.hpp"
#include "synth/fit.hpp"
#include "synth/gls.hpp"
#include "synth/mantel_haenszel.hpp"
#include "synth/pool.hpp"
#include "synth/regression.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>

using namespace assay;
using namespace assay::test;

namespace {

/// A data set from a seed: k studies, effects and variances over several orders of size. mt19937_64 is the same
/// everywhere; the standard distributions are not, so numbers are made by hand.
struct Random {
    std::mt19937_64 engine;
    explicit Random(std::uint64_t seed) : engine(seed) {}
    double unit() { return static_cast<double>(engine() >> 11) * 0x1.0p-53; }
    double between(double low, double high) { return low + (high - low) * unit(); }
    int whole(int low, int high) { return low + static_cast<int>(unit() * (high - low + 1)); }
};

std::vector<model::Effect> random_effects(Random& random) {
    const int k = random.whole(2, 20);
    const double spread = std::pow(10, random.between(-3, 1));
    std::vector<model::Effect> list;
    for (int i = 0; i < k; ++i) {
        model::Effect e;
        e.label = std::to_string(i);
        e.y = random.between(-1, 1) * spread;
        e.v = std::pow(10, random.between(-3, 0));
        list.push_back(e);
    }
    return list;
}

synth::PoolOptions random_options(Random& random) {
    synth::PoolOptions o;
    const auto all = synth::estimators();
    o.model = random.unit() < 0.2 ? "common" : "random";
    o.method = o.model == "common" ? "IV" : std::string(all[static_cast<std::size_t>(random.whole(0, static_cast<int>(all.size()) - 1))].id);
    constexpr const char* tests[] = {"z", "t", "knha", "adhoc"};
    o.test = tests[random.whole(0, 3)];
    o.level = random.between(0.8, 0.99);
    return o;
}

constexpr std::uint64_t first_seed = 1, last_seed = 300;
constexpr Tolerance reordered{1e-9, 1e-11};

} // namespace

TEST_CASE("order of the studies is irrelevant; weights sum to 100; the interval holds the estimate") {
    for (std::uint64_t seed = first_seed; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        auto list = random_effects(random);
        const auto options = random_options(random);
        INFO("method ", options.method, " test ", options.test);
        const auto got = synth::pool(list, "GEN", options);
        double total = 0;
        for (double w : got.weights)
            total += w;
        CHECK(near(total, 100, same_number));
        CHECK(got.ci_low <= got.estimate);
        CHECK(got.estimate <= got.ci_high);
        CHECK(got.i2 >= 0);
        CHECK(got.i2 <= 100);
        CHECK(got.tau2 >= 0);
        CHECK(got.converged);
        if (got.pi_low) CHECK(*got.pi_low <= got.ci_low + 1e-12);
        if (got.tau2_ci) CHECK(got.tau2_ci->low <= got.tau2_ci->high);
        std::shuffle(list.begin(), list.end(), random.engine);
        const auto again = synth::pool(list, "GEN", options);
        CHECK(near(again.estimate, got.estimate, reordered));
        CHECK(near(again.se, got.se, reordered));
        CHECK(near(again.tau2, got.tau2, reordered));
        CHECK(near(again.q, got.q, reordered));
    }
}

TEST_CASE("shifting, scaling and turning the sign of all effects") {
    for (std::uint64_t seed = first_seed; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const auto list = random_effects(random);
        const auto options = random_options(random);
        INFO("method ", options.method, " test ", options.test);
        const double shift = random.between(-5, 5), scale = -std::pow(10, random.between(-2, 2));
        auto moved = list;
        for (auto& e : moved) {
            e.y = scale * (e.y + shift);
            e.v *= scale * scale;
        }
        const auto a = synth::pool(list, "GEN", options), b = synth::pool(moved, "GEN", options);
        const Tolerance close{1e-8, 1e-10 * std::fabs(scale)};
        CHECK(near(b.estimate, scale * (a.estimate + shift), close));
        CHECK(near(b.se, -scale * a.se, close));
        CHECK(near(b.ci_low, scale * (a.ci_high + shift), close));
        CHECK(near(b.tau2, scale * scale * a.tau2, {1e-8, 1e-10 * scale * scale}));
        CHECK(near(b.i2, a.i2, {1e-8, 1e-8}));
    }
}

TEST_CASE("each estimator satisfies its defining equation") {
    for (std::uint64_t seed = first_seed; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const auto list = random_effects(random);
        std::vector<double> y, v;
        for (const auto& e : list) {
            y.push_back(e.y);
            v.push_back(e.v);
        }
        const synth::Problem problem{y, v};
        const double pm = synth::find_estimator("PM")->estimate(problem).value;
        const double q = synth::at_tau2(problem, pm).q;
        if (pm > 0) CHECK(near(q, problem.df(), equation));
        else CHECK(q <= problem.df());
        const double reml = synth::find_estimator("REML")->estimate(problem).value;
        const synth::Point at = synth::at_tau2(problem, reml);
        const double score = at.ypp - at.tr_p;
        // At the maximum the score changes sign within a few units in the last place of tau2.
        if (reml > 0) {
            const synth::Point below = synth::at_tau2(problem, reml * (1 - 1e-9)), above = synth::at_tau2(problem, reml * (1 + 1e-9));
            CHECK(below.ypp - below.tr_p > 0);
            CHECK(above.ypp - above.tr_p < 0);
        } else CHECK(score <= 0);
        // Q at the ends of the Q-profile interval are the chi-squared quantiles; a smaller level gives a smaller interval.
        const auto wide = synth::q_profile(problem, 0.95), narrow = synth::q_profile(problem, 0.8);
        if (!wide.empty && !narrow.empty) {
            CHECK(wide.interval.low <= narrow.interval.low);
            CHECK(wide.interval.high >= narrow.interval.high);
        }
    }
}

TEST_CASE("the fast path equals direct matrix formulas") {
    for (std::uint64_t seed = first_seed; seed <= 100; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const auto list = random_effects(random);
        const std::size_t k = list.size();
        std::vector<double> y, v;
        for (const auto& e : list) {
            y.push_back(e.y);
            v.push_back(e.v);
        }
        const synth::Problem problem{y, v};
        const double tau2 = random.unit();
        const synth::Point fast = synth::at_tau2(problem, tau2);
        // P = W - W 1 (1'W1)^-1 1'W as a full matrix, multiplied out.
        std::vector<double> w, p(k * k), pp(k * k), py(k), ppy(k);
        double total = 0;
        for (double one : v)
            w.push_back(1 / (one + tau2)), total += w.back();
        for (std::size_t i = 0; i < k; ++i)
            for (std::size_t j = 0; j < k; ++j)
                p[i * k + j] = (i == j ? w[i] : 0) - w[i] * w[j] / total;
        double tr_p = 0, tr_pp = 0, q = 0, ypp = 0, yppp = 0;
        for (std::size_t i = 0; i < k; ++i) {
            for (std::size_t j = 0; j < k; ++j) {
                py[i] += p[i * k + j] * y[j];
                for (std::size_t m = 0; m < k; ++m)
                    pp[i * k + j] += p[i * k + m] * p[m * k + j];
            }
            tr_p += p[i * k + i];
            tr_pp += pp[i * k + i];
        }
        for (std::size_t i = 0; i < k; ++i)
            for (std::size_t j = 0; j < k; ++j)
                ppy[i] += p[i * k + j] * py[j];
        for (std::size_t i = 0; i < k; ++i) {
            q += y[i] * py[i];
            ypp += py[i] * py[i];
            yppp += py[i] * ppy[i];
        }
        constexpr Tolerance matrix{1e-7, 1e-9};
        CHECK(near(fast.q, q, matrix));
        CHECK(near(fast.ypp, ypp, matrix));
        CHECK(near(fast.yppp, yppp, matrix));
        CHECK(near(fast.tr_p, tr_p, matrix));
        CHECK(near(fast.tr_pp, tr_pp, matrix));
        // The meta-regression with an intercept only is the same model by other means.
        const std::vector<double> ones(k, 1.0);
        std::vector<double> work(2 * k);
        const synth::Point slow = synth::at_tau2({y, v, ones, 1, work}, tau2);
        CHECK(near(slow.q, fast.q, matrix));
        CHECK(near(slow.yppp, fast.yppp, matrix));
        CHECK(near(slow.tr_pp, fast.tr_pp, matrix));
        CHECK(near(slow.log_det, fast.log_det, matrix));
    }
}

TEST_CASE("swapping the groups turns the sign of pooled odds ratios, risk differences and Peto's") {
    for (std::uint64_t seed = first_seed; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        std::vector<model::Table2x2> tables, swapped;
        for (int i = random.whole(1, 12); i-- > 0;) {
            model::Table2x2 t;
            t.ai = random.whole(0, 30), t.bi = random.whole(1, 100), t.ci = random.whole(0, 30), t.di = random.whole(1, 100);
            tables.push_back(t);
            swapped.push_back({t.ci, t.di, t.ai, t.bi});
        }
        for (const char* measure : {"OR", "RR", "RD"}) {
            const auto a = synth::pool_mantel_haenszel(tables, measure), b = synth::pool_mantel_haenszel(swapped, measure);
            CHECK(a.problem.empty() == b.problem.empty());
            if (!a.problem.empty()) continue;
            CHECK(near(b.estimate, -a.estimate, reordered));
            CHECK(near(b.se, a.se, reordered));
        }
        const auto a = synth::pool_peto(tables), b = synth::pool_peto(swapped);
        if (a.problem.empty()) CHECK(near(b.estimate, -a.estimate, reordered));
    }
}
