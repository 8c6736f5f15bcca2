// An article as bytes becomes text that can be read, with the way back: every byte of the text knows where it
// stands in the file.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

/// A stretch of text and the stretch of file it came from. Equal lengths: byte for byte.
struct Piece {
    std::size_t text = 0, text_bytes = 0;
    std::size_t file = 0, file_bytes = 0;
};

/// An HTML link: the words of the text that carry it.
struct Link {
    std::size_t begin = 0, end = 0;
    std::string url;
};

struct Readable {
    std::string text; ///< UTF-8 without NUL
    std::vector<Piece> pieces;
    std::vector<Link> links;
    std::vector<std::string> notes; ///< what had to be repaired

    /// Where the byte `at` of the text begins in the file.
    std::size_t file_begin(std::size_t at) const;
    /// One behind the last byte of the file that belongs to the text before `end`.
    std::size_t file_end(std::size_t end) const;
};

/// True for bytes that are no text in any encoding: pictures, programs, archives.
bool looks_binary(std::string_view bytes);

/// Plain text and Markdown: UTF-8; UTF-16 with a byte order mark; bytes that are not UTF-8 are read as
/// Windows-1252.
Readable read_plain(std::string_view bytes);

/// HTML: what a reader sees. Scripts, styles, menus and forms are left out; blocks become lines, cells are
/// parted by tabs, raised numbers become superscript digits. Any depth, any mistakes.
Readable read_html(std::string_view bytes);

} // namespace assay::claims
