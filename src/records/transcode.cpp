#include "records/transcode.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"
#include "records/scan.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <iconv.h>
#include <isa-l.h>

namespace assay::records {

namespace {

constexpr std::size_t head_size = 4096; // enough to see marks, NULs and an XML declaration
constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

unsigned char byte(char c) {
    return static_cast<unsigned char>(c);
}

// <?xml version="1.0" encoding="ISO-8859-1"?>; only names that iconv is sure to know.
std::string declared_encoding(std::string_view bytes) {
    if (bytes.substr(0, 5) != "<?xml") return {};
    const std::string_view head = bytes.substr(0, bytes.find("?>"));
    for (const char* name : {"ISO-8859-15", "ISO-8859-1", "iso-8859-1", "windows-1252", "Windows-1252",
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

// By ISA-L, two and a half times as fast as zlib.
struct Transcoder::Inflater {
    inflate_state stream;
    std::unique_ptr<char[]> input;
    std::size_t room, most;
    bool empty = false; ///< the file has no more bytes
    bool done = false;

    Inflater(std::size_t block, std::size_t largest) : input(new char[block]), room(block), most(largest) {
        isal_inflate_init(&stream);
        stream.crc_flag = ISAL_GZIP;
        stream.avail_in = 0;
    }

    void feed(const Bytes& bytes, std::size_t& at) {
        if (stream.avail_in > 0 || empty) return;
        const std::size_t got = bytes.read(at, input.get(), room);
        at += got;
        empty = got == 0;
        stream.next_in = reinterpret_cast<std::uint8_t*>(input.get());
        stream.avail_in = static_cast<std::uint32_t>(got);
    }

    /// Another member follows where one has ended.
    void next_member() {
        std::uint8_t* const from = stream.next_in;
        const std::uint32_t left = stream.avail_in;
        isal_inflate_reset(&stream);
        stream.crc_flag = ISAL_GZIP;
        stream.next_in = from, stream.avail_in = left;
    }
};

struct Transcoder::Converter {
    iconv_t way;
    std::string name;
    bool told = false;

    explicit Converter(const std::string& encoding)
        : way(iconv_open("UTF-8", encoding.c_str())), name(encoding) {
        if (way == reinterpret_cast<iconv_t>(-1))
            throw Error("usage", "there is no encoding '" + encoding + "'", Exit::input);
    }
    Converter(const Converter&) = delete;
    Converter& operator=(const Converter&) = delete;
    ~Converter() { iconv_close(way); }
};

Transcoder::Transcoder(std::string file, const Bytes& bytes, Diagnostics& diagnostics, std::string encoding,
                       const Limits& limits, std::size_t block)
    : file_(std::move(file)), bytes_(bytes), diagnostics_(diagnostics), encoding_(std::move(encoding)),
      limits_(limits), block_(std::max<std::size_t>(block, 1)) {}

Transcoder::~Transcoder() = default;

std::unique_ptr<Transcoder> Transcoder::again(Diagnostics& nobody) const {
    return std::make_unique<Transcoder>(file_, bytes_, nobody, encoding_, limits_, block_);
}

void Transcoder::damaged(const std::string& why) {
    diagnostics_.add("record/truncated", {file_, 0, 0}, why,
                     "fetch the file again; what could be read was read");
    inflater_->done = true;
}

bool Transcoder::inflated(Buffer& out) {
    Inflater& in = *inflater_;
    if (in.done) return false;
    in.feed(bytes_, at_);
    in.stream.next_out = reinterpret_cast<std::uint8_t*>(out.room(block_));
    in.stream.avail_out = static_cast<std::uint32_t>(block_);
    const int status = isal_inflate(&in.stream);
    const std::size_t got = block_ - in.stream.avail_out;
    grown_ += got;
    if (grown_ > in.most) {
        out.add(got - (grown_ - in.most));
        damaged("the file grows more than it may when decompressed");
        return true;
    }
    out.add(got);
    if (status != ISAL_DECOMP_OK) {
        damaged("the compressed file is damaged");
        return true;
    }
    if (in.stream.block_state == ISAL_BLOCK_FINISH) {
        in.feed(bytes_, at_);
        // Other members may follow; anything else behind the last one is padding.
        in.done = in.stream.avail_in == 0 || *in.stream.next_in != 0x1F;
        if (!in.done) in.next_member();
        return true;
    }
    if (in.empty && in.stream.avail_in == 0 && in.stream.avail_out > 0)
        damaged("the compressed file ends too early");
    return true;
}

bool Transcoder::raw(Buffer& out) {
    if (inflater_) return inflated(out);
    const std::size_t got = bytes_.read(at_, out.room(block_), block_);
    out.add(got);
    at_ += got;
    return got > 0;
}

// Reads ahead and sees what the file is.
void Transcoder::begin() {
    begun_ = true;
    std::array<char, 3> magic{};
    std::size_t seen = 0;
    while (seen < magic.size()) {
        const std::size_t got = bytes_.read(seen, magic.data() + seen, magic.size() - seen);
        if (got == 0) break;
        seen += got;
    }
    if (seen == magic.size() && byte(magic[0]) == 0x1F && byte(magic[1]) == 0x8B)
        inflater_ = std::make_unique<Inflater>(
            block_, std::min(limits_.bytes, bytes_.size() * limits_.ratio + (std::size_t{1} << 20)));
    while (head_.size() < head_size && raw(head_)) {
    }
    choose(head_.view());
}

void Transcoder::choose(std::string_view head) {
    archive_ = head.substr(0, 4) == "PK\x03\x04";
    if (archive_) return;
    marked_ = true;
    if (!encoding_.empty())
        converter_ = std::make_unique<Converter>(encoding_);
    else if (order_ = utf16_order(head); order_ == 0) {
        if (head.substr(0, 3) == byte_order_mark) head_.erase_front(3);
        marked_ = false;
        const std::string declared = declared_encoding(head_.view());
        // Believed where the bytes are not UTF-8, which only the whole text can tell.
        if (!declared.empty() && !whole_is_utf8()) converter_ = std::make_unique<Converter>(declared);
    }
}

bool Transcoder::whole_is_utf8() const {
    Diagnostics nobody;
    Transcoder other(file_, bytes_, nobody, {}, limits_, block_);
    other.begun_ = true;
    if (inflater_) other.inflater_ = std::make_unique<Inflater>(block_, inflater_->most);
    Utf8Check check;
    for (Buffer piece; other.raw(piece); piece.clear())
        if (!check.add(piece.view())) return false;
    return check.finish();
}

bool Transcoder::piece(Buffer& out) {
    if (head_.size() == 0) return raw(out);
    out.append(head_.view());
    head_ = Buffer();
    return true;
}

bool Transcoder::convert(Buffer& out) {
    const bool more = piece(pending_);
    char* in = pending_.data();
    std::size_t left = pending_.size();
    std::array<char, 1 << 14> block{};
    while (left > 0) {
        char* to = block.data();
        std::size_t room = block.size();
        const std::size_t status = iconv(converter_->way, &in, &left, &to, &room);
        const int why = errno;
        out.append({block.data(), block.size() - room});
        if (status != static_cast<std::size_t>(-1) || why == E2BIG) continue;
        if (why == EINVAL && more) break; // the rest of a character comes with the next piece
        if (!converter_->told)
            diagnostics_.add("record/encoding", {file_, 0, 0}, "some bytes are not " + converter_->name,
                             "choose another --encoding");
        converter_->told = true;
        out.append("\xEF\xBF\xBD");
        ++in, --left;
    }
    pending_.erase_front(pending_.size() - left);
    return more;
}

void Transcoder::utf16(Buffer& out, bool last) {
    const std::string_view bytes = pending_.view();
    const auto unit = [&](std::size_t at) -> std::uint32_t {
        const unsigned a = byte(bytes[at]), b = byte(bytes[at + 1]);
        return order_ == 2 ? a << 8 | b : b << 8 | a;
    };
    std::size_t at = 0;
    for (; at + 1 < bytes.size(); at += 2) {
        std::uint32_t value = unit(at);
        if (value >= 0xD800 && value < 0xDC00) {
            if (at + 3 >= bytes.size() && !last) break; // its second half comes with the next piece
            const std::uint32_t low = at + 3 < bytes.size() ? unit(at + 2) : 0;
            if (low >= 0xDC00 && low < 0xE000)
                value = 0x10000 + ((value - 0xD800) << 10) + (low - 0xDC00), at += 2;
        }
        if (value >= 0xD800 && value < 0xE000) value = 0xFFFD;
        if (value < 0x80) {
            *out.room(1) = static_cast<char>(value);
            out.add(1);
        } else
            out.append(encode_code_point(value));
    }
    pending_.erase_front(std::min(at, pending_.size()));
}

bool Transcoder::next(Buffer& out) {
    if (!begun_) begin();
    if (ended_) return false;
    if (archive_) {
        out.append(head_.view().substr(0, 4));
        ended_ = true;
        return true;
    }
    const std::size_t before = out.size();
    bool more = true;
    do {
        if (converter_)
            more = convert(out);
        else if (order_ != 0) {
            more = piece(pending_);
            utf16(out, !more);
        } else
            more = piece(out);
    } while (more && marked_ && out.size() < before + byte_order_mark.size());
    if (marked_) {
        if (out.view().substr(before, 3) == byte_order_mark) out.replace(before, 3, {});
        marked_ = false;
    }
    ended_ = !more;
    return more || out.size() > before;
}

} // namespace assay::records
