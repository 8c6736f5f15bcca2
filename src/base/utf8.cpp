#include "base/utf8.hpp"

#include <cstdint>

namespace assay {

namespace {

std::string hex(std::uint32_t value, int digits) {
    std::string text;
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4)
        text += "0123456789ABCDEF"[(value >> shift) & 15U];
    return text;
}

struct Span {
    char32_t first, last;
};

// Characters that a reader cannot see or that reorder what he sees (Trojan Source, CVE-2021-42574).
constexpr Span unsafe[] = {{0x0000, 0x001F}, {0x007F, 0x009F},  {0x00AD, 0x00AD}, {0x061C, 0x061C},
                           {0x200B, 0x200F}, {0x2028, 0x202E},  {0x2060, 0x206F}, {0xFEFF, 0xFEFF},
                           {0xFFF9, 0xFFFB}, {0xE0000, 0xE0FFF}};
constexpr Span combining[] = {{0x0300, 0x036F}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF},
                              {0x20D0, 0x20FF}, {0xFE00, 0xFE0F}, {0xFE20, 0xFE2F}};
constexpr Span wide[] = {{0x1100, 0x115F},   {0x2E80, 0x303E},   {0x3041, 0xA4CF},  {0xAC00, 0xD7A3},
                         {0xF900, 0xFAFF},   {0xFE30, 0xFE6F},   {0xFF00, 0xFF60},  {0xFFE0, 0xFFE6},
                         {0x1F300, 0x1F64F}, {0x1F900, 0x1F9FF}, {0x20000, 0x3FFFD}};

template<std::size_t N> bool within(const Span (&spans)[N], char32_t value) {
    for (const Span& span : spans)
        if (value >= span.first && value <= span.last) return true;
    return false;
}

} // namespace

CodePoint decode_code_point(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t offset) -> unsigned {
        return at + offset < text.size() ? static_cast<unsigned char>(text[at + offset]) : 0U;
    };
    const CodePoint bad{0xFFFD, 1, false};
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    if (lead < 0xC2 || lead > 0xF4) return bad;
    const int bytes = lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    unsigned low = 0x80, high = 0xBF; // of the second byte
    if (lead == 0xE0) low = 0xA0;
    if (lead == 0xED) high = 0x9F;
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;
    if (byte(1) < low || byte(1) > high) return bad;
    char32_t value = lead & (0xFFU >> (bytes + 1));
    value = (value << 6) | (byte(1) & 0x3FU);
    for (int i = 2; i < bytes; ++i) {
        const unsigned next = byte(static_cast<std::size_t>(i));
        if ((next & 0xC0U) != 0x80U) return bad;
        value = (value << 6) | (next & 0x3FU);
    }
    return {value, bytes, true};
}

std::size_t count_code_points(std::string_view text) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); ++count)
        at += static_cast<std::size_t>(decode_code_point(text, at).bytes);
    return count;
}

std::string encode_code_point(char32_t value) {
    const auto put = [](std::uint32_t bits) { return static_cast<char>(bits); };
    const std::uint32_t v = value;
    if (v < 0x80) return {put(v)};
    if (v < 0x800) return {put(0xC0U | v >> 6), put(0x80U | (v & 0x3FU))};
    if (v < 0x10000) return {put(0xE0U | v >> 12), put(0x80U | (v >> 6 & 0x3FU)), put(0x80U | (v & 0x3FU))};
    return {put(0xF0U | v >> 18), put(0x80U | (v >> 12 & 0x3FU)), put(0x80U | (v >> 6 & 0x3FU)),
            put(0x80U | (v & 0x3FU))};
}

int display_width(char32_t value) {
    if (value < 0x300) return 1;
    if (within(combining, value)) return 0;
    return within(wide, value) ? 2 : 1;
}

int display_width(std::string_view text) {
    int width = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        width += display_width(point.value);
        at += static_cast<std::size_t>(point.bytes);
    }
    return width;
}

std::string safe_text(std::string_view text) {
    std::string safe;
    safe.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        const std::string_view bytes = text.substr(at, static_cast<std::size_t>(point.bytes));
        if (!point.valid)
            safe += "<" + hex(static_cast<unsigned char>(text[at]), 2) + ">";
        else if (point.value == '\t')
            safe += ' ';
        else if (within(unsafe, point.value))
            safe += "<U+" + hex(point.value, point.value > 0xFFFF ? 5 : 4) + ">";
        else
            safe += bytes;
        at += bytes.size();
    }
    return safe;
}

std::string in_quotes(std::string_view text) {
    constexpr std::size_t longest = 60;
    std::size_t at = 0;
    for (std::size_t count = 0; at < text.size() && count < longest; ++count)
        at += static_cast<std::size_t>(decode_code_point(text, at).bytes);
    return "'" + safe_text(text.substr(0, at)) + (at < text.size() ? "..." : "") + "'";
}

} // namespace assay
