#include "../support/near.hpp"
#include "num/distributions.hpp"
#include "num/gamma.hpp"
#include "num/roots.hpp"
#include "num/sums.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <vector>

using namespace assay;
using namespace assay::test;

TEST_CASE("tables of the normal, t, chi-squared and F distributions") {
    // Abramowitz & Stegun 1964, tables 26.1, 26.8, 26.9, 26.10: printed digits.
    const auto printed = [](double got, double expected, int decimals) {
        CHECK(std::fabs(got - expected) <= 0.5000001 * std::pow(10.0, -decimals));
    };
    printed(num::normal_cdf(1.96), 0.97500210485178, 14);
    printed(num::normal_quantile(0.975), 1.95996398454, 11);
    printed(num::t_quantile(0.975, 1), 12.706, 3);
    printed(num::t_quantile(0.975, 12), 2.179, 3);
    printed(num::chi_squared_quantile(0.95, 10), 18.3070, 4);
    printed(num::chi_squared_upper(18.3070, 10), 0.0500, 4);
    printed(num::f_quantile(0.95, 2, 10), 4.10, 2);
}

TEST_CASE("distributions at and beyond their edges give limits, never an exception") {
    for (double p : {-1.0, 0.0, 1e-300, 1.0, 2.0}) {
        CHECK_NOTHROW(num::normal_quantile(p));
        CHECK_NOTHROW(num::t_quantile(p, 1.5));
        CHECK_NOTHROW(num::chi_squared_quantile(p, 1652));
    }
    CHECK(num::normal_quantile(0) == -INFINITY);
    CHECK(num::normal_quantile(2) == INFINITY);
    CHECK(num::chi_squared_quantile(0, 3) == 0);
    CHECK(num::chi_squared_cdf(1e-8, 1652) == 0);
    CHECK(num::chi_squared_upper(-3, 2) == 1);
    CHECK(num::t_upper(INFINITY, 4) == 0);
    CHECK(std::isnan(num::t_upper(1, 0)));
    CHECK(std::isnan(num::chi_squared_upper(NAN, 2)));
    CHECK(num::two_sided_p(0) == 1);
    // Far tails keep their digits: log10 of P(|Z| > 30) is -196.99 or so.
    CHECK(num::two_sided_p(30) > 0);
    CHECK(num::two_sided_p(30) < 1e-190);
    CHECK(near(num::t_quantile(0.3, 1e18), num::normal_quantile(0.3), same_number));
}

TEST_CASE("roots: inside a bracket, above a point, and none") {
    const auto cubic = [](double x) { return x * x * x - 2; };
    const num::Root root = num::root_between(cubic, 0, 2);
    CHECK(root.converged);
    CHECK(near(root.value, std::cbrt(2.0), same_number));
    // The bracket grows until the sign changes: no fixed upper limit.
    const num::Root far = num::root_above([](double x) { return 1e12 - x; }, 0, 1e-3);
    CHECK(far.converged);
    CHECK(near(far.value, 1e12, same_number));
    CHECK_FALSE(num::root_between([](double x) { return x * x + 1; }, -1, 1).converged);
    const num::Root none = num::root_above([](double) { return 1.0; }, 0, 1, 100);
    CHECK_FALSE(none.converged);
    CHECK(none.value == 100);
}

TEST_CASE("compensated sums keep what plain sums lose") {
    const std::vector<double> numbers = {1, 1e100, 1, -1e100};
    CHECK(num::sum(numbers) == 2);
}

TEST_CASE("gamma ratios and Hedges' factor") {
    CHECK(near(num::gamma_ratio(5, 3), 12, same_number));
    CHECK(std::isfinite(num::gamma_ratio(1e6, 1e6 - 0.5)));
    // J(2) = sqrt(pi)/2... from Gamma(1)/(sqrt(1) Gamma(1/2)).
    CHECK(near(num::hedges_j(2), 1 / std::sqrt(std::acos(-1.0)), same_number));
    CHECK(near(num::hedges_j(1e7), num::hedges_j(1.00001e7), {1e-10, 0}));
    CHECK(std::isnan(num::hedges_j(1)));
}
