// Agreement of two people, against figures worked out by hand.
#include "screen/agreement.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace assay;

namespace {

std::vector<screen::Pair> pairs(std::size_t yes, std::size_t yes_no, std::size_t no_yes, std::size_t no) {
    std::vector<screen::Pair> out(yes, {0, 0});
    out.insert(out.end(), yes_no, {0, 1});
    out.insert(out.end(), no_yes, {1, 0});
    out.insert(out.end(), no, {1, 1});
    return out;
}

} // namespace

TEST_CASE("screen agreement: kappa, PABAK and AC1") {
    // 20, 5, 10, 15: p_o 0.7, p_e 0.5 * 0.6 + 0.5 * 0.4 = 0.5
    const auto a = screen::agreement(pairs(20, 5, 10, 15), 2);
    CHECK(a.both == 50);
    CHECK(a.agree == 35);
    CHECK(*a.kappa == doctest::Approx(0.4));
    CHECK(*a.pabak == doctest::Approx(0.4));
    // pi = 0.55: p_e = 2 * 0.55 * 0.45 = 0.495
    CHECK(*a.ac1 == doctest::Approx((0.7 - 0.495) / (1 - 0.495)));
}

TEST_CASE("screen agreement: few included records pull kappa down, AC1 stays near what was seen") {
    const auto a = screen::agreement(pairs(1, 2, 2, 95), 2);
    CHECK(*a.kappa == doctest::Approx((0.96 - (0.03 * 0.03 + 0.97 * 0.97)) / (1 - (0.0009 + 0.9409))));
    CHECK(*a.kappa < 0.35);
    CHECK(*a.ac1 > 0.95);
}

TEST_CASE("screen agreement: nothing in common, and one answer throughout") {
    const auto none = screen::agreement({}, 3);
    CHECK(none.both == 0);
    CHECK_FALSE(none.kappa);
    CHECK_FALSE(none.ac1);
    const auto same = screen::agreement(pairs(0, 0, 0, 7), 2);
    CHECK_FALSE(same.kappa); // 0 / 0
    CHECK(*same.ac1 == doctest::Approx(1));
    CHECK(*same.pabak == doctest::Approx(1));
}

TEST_CASE("screen agreement: intervals") {
    // Fleiss, Levin and Paik 2003, table 18.1: kappa 0.676; here with the variance of Fleiss, Cohen and
    // Everitt written out as (A + B - C) / ((1 - p_e)^2 n).
    const int table[3][3] = {{75, 1, 4}, {5, 4, 1}, {0, 0, 10}};
    std::vector<screen::Pair> seen;
    double rows[3] = {0, 0, 0}, columns[3] = {0, 0, 0};
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            seen.insert(seen.end(), static_cast<std::size_t>(table[i][j]), {i, j});
            rows[i] += table[i][j] / 100.0, columns[j] += table[i][j] / 100.0;
        }
    const auto a = screen::agreement(seen, 3);
    double by_chance = 0, first = 0, second = 0;
    for (int i = 0; i < 3; ++i)
        by_chance += rows[i] * columns[i];
    const double kappa = (0.89 - by_chance) / (1 - by_chance);
    CHECK(kappa == doctest::Approx(0.676).epsilon(0.001));
    for (int i = 0; i < 3; ++i)
        for (int j = 0; j < 3; ++j) {
            const double p = table[i][j] / 100.0;
            if (i == j)
                first += p * std::pow(1 - (rows[i] + columns[i]) * (1 - kappa), 2);
            else
                second += p * std::pow((1 - kappa) * (columns[i] + rows[j]), 2);
        }
    const double error =
        std::sqrt((first + second - std::pow(kappa - by_chance * (1 - kappa), 2)) / 100) / (1 - by_chance);
    REQUIRE(a.kappa_interval);
    CHECK(a.kappa_interval->first == doctest::Approx(kappa - 1.959964 * error));
    CHECK(a.kappa_interval->second == doctest::Approx(kappa + 1.959964 * error));
    // 89 of 100, Clopper and Pearson: 0.8117 to 0.9438 (R 4.2.2, qbeta), as 3 p / 2 - 1 / 2.
    REQUIRE(a.pabak_interval);
    CHECK(a.pabak_interval->first == doctest::Approx((3 * 0.8117 - 1) / 2).epsilon(0.001));
    CHECK(a.pabak_interval->second == doctest::Approx((3 * 0.9438 - 1) / 2).epsilon(0.001));
    // The delta method for AC1, expanded by hand into covariances and worked out apart from the program.
    REQUIRE(a.ac1_interval);
    CHECK(a.ac1_interval->first == doctest::Approx(0.7906798).epsilon(0.0001));
    CHECK(a.ac1_interval->second == doctest::Approx(0.9444594).epsilon(0.0001));
    // Perfect agreement: a variance of zero is no knowledge, the exact interval is.
    const auto perfect = screen::agreement(pairs(5, 0, 0, 20), 2);
    CHECK_FALSE(perfect.kappa_interval);
    CHECK(perfect.pabak_interval->first < 0.75);
    CHECK(perfect.pabak_interval->second == doctest::Approx(1));
}
