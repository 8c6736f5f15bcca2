#include "num/roots.hpp"

#include <boost/math/tools/toms748_solve.hpp>

#include <cmath>
#include <cstdint>
#include <limits>

namespace assay::num {

namespace {
constexpr int most_evaluations = 200;
constexpr double growth = 10;

using Policy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;

/// The tightest bracket doubles allow, or an interval of a few units in the last place around a small root.
bool tight(double a, double b) {
    return std::fabs(a - b) <= 2 * std::numeric_limits<double>::epsilon() * std::fmin(std::fabs(a), std::fabs(b));
}

Root solve(Function f, double low, double f_low, double high, double f_high) {
    std::uintmax_t evaluations = most_evaluations;
    const auto [a, b] = boost::math::tools::toms748_solve([&](double x) { return f(x); }, low, high, f_low, f_high,
                                                          tight, evaluations, Policy());
    const double fa = std::fabs(f(a)), fb = std::fabs(f(b));
    return {fa <= fb ? a : b, static_cast<int>(evaluations) + 2, evaluations < most_evaluations};
}
} // namespace

Root root_between(Function f, double low, double high) {
    const double f_low = f(low), f_high = f(high);
    if (f_low == 0) return {low, 1, true};
    if (f_high == 0) return {high, 2, true};
    if (std::isnan(f_low) || std::isnan(f_high) || (f_low > 0) == (f_high > 0))
        return {std::fabs(f_low) <= std::fabs(f_high) ? low : high, 2, false};
    return solve(f, low, f_low, high, f_high);
}

Root root_above(Function f, double low, double step, double limit) {
    double f_low = f(low);
    int evaluations = 1;
    if (f_low == 0) return {low, evaluations, true};
    for (double length = step; low < limit; length *= growth) {
        const double high = std::fmin(low + length, limit);
        const double f_high = f(high);
        ++evaluations;
        if (f_high == 0) return {high, evaluations, true};
        if (std::isnan(f_high)) break;
        if ((f_low > 0) != (f_high > 0)) {
            Root root = solve(f, low, f_low, high, f_high);
            root.iterations += evaluations;
            return root;
        }
        low = high;
        f_low = f_high;
    }
    return {limit, evaluations, false};
}

} // namespace assay::num
