// The bytes of a file as text in pieces: decompressed, and from another encoding where one is known. What is
// not UTF-8 then is left to who looks at lines.
#pragma once

#include "base/bytes.hpp"
#include "base/diagnostics.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace assay::records {

/// Limits on what a compressed file may become.
struct Limits {
    std::size_t bytes = std::size_t{4} << 30; ///< after decompression
    std::size_t ratio = 400;                  ///< times its compressed size (and a megabyte)
};

class Transcoder {
public:
    /// `encoding` (a name iconv knows) overrides the guess: UTF-16 by its mark or its NULs, else what an XML
    /// declaration says of a text that is not UTF-8. `block` is how many bytes are read at once.
    /// Errors: "usage" for an encoding that does not exist.
    Transcoder(std::string file, const Bytes& bytes, Diagnostics& diagnostics, std::string encoding,
               const Limits& limits, std::size_t block);
    ~Transcoder();
    Transcoder(const Transcoder&) = delete;
    Transcoder& operator=(const Transcoder&) = delete;

    /// Appends a piece of the text, which may be empty; false: there was no more.
    bool next(Buffer& out);

    /// Whether it is an archive: no text at all, of which the mark alone is kept, to be named.
    bool archive() const { return archive_; }

    /// The same file from its start, telling nothing.
    std::unique_ptr<Transcoder> again(Diagnostics& nobody) const;

private:
    struct Inflater;
    struct Converter;

    bool raw(Buffer& out);
    bool inflated(Buffer& out);
    bool piece(Buffer& out);
    void begin();
    void choose(std::string_view head);
    bool whole_is_utf8() const;
    bool convert(Buffer& out);
    void utf16(Buffer& out, bool last);
    void damaged(const std::string& why);

    std::string file_;
    const Bytes& bytes_;
    Diagnostics& diagnostics_;
    std::string encoding_;
    Limits limits_;
    std::size_t block_;

    std::size_t at_ = 0;    ///< of the next byte of the file
    std::size_t grown_ = 0; ///< bytes after decompression
    std::unique_ptr<Inflater> inflater_;
    std::unique_ptr<Converter> converter_;
    Buffer head_;    ///< read ahead to see what the file is
    Buffer pending_; ///< to be converted
    int order_ = 0;  ///< of UTF-16: 1 little end first, 2 big; 0: not UTF-16
    bool begun_ = false, ended_ = false, archive_ = false;
    bool marked_ = false; ///< a byte order mark may still come
};

} // namespace assay::records
