// The text of a file as UTF-8, whatever its bytes were, in a window that moves over it: what had to be
// repaired is told with its line, and no more is in memory than the reader of a format has not passed yet.
#pragma once

#include "base/bytes.hpp"
#include "base/diagnostics.hpp"
#include "records/transcode.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace assay::records {

/// A text that is in memory as a whole.
struct Source {
    std::string file;      ///< for messages
    std::string_view text; ///< valid UTF-8 without NUL and control characters; lines still end as they did
    std::string mapping;   ///< what the columns of an unknown table are; empty: its names must do
};

class Stream {
public:
    /// Decompresses gzip (several members, too), decodes UTF-16 by its mark or its NULs, and repairs each
    /// line that is not UTF-8 as Windows-1252. `encoding` (a name iconv knows) overrides the guess. What
    /// cannot be read is reported; the text then ends there. `block` is how many bytes are read at once;
    /// nothing depends on it. `bytes` and `diagnostics` must outlive this.
    Stream(std::string file, const Bytes& bytes, Diagnostics& diagnostics, const std::string& encoding = {},
           const Limits& limits = {}, std::size_t block = std::size_t{1} << 18);

    const std::string file; ///< for messages
    std::string mapping;    ///< as in Source

    /// The window: what was read and not dropped. Views into it hold until grow().
    std::string_view rest() const { return buffer_.view().substr(begin_, accepted_ - begin_); }
    /// The byte of the whole text where rest() starts.
    std::uint64_t offset() const { return offset_; }
    /// Adds to the end of the window, lines as a whole unless they are very long; false: the text has ended.
    bool grow();
    /// Takes the first `count` bytes out of the window.
    void drop(std::size_t count);

    /// The first bytes of the file as they are.
    std::string raw_head() const;

    /// All that is left. It looks into this, which must neither move nor grow() while it is used.
    Source whole();

private:
    std::size_t last_line_end(std::size_t from) const;
    void accept(std::size_t end);
    void repair(std::size_t end, int before);
    void tell(int& last, const char* code, int line, const char* message, const char* hint = "");
    bool is_doubled(std::string_view region);
    bool doubled_anywhere() const;

    const Bytes& bytes_;
    Diagnostics& diagnostics_;
    Transcoder transcoder_;
    Buffer buffer_; ///< [begin_, accepted_) is the window, what follows is not looked at yet
    std::size_t begin_ = 0, accepted_ = 0;
    std::uint64_t offset_ = 0;
    int lines_ = 0;       ///< ended before accepted_, as the file has them
    bool has_cr_ = false; ///< so far
    bool ended_ = false;
    struct {
        int encoding = 0, doubled = 0, control = 0;
    } told_; ///< last line of each message
    enum class Doubled { unknown, yes, no } doubled_ = Doubled::unknown;
};

/// Hands out lines ending in LF, CR LF or CR; a line is valid until the next one.
class LineReader {
public:
    explicit LineReader(std::string_view text) : text_(text) {}
    explicit LineReader(Stream& stream) : stream_(&stream), text_(stream.rest()), base_(stream.offset()) {}
    bool next(std::string_view& line);
    int number() const { return number_; }           ///< of the line last handed out, 1-based
    std::uint64_t offset() const { return offset_; } ///< its first byte

private:
    /// The next of a kind of line end at or behind `at`; where none was found, `at` says up to where.
    struct Next {
        std::size_t at = 0;
        bool found = false;
    };
    bool more();
    void find(char end, Next& next) const;

    Stream* stream_ = nullptr;
    std::string_view text_;
    std::uint64_t base_ = 0, offset_ = 0;
    std::size_t at_ = 0;
    Next feed_, return_;
    int number_ = 0;
};

} // namespace assay::records
