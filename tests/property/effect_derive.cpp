// What must hold for any data: numbers derived from others.
#include "../support/near.hpp"
#include "effect/derive.hpp"
#include "effect/five_numbers.hpp"
#include "effect/rules.hpp"
#include "num/distributions.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

using namespace assay;
using namespace assay::effect;
using namespace assay::test;

namespace {

struct Random {
    std::mt19937_64 engine;
    explicit Random(std::uint64_t seed) : engine(seed) {}
    double unit() { return (static_cast<double>(engine() >> 11) + 0.5) * 0x1.0p-53; }
    double between(double low, double high) { return low + (high - low) * unit(); }
    int whole(int low, int high) { return low + static_cast<int>(unit() * (high - low + 1)); }
    double normal() { return num::normal_quantile(unit()); }
};
constexpr std::uint64_t last_seed = 500;

double run(const char* id, std::initializer_list<std::pair<Number, double>> given) {
    Numbers x;
    for (const auto& [number, value] : given)
        x[number] = value;
    const Made made = find_rule(id)->run(x);
    REQUIRE_MESSAGE(made.value, id << ": " << made.problem);
    return *made.value;
}

/// The quantile of sorted values as R's type 7 has it.
double quantile(const std::vector<double>& sorted, double p) {
    const double at = p * static_cast<double>(sorted.size() - 1);
    const auto low = static_cast<std::size_t>(at);
    const std::size_t high = std::min(low + 1, sorted.size() - 1);
    return sorted[low] + (at - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

} // namespace

TEST_CASE("an SD told as SE, interval, t or P comes back") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const double n = random.whole(3, 400), sd = random.between(0.01, 50),
                     mean = random.between(0.5, 3) * sd / std::sqrt(n);
        const double se = sd / std::sqrt(n), level = random.between(0.6, 0.99);
        const double t = num::critical_value(level, n - 1), z = num::critical_value(level);
        CHECK(near(run("sd.se", {{Number::se, se}, {Number::n, n}}), sd, same_number));
        CHECK(near(run("sd.ci", {{Number::ci_low, mean - t * se},
                                 {Number::ci_high, mean + t * se},
                                 {Number::ci_level, level},
                                 {Number::n, n}}),
                   sd, same_number));
        CHECK(near(run("sd.ci-z", {{Number::z_low, mean - z * se},
                                   {Number::z_high, mean + z * se},
                                   {Number::ci_level, level},
                                   {Number::n, n}}),
                   sd, same_number));
        CHECK(near(run("sd.t", {{Number::mean, mean}, {Number::t, mean / se}, {Number::n, n}}), sd,
                   same_number));
        const double p = num::two_sided_p(mean / se, n - 1);
        CHECK(near(run("sd.p", {{Number::mean, mean}, {Number::p, p}, {Number::n, n}}), sd, {1e-9, 0}));
    }
}

TEST_CASE("an SD told by its rounded SE comes back within the rounding") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const double n = random.whole(3, 400), sd = random.between(1, 50);
        const double se = std::round(sd / std::sqrt(n) * 100) / 100;
        if (!(se > 0)) continue;
        CHECK(std::fabs(run("sd.se", {{Number::se, se}, {Number::n, n}}) - sd) <=
              0.005 * std::sqrt(n) * (1 + 1e-9));
    }
}

TEST_CASE("a correlation and the SD of changes lead to one another; a higher correlation never widens") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const double before = random.between(0.1, 20), after = random.between(0.1, 20),
                     r = random.between(-0.99, 0.99);
        const double sd =
            run("sd.change",
                {{Number::sd_baseline, before}, {Number::sd_final, after}, {Number::correlation, r}});
        CHECK(near(
            run("r.change", {{Number::sd_baseline, before}, {Number::sd_final, after}, {Number::sd, sd}}), r,
            {1e-9, 1e-9}));
        const double more =
            run("sd.change",
                {{Number::sd_baseline, before}, {Number::sd_final, after}, {Number::correlation, r + 0.005}});
        CHECK(more <= sd);
        CHECK(sd >= std::fabs(before - after) * (1 - 1e-12));
        CHECK(sd <= before + after);
    }
}

TEST_CASE("effective people are never more than people, and an ICC of 0 changes nothing") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const double n = random.whole(1, 5000), m = random.between(1, 200), icc = random.unit(),
                     se = random.between(0.01, 5);
        const double effective =
            run("cluster.n", {{Number::n, n}, {Number::icc, icc}, {Number::cluster_size, m}});
        CHECK(effective <= n);
        CHECK(effective >= n / m * (1 - 1e-12)); // no fewer than the clusters
        CHECK(run("cluster.n", {{Number::n, n}, {Number::icc, 0}, {Number::cluster_size, m}}) == n);
        const double wide =
            run("cluster.se", {{Number::se, se}, {Number::icc, icc}, {Number::cluster_size, m}});
        CHECK(wide >= se);
        CHECK(near(wide * wide / (se * se), n / effective, same_number));
    }
}

TEST_CASE("medians of normal samples give mean and SD back within sampling error") {
    // Standard errors of one sample's estimates, in SDs: the median's bounds that of every mean here; a
    // quartile distance has 1.1664/sqrt(n), and an SD from five numbers or the range of up to 300 values less
    // than 1.2/sqrt(n) and 0.25 (Wan et al. 2014, BMC Med Res Methodol 14:135). The formulas' own bias is
    // below 2 %.
    constexpr int samples = 400;
    constexpr double bias = 0.02;
    for (const int n : {15, 41, 101, 301}) {
        CAPTURE(n);
        Random random(static_cast<std::uint64_t>(n));
        const double mu = 7, sigma = 3;
        struct Sum {
            double mean = 0, sd = 0;
        } iqr, range, five;
        for (int sample = 0; sample < samples; ++sample) {
            std::vector<double> values;
            for (int i = 0; i < n; ++i)
                values.push_back(mu + sigma * random.normal());
            std::sort(values.begin(), values.end());
            const FiveNumbers all{values.front(),         quantile(values, 0.25), quantile(values, 0.5),
                                  quantile(values, 0.75), values.back(),          static_cast<double>(n)};
            const auto add = [&](Sum& sum, const FiveNumbers& numbers) {
                const MeanAndSd made = mean_and_sd(numbers, "default", false, false);
                REQUIRE(made.mean);
                REQUIRE(made.sd);
                CHECK(std::fabs(*made.mean - mu) < 6 * 1.2533 * sigma / std::sqrt(n));
                sum.mean += *made.mean / samples;
                sum.sd += *made.sd / samples;
            };
            add(iqr, {{}, all.q1, all.median, all.q3, {}, all.n});
            add(range, {all.minimum, {}, all.median, {}, all.maximum, all.n});
            add(five, all);
        }
        const double of_mean = 4 * 1.2533 * sigma / std::sqrt(n * samples);
        for (const Sum& sum : {iqr, range, five})
            CHECK(std::fabs(sum.mean - mu) < of_mean);
        const double of_quartiles = 4 * 1.1664 / std::sqrt(n * samples),
                     of_range = 4 * 0.25 / std::sqrt(samples);
        // Quartiles of type 7 lie a little nearer than those Wan's formula expects: 1.5/n of the SD.
        CHECK(std::fabs(iqr.sd / sigma - 1) < of_quartiles + bias + 1.5 / n);
        CHECK(std::fabs(range.sd / sigma - 1) < of_range + bias);
        CHECK(std::fabs(five.sd / sigma - 1) < of_range + bias + 1.5 / n);
    }
}

TEST_CASE("the divisor of the range is the expected range of a normal sample, within 2 %") {
    // E(range) = integral of 1 - Phi(x)^n - (1 - Phi(x))^n (Tippett 1925, Biometrika 17:364); the control
    // chart constants d2 of 5, 10 and 25 values are 2.326, 3.078 and 3.931.
    const auto expected_range = [](int n) {
        double sum = 0;
        constexpr double step = 0.001;
        for (double x = -9; x < 9; x += step) {
            const double below = num::normal_cdf(x + step / 2);
            sum += (1 - std::pow(below, n) - std::pow(1 - below, n)) * step;
        }
        return sum;
    };
    CHECK(near(expected_range(5), 2.326, {0, 0.0005}));
    CHECK(near(expected_range(10), 3.078, {0, 0.0005}));
    CHECK(near(expected_range(25), 3.931, {0, 0.0005}));
    for (const int n : {5, 10, 15, 25, 50, 100, 300}) {
        CAPTURE(n);
        const double range = expected_range(n);
        const double sd = run("sd.range", {{Number::minimum, -range / 2},
                                           {Number::maximum, range / 2},
                                           {Number::n, static_cast<double>(n)}});
        CHECK(near(sd, 1, {0.02, 0}));
    }
}
