// Agreement of two people, against figures worked out by hand.
#include "screen/agreement.hpp"

#include <doctest/doctest.h>

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
