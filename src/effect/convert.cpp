#include "effect/convert.hpp"
#include "num/distributions.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace assay::effect {

namespace {
// Printed intervals of skewed statistics and misprints lie beyond this share of the interval's length.
constexpr double tolerated_asymmetry = 0.1;

std::string quantile_name(std::optional<double> df) {
    return df ? fmt::format("t quantile with {:.6g} df", *df) : std::string("normal quantile");
}

/// How far the logarithm (or the number itself) may be off because of rounding by `half`.
double slack(double printed, double half, bool ratio) { return ratio ? half / std::fabs(printed) : half; }
} // namespace

double rounding_half_width(double printed) {
    char text[64];
    const auto end = std::to_chars(text, text + sizeof text, std::fabs(printed), std::chars_format::scientific).ptr;
    const std::string_view digits(text, static_cast<std::size_t>(end - text));
    const auto exponent_at = digits.find('e');
    if (exponent_at == std::string_view::npos) return 0; // infinite
    int exponent = 0;
    const char* first = digits.data() + exponent_at + 1 + (digits[exponent_at + 1] == '+' ? 1 : 0);
    std::from_chars(first, digits.data() + digits.size(), exponent);
    const auto point = digits.find('.');
    const int decimals = point < exponent_at ? static_cast<int>(exponent_at - point) - 1 : 0;
    // "120" may be exact or rounded to tens: a whole number counts as printed to the last unit.
    return 0.5 * std::pow(10.0, std::min(0, exponent - decimals));
}

Converted se_from_interval(std::optional<double> estimate, double low, double high, double level, bool ratio,
                           std::optional<double> df) {
    if (!(level > 0 && level < 1)) return {.problem = fmt::format("the interval's level {} is not between 0 and 1", level)};
    if (!std::isfinite(low) || !std::isfinite(high) || !(low < high))
        return {.problem = "the interval's limits are not in order"};
    if (ratio && low <= 0) return {.problem = "the lower limit of a ratio is not above zero"};
    const double a = ratio ? std::log(low) : low, b = ratio ? std::log(high) : high;
    if (estimate) {
        if (ratio && *estimate <= 0) return {.problem = "a ratio is not above zero"};
        const double y = ratio ? std::log(*estimate) : *estimate;
        const double off = std::fabs((a + b) / 2 - y);
        // Papers print an estimate and its limits to the same digit; trailing zeros are lost by the time we see them.
        const double half =
            std::min({rounding_half_width(*estimate), rounding_half_width(low), rounding_half_width(high)});
        const double allowed = tolerated_asymmetry * (b - a) + slack(*estimate, half, ratio) +
                               (slack(low, half, ratio) + slack(high, half, ratio)) / 2;
        if (off > allowed)
            return {.problem = fmt::format("the interval {:.6g} to {:.6g} is not symmetric about {:.6g}{}", low, high,
                                           *estimate, ratio ? " on the log scale" : "")};
    }
    const double c = num::critical_value(level, df.value_or(0));
    const std::string_view form = ratio ? "(log(ci_high) - log(ci_low))" : "(ci_high - ci_low)";
    return {.se = (b - a) / (2 * c),
            .formula = fmt::format("se = {}/(2*{:.6g}), {} of a {:.6g} % interval", form, c, quantile_name(df), 100 * level),
            .problem = {}};
}

Converted se_from_p(double estimate, double p, bool ratio, std::optional<double> df) {
    if (!(p > 0 && p < 1)) return {.problem = "the P value is not between 0 and 1"};
    if (ratio && estimate <= 0) return {.problem = "a ratio is not above zero"};
    const double y = ratio ? std::log(estimate) : estimate;
    if (y == 0) return {.problem = "an estimate of no difference has no standard error that follows from P"};
    const double c = num::critical_value(1 - p, df.value_or(0));
    return {.se = std::fabs(y) / c,
            .formula = fmt::format("se = {}/{:.6g}, {} of P = {:.6g}", ratio ? "|log(estimate)|" : "|estimate|", c,
                                   quantile_name(df), p),
            .problem = {}};
}

Converted se_from_t(double estimate, double t, bool ratio) {
    if (ratio && estimate <= 0) return {.problem = "a ratio is not above zero"};
    const double y = ratio ? std::log(estimate) : estimate;
    if (t == 0 || y == 0 || !std::isfinite(t))
        return {.problem = "an estimate or test statistic of zero gives no standard error"};
    if ((t > 0) != (y > 0)) return {.problem = "the test statistic and the estimate have different signs"};
    return {.se = y / t,
            .formula = fmt::format("se = {}/{:.6g}, the test statistic", ratio ? "log(estimate)" : "estimate", t),
            .problem = {}};
}

} // namespace assay::effect
