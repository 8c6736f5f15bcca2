#include "text/format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace assay::text {

namespace {

// How many decimals a number of this size needs to carry three significant digits, within 0 to 4.
int decimals_of(double value) {
    const double size = std::fabs(value);
    if (size >= 1000) return 0;
    if (size >= 100) return 1;
    if (size >= 0.1 || size == 0) return 2;
    return size >= 0.01 ? 3 : 4;
}

} // namespace

std::string fixed(double value, int decimals) {
    if (std::isnan(value)) return "not defined";
    if (std::isinf(value)) return value > 0 ? "inf" : "-inf";
    char buffer[400];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed, decimals);
    std::string digits(buffer, end.ptr);
    const bool only_zeros = digits.find_first_of("123456789") == std::string::npos;
    if (only_zeros && !digits.empty() && digits.front() == '-') digits.erase(0, 1);
    return digits;
}

std::string readable(double value) {
    return fixed(value, decimals_of(value));
}

std::string p_value(double p) {
    if (p < 0.001) return "<0.001";
    return fixed(p, p < 0.0995 ? 3 : 2);
}

int decimals_for(double half_width) {
    const double w = std::fabs(half_width);
    if (!(w > 0) || w >= 100) return 0;
    if (w >= 10) return 1;
    if (w >= 0.1) return 2;
    return w >= 0.01 ? 3 : 4;
}

std::string with_interval(double value, double low, double high) {
    const double half_width = (high - low) / 2;
    const int decimals =
        half_width > 0 && std::isfinite(half_width) ? decimals_for(half_width) : decimals_of(value);
    return fixed(value, decimals) + " (" + fixed(low, decimals) + " to " + fixed(high, decimals) + ")";
}

} // namespace assay::text
