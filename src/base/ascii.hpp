// Classes of ASCII characters: what formats and tags are made of. No locale; a byte of a longer UTF-8
// sequence belongs to none.
#pragma once

#include <string>
#include <string_view>

namespace assay::ascii {

constexpr bool digit(char c) {
    return c >= '0' && c <= '9';
}

constexpr bool upper(char c) {
    return c >= 'A' && c <= 'Z';
}

constexpr bool lower(char c) {
    return c >= 'a' && c <= 'z';
}

constexpr bool letter(char c) {
    return upper(c) || lower(c);
}

// Blank, tab and the two characters that end lines.
constexpr bool space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

// A to Z as a to z, everything else as it is.
constexpr char to_lower(char c) {
    return upper(c) ? static_cast<char>(c - 'A' + 'a') : c;
}

inline std::string to_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        c = to_lower(c);
    return out;
}

} // namespace assay::ascii
