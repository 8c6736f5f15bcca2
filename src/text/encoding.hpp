// Whether a file is the UTF-8 text with LF line ends that assay asks for, and where it is not.
#pragma once

#include "base/diagnostics.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::text {

struct Encoding {
    bool readable = true; ///< false: UTF-16 or another form that cannot be read as text at all
    bool clean = true;    ///< false: some bytes are not UTF-8, or NUL
    std::size_t bom = 0;  ///< bytes of the byte order mark at the start: 0 or 3
};

/// Reports BOM, CR LF, lone CR, NUL, control characters and bytes that are not UTF-8, each with its place.
Encoding check_encoding(const std::string& file, std::string_view bytes, Diagnostics& diagnostics);

/// `bytes` with NUL and everything that is not UTF-8 replaced by U+FFFD.
std::string clean_copy(std::string_view bytes);

/// Where the lines of a text start. Lines end in LF, CR LF or CR.
class Lines {
public:
    explicit Lines(std::string_view bytes);
    /// The text of a line (1-based) without its end; empty when there is no such line.
    std::string_view line(int number) const;
    int count() const { return static_cast<int>(starts_.size()); }

private:
    std::string_view bytes_;
    std::vector<std::size_t> starts_;
};

/// `text` without spaces, tabs and no-break spaces at its ends.
std::string_view trim(std::string_view text);

} // namespace assay::text
