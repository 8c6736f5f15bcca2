// Characters in the text of a strategy.
#pragma once

#include "base/ascii.hpp"

#include <algorithm>
#include <string_view>

namespace assay::search {

using ascii::digit;
using ascii::letter;
using ascii::to_lower;

inline bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}

inline std::string_view trimmed(std::string_view text) {
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

inline bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

} // namespace assay::search
