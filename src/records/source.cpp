#include "records/source.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <iconv.h>
#include <zlib.h>

namespace assay::records {

namespace {

unsigned char byte(char c) {
    return static_cast<unsigned char>(c);
}

std::string inflate_all(const std::string& file, const std::string& bytes, Diagnostics& diagnostics,
                        const Limits& limits) {
    std::string out;
    z_stream stream{};
    if (inflateInit2(&stream, 15 + 16) != Z_OK) throw Error("memory/out", "no memory to decompress " + file);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), 0xFFFFFFFFU));
    const std::size_t most = std::min(limits.bytes, bytes.size() * limits.ratio + (std::size_t{1} << 20));
    std::array<char, 1 << 16> block{};
    const auto fail = [&](const std::string& why) {
        diagnostics.add("record/truncated", {file, 0, 0}, why,
                        "fetch the file again; what could be read was read");
    };
    for (;;) {
        stream.next_out = reinterpret_cast<Bytef*>(block.data());
        stream.avail_out = static_cast<uInt>(block.size());
        const int status = inflate(&stream, Z_NO_FLUSH);
        out.append(block.data(), block.size() - stream.avail_out);
        if (out.size() > most) {
            fail("the file grows more than it may when decompressed");
            break;
        }
        if (status == Z_STREAM_END) {
            if (stream.avail_in == 0) break;
            if (*stream.next_in != 0x1F || inflateReset(&stream) != Z_OK)
                break; // padding after the last member
            continue;
        }
        if (status == Z_OK && (stream.avail_in > 0 || stream.avail_out == 0)) continue;
        fail(status == Z_DATA_ERROR ? "the compressed file is damaged"
                                    : "the compressed file ends too early");
        break;
    }
    inflateEnd(&stream);
    return out;
}

std::string from_utf16(std::string_view bytes, bool big) {
    std::string out;
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const unsigned a = byte(bytes[at]), b = byte(bytes[at + 1]);
        return big ? a << 8 | b : b << 8 | a;
    };
    for (std::size_t at = 0; at + 1 < bytes.size(); at += 2) {
        std::uint32_t value = unit(at);
        if (value >= 0xD800 && value < 0xDC00 && at + 3 < bytes.size()) {
            const std::uint32_t low = unit(at + 2);
            if (low >= 0xDC00 && low < 0xE000)
                value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00), at += 2;
        }
        if (value >= 0xD800 && value < 0xE000) value = 0xFFFD;
        out += encode_code_point(value);
    }
    return out;
}

// Windows-1252, bytes 0x80 to 0x9F; five are not defined and become U+FFFD.
constexpr std::array<char32_t, 32> windows = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                              0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

std::string from_windows(std::string_view line) {
    std::string out;
    for (const char c : line) {
        const unsigned char b = byte(c);
        out += b < 0x80 ? std::string(1, c) : encode_code_point(b < 0xA0 ? windows[b - 0x80U] : b);
    }
    return out;
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        std::uint64_t eight = 0;
        if (at + 8 <= text.size()) {
            std::memcpy(&eight, text.data() + at, 8);
            if ((eight & 0x8080808080808080ULL) == 0) {
                at += 8;
                continue;
            }
        }
        const CodePoint point = decode_code_point(text, at);
        if (!point.valid) return false;
        at += static_cast<std::size_t>(point.bytes);
    }
    return true;
}

bool is_ascii(std::string_view text) {
    std::uint64_t seen = 0;
    std::size_t at = 0;
    for (; at + 32 <= text.size(); at += 32) {
        std::uint64_t four[4];
        std::memcpy(four, text.data() + at, 32);
        seen |= (four[0] | four[1]) | (four[2] | four[3]);
        if ((seen & 0x8080808080808080ULL) != 0) return false;
    }
    return std::none_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                        [](char c) { return byte(c) >= 0x80; });
}

bool has_doubled(const std::string& bytes) {
    return bytes.find("\xC3\x83\xC2") != std::string::npos ||
           bytes.find("\xC3\x83\xC5") != std::string::npos ||
           bytes.find("\xC3\xA2\xE2\x82\xAC") != std::string::npos;
}

bool is_control(char c) {
    return byte(c) < 0x20 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && c != 0x1E;
}

// Eight bytes at a time; only where one is below 0x20 and ends no line are they looked at one by one.
bool has_control(std::string_view text) {
    std::size_t at = 0;
    for (; at + 8 <= text.size(); at += 8) {
        std::uint64_t eight = 0;
        std::memcpy(&eight, text.data() + at, 8);
        constexpr std::uint64_t ones = 0x0101010101010101ULL, highs = ones << 7;
        const std::uint64_t low = ~((eight & ~highs) + ones * 0x60) & ~eight & highs; // below 0x20, exactly
        if (low == 0) continue;
        const std::uint64_t lf = eight ^ (ones * '\n'), cr = eight ^ (ones * '\r');
        const std::uint64_t ends = ~(((lf & ~highs) + ~highs) | lf) | ~(((cr & ~highs) + ~highs) | cr);
        if ((low & ~ends) == 0) continue;
        if (std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                        text.begin() + static_cast<std::ptrdiff_t>(at) + 8, is_control))
            return true;
    }
    return std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(), is_control);
}

std::string converted(const std::string& file, const std::string& bytes, const std::string& encoding,
                      Diagnostics& diagnostics) {
    const iconv_t way = iconv_open("UTF-8", encoding.c_str());
    if (way == reinterpret_cast<iconv_t>(-1))
        throw Error("usage", "there is no encoding '" + encoding + "'", Exit::input);
    std::string out;
    std::array<char, 1 << 16> block{};
    char* in = const_cast<char*>(bytes.data());
    std::size_t left = bytes.size();
    bool told = false;
    while (left > 0) {
        char* to = block.data();
        std::size_t room = block.size();
        const std::size_t status = iconv(way, &in, &left, &to, &room);
        out.append(block.data(), block.size() - room);
        if (status != static_cast<std::size_t>(-1) || errno == E2BIG) continue;
        if (!told)
            diagnostics.add("record/encoding", {file, 0, 0}, "some bytes are not " + encoding,
                            "choose another --encoding");
        told = true;
        out += "\xEF\xBF\xBD";
        ++in, --left;
    }
    iconv_close(way);
    return out;
}

// <?xml version="1.0" encoding="ISO-8859-1"?>; only names that iconv is sure to know.
std::string declared_encoding(std::string_view bytes) {
    if (bytes.substr(0, 5) != "<?xml") return {};
    const std::string_view head = bytes.substr(0, bytes.find("?>"));
    for (const char* name : {"ISO-8859-1", "iso-8859-1", "windows-1252", "Windows-1252", "ISO-8859-15",
                             "GB18030", "gb2312", "GB2312", "Shift_JIS"})
        if (head.substr(0, 200).find(name) != std::string_view::npos) return name;
    return {};
}

// NULs in every second byte are UTF-16 without a mark.
int utf16_order(std::string_view bytes) {
    if (bytes.size() >= 2 && byte(bytes[0]) == 0xFF && byte(bytes[1]) == 0xFE) return 1;
    if (bytes.size() >= 2 && byte(bytes[0]) == 0xFE && byte(bytes[1]) == 0xFF) return 2;
    const std::size_t look = std::min<std::size_t>(bytes.size(), 200) / 2 * 2;
    std::size_t even = 0, odd = 0;
    for (std::size_t at = 0; at < look; ++at)
        (at % 2 ? odd : even) += bytes[at] == 0 ? 1 : 0;
    if (look >= 8 && odd * 3 > look && even == 0) return 1;
    if (look >= 8 && even * 3 > look && odd == 0) return 2;
    return 0;
}

} // namespace

std::string undouble(std::string_view line) {
    std::string bytes;
    bool any = false;
    for (std::size_t at = 0; at < line.size();) {
        const CodePoint point = decode_code_point(line, at);
        at += static_cast<std::size_t>(point.bytes);
        if (point.value < 0x80)
            bytes += static_cast<char>(point.value);
        else if (point.value <= 0xFF)
            bytes += static_cast<char>(point.value), any = true;
        else {
            const auto found = std::find(windows.begin(), windows.end(), point.value);
            if (found == windows.end() || point.value == 0xFFFD) return {};
            bytes += static_cast<char>(0x80 + (found - windows.begin()));
            any = true;
        }
    }
    return any && is_utf8(bytes) ? bytes : std::string();
}

bool LineReader::next(std::string_view& line) {
    if (at_ >= text_.size()) return false;
    offset_ = at_;
    ++number_;
    std::size_t end = text_.find('\n', at_);
    if (end == std::string_view::npos) end = text_.size();
    line = text_.substr(at_, end - at_);
    // A lone CR inside ends the line, too (old Macs); CR LF is one end.
    if (return_ < at_ && return_ != std::string_view::npos) return_ = text_.find('\r', at_);
    const std::size_t cr = return_ < end ? return_ - at_ : std::string_view::npos;
    if (cr != std::string_view::npos && at_ + cr + 1 != end) {
        line = line.substr(0, cr);
        at_ += cr + 1;
        return true;
    }
    if (cr != std::string_view::npos) line.remove_suffix(1);
    at_ = end + 1;
    return true;
}

Source decode(std::string file, std::string bytes, Diagnostics& diagnostics, const std::string& encoding,
              const Limits& limits) {
    Source source;
    source.file = std::move(file);
    if (bytes.size() > 2 && byte(bytes[0]) == 0x1F && byte(bytes[1]) == 0x8B)
        bytes = inflate_all(source.file, bytes, diagnostics, limits);
    if (bytes.compare(0, 4, "PK\x03\x04") ==
        0) { // an archive is no text: its mark alone is kept, to be named
        source.text = bytes.substr(0, 4);
        return source;
    }
    if (!encoding.empty())
        bytes = converted(source.file, bytes, encoding, diagnostics);
    else if (const int order = utf16_order(bytes); order != 0)
        bytes = from_utf16(bytes, order == 2);
    if (bytes.size() >= 3 && bytes.compare(0, 3, "\xEF\xBB\xBF") == 0) bytes.erase(0, 3);
    const bool ascii = is_ascii(bytes);
    bool valid = ascii || is_utf8(bytes);
    if (const std::string declared = valid ? std::string() : declared_encoding(bytes); !declared.empty()) {
        bytes = converted(source.file, bytes, declared, diagnostics);
        valid = true;
    }
    const bool control = has_control(bytes);
    const bool doubled = !ascii && has_doubled(bytes);
    if (valid && !control && !doubled) {
        source.text = std::move(bytes);
        return source;
    }
    source.text.reserve(bytes.size());
    LineReader lines(bytes);
    std::string_view line;
    std::size_t copied = 0;
    while (lines.next(line)) {
        const Place place{source.file, lines.number(), 0};
        source.text.append(bytes, copied, lines.offset() - copied); // the line end before this line
        std::string fixed;
        if (!is_utf8(line)) {
            fixed = from_windows(line);
            diagnostics.add("record/encoding", place, "bytes that are not UTF-8 were read as Windows-1252",
                            "if letters look wrong, give the encoding: --encoding");
        } else if (doubled) {
            fixed = undouble(line);
            if (!fixed.empty())
                diagnostics.add("record/double-encoded", place,
                                "letters that were encoded twice were set right");
        }
        if (fixed.empty()) fixed = line;
        if (std::any_of(fixed.begin(), fixed.end(), is_control)) {
            std::erase_if(fixed, is_control);
            diagnostics.add("record/control", place, "NUL or control characters were left out");
        }
        source.text += fixed;
        copied = lines.offset() + line.size();
    }
    source.text.append(bytes, copied, std::string::npos);
    std::erase_if(source.text, is_control);
    return source;
}

} // namespace assay::records
