#include "num/bivariate_normal.hpp"

#include "num/distributions.hpp"
#include "num/roots.hpp"

#include <boost/math/quadrature/gauss_kronrod.hpp>

#include <algorithm>
#include <cmath>

namespace assay::num {

namespace {
constexpr double two_pi = 6.28318530717958647693;
constexpr double right_angle = two_pi / 4;

/// The derivative of the probability with respect to theta, r = sin(theta).
double slope(double h, double k, double theta) {
    const double s = std::sin(theta), c2 = std::cos(theta) * std::cos(theta);
    if (!(c2 > 0)) return h == k || h == -k ? std::exp(-h * h / 2) / two_pi : 0;
    return std::exp(-(h * h + k * k - 2 * h * k * s) / (2 * c2)) / two_pi;
}

double at_angle(double h, double k, double theta) {
    const double independent = normal_cdf(h) * normal_cdf(k);
    if (theta == 0) return independent;
    using Rule = boost::math::quadrature::gauss_kronrod<double, 31>;
    constexpr unsigned most_halvings = 10;
    constexpr double tolerance = 1e-10; // the estimate of the error is far above the error
    return independent +
           Rule::integrate([&](double t) { return slope(h, k, t); }, 0.0, theta, most_halvings, tolerance);
}
} // namespace

double bivariate_normal_cdf(double h, double k, double r) {
    if (std::isinf(h) || std::isinf(k))
        return h < 0 && std::isinf(h)   ? 0
               : k < 0 && std::isinf(k) ? 0
               : std::isinf(h)          ? normal_cdf(k)
                                        : normal_cdf(h);
    if (r >= 1) return normal_cdf(std::min(h, k));
    if (r <= -1) return std::max(0.0, normal_cdf(h) - normal_cdf(-k));
    return at_angle(h, k, std::asin(r));
}

double bivariate_normal_density(double h, double k, double r) {
    const double c2 = (1 - r) * (1 + r);
    return std::exp(-(h * h + k * k - 2 * h * k * r) / (2 * c2)) / (two_pi * std::sqrt(c2));
}

double bivariate_normal_correlation(double h, double k, double p) {
    if (p >= bivariate_normal_cdf(h, k, 1)) return 1;
    if (p <= bivariate_normal_cdf(h, k, -1)) return -1;
    const Root root =
        root_between([&](double theta) { return at_angle(h, k, theta) - p; }, -right_angle, right_angle);
    return std::sin(root.value);
}

} // namespace assay::num
