#include "synth/excess.hpp"

#include "num/distributions.hpp"
#include "num/gauss_kronrod.hpp"
#include "num/roots.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {

double critical_z(const ExcessOptions& options) {
    return num::normal_quantile(
        1 - (options.alternative == Alternative::two_sided ? options.alpha / 2 : options.alpha));
}

/// P(the study is significant) when true effects are normal around theta: the observed effect is then normal
/// with variance v + tau2.
double power_of(double v, double theta, double tau2, double z, const ExcessOptions& options) {
    if (options.reach && tau2 > 0) {
        ExcessOptions whole = options;
        whole.reach.reset();
        constexpr double tolerance = 0.0001220703125; // R's integrate() stops there
        return num::integrate_adaptive(
                   [&](double u) {
                       return num::normal_density(u) * power_of(v, theta + u * std::sqrt(tau2), 0, z, whole);
                   },
                   -*options.reach, *options.reach, tolerance)
            .value;
    }
    const double shift = (theta - options.null_value) / std::sqrt(v), spread = std::sqrt(1 + tau2 / v);
    double power = 0;
    if (options.alternative != Alternative::less) power += num::normal_upper((z - shift) / spread);
    if (options.alternative != Alternative::greater) power += num::normal_cdf((-z - shift) / spread);
    return power;
}

/// Chances of 0, 1, ..., k successes of independent trials (binomial where all are equal).
std::vector<double> counts_of(std::span<const double> power) {
    std::vector<double> chance(power.size() + 1, 0.0);
    chance[0] = 1;
    for (std::size_t i = 0; i < power.size(); ++i)
        for (std::size_t j = i + 2; j-- > 0;)
            chance[j] = chance[j] * (1 - power[i]) + (j > 0 ? chance[j - 1] * power[i] : 0);
    return chance;
}

double sum_between(const std::vector<double>& chance, int from, int to) {
    double sum = 0;
    for (int i = std::max(0, from); i <= to && i < static_cast<int>(chance.size()); ++i)
        sum += chance[static_cast<std::size_t>(i)];
    return std::min(1.0, sum);
}

double p_from_counts(const std::vector<double>& chance, int observed, Alternative alternative) {
    const int k = static_cast<int>(chance.size()) - 1;
    if (alternative == Alternative::greater) return sum_between(chance, observed, k);
    if (alternative == Alternative::less) return sum_between(chance, 0, observed);
    // All outcomes that are not more likely than the observed one.
    const double limit = chance[static_cast<std::size_t>(observed)] * (1 + 1e-7);
    double sum = 0;
    for (double one : chance)
        if (one <= limit) sum += one;
    return std::min(1.0, sum);
}

double p_value(std::span<const double> power, int observed, const ExcessOptions& options,
               const std::string& test) {
    double expected = 0;
    for (double one : power)
        expected += one;
    const double k = static_cast<double>(power.size());
    if (test == "exact") return p_from_counts(counts_of(power), observed, options.excess_alternative);
    if (test == "binom")
        return p_from_counts(counts_of(std::vector<double>(power.size(), expected / k)), observed,
                             options.excess_alternative);
    const double off = observed - expected;
    const double z = (off > 0   ? 1
                      : off < 0 ? -1
                                : 0) *
                     std::sqrt(off * off / expected + off * off / (k - expected));
    if (options.excess_alternative == Alternative::greater) return num::normal_upper(z);
    if (options.excess_alternative == Alternative::less) return num::normal_cdf(z);
    return num::two_sided_p(z);
}

/// The exact test while the outcomes it adds up (which studies are significant) are not more than a million.
std::string chosen_test(int k, int observed, Alternative alternative) {
    constexpr double most = 1e6;
    const int from = alternative == Alternative::less ? 0 : observed;
    const int to = alternative == Alternative::less ? observed : k;
    double terms = 0, choose = 1; // C(k, j)
    for (int j = 0; j <= to && terms <= most; ++j) {
        if (j >= from) terms += choose;
        choose *= static_cast<double>(k - j) / (j + 1);
    }
    return terms <= most ? "exact" : "chi2";
}

} // namespace

std::optional<Alternative> alternative_of(std::string_view name) {
    if (name == "two.sided" || name == "two-sided") return Alternative::two_sided;
    if (name == "greater") return Alternative::greater;
    if (name == "less") return Alternative::less;
    return std::nullopt;
}

Excess excess_significance(std::span<const double> y, std::span<const double> v, double theta, double tau2,
                           const ExcessOptions& options) {
    Excess result;
    result.k = static_cast<int>(y.size());
    if (y.empty()) return result;
    const double z = critical_z(options);
    for (std::size_t i = 0; i < y.size(); ++i) {
        const double own = (y[i] - options.null_value) / std::sqrt(v[i]);
        const bool significant = options.alternative == Alternative::two_sided ? std::fabs(own) >= z
                                 : options.alternative == Alternative::greater ? own >= z
                                                                               : own <= -z;
        result.significant.push_back(significant);
        result.observed += significant;
        result.power.push_back(power_of(v[i], theta, tau2, z, options));
        result.expected += result.power.back();
    }
    result.test = options.test.empty() ? chosen_test(result.k, result.observed, options.excess_alternative)
                                       : options.test;
    result.p = p_value(result.power, result.observed, options, result.test);

    // The limit estimate: from the null value outwards, in the direction of theta, P moves as power grows.
    std::vector<double> power(y.size());
    const auto excess = [&](double at) {
        for (std::size_t i = 0; i < y.size(); ++i)
            power[i] = power_of(v[i], at, tau2, z, options);
        return p_value(power, result.observed, options, result.test) - options.excess_alpha;
    };
    const double direction = theta >= options.null_value ? 1 : -1;
    double largest = 0;
    for (double one : v)
        largest = std::max(largest, one);
    const double reach = 10 * std::max(std::fabs(theta - options.null_value), std::sqrt(largest + tau2));
    constexpr int steps = 200;
    double before = options.null_value, p_before = excess(before);
    for (int i = 1; i <= steps; ++i) {
        const double at = options.null_value + direction * reach * i / steps, p_at = excess(at);
        if ((p_before < 0) != (p_at < 0))
            result.limits.push_back(
                num::root_between(excess, std::min(before, at), std::max(before, at)).value);
        before = at;
        p_before = p_at;
    }
    const std::size_t most = options.excess_alternative == Alternative::two_sided ? 2 : 1;
    if (result.limits.size() > most) result.limits.resize(most);
    return result;
}

} // namespace assay::synth
