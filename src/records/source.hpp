// The bytes of a file as UTF-8 text, whatever they were; what had to be repaired is told with its line.
#pragma once

#include "base/diagnostics.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace assay::records {

struct Source {
    std::string file;    ///< for messages
    std::string text;    ///< valid UTF-8 without NUL and control characters; lines still end as they did
    std::string mapping; ///< what the columns of an unknown table are; empty: its names must do
};

/// Limits on what a compressed file may become.
struct Limits {
    std::size_t bytes = std::size_t{4} << 30; ///< after decompression
    std::size_t ratio = 400;                  ///< times its compressed size (and a megabyte)
};

/// Decompresses gzip (several members, too), decodes UTF-16 by its mark or its NULs, and repairs each line
/// that is not UTF-8 as Windows-1252. `encoding` (a name iconv knows) overrides the guess. What cannot be
/// read is reported; the text then holds what could.
Source decode(std::string file, std::string bytes, Diagnostics& diagnostics, const std::string& encoding = {},
              const Limits& limits = {});

/// `line` with UTF-8 that was taken for Windows-1252 and encoded again set right; empty when it is not such a
/// line.
std::string undouble(std::string_view line);

/// Hands out lines ending in LF, CR LF or CR.
class LineReader {
public:
    explicit LineReader(std::string_view text) : text_(text), return_(text.find('\r')) {}
    bool next(std::string_view& line);
    int number() const { return number_; }         ///< of the line last handed out, 1-based
    std::size_t offset() const { return offset_; } ///< its first byte

private:
    std::string_view text_;
    std::size_t at_ = 0, offset_ = 0;
    std::size_t return_; ///< the next CR: searched for once where there is none
    int number_ = 0;
};

} // namespace assay::records
