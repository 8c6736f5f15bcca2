#include "synth/henmi_copas.hpp"

#include "num/distributions.hpp"
#include "num/gauss_legendre.hpp"
#include "num/roots.hpp"
#include "synth/problem.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

HenmiCopas henmi_copas(std::span<const double> y, std::span<const double> v, double level) {
    HenmiCopas result;
    if (y.size() < 2) return result;
    result.defined = true;
    const double df = static_cast<double>(y.size()) - 1;
    double w1 = 0, w2 = 0, w3 = 0, w4 = 0;
    for (double one : v) {
        const double w = 1 / one;
        w1 += w;
        w2 += w * w;
        w3 += w * w * w;
        w4 += w * w * w * w;
    }
    w2 /= w1;
    w3 /= w1;
    w4 /= w1;
    const Point point = at_tau2({y, v}, 0);
    const double tau2 = std::max(0.0, (point.q - df) / (w1 - w2));
    result.tau2 = tau2;
    result.estimate = point.mean;
    const double inflation = 1 + tau2 * w2; // the variance of R = sqrt(w1) (mean - theta)
    result.se = std::sqrt(inflation / w1);

    // Q given R = r is a quadratic form of normal variables; its mean and variance follow from the covariance
    // that remains after conditioning.
    const double a = tau2 * tau2 * (w3 - w2 * w2);
    const double b = a + tau2 * tau2 * tau2 * (w4 - 2 * w2 * w3 + w2 * w2 * w2);
    const double trace2 = df + 2 * tau2 * (w1 - w2) + tau2 * tau2 * (w1 * w2 - 2 * w3 + w2 * w2);
    const auto mean_of_q = [&](double r) {
        return df + tau2 * (w1 - w2) + a * (r * r / inflation - 1) / inflation;
    };
    const auto variance_of_q = [&](double r) {
        return 2 * trace2 + 4 * b * (r * r / inflation - 1) / inflation +
               2 * a * a / (inflation * inflation) * (1 - 2 * r * r / inflation);
    };
    const auto q_where = [&](double ratio) { return (w1 / w2 - 1) * (ratio * ratio - 1) + df; };

    // P(R / sqrt(1 + tau2hat w2) > t sqrt(inflation)) less half of what the interval leaves out.
    const double root = std::sqrt(inflation);
    const auto excess = [&](double t) {
        const auto density = [&](double r) {
            const double mean = mean_of_q(root * r), variance = variance_of_q(root * r);
            const double gamma =
                num::chi_squared_cdf(2 * q_where(r / t) * mean / variance, 2 * mean * mean / variance);
            return gamma * num::normal_density(r);
        };
        constexpr double far = 9, width = 0.25;
        const double end = std::max(far, t + far);
        // The gamma probability rises within a stretch of length t, which may be short.
        const double near = std::min(end, 8 * t);
        constexpr int near_panels = 16;
        const int panels = static_cast<int>(std::ceil((end - near) / width));
        double sum = num::integrate_panels(density, t, near, near_panels);
        if (panels > 0) sum += num::integrate_panels(density, near, end, panels);
        return sum - (1 - level) / 2;
    };
    const num::Root found = num::root_between(excess, 1e-3, 40);
    result.converged = found.converged;
    result.factor = found.value * root;
    result.ci_low = result.estimate - result.factor * result.se;
    result.ci_high = result.estimate + result.factor * result.se;
    return result;
}

} // namespace assay::synth
