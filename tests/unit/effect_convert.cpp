#include "../support/near.hpp"
#include "effect/convert.hpp"
#include "effect/periods.hpp"
#include "num/distributions.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;
using namespace assay::test;

TEST_CASE("standard errors from intervals: levels, t, ratios") {
    // Cochrane Handbook 6.5, section 6.3.1: an interval divided by 3.92 (95 %), 3.29 (90 %), 5.15 (99 %).
    const auto at = [](double level) { return effect::se_from_interval(0.0, -1, 1, level, false).se.value(); };
    CHECK(std::fabs(2 / at(0.95) - 3.92) < 0.005);
    CHECK(std::fabs(2 / at(0.90) - 3.29) < 0.005);
    CHECK(std::fabs(2 / at(0.99) - 5.15) < 0.005);
    // Section 6.5.2.2: with 25 and 22 people the divisor is 2 x 2.0141 (t with 45 df).
    const auto t = effect::se_from_interval(2.0, 1, 3, 0.95, false, 45);
    CHECK(std::fabs(2 / t.se.value() - 2 * 2.0141) < 0.0001);
    CHECK(t.formula.find("45 df") != std::string::npos);
    const auto ratio = effect::se_from_interval(std::exp(0.5), std::exp(0.1), std::exp(0.9), 0.95, true);
    CHECK(near(ratio.se.value(), 0.4 / num::normal_quantile(0.975), same_number));
}

TEST_CASE("an interval that is not symmetric on its scale is refused") {
    CHECK_FALSE(effect::se_from_interval(1.0, 0.9, 3.0, 0.95, false).se);
    CHECK_FALSE(effect::se_from_interval(2.0, 0.5, 3.5, 0.95, true).se); // symmetric, but not as a ratio
    CHECK(effect::se_from_interval(2.0, 1.1, 3.6, 0.95, true).se);
    // Rounding to one digit leaves room: 0.6 (0.4 to 0.9) is fine as a ratio.
    CHECK(effect::se_from_interval(0.6, 0.4, 0.9, 0.95, true).se);
    CHECK_FALSE(effect::se_from_interval(0.6, 0.0, 0.9, 0.95, true).se);
    CHECK_FALSE(effect::se_from_interval(1.0, 2.0, 0.5, 0.95, false).se);
    CHECK_FALSE(effect::se_from_interval(1.0, 0.5, 1.5, 1.5, false).se);
}

TEST_CASE("standard errors from P and from a test statistic") {
    // Handbook 6.5, section 6.5.2.3: MD 3.8, P = 0.008 with 25 + 22 people: t = 2.78, SE = 3.8/2.78 = 1.37.
    const auto p = effect::se_from_p(3.8, 0.008, false, 45);
    CHECK(std::fabs(p.se.value() - 1.37) < 0.005);
    CHECK(std::fabs(effect::se_from_t(3.8, 2.78, false).se.value() - 1.37) < 0.005);
    CHECK_FALSE(effect::se_from_p(0, 0.5, false).se);
    CHECK_FALSE(effect::se_from_p(1, 0, false).se);
    CHECK_FALSE(effect::se_from_p(-1, 0.5, true).se);
    CHECK_FALSE(effect::se_from_t(1, -2, false).se);
}

TEST_CASE("the half width of rounding follows from the printed digits") {
    CHECK(near(effect::rounding_half_width(1.25), 0.005, same_number));
    CHECK(near(effect::rounding_half_width(-0.9), 0.05, same_number));
    CHECK(near(effect::rounding_half_width(120), 0.5, same_number));
}

TEST_CASE("periods of counts") {
    CHECK(effect::period_factor("4 weeks", "week").value() == 0.25);
    CHECK(effect::period_factor("week", "4 weeks").value() == 4);
    CHECK(near(effect::period_factor("month", "year").value(), 12, same_number));
    CHECK(effect::period_factor("season", "season").value() == 1);
    CHECK_FALSE(effect::period_factor("season", "week"));
    CHECK_FALSE(effect::period_factor("0 weeks", "week"));
    CHECK_FALSE(effect::period_factor("", "week"));
}
