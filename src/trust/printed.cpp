#include "trust/printed.hpp"

#include "base/ascii.hpp"

#include <charconv>
#include <cmath>
#include <cstdlib>

namespace assay::trust {

namespace {

constexpr int most_decimals = 15; // what a double can tell apart

using ascii::digit;

} // namespace

double Printed::unit() const {
    return std::pow(10.0, -decimals);
}

Range Printed::rounded() const {
    const double half = unit() / 2;
    // Halves are rounded up by some and to even by others, and truncated decimals carry binary noise.
    const double noise = 1e-9 * unit() + 4e-16 * std::fabs(value);
    return {value - half - noise, value + half + noise};
}

std::string Printed::text() const {
    char buffer[64];
    const auto done = std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::fixed,
                                    decimals > 0 ? decimals : 0);
    if (done.ec == std::errc()) return std::string(buffer, done.ptr);
    const auto whole = std::to_chars(buffer, buffer + sizeof buffer, value);
    return std::string(buffer, whole.ptr);
}

std::optional<Printed> read_printed(std::string_view text) {
    while (!text.empty() && !digit(text.front()) && text.front() != '.' && text.front() != '-')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    Printed printed;
    std::string padded; // from_chars wants a digit before the point
    std::string_view rest = text;
    if (!rest.empty() && rest.front() == '-') padded = '-', rest.remove_prefix(1);
    if (!rest.empty() && rest.front() == '.') padded += '0';
    padded += rest;
    const auto read = std::from_chars(padded.data(), padded.data() + padded.size(), printed.value);
    if (read.ec != std::errc() || read.ptr != padded.data() + padded.size()) return std::nullopt;
    const std::size_t point = padded.find('.');
    const std::size_t power = padded.find_first_of("eE");
    if (point != std::string::npos)
        printed.decimals = static_cast<int>((power == std::string::npos ? padded.size() : power) - point - 1);
    if (power != std::string::npos) printed.decimals -= std::atoi(padded.c_str() + power + 1);
    printed.decimals = std::min(printed.decimals, most_decimals);
    return printed;
}

Printed as_printed(double value) {
    char buffer[64];
    const auto done = std::to_chars(buffer, buffer + sizeof buffer, value);
    const auto printed = read_printed(std::string_view(buffer, static_cast<std::size_t>(done.ptr - buffer)));
    return printed.value_or(Printed{value, 0});
}

} // namespace assay::trust
