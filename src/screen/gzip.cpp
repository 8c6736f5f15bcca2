#include "screen/gzip.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <limits>
#include <zlib.h>

namespace assay::screen {

namespace {

struct Inflater {
    z_stream stream{};
    Inflater() {
        constexpr int gzip_only = 16 + MAX_WBITS;
        if (inflateInit2(&stream, gzip_only) != Z_OK)
            throw Error("file/unreadable", "no memory to read compressed data");
    }
    ~Inflater() { inflateEnd(&stream); }
    Inflater(const Inflater&) = delete;
    Inflater& operator=(const Inflater&) = delete;
};

} // namespace

bool is_gzip(std::string_view bytes) {
    return bytes.size() > 2 && bytes[0] == '\x1f' && bytes[1] == '\x8b';
}

std::string gunzip(std::string_view bytes, std::size_t limit) {
    Inflater inflater;
    z_stream& stream = inflater.stream;
    std::string out;
    std::string piece(std::size_t{1} << 16, '\0');
    std::size_t given = 0;
    int state = Z_OK;
    const auto damaged = [] {
        return Error("file/unreadable", "the gzip data is damaged or cut off", Exit::input);
    };
    while (state != Z_STREAM_END || given < bytes.size() || stream.avail_in > 0) {
        if (stream.avail_in == 0) {
            if (given == bytes.size()) throw damaged();
            const std::size_t next = std::min<std::size_t>(bytes.size() - given, std::size_t{1} << 24);
            stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data() + given));
            stream.avail_in = static_cast<uInt>(next);
            given += next;
        }
        if (state == Z_STREAM_END && inflateReset(&stream) != Z_OK) throw damaged(); // another member follows
        stream.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream.avail_out = static_cast<uInt>(piece.size());
        state = inflate(&stream, Z_NO_FLUSH);
        if (state != Z_OK && state != Z_STREAM_END) throw damaged();
        out.append(piece, 0, piece.size() - stream.avail_out);
        if (out.size() > limit)
            throw Error("file/unreadable", "the gzip data unpacks to more than can be meant", Exit::input);
    }
    return out;
}

} // namespace assay::screen
