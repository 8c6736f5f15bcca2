// One code point at a time: read it, count it, and show text from strangers safely.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay {

struct CodePoint {
    char32_t value = 0; ///< U+FFFD when the bytes are not UTF-8
    int bytes = 1;      ///< how many bytes it takes; 1 for a bad byte
    bool valid = true;
};

/// The code point that starts at byte `at` (< text.size()). Overlong forms, surrogates and values over
/// U+10FFFF are not valid (Unicode standard, table 3-7).
CodePoint decode_code_point(std::string_view text, std::size_t at);

/// Code points in `text`; a byte that is not UTF-8 counts as one.
std::size_t count_code_points(std::string_view text);

/// `value` as UTF-8.
std::string encode_code_point(char32_t value);

/// Columns a terminal needs for it: 0 (combining marks), 1, or 2 (wide East Asian characters).
int display_width(char32_t value);

/// Columns a terminal needs for `text`.
int display_width(std::string_view text);

/// `text` with control characters, invisible and direction-changing characters written as `<U+200B>` and
/// bytes that are not UTF-8 as `<E9>`, so that a terminal can neither be driven nor fooled by it. Tabs become
/// a space.
std::string safe_text(std::string_view text);

/// 'text' in single quotes, safe, and cut to about 60 characters.
std::string in_quotes(std::string_view text);

} // namespace assay
