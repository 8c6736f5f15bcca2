#include "num/hypergeometric.hpp"

#include "num/gamma.hpp"

#include <boost/math/quadrature/tanh_sinh.hpp>

#include <cmath>
#include <limits>

namespace assay::num {

double hypergeometric_2f1(double a, double b, double c, double x) {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    if (!(c > b) || !(b > 0) || !(x >= 0) || !(x <= 1) || (x == 1 && !(c > a + b))) return nan;
    if (x == 0) return 1;
    const double log_scale = log_gamma(c) - log_gamma(b) - log_gamma(c - b);
    boost::math::quadrature::tanh_sinh<double> rule;
    // `rest` is the distance to the nearer end, below 0 at the left one: it keeps the digits of t and 1 - t
    // there.
    const auto integrand = [&](double t, double rest) {
        const double near_zero = rest < 0 ? -rest : t, near_one = rest > 0 ? rest : 1 - t;
        const double last = x == 1 ? near_one : (1 - x) + x * near_one;
        return std::exp(log_scale + (b - 1) * std::log(near_zero) + (c - b - 1) * std::log(near_one) -
                        a * std::log(last));
    };
    return rule.integrate(integrand, 0.0, 1.0);
}

} // namespace assay::num
