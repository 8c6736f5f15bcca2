#include "effect/scales.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace assay::effect {

double same(double x) {
    return x;
}
double exponential(double x) {
    return std::exp(x);
}
double logarithm(double x) {
    return std::log(x);
}
double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}
double logit(double p) {
    return std::log(p / (1 - p));
}
double normal_probability(double x) {
    return num::normal_cdf(x);
}
double probit(double p) {
    return num::normal_quantile(p);
}
double sine_squared(double x) {
    constexpr double right_angle = 1.57079632679489661923;
    const double s = std::sin(std::clamp(x, 0.0, right_angle));
    return s * s;
}
double arcsine_root(double p) {
    return std::asin(std::sqrt(p));
}
double square(double x) {
    return x <= 0 ? 0 : x * x;
}
double square_root(double x) {
    return std::sqrt(x);
}
double hyperbolic_tangent(double x) {
    return std::tanh(x);
}
double inverse_hyperbolic_tangent(double r) {
    return std::atanh(r);
}
double one_minus_exp(double x) {
    return -std::expm1(-x);
}
double minus_log_complement(double x) {
    return -std::log1p(-x);
}
double one_minus_cube(double x) {
    return 1 - (1 - x) * (1 - x) * (1 - x);
}
double one_minus_cube_root(double x) {
    return 1 - std::cbrt(1 - x);
}
double square_of_tanh(double x) {
    const double r = std::tanh(std::max(x, 0.0));
    return r * r;
}
double atanh_of_root(double r2) {
    return std::atanh(std::sqrt(r2));
}

} // namespace assay::effect
