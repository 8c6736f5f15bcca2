#include "synth/combine_p.hpp"

#include "num/distributions.hpp"
#include "num/sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace assay::synth {

namespace {
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

CombinedP checked(std::span<const double> p) {
    CombinedP result{nan, 0, nan, {}};
    if (p.empty()) result.problem = "no P value";
    for (double one : p)
        if (!(one > 0 && one < 1)) result.problem = "a P value is not between 0 and 1";
    return result;
}

template<class Term> double sum_of(std::span<const double> p, Term term) {
    num::Sum sum;
    for (double one : p)
        sum += term(one);
    return sum.value();
}
} // namespace

CombinedP combine_fisher(std::span<const double> p) {
    CombinedP result = checked(p);
    if (!result.problem.empty()) return result;
    result.statistic = -2 * sum_of(p, [](double x) { return std::log(x); });
    result.df = 2 * static_cast<double>(p.size());
    result.p = num::chi_squared_upper(result.statistic, result.df);
    return result;
}

CombinedP combine_stouffer(std::span<const double> p) {
    CombinedP result = checked(p);
    if (!result.problem.empty()) return result;
    const double n = static_cast<double>(p.size());
    result.statistic = -sum_of(p, [](double x) { return num::normal_quantile(x); }) / std::sqrt(n);
    result.p = num::normal_upper(result.statistic);
    return result;
}

CombinedP combine_logit(std::span<const double> p) {
    CombinedP result = checked(p);
    if (!result.problem.empty()) return result;
    constexpr double pi = 3.14159265358979323846;
    const double k = static_cast<double>(p.size());
    const double scale = std::sqrt(k * pi * pi * (5 * k + 2) / (3 * (5 * k + 4)));
    result.statistic = -sum_of(p, [](double x) { return std::log(x) - std::log1p(-x); }) / scale;
    result.df = 5 * k + 4;
    result.p = num::t_upper(result.statistic, result.df);
    return result;
}

CombinedP combine_mean(std::span<const double> p) {
    CombinedP result = checked(p);
    if (!result.problem.empty()) return result;
    const double k = static_cast<double>(p.size());
    result.statistic = (0.5 - sum_of(p, [](double x) { return x; }) / k) * std::sqrt(12 * k);
    result.p = num::normal_upper(result.statistic);
    return result;
}

CombinedP combine_edgington(std::span<const double> p) {
    CombinedP result = checked(p);
    if (!result.problem.empty()) return result;
    const double k = static_cast<double>(p.size());
    const double total = sum_of(p, [](double x) { return x; });
    if (k > 30) {
        // The alternating sum of the Irwin-Hall distribution loses all digits; its normal limit is close by
        // then.
        result.p = num::normal_upper((k / 2 - total) * std::sqrt(12 / k));
        return result;
    }
    // The lower tail has fewer terms; the upper one is its mirror.
    const bool mirrored = total > k / 2;
    const long double s = mirrored ? k - total : total;
    long double sum = 0, term_sign = 1;
    for (double j = 0; j < s; ++j, term_sign = -term_sign)
        sum += term_sign * std::exp(static_cast<long double>(k) * std::log(s - j) - std::lgamma(j + 1.0L) -
                                    std::lgamma(k - j + 1.0L));
    result.p = static_cast<double>(mirrored ? 1 - sum : sum);
    return result;
}

CombinedP combine_wilkinson(std::span<const double> p, int r) {
    CombinedP result = checked(p);
    if (result.problem.empty() && (r < 1 || r > static_cast<int>(p.size())))
        result.problem = "there is no such rank among the P values";
    if (!result.problem.empty()) return result;
    std::vector<double> sorted(p.begin(), p.end());
    std::sort(sorted.begin(), sorted.end());
    const double at = sorted[static_cast<std::size_t>(r - 1)];
    result.p = num::beta_cdf(at, r, static_cast<double>(p.size()) - r + 1);
    return result;
}

CombinedP combine_tippett(std::span<const double> p) {
    return combine_wilkinson(p, 1);
}
CombinedP combine_largest(std::span<const double> p) {
    return combine_wilkinson(p, static_cast<int>(p.size()));
}

CombinedP combine_votes(std::span<const double> p, double alpha) {
    CombinedP result = checked(p);
    if (!result.problem.empty()) return result;
    double positive = 0, negative = 0;
    for (double one : p) {
        if (one < alpha)
            ++positive;
        else if (one > 1 - alpha)
            ++negative;
    }
    // P(at least `positive` heads); the binomial tail is a beta probability.
    result.p = positive > 0 ? num::beta_cdf(0.5, positive, negative + 1) : 1;
    return result;
}

CombinedP combine_chi_squared(std::span<const double> p, double df) {
    CombinedP result = checked(p);
    if (!result.problem.empty()) return result;
    result.statistic = sum_of(p, [&](double x) { return num::chi_squared_upper_quantile(x, df); });
    result.df = df * static_cast<double>(p.size());
    result.p = num::chi_squared_upper(result.statistic, result.df);
    return result;
}

} // namespace assay::synth
