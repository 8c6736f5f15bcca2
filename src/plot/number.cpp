#include "plot/number.hpp"

#include "base/ascii.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace assay::plot {

namespace {

constexpr std::string_view infinity_sign = "\xE2\x88\x9E";
constexpr std::string_view minus_sign = "\xE2\x88\x92";
constexpr std::string_view narrow_space = "\xE2\x80\xAF";

using ascii::digit;

std::string not_finite(double value) {
    if (std::isnan(value)) return "?";
    return (value < 0 ? "-" : "") + std::string(infinity_sign);
}

} // namespace

std::string fixed(double value, int decimals) {
    if (!std::isfinite(value)) return not_finite(value);
    if (std::fabs(value) < 1e9) return text::fixed(value, decimals);
    std::array<char, 32> buffer{};
    const auto end =
        std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific, 1);
    return std::string(buffer.data(), end.ptr);
}

std::string shortest(double value) {
    if (!std::isfinite(value)) return not_finite(value);
    std::array<char, 32> buffer{};
    // Plain notation unless it would need a long row of zeros.
    const bool plain = value == 0 || (std::fabs(value) >= 1e-5 && std::fabs(value) < 1e15);
    const auto end =
        plain ? std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::fixed)
              : std::to_chars(buffer.data(), buffer.data() + buffer.size(), value);
    return end.ec == std::errc() ? std::string(buffer.data(), end.ptr) : fixed(value, 6);
}

std::string trimmed(double value, int decimals) {
    std::string text = fixed(value, decimals);
    if (text.find('.') == std::string::npos || text.find('e') != std::string::npos) return text;
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

std::string with_minus(std::string_view text) {
    std::string out;
    out.reserve(text.size() + 6);
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(' || text[i - 1] == '[';
        const bool number = i + 1 < text.size() && (digit(text[i + 1]) || text[i + 1] == '\xE2');
        if (text[i] == '-' && starts && number) {
            out += minus_sign;
        } else {
            out += text[i];
        }
    }
    return out;
}

std::string p_value(double p) {
    const std::string text = text::p_value(p);
    return text.front() == '<' ? "< " + text.substr(1) : "= " + text;
}

std::string count(double value) {
    std::string text = trimmed(value, 1);
    const std::size_t whole = std::min(text.find('.'), text.size());
    if (std::fabs(value) < 10000 || text.find('e') != std::string::npos) return text;
    for (std::size_t at = whole; at > 3 && digit(text[at - 4]);) {
        at -= 3;
        text.insert(at, narrow_space);
    }
    return text;
}

} // namespace assay::plot
