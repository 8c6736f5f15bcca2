// Subsets, sign flips, resamples and series: the fast paths against one fit after another.
#include "base/random.hpp"
#include "synth/bootstrap.hpp"
#include "synth/gosh.hpp"
#include "synth/influence.hpp"
#include "synth/multiverse.hpp"
#include "synth/permutation.hpp"
#include "synth/regression.hpp"
#include "synth/scoring.hpp"
#include "synth/series.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace assay;
using namespace assay::synth;

namespace {

struct Numbers {
    std::vector<double> y, v;
};

/// Effects with little, some and much scatter, by turns.
Numbers invented(std::size_t k, std::uint64_t seed) {
    Random random(seed);
    Numbers n;
    const double tau = 0.4 * static_cast<double>(seed % 4);
    for (std::size_t i = 0; i < k; ++i) {
        n.v.push_back(0.01 + 0.3 * random.uniform() * random.uniform());
        n.y.push_back(3 + std::sqrt(n.v.back() + tau * tau) * random.normal());
    }
    return n;
}

bool close(double a, double b, double relative = 1e-9) {
    return std::fabs(a - b) <= relative * std::max(std::fabs(a), std::fabs(b)) + 1e-12;
}

} // namespace

TEST_CASE("each subset by the fast path equals its own fit, for every estimator") {
    for (std::uint64_t seed = 1; seed <= 8; ++seed) {
        const Numbers n = invented(8, seed);
        std::vector<const Estimator*> all{nullptr};
        for (const Estimator& one : estimators())
            all.push_back(&one);
        for (const Estimator* estimator : all) {
            const VariantTable table(n.y, n.v, estimator);
            Variant variant(table);
            for (std::uint64_t index = 0; index < 255; ++index) {
                const std::uint64_t members = gosh_members(index);
                std::vector<double> counts(8), y, v;
                for (std::size_t i = 0; i < 8; ++i)
                    if (members >> i & 1) {
                        counts[i] = 1;
                        y.push_back(n.y[i]);
                        v.push_back(n.v[i]);
                    }
                variant.set(counts);
                const VariantFit got = variant.fit();
                const Mean want = fit_mean({y, v}, estimator, Test::knha);
                CAPTURE(seed);
                CAPTURE(members);
                CAPTURE(estimator ? estimator->id : "EE");
                REQUIRE(close(got.mean, want.estimate));
                REQUIRE(close(got.tau2, want.tau2.value, 1e-8));
                REQUIRE(close(got.q0, want.q, 1e-8));
                if (y.size() > 1) REQUIRE(close(std::sqrt(got.q / (got.n - 1) / got.sum_w), want.se, 1e-7));
            }
        }
    }
}

TEST_CASE(
    "subsets in running order keep their digits when one study outweighs the others ten million times") {
    Numbers n = invented(13, 2);
    n.v[3] = 1e-8;
    n.v[7] = 3e-5;
    for (const char* id : {"EE", "DL", "REML", "PM"}) {
        GoshPlan plan;
        plan.y = n.y;
        plan.v = n.v;
        plan.estimator = find_estimator(id);
        std::vector<double> estimate(plan.subsets()), tau2(plan.subsets()), q(plan.subsets());
        gosh_subsets(plan, 0, plan.subsets(), {estimate, tau2, {}, {}, q});
        for (std::uint64_t index = 0; index < plan.subsets(); index += 7) {
            std::vector<double> y, v;
            for (std::size_t i = 0; i < 13; ++i)
                if (gosh_members(index) >> i & 1) {
                    y.push_back(n.y[i]);
                    v.push_back(n.v[i]);
                }
            const Mean want = fit_mean({y, v}, plan.estimator, Test::z);
            CAPTURE(id);
            CAPTURE(index);
            REQUIRE(close(estimate[index], want.estimate));
            REQUIRE(close(tau2[index], want.tau2.value, 1e-7));
            REQUIRE(close(q[index], want.q, 1e-7));
        }
    }
}

TEST_CASE("the Gray code visits each subset once") {
    std::vector<char> seen(1 << 10);
    for (std::uint64_t index = 0; index + 1 < seen.size(); ++index)
        ++seen[gosh_members(index)];
    CHECK(seen[0] == 0);
    CHECK(std::all_of(seen.begin() + 1, seen.end(), [](char times) { return times == 1; }));
}

TEST_CASE("GOSH: quantiles equal those of all subsets, whatever the number of threads") {
    const Numbers n = invented(13, 3);
    GoshPlan plan;
    plan.y = n.y;
    plan.v = n.v;
    plan.estimator = find_estimator("REML");
    std::vector<double> estimate(plan.subsets()), i2(plan.subsets());
    gosh_subsets(plan, 0, plan.subsets(), {estimate, {}, i2, {}, {}});
    const GoshSummary one = gosh(plan);
    std::sort(estimate.begin(), estimate.end());
    CHECK(one.subsets == 8191);
    CHECK(one.quantiles[0].front() == estimate.front());
    CHECK(one.quantiles[0][3] == estimate[4095]); // 8190 * 0.5 is whole
    CHECK(one.quantiles[0].back() == estimate.back());
    std::sort(i2.begin(), i2.end());
    const double h = 8190 * 0.25;
    CHECK(close(one.quantiles[2][2], i2[2047] + (h - 2047) * (i2[2048] - i2[2047])));
    for (unsigned threads : {2u, 5u}) {
        plan.threads = threads;
        const GoshSummary other = gosh(plan);
        CHECK(other.quantiles == one.quantiles);
        CHECK(other.mean == one.mean);
        CHECK(other.estimate_sd == one.estimate_sd);
        CHECK(other.mean_with == one.mean_with);
        CHECK(other.grid == one.grid);
    }
    // Cut into two stretches and joined.
    GoshPart left = gosh_part(plan, 0, 1);
    join(left, gosh_part(plan, 1, 2));
    const GoshPart whole = gosh_part(plan, 0, 2);
    CHECK(left.block_sums == whole.block_sums);
    CHECK(left.histogram == whole.histogram);
}

TEST_CASE("GOSH: one study, two studies, samples and refusals") {
    const std::vector<double> y{0.3, 0.5}, v{0.1, 0.2};
    GoshPlan plan;
    plan.y = std::span(y).first(1);
    plan.v = std::span(v).first(1);
    plan.estimator = find_estimator("REML");
    GoshSummary summary = gosh(plan);
    CHECK(summary.subsets == 1);
    CHECK(summary.mean[0] == 0.3);
    CHECK(summary.mean[2] == 0); // I2 of one study is 0, not rounding noise
    CHECK_FALSE(summary.correlation);
    plan.y = y;
    plan.v = v;
    CHECK(gosh(plan).subsets == 3);
    plan.sample = 5000;
    const GoshSummary first = gosh(plan);
    plan.threads = 3;
    CHECK(gosh(plan).mean == first.mean);
    CHECK(first.subsets == 5000);
    plan.seed = 2;
    CHECK(gosh(plan).mean != first.mean);
    plan.y = {};
    plan.v = {};
    CHECK_THROWS(gosh(plan));
    const std::vector<double> many(40, 1.0);
    plan.y = plan.v = many;
    plan.sample = 0;
    CHECK_THROWS(gosh(plan));
}

TEST_CASE("sign flips: the exact P equals refits one by one") {
    for (const char* id : {"DL", "REML", "PM", "SJ"})
        for (Test test : {Test::z, Test::knha}) {
            Numbers n = invented(7, 5);
            for (double& y : n.y)
                y -= 2.6;
            const Estimator* estimator = find_estimator(id);
            const auto statistic = [&](const std::vector<double>& y) {
                const Mean mean = fit_mean({y, n.v}, estimator, test);
                return std::fabs(mean.estimate / mean.se);
            };
            const double observed = statistic(n.y);
            int extreme = 0;
            for (unsigned signs = 0; signs < 128; ++signs) {
                std::vector<double> y = n.y;
                for (std::size_t i = 0; i < 7; ++i)
                    if (signs >> i & 1) y[i] = -y[i];
                extreme += statistic(y) >= observed - 1.5e-8;
            }
            CAPTURE(id);
            for (unsigned threads : {1u, 2u}) {
                PermutationOptions options;
                options.threads = threads;
                const auto got = permutation_test(n.y, n.v, {}, 1, estimator, test, options);
                CHECK(got.count == 128);
                CHECK(got.p[0] == extreme / 128.0);
            }
        }
}

TEST_CASE("arrangements of moderators: the exact P equals refits one by one, ties counted once") {
    const Numbers n = invented(6, 2);
    const std::vector<double> moderator{1, 1, 2, 5, 7, 7};
    std::vector<double> x(6, 1.0);
    x.insert(x.end(), moderator.begin(), moderator.end());
    for (const char* id : {"DL", "REML", "HE"}) {
        const Estimator* estimator = find_estimator(id);
        const Regression first = regress(n.y, n.v, x, 2, estimator, Test::z);
        std::vector<double> moved = moderator;
        std::sort(moved.begin(), moved.end());
        int count = 0, extreme = 0;
        do {
            std::copy(moved.begin(), moved.end(), x.begin() + 6);
            const Regression refit = regress(n.y, n.v, x, 2, estimator, Test::z);
            extreme += std::fabs(refit.coefficients[1].statistic) >=
                       std::fabs(first.coefficients[1].statistic) - 1.5e-8;
            ++count;
        } while (std::next_permutation(moved.begin(), moved.end()));
        std::copy(moderator.begin(), moderator.end(), x.begin() + 6);
        const auto got = permutation_test(n.y, n.v, x, 2, estimator, Test::z);
        CAPTURE(id);
        CHECK(got.count == 180); // 6!/(2! 2!)
        CHECK(count == 180);
        CHECK(got.p[1] == static_cast<double>(extreme) / count);
        CHECK(got.qm_p == got.p[1]);
    }
    PermutationOptions few;
    few.most = 100;
    CHECK_FALSE(permutation_test(n.y, n.v, x, 2, nullptr, Test::z, few).defined);
    const std::vector<double> same(12, 1.0);
    CHECK_FALSE(
        permutation_test(n.y, n.v, same, 2, nullptr, Test::z).defined); // columns depend on one another
    CHECK_FALSE(
        permutation_test(std::span(n.y).first(1), std::span(n.v).first(1), {}, 1, nullptr, Test::z).defined);
}

TEST_CASE("bootstrap: the same draws for any number of threads; limits in order") {
    const Numbers n = invented(11, 6);
    for (BootstrapKind kind : {BootstrapKind::studies, BootstrapKind::parametric}) {
        BootstrapOptions options;
        options.kind = kind;
        options.draws = 3000;
        const Bootstrap one = bootstrap_mean(n.y, n.v, find_estimator("REML"), options);
        options.threads = 4;
        const Bootstrap two = bootstrap_mean(n.y, n.v, find_estimator("REML"), options);
        CHECK(one.estimates == two.estimates);
        CHECK(one.bca.low < one.estimate);
        CHECK(one.estimate < one.bca.high);
        CHECK(one.percentile.low < one.percentile.high);
        const Mean mean = fit_mean({n.y, n.v}, find_estimator("REML"), Test::z);
        CHECK(close(one.estimate, mean.estimate));
        CHECK(one.se == doctest::Approx(mean.se).epsilon(0.35));
    }
    CHECK_FALSE(bootstrap_mean(std::span(n.y).first(1), std::span(n.v).first(1), nullptr).defined);
}

TEST_CASE("influence: one mean equals the regression on a column of ones") {
    const Numbers n = invented(9, 7);
    const std::vector<double> ones(9, 1.0);
    for (const char* id : {"DL", "REML", "EB"})
        for (Test test : {Test::z, Test::knha, Test::adhoc}) {
            const auto a = influence(n.y, n.v, {}, 1, find_estimator(id), test);
            const auto b = influence(n.y, n.v, ones, 1, find_estimator(id), test);
            for (std::size_t i = 0; i < 9; ++i) {
                CHECK(close(a.rstudent[i], b.rstudent[i], 1e-7));
                CHECK(close(a.dffits[i], b.dffits[i], 1e-7));
                CHECK(close(a.cook_d[i], b.cook_d[i], 1e-7));
                CHECK(close(a.cov_r[i], b.cov_r[i], 1e-7));
                CHECK(close(a.dfbetas[i], b.dfbetas[i], 1e-7));
                CHECK(close(a.hat[i], b.hat[i], 1e-7));
            }
        }
    CHECK_FALSE(influence(std::span(n.y).first(1), std::span(n.v).first(1), {}, 1, nullptr, Test::z).defined);
}

TEST_CASE("leaving sets out: their number, and sets of one are leave-one-out") {
    const Numbers n = invented(9, 2);
    const Estimator* reml = find_estimator("REML");
    const auto singles = leave_sets_out(n.y, n.v, 1, reml, Test::knha);
    const auto rows = leave_each_out(n.y, n.v, reml, Test::knha);
    REQUIRE(singles.rows.size() == rows.size());
    for (std::size_t i = 0; i < rows.size(); ++i)
        CHECK(close(singles.rows[i].row.ci_low, rows[i].ci_low));
    const auto threes = leave_sets_out(n.y, n.v, 3, reml, Test::z);
    CHECK(threes.sets == 84);
    CHECK(threes.lowest.front().row.estimate == threes.estimate_low);
    CHECK(threes.highest.front().row.estimate == threes.estimate_high);
    CHECK(leave_sets_out(n.y, n.v, 9, reml, Test::z).sets == 0);
}

TEST_CASE("multiverse: every combination, each as it is on its own") {
    const Numbers n = invented(7, 3);
    MultiverseChoices choices;
    choices.data = {{"a", n.y, n.v}, {"b", n.y, n.v}};
    choices.data[1].y[2] = std::numeric_limits<double>::quiet_NaN();
    choices.methods = {"EE", "REML", "DL"};
    choices.tests = {"z", "knha"};
    choices.sets = {{"all", std::vector<char>(7, 1)},
                    {"first", {1, 0, 0, 0, 0, 0, 0}},
                    {"none", std::vector<char>(7, 0)}};
    const Multiverse got = multiverse(choices);
    REQUIRE(got.specifications.size() == 2u * 3 * 3 * 2);
    const Specification& one = got.specifications[3]; // data a, all, REML, knha
    CHECK(one.method == 1);
    CHECK(one.test == 1);
    const Mean mean = fit_mean({n.y, n.v}, find_estimator("REML"), Test::knha);
    CHECK(close(one.row.estimate, mean.estimate));
    CHECK(close(one.row.se, mean.se, 1e-7));
    CHECK(got.specifications[12].row.k == 0); // nobody left
    CHECK(got.spread[0].count == 5 + 1);      // common effect under knha and repeats of one study count once
    choices.threads = 3;
    const Multiverse again = multiverse(choices);
    CHECK(again.curve == got.curve);
    choices.methods = {"XY"};
    CHECK_THROWS(multiverse(choices));
}

TEST_CASE("scoring: stops early, and shows its path") {
    const Numbers n = invented(10, 3);
    const Problem problem{n.y, n.v};
    for (const char* id : {"ML", "REML", "EB", "PM"}) {
        const Estimator& estimator = *find_estimator(id);
        const double exact = estimator.estimate(problem).value;
        const Scored loose = estimate_by_scoring(problem, estimator);
        CAPTURE(id);
        CHECK(loose.tau2.converged);
        CHECK(loose.tau2.value == doctest::Approx(exact).epsilon(1e-2));
        ScoringRule tight;
        tight.threshold = 1e-14;
        tight.root_tolerance = 1e-14;
        tight.most_steps = 5000;
        CHECK(estimate_by_scoring(problem, estimator, tight).tau2.value ==
              doctest::Approx(exact).epsilon(1e-8));
    }
    ScoringRule one_step;
    one_step.most_steps = 1;
    one_step.threshold = 0;
    const Scored stopped = estimate_by_scoring(problem, *find_estimator("REML"), one_step);
    CHECK_FALSE(stopped.tau2.converged);
    CHECK(stopped.why.find("did not settle") != std::string::npos);
}
