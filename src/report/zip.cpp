#include "report/zip.hpp"

#include "base/error.hpp"

#include <cstdint>
#include <zlib.h>

namespace assay::report {

namespace {

constexpr std::uint16_t dos_date = 0x0021; // 1 January 1980, the first day that the format knows

void number(std::string& out, std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
        out += static_cast<char>((value >> (8 * i)) & 0xff);
}

/// A raw deflate stream (RFC 1951), without the header of zlib.
std::string deflated(const std::string& bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_BEST_COMPRESSION, Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY) != Z_OK)
        throw Error("memory/out", "cannot start to compress");
    std::string out(deflateBound(&stream, static_cast<uLong>(bytes.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int done = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    ASSAY_EXPECT(done == Z_STREAM_END); // the bound holds
    return out;
}

/// The fields that the local header and the directory share (APPNOTE 4.4).
void common(std::string& out, std::uint32_t crc, std::size_t packed, std::size_t whole, std::size_t name) {
    number(out, 20, 2); // version needed: 2.0
    number(out, 0, 2);  // flags
    number(out, Z_DEFLATED, 2);
    number(out, 0, 2);
    number(out, dos_date, 2);
    number(out, crc, 4);
    number(out, static_cast<std::uint32_t>(packed), 4);
    number(out, static_cast<std::uint32_t>(whole), 4);
    number(out, static_cast<std::uint32_t>(name), 2);
    number(out, 0, 2); // extra field
}

} // namespace

std::string zip(const std::vector<std::pair<std::string, std::string>>& files) {
    std::string out, directory;
    for (const auto& [name, bytes] : files) {
        ASSAY_EXPECT(bytes.size() < 0xffffffffU && name.size() < 0xffffU);
        const auto packed = deflated(bytes);
        const auto crc = static_cast<std::uint32_t>(crc32(crc32(0, nullptr, 0),
                                                          reinterpret_cast<const Bytef*>(bytes.data()),
                                                          static_cast<uInt>(bytes.size())));
        const std::size_t offset = out.size();
        out += "PK\x03\x04";
        common(out, crc, packed.size(), bytes.size(), name.size());
        out += name + packed;
        directory += "PK\x01\x02";
        number(directory, 20, 2); // made by
        common(directory, crc, packed.size(), bytes.size(), name.size());
        number(directory, 0, 2); // comment
        number(directory, 0, 2); // disk
        number(directory, 0, 2); // internal attributes
        number(directory, 0, 4); // external attributes
        number(directory, static_cast<std::uint32_t>(offset), 4);
        directory += name;
    }
    const std::size_t start = out.size();
    out += directory;
    out += "PK\x05\x06";
    number(out, 0, 4); // disks
    number(out, static_cast<std::uint32_t>(files.size()), 2);
    number(out, static_cast<std::uint32_t>(files.size()), 2);
    number(out, static_cast<std::uint32_t>(directory.size()), 4);
    number(out, static_cast<std::uint32_t>(start), 4);
    number(out, 0, 2); // comment
    return out;
}

} // namespace assay::report
