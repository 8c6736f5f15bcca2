#include "synth/fail_safe.hpp"

#include "num/distributions.hpp"
#include "synth/series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

namespace assay::synth {

namespace {

double whole(double n) {
    return std::ceil(std::max(0.0, n));
}

FailSafeN rosenthal(std::span<const double> y, std::span<const double> v, double alpha) {
    FailSafeN result;
    const double k = static_cast<double>(y.size());
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        sum += y[i] / std::sqrt(v[i]);
    const double z = std::fabs(sum) / std::sqrt(k), critical = num::normal_quantile(1 - alpha);
    result.p = num::normal_upper(z);
    result.n = whole(k * (z / critical) * (z / critical) - k);
    return result;
}

FailSafeN orwin(std::span<const double> y, std::span<const double> v, const FailSafeOptions& options) {
    FailSafeN result;
    const double k = static_cast<double>(y.size());
    result.mean = options.weighted && !v.empty() ? at_tau2({y, v}, 0).mean
                                                 : std::accumulate(y.begin(), y.end(), 0.0) / k;
    result.target = options.target.value_or(*result.mean / 2);
    const double size = std::fabs(*result.mean), target = std::fabs(*result.target);
    result.target = std::copysign(target, *result.mean);
    if (target == 0)
        result.n = size > 0 ? std::numeric_limits<double>::infinity() : 0;
    else
        result.n = whole(k * (size - target) / target);
    return result;
}

FailSafeN rosenberg(std::span<const double> y, std::span<const double> v, double alpha) {
    FailSafeN result;
    const Point point = at_tau2({y, v}, 0);
    const double k = static_cast<double>(y.size()), z = point.mean * std::sqrt(point.sum_w);
    const double sum_wy = point.mean * point.sum_w, critical = num::normal_quantile(1 - alpha / 2);
    result.mean = point.mean;
    result.p = num::two_sided_p(z);
    const double missing_weight = (sum_wy / critical) * (sum_wy / critical) - point.sum_w;
    result.n = whole(k * missing_weight / point.sum_w);
    return result;
}

FailSafeN general(std::span<const double> y, std::span<const double> v, const FailSafeOptions& options) {
    FailSafeN result;
    const std::size_t k = y.size();
    std::vector<double> all_y(y.begin(), y.end()), all_v(v.begin(), v.end());
    double precision = 0;
    for (double one : v)
        precision += 1 / one;
    all_y.push_back(0);
    all_v.push_back(static_cast<double>(k) / precision);
    const VariantTable table(all_y, all_v, options.estimator);
    Variant variant(table);
    std::vector<double> counts(k + 1, 1.0);
    const auto row = [&](double n) {
        counts[k] = n;
        variant.set(counts);
        return mean_row(variant.fit(), !options.estimator, options.test, 0.95);
    };
    const MeanRow observed = row(0);
    result.mean = observed.estimate;
    result.tau2 = observed.tau2;
    result.p = observed.p;
    if (options.target) result.target = std::copysign(std::fabs(*options.target), observed.estimate);
    const auto overturned = [&](const MeanRow& one) {
        return result.target ? std::fabs(one.estimate) <= std::fabs(*result.target)
                             : !(one.p < options.alpha);
    };
    constexpr double most = 1e7;
    double low = -1, high = 0; // not overturned at low, overturned at high
    MeanRow at = observed;
    while (!overturned(at)) {
        low = high;
        high = high == 0 ? 1 : 2 * high;
        if (high > most) {
            result.n = std::numeric_limits<double>::infinity();
            return result;
        }
        at = row(high);
    }
    while (high - low > 1) {
        const double middle = std::floor((low + high) / 2);
        const MeanRow there = row(middle);
        if (overturned(there)) {
            high = middle;
            at = there;
        } else
            low = middle;
    }
    result.n = high;
    result.mean_with = at.estimate;
    result.tau2_with = at.tau2;
    result.p_with = at.p;
    return result;
}

} // namespace

std::optional<FailSafe> fail_safe_of(std::string_view name) {
    if (name == "Rosenthal") return FailSafe::rosenthal;
    if (name == "Orwin") return FailSafe::orwin;
    if (name == "Rosenberg") return FailSafe::rosenberg;
    if (name == "General") return FailSafe::general;
    return std::nullopt;
}

FailSafeN fail_safe_n(std::span<const double> y, std::span<const double> v, const FailSafeOptions& options) {
    if (y.empty()) return {};
    FailSafeN result;
    switch (options.type) {
    case FailSafe::rosenthal:
        result = rosenthal(y, v, options.alpha);
        break;
    case FailSafe::orwin:
        result = orwin(y, v, options);
        break;
    case FailSafe::rosenberg:
        result = rosenberg(y, v, options.alpha);
        break;
    case FailSafe::general:
        result = general(y, v, options);
        break;
    }
    result.defined = true;
    return result;
}

} // namespace assay::synth
