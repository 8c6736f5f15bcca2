// Conversions, transformations, absolute effects and the measures that have published digits or a direct
// formula.
#include "effect/absolute.hpp"
#include "effect/five_numbers.hpp"
#include "effect/measures.hpp"
#include "effect/proportion_interval.hpp"
#include "effect/reconstruct.hpp"
#include "effect/scales.hpp"
#include "effect/transform.hpp"
#include "num/bivariate_normal.hpp"
#include "num/hypergeometric.hpp"
#include "num/search.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;
using namespace assay::effect;

TEST_CASE("each transformation with a way back returns to where it started") {
    TransformArguments with;
    with.n = 40;
    for (const Transformation& t : transformations()) {
        CAPTURE(t.name);
        CHECK(find_transformation(t.name) == &t);
        if (t.inverse.empty()) continue;
        const Transformation* back = find_transformation(t.inverse);
        REQUIRE(back);
        CHECK(back->inverse == t.name);
        for (double x : {0.2, 0.45, 0.7})
            CHECK(std::fabs(back->apply(t.apply(x, with), with) - x) < 1e-9);
    }
    CHECK(find_transformation("nothing") == nullptr);
}

TEST_CASE("the double arcsine's inverse stays inside the proportions") {
    CHECK(inverse_double_arcsine(0, 20) == 0);
    CHECK(inverse_double_arcsine(1.57, 20) == 1);
    CHECK(std::fabs(inverse_double_arcsine(std::asin(1.0) / 2, 1e9) - 0.5) < 1e-6);
}

TEST_CASE("five numbers: normal quantiles give their mean and SD back, skewed ones are refused") {
    const FiveNumbers quartiles{{}, 10 - 0.6745 * 2, 10, 10 + 0.6745 * 2, {}, 1e6};
    const MeanAndSd got = mean_and_sd(quartiles);
    CHECK(std::fabs(*got.mean - 10) < 1e-9);
    CHECK(std::fabs(*got.sd - 2) < 1e-3);
    const FiveNumbers skewed{{}, 1, 2, 30, {}, 200};
    CHECK(mean_and_sd(skewed).skewed);
    CHECK_FALSE(mean_and_sd(skewed).problem.empty());
    CHECK(mean_and_sd(skewed, "default", false, false).mean);
    CHECK_FALSE(mean_and_sd({{}, 5, 2, 30, {}, 200}).problem.empty()); // does not rise
    CHECK_FALSE(mean_and_sd({}).problem.empty());
    // Hozo's mean and SD of 2, 6, 14 with 20 people: (2 + 12 + 14)/4 and 12/4.
    const FiveNumbers range{2, {}, 6, {}, 14, 20};
    CHECK(std::fabs(*mean_and_sd(range, "hozo2005", false, false).mean - 7) < 1e-12);
    CHECK(std::fabs(*mean_and_sd(range, "hozo2005", false, false).sd - 3) < 1e-12);
    CHECK(std::fabs(sd_from_se(0.5, 16) - 2) < 1e-12);
}

TEST_CASE("a table is rebuilt from its margins and what is printed about it") {
    const Cells t{30, 20, 15, 35};
    const double odds = t.a * t.d / (t.b * t.c), n = 100;
    const double phi = (t.a * t.d - t.b * t.c) / std::sqrt(50.0 * 50 * 45 * 55);
    for (const PrintedTable& printed :
         {PrintedTable{n, 50, 45, odds, {}, {}}, PrintedTable{n, 50, 45, {}, phi, {}},
          PrintedTable{n, 50, 45, {}, {}, phi * phi * n, false}}) {
        const auto got = table_from_margins(printed);
        REQUIRE(got);
        CHECK(got->a == 30);
        CHECK(got->d == 35);
    }
    CHECK_FALSE(table_from_margins({n, 50, 45}));
    CHECK_FALSE(table_from_margins({n, 5, 90, {}, 1.0, {}})); // a cell below zero
}

TEST_CASE("an interval or a test gives the variance of an effect") {
    PrintedEffect ratio;
    ratio.estimate = 2;
    ratio.low = 1;
    ratio.high = 4;
    const auto got = wald(ratio, logarithm);
    CHECK(std::fabs(*got.y - std::log(2.0)) < 1e-12);
    CHECK(std::fabs(std::sqrt(*got.v) - std::log(4.0) / (2 * 1.959963984540054)) < 1e-9);
    CHECK_FALSE(wald({}, same).y);
    CHECK(std::fabs(*delta_method([](double x) { return std::exp(x); }, 0.5, 0.09).v - 0.09 * std::exp(1.0)) <
          1e-9);
}

TEST_CASE("numbers needed to treat and risks with treatment") {
    CHECK(std::fabs(*risk_with("RR", std::log(0.5), 0.2) - 0.1) < 1e-12);
    CHECK(std::fabs(*risk_with("OR", std::log(0.5), 0.2) - 1.0 / 9) < 1e-12);
    CHECK(std::fabs(*number_needed_to_treat("RD", -0.05, 0.2) - 20) < 1e-9);
    CHECK_FALSE(risk_with("SMD", 1, 0.2));
}

TEST_CASE("intervals of one proportion: Newcombe 1998, table I") {
    // 81 of 263: simple 0.2522 to 0.3638, Wilson 0.2553 to 0.3662, exact 0.2527 to 0.3676.
    const auto within = [](const std::optional<ProportionInterval>& got, double low, double high) {
        return got && std::fabs(got->low - low) < 5e-5 && std::fabs(got->high - high) < 5e-5;
    };
    CHECK(within(proportion_interval(81, 263, "SA"), 0.2522, 0.3638));
    CHECK(within(proportion_interval(81, 263, "WS"), 0.2553, 0.3662));
    CHECK(within(proportion_interval(81, 263, "CP"), 0.2527, 0.3676));
    CHECK(proportion_interval(5, 5, "WS")->high == 1);
    CHECK_FALSE(proportion_interval(6, 5, "WS"));
    CHECK_FALSE(proportion_interval(1, 5, "none"));
}

TEST_CASE("tetrachoric correlations: independence, symmetry, ends") {
    const auto of = [](double a, double b, double c, double d) {
        Row row;
        row[Role::ai] = a;
        row[Role::bi] = b;
        row[Role::ci] = c;
        row[Role::di] = d;
        return compute(measure("RTET"), std::span(&row, 1)).front();
    };
    CHECK(std::fabs(of(10, 20, 30, 60).y) < 1e-12);
    // Cut at both medians: r = sin(pi/2*(1 - 4*p12)), a closed form.
    CHECK(std::fabs(of(40, 10, 10, 40).y - std::sin(std::asin(1.0) * (1 - 4 * 0.1))) < 1e-10);
    CHECK(std::fabs(of(40, 10, 10, 40).y + of(10, 40, 40, 10).y) < 1e-10);
    CHECK(of(10, 0, 0, 10).status == Status::zero_cell);
}

TEST_CASE("special functions and searches at points with a closed form") {
    CHECK(std::fabs(num::bivariate_normal_cdf(0, 0, 0.5) - 1.0 / 3) < 1e-12);
    CHECK(std::fabs(num::bivariate_normal_cdf(1, -0.5, 1) - 0.30853753872598688) < 1e-12);
    CHECK(std::fabs(num::hypergeometric_2f1(1, 1, 2, 0.5) - 2 * std::log(2.0)) < 1e-10);
    CHECK(std::fabs(num::hypergeometric_2f1(0.5, 0.5, 1.5, 1) - std::asin(1.0)) < 1e-9);
    CHECK(std::isnan(num::hypergeometric_2f1(1, 1, 1, 0.5)));
    CHECK(std::fabs(num::minimum_between([](double x) { return (x - 0.3) * (x - 0.3); }, -1, 1, 1e-8) - 0.3) <
          1e-6);
    const auto bowl = [](std::span<const double> x) {
        return (x[0] - 1) * (x[0] - 1) + 10 * (x[1] + 2) * (x[1] + 2);
    };
    const auto at = num::simplex_minimum(bowl, {0.0, 0.0}, 1e-12);
    CHECK(std::fabs(at[0] - 1) < 1e-4);
    CHECK(std::fabs(at[1] + 2) < 1e-4);
    CHECK(std::fabs(num::difference_hessian(bowl, at)[3] - 20) < 1e-6);
}
