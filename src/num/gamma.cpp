#include "num/gamma.hpp"

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>

#include <cmath>
#include <limits>

namespace assay::num {

namespace {
using Policy = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>>;
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
} // namespace

double gamma_ratio(double a, double b) {
    if (!(a > 0) || !(b > 0) || std::isinf(a) || std::isinf(b)) return nan;
    return boost::math::tgamma_delta_ratio(a, b - a, Policy());
}

double log_gamma(double x) {
    if (!(x > 0)) return nan;
    return boost::math::lgamma(x, Policy());
}

double digamma(double x) {
    if (!(x > 0)) return nan;
    return boost::math::digamma(x, Policy());
}

double hedges_j(double df) {
    if (!(df > 1)) return nan;
    // Beyond this the factor is 1 - 3/(4 df) to the last digit, and the ratio loses digits.
    if (df > 1e7) return 1 - 0.75 / df;
    return gamma_ratio(df / 2, (df - 1) / 2) / std::sqrt(df / 2);
}

} // namespace assay::num
