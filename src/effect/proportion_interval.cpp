#include "effect/proportion_interval.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace assay::effect {

namespace {
ProportionInterval exact(double x, double n, double tail) {
    return {x == 0 ? 0 : num::beta_quantile(tail, x, n - x + 1),
            x == n ? 1 : -num::beta_quantile(tail, n - x, x + 1) + 1};
}

ProportionInterval wilson(double x, double n, double z) {
    const double p = x / n, middle = 2 * x + z * z, reach = z * std::sqrt(z * z + 4 * x * (1 - p)),
                 size = 2 * (n + z * z);
    return {(middle - reach) / size, (middle + reach) / size};
}

ProportionInterval wilson_corrected(double x, double n, double z) {
    const double p = x / n, size = 2 * (n + z * z);
    const double down = z * std::sqrt(z * z - 2 - 1 / n + 4 * p * (n * (1 - p) + 1));
    const double up = z * std::sqrt(z * z + 2 - 1 / n + 4 * p * (n * (1 - p) - 1));
    return {x == 0 ? 0 : (2 * x + z * z - 1 - down) / size, x == n ? 1 : (2 * x + z * z + 1 + up) / size};
}

ProportionInterval simple(double p, double n, double z, double correction) {
    const double reach = z * std::sqrt(p * (1 - p) / n) + correction;
    return {p - reach, p + reach};
}
} // namespace

std::optional<ProportionInterval> proportion_interval(double x, double n, std::string_view method,
                                                      double level, bool exact_ends) {
    if (!(x >= 0 && x <= n) || !(n > 0) || !(level > 0 && level < 1)) return std::nullopt;
    const double z = num::normal_quantile(1 - (1 - level) / 2);
    ProportionInterval interval;
    if (method == "CP")
        interval = exact(x, n, (1 - level) / 2);
    else if (method == "WS")
        interval = wilson(x, n, z);
    else if (method == "WSCC")
        interval = wilson_corrected(x, n, z);
    else if (method == "AC")
        interval = simple((x + z * z / 2) / (n + z * z), n + z * z, z, 0);
    else if (method == "SA")
        interval = simple(x / n, n, z, 0);
    else if (method == "SACC")
        interval = simple(x / n, n, z, 1 / (2 * n));
    else
        return std::nullopt;
    if (exact_ends && method == "WS") {
        if (x == 0) interval.low = 0;
        if (x == n) interval.high = 1;
    }
    interval.low = std::clamp(interval.low, 0.0, 1.0);
    interval.high = std::clamp(interval.high, 0.0, 1.0);
    return interval;
}

} // namespace assay::effect
