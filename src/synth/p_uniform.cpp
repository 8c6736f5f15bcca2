#include "synth/p_uniform.hpp"

#include "num/distributions.hpp"
#include "num/roots.hpp"
#include "synth/estimators.hpp"
#include "synth/fit.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace assay::synth {

namespace {

/// log of the upper tail of the normal distribution, also far out.
double log_upper(double x) {
    if (x < 30) return std::log(num::normal_upper(x));
    constexpr double log_root_2pi = 0.918938533204672741780329736406;
    return -0.5 * x * x - log_root_2pi - std::log(x) + std::log1p(-1 / (x * x));
}

struct Data {
    std::vector<double> y, v, cut; ///< effects turned so that publication favours large ones
    double scale = 0, spread = 0;

    double log_likelihood(double mean, double tau2) const {
        constexpr double log_2pi = 1.837877066409345483560659472811;
        double sum = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
            const double s = v[i] + tau2, sd = std::sqrt(s), r = y[i] - mean, z = (cut[i] - mean) / sd;
            sum -= 0.5 * (log_2pi + std::log(s) + r * r / s);
            sum -= y[i] >= cut[i] ? log_upper(z) : log_upper(-z);
        }
        return sum;
    }
};

/// The largest value of a function of one variable between two points, by golden sections after a scan.
struct Peak {
    double at, height;
};
Peak peak(num::Function f, double low, double high, int scan) {
    double best = low, top = -INFINITY;
    const double width = (high - low) / scan;
    for (int i = 0; i <= scan; ++i) {
        const double here = f(low + i * width);
        if (here > top) {
            top = here;
            best = low + i * width;
        }
    }
    double a = std::max(low, best - width), b = std::min(high, best + width);
    constexpr double golden = 0.618033988749894848204586834366;
    double c = b - golden * (b - a), d = a + golden * (b - a), fc = f(c), fd = f(d);
    for (int i = 0; i < 90 && b - a > 1e-12 * (std::fabs(a) + std::fabs(b)); ++i) {
        if (fc > fd) {
            b = d;
            d = c;
            fd = fc;
            c = b - golden * (b - a);
            fc = f(c);
        } else {
            a = c;
            c = d;
            fc = fd;
            d = a + golden * (b - a);
            fd = f(d);
        }
    }
    const double x = (a + b) / 2, height = f(x);
    return height >= top ? Peak{x, height} : Peak{best, top};
}

/// The best mean at a tau2, and the reverse.
Peak best_mean(const Data& data, double tau2, double centre) {
    const double reach = 6 * (data.spread + std::sqrt(tau2 + data.scale));
    return peak([&](double mean) { return data.log_likelihood(mean, tau2); }, centre - reach, centre + reach,
                40);
}
Peak best_tau(const Data& data, double mean) {
    const double most = 4 * (data.spread + std::sqrt(data.scale));
    return peak([&](double tau) { return data.log_likelihood(mean, tau * tau); }, 0, most, 24);
}

} // namespace

PUniform p_uniform_star(std::span<const double> y, std::span<const double> v,
                        const PUniformOptions& options) {
    PUniform result;
    const std::size_t k = y.size();
    result.k = static_cast<int>(k);
    if (k < 2) {
        result.why = "fewer than two studies";
        return result;
    }
    const double turn = options.side == Alternative::less ? -1 : 1,
                 z = num::normal_quantile(1 - options.alpha);
    Data data;
    for (std::size_t i = 0; i < k; ++i) {
        data.y.push_back(turn * y[i]);
        data.v.push_back(v[i]);
        data.cut.push_back(z * std::sqrt(v[i]));
        result.significant += data.y[i] >= data.cut[i];
        data.scale += v[i] / static_cast<double>(k);
    }
    const auto [low, high] = std::minmax_element(data.y.begin(), data.y.end());
    data.spread = *high - *low;
    if (result.significant == 0) {
        result.why = "no significant study: the method has nothing to go by";
        return result;
    }
    const double centre = at_tau2({data.y, data.v}, 0).mean;
    const double most_tau = 4 * (data.spread + std::sqrt(data.scale));
    const Peak tau = peak([&](double t) { return best_mean(data, t * t, centre).height; }, 0, most_tau, 16);
    result.tau2 = tau.at * tau.at;
    const Peak mean = best_mean(data, result.tau2, centre);
    const double at_zero_tau = best_mean(data, 0, centre).height;
    result.log_likelihood = std::max(mean.height, at_zero_tau);
    if (at_zero_tau >= mean.height - 1e-9) {
        result.tau2 = 0;
        result.estimate = best_mean(data, 0, centre).at;
    } else
        result.estimate = mean.at;
    result.defined = true;

    const auto drop = [&](double null) { return 2 * (result.log_likelihood - null); };
    result.lrt_effect = std::max(0.0, drop(best_tau(data, 0).height));
    result.lrt_effect_p = num::chi_squared_upper(result.lrt_effect, 1);
    result.lrt_tau2 = std::max(0.0, drop(at_zero_tau));
    result.lrt_tau2_p = 0.5 * num::chi_squared_upper(result.lrt_tau2, 1);

    // Without publication bias the ordinary estimates would fit the truncated likelihood as well.
    const Mean plain = fit_mean({data.y, data.v}, find_estimator("ML"), Test::z);
    result.lrt_bias = std::max(0.0, drop(data.log_likelihood(plain.estimate, plain.tau2.value)));
    result.lrt_bias_p = num::chi_squared_upper(result.lrt_bias, 2);

    // Where the profile falls by half the chi-squared quantile.
    const double fall = num::chi_squared_quantile(options.level, 1) / 2;
    const auto profile_mean = [&](double at) {
        return best_tau(data, at).height - (result.log_likelihood - fall);
    };
    const auto profile_tau = [&](double t) {
        return best_mean(data, t * t, centre).height - (result.log_likelihood - fall);
    };
    const auto bound = [&](auto& profile, double from, double step) -> std::optional<double> {
        double inside = from;
        for (int i = 0; i < 60; ++i, step *= 1.5) {
            const double outside = inside + step;
            if (profile(outside) < 0)
                return num::root_between(profile, std::min(inside, outside), std::max(inside, outside)).value;
            inside = outside;
        }
        return std::nullopt;
    };
    const double step = 0.5 * std::sqrt(data.scale + result.tau2);
    const auto below = bound(profile_mean, result.estimate, -step),
               above = bound(profile_mean, result.estimate, step);
    result.estimate *= turn;
    if (turn > 0) {
        result.ci_low = below;
        result.ci_high = above;
    } else {
        if (above) result.ci_low = -*above;
        if (below) result.ci_high = -*below;
    }
    const double tau_at = std::sqrt(result.tau2);
    if (profile_tau(0) >= 0)
        result.tau2_low = 0;
    else {
        const double root = num::root_between(profile_tau, 0, tau_at).value;
        result.tau2_low = root * root;
    }
    if (const auto root = bound(profile_tau, tau_at, step)) result.tau2_high = *root * *root;
    return result;
}

} // namespace assay::synth
