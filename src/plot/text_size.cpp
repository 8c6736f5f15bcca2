#include "plot/text_size.hpp"

#include <cstdint>
#include <functional>

namespace assay::plot {

namespace {

struct Character {
    char32_t point;
    std::size_t bytes;
};

/// The character at `at`; a broken sequence counts as one character of one byte.
Character decode(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(at);
    if (first < 0x80) return {first, 1};
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC0 ? 2 : 1;
    if (length == 1 || at + length > text.size()) return {0xFFFD, 1};
    char32_t point = first & (0xFF >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(at + i) & 0xC0) != 0x80) return {0xFFFD, 1};
        point = (point << 6) | (byte(at + i) & 0x3F);
    }
    return {point, length};
}

bool combining(char32_t c) {
    return (c >= 0x300 && c <= 0x36F) || (c >= 0x200B && c <= 0x200F) || (c >= 0x20D0 && c <= 0x20FF) ||
           (c >= 0xFE00 && c <= 0xFE0F);
}

bool wide(char32_t c) {
    return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) || (c >= 0xAC00 && c <= 0xD7A3) ||
           (c >= 0xF900 && c <= 0xFAFF) || (c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
           (c >= 0x1F300 && c <= 0x1FAFF);
}

/// Em widths between those of Helvetica and DejaVu Sans.
double em(char32_t c) {
    constexpr std::string_view thin = "ijl|!',.:;I`";
    constexpr std::string_view narrow = "frt()[]{}/\\-\" ";
    constexpr std::string_view broad = "mwMW@%";
    constexpr std::string_view signs = "<>=+~#&";
    if (c == 0x202F || combining(c)) return combining(c) ? 0 : 0.2;
    if (wide(c)) return 1;
    if (c >= 0x80) return c >= 0x2190 ? 0.84 : 0.66;
    const char ascii = static_cast<char>(c);
    if (thin.find(ascii) != std::string_view::npos) return 0.31;
    if (narrow.find(ascii) != std::string_view::npos) return 0.38;
    if (broad.find(ascii) != std::string_view::npos) return 0.95;
    if (signs.find(ascii) != std::string_view::npos) return 0.82;
    if (ascii >= 'A' && ascii <= 'Z') return 0.7;
    return ascii >= '0' && ascii <= '9' ? 0.64 : 0.61;
}

using Width = std::function<double(char32_t)>;

double total(std::string_view text, const Width& width) {
    double sum = 0;
    for (std::size_t at = 0; at < text.size();) {
        const Character c = decode(text, at);
        sum += width(c.point);
        at += c.bytes;
    }
    return sum;
}

std::string cut(std::string_view text, double limit, std::string_view ellipsis, const Width& width) {
    if (total(text, width) <= limit) return std::string(text);
    const double room = limit - total(ellipsis, width);
    double sum = 0;
    std::size_t at = 0;
    while (at < text.size()) {
        const Character c = decode(text, at);
        sum += width(c.point);
        if (sum > room) break;
        at += c.bytes;
    }
    std::string kept(text.substr(0, at));
    while (!kept.empty() && kept.back() == ' ')
        kept.pop_back();
    return room < 0 ? kept : kept + std::string(ellipsis);
}

std::vector<std::string> wrap(std::string_view text, double limit, const Width& width) {
    std::vector<std::string> lines(1);
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string_view word = text.substr(at, end - at);
        at = end + 1;
        if (word.empty()) continue;
        const std::string longer = lines.back().empty() ? std::string(word) : lines.back() + " " + std::string(word);
        if (lines.back().empty() || total(longer, width) <= limit) {
            lines.back() = longer;
        } else {
            lines.emplace_back(word);
        }
    }
    return lines;
}

Width pixels(double font_size) {
    return [font_size](char32_t c) { return em(c) * font_size; };
}

double cell(char32_t c) { return combining(c) ? 0 : wide(c) ? 2 : 1; }

} // namespace

double text_width(std::string_view utf8, double font_size) { return total(utf8, pixels(font_size)); }

int cells(std::string_view utf8) { return static_cast<int>(total(utf8, cell)); }

std::string cut_to_width(std::string_view utf8, double font_size, double width) {
    return cut(utf8, width, "\xE2\x80\xA6", pixels(font_size));
}

std::string cut_to_cells(std::string_view utf8, int width, std::string_view ellipsis) {
    return cut(utf8, width, ellipsis, cell);
}

std::vector<std::string> wrap_to_width(std::string_view utf8, double font_size, double width) {
    return wrap(utf8, width, pixels(font_size));
}

std::vector<std::string> wrap_to_cells(std::string_view utf8, int width) { return wrap(utf8, width, cell); }

} // namespace assay::plot
