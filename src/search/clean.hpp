// Brings the text of a strategy to plain signs - quotes, dashes, spaces - and remembers where each byte
// stood.
#pragma once

#include "base/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::search {

struct Cleaned {
    std::string file;
    std::string source; ///< as given
    std::string text;   ///< with '"', '\'', '-' and ' ' for their typographic relatives, LF line ends
    std::vector<std::uint32_t> origin; ///< for each byte of `text` and its end: the byte of `source`

    /// Line and column (in characters) of a byte of `text`.
    Place place(std::uint32_t at) const;
    /// Adds a message with the line and the caret below text[begin, end).
    Diagnostic& report(Diagnostics& to, std::string_view code, std::uint32_t begin, std::uint32_t end,
                       std::string message, std::string hint = {}) const;
};

/// Typographic quotes are reported once, with how many there are.
Cleaned clean(std::string file, std::string source, Diagnostics& diagnostics);

} // namespace assay::search
