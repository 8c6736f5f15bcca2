// What a text holds, seen in passes over its bytes that are much faster than reading it: characters outside
// ASCII, control characters, line ends, letters that were encoded twice.
#pragma once

#include <string>
#include <string_view>

namespace assay::records {

/// A control character that no text has; NUL is one.
constexpr bool is_control(char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' &&
           c != 0x1E;
}

struct Seen {
    bool high = false;    ///< bytes of 0x80 and above
    bool control = false; ///< is_control() of one
    bool cr = false;
};
Seen look_at(std::string_view text);

/// True when `text` has two blanks one after the other, a line end or another character below the blank:
/// the many texts without can be copied whole.
bool irregular_space(std::string_view text);

/// True when three blanks stand together.
bool has_blanks(std::string_view text);

bool is_utf8(std::string_view text);

/// is_utf8() of a text that comes in pieces.
class Utf8Check {
public:
    bool add(std::string_view piece); ///< false: it is not
    bool finish() const { return kept_.empty(); }

private:
    std::string kept_; ///< the start of a character
};

/// How many lines end in LF, CR LF or CR; LF alone where the text is known to have no CR.
int line_ends(std::string_view text, bool with_cr);

/// Certain signs of UTF-8 that was taken for Windows-1252 and encoded again: the text should be looked at
/// with undouble(). They are `longest_sign` bytes or shorter.
bool has_doubled(std::string_view text);
constexpr std::size_t longest_sign = 5;

/// Whether undouble() may find something.
bool may_be_doubled(std::string_view text);

/// `line` with UTF-8 that was taken for Windows-1252 and encoded again set right; empty when it is not such a
/// line.
std::string undouble(std::string_view line);

/// `line` read as Windows-1252.
std::string from_windows(std::string_view line);

} // namespace assay::records
