#include "text/encoding.hpp"

#include "base/utf8.hpp"

#include <cstdint>
#include <cstring>

namespace assay::text {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

std::string hex_byte(char byte) {
    const unsigned value = static_cast<unsigned char>(byte);
    return {'0', 'x', "0123456789ABCDEF"[value >> 4], "0123456789ABCDEF"[value & 15U]};
}

// What the byte most likely meant: Windows-1252 is what spreadsheets write where UTF-8 was not chosen.
std::string latin1_advice(char byte) {
    const unsigned value = static_cast<unsigned char>(byte);
    std::string advice = "save the file as UTF-8";
    if (value >= 0xA0) advice += " (in Latin-1 this byte is '" + encode_code_point(value) + "')";
    return advice;
}

bool any_of(std::string_view bytes, bool (*wanted)(unsigned char)) {
    for (const char byte : bytes)
        if (wanted(static_cast<unsigned char>(byte))) return true;
    return false;
}

// How many bytes from `at` on are printable ASCII, in steps of eight: most text is, and needs no closer look.
std::size_t printable_ascii(std::string_view bytes, std::size_t at) {
    constexpr std::uint64_t ones = 0x0101010101010101, high = 0x80 * ones;
    const std::size_t begin = at;
    for (; at + 8 <= bytes.size(); at += 8) {
        std::uint64_t piece;
        std::memcpy(&piece, bytes.data() + at, 8);
        const std::uint64_t deleted = piece ^ (0x7F * ones); // zero where the byte is 0x7F
        if ((piece | (piece - 0x20 * ones) | (deleted - ones)) & high) break;
    }
    return at - begin;
}

class Scan {
public:
    Scan(const std::string& file, std::string_view bytes, Diagnostics& diagnostics)
        : file_(file), bytes_(bytes), diagnostics_(diagnostics) {}

    Encoding run() {
        Encoding result;
        if (bytes_.substr(0, 2) == "\xFF\xFE" || bytes_.substr(0, 2) == "\xFE\xFF") {
            diagnostics_.add("text/not-utf8", {file_, 1, 1}, "the file is UTF-16, not UTF-8",
                             "save it as UTF-8 (in a spreadsheet: 'CSV UTF-8')");
            result.readable = result.clean = false;
            return result;
        }
        if (bytes_.substr(0, 3) == byte_order_mark) {
            result.bom = 3;
            diagnostics_.add("text/bom", {file_, 1, 1}, "the file starts with a byte order mark",
                             "save it as UTF-8 without BOM; `assay fmt` does it");
        }
        // Most files are clean; one quick pass tells whether the slow one has anything to find.
        if (any_of(bytes_, [](unsigned char b) {
                return b >= 0x80 || (b < 0x20 && b != '\n' && b != '\t') || b == 0x7F;
            }))
            walk(result);
        return result;
    }

private:
    void walk(Encoding& result) {
        std::size_t at = result.bom;
        while (at < bytes_.size()) {
            const std::size_t plain = printable_ascii(bytes_, at);
            at += plain, column_ += static_cast<int>(plain);
            if (at == bytes_.size()) break;
            const char byte = bytes_[at];
            if (byte == '\n' || byte == '\r') {
                at = line_end(at);
                ++line_, column_ = 1, told_ = false;
                continue;
            }
            const CodePoint point = decode_code_point(bytes_, at);
            if (!point.valid)
                bad_byte(byte), result.clean = false;
            else if (point.value == 0)
                nul(), result.clean = false;
            else if ((point.value < 0x20 && point.value != '\t') ||
                     (point.value >= 0x7F && point.value < 0xA0))
                control(point.value);
            at += static_cast<std::size_t>(point.bytes), ++column_;
        }
        if (hidden_ > 0)
            diagnostics_.add("text/not-utf8", {file_, 0, 0},
                             std::to_string(hidden_) + " more lines have bytes that are not UTF-8",
                             "save the file as UTF-8");
    }

    std::size_t line_end(std::size_t at) {
        if (bytes_[at] == '\n') return at + 1;
        const bool pair = at + 1 < bytes_.size() && bytes_[at + 1] == '\n';
        bool& told = pair ? told_crlf_ : told_cr_;
        if (!told)
            diagnostics_.add(pair ? "text/crlf" : "text/cr", {file_, line_, column_},
                             pair ? "lines end in CR LF, not LF" : "lines end in CR alone, not LF",
                             "save with LF line ends; `assay fmt` does it");
        told = true;
        return at + (pair ? 2 : 1);
    }

    // One message per line, and not more than twenty lines: a Latin-1 file has thousands of such bytes.
    void bad_byte(char byte) {
        if (told_) return;
        told_ = true;
        if (++lines_with_bad_bytes_ > 20) {
            ++hidden_;
            return;
        }
        diagnostics_.add("text/not-utf8", {file_, line_, column_}, "byte " + hex_byte(byte) + " is not UTF-8",
                         latin1_advice(byte));
    }

    void nul() {
        if (told_nul_) return;
        told_nul_ = true;
        diagnostics_.add("text/nul", {file_, line_, column_}, "the file contains a NUL byte",
                         "text files have none; save the file again as UTF-8 text");
    }

    void control(char32_t value) {
        if (told_control_) return;
        told_control_ = true;
        diagnostics_.add("text/control", {file_, line_, column_},
                         "control character " + safe_text(encode_code_point(value)), "delete it");
    }

    const std::string& file_;
    std::string_view bytes_;
    Diagnostics& diagnostics_;
    int line_ = 1, column_ = 1, lines_with_bad_bytes_ = 0, hidden_ = 0;
    bool told_ = false, told_crlf_ = false, told_cr_ = false, told_nul_ = false, told_control_ = false;
};

} // namespace

Encoding check_encoding(const std::string& file, std::string_view bytes, Diagnostics& diagnostics) {
    return Scan(file, bytes, diagnostics).run();
}

std::string clean_copy(std::string_view bytes) {
    std::string copy;
    copy.reserve(bytes.size());
    for (std::size_t at = 0; at < bytes.size();) {
        const CodePoint point = decode_code_point(bytes, at);
        if (point.valid && point.value != 0)
            copy += bytes.substr(at, static_cast<std::size_t>(point.bytes));
        else
            copy += "\xEF\xBF\xBD";
        at += static_cast<std::size_t>(point.bytes);
    }
    return copy;
}

Lines::Lines(std::string_view bytes) : bytes_(bytes) {
    if (bytes_.substr(0, 3) == byte_order_mark) bytes_.remove_prefix(3);
    starts_.push_back(0);
    for (std::size_t at = 0; at < bytes_.size(); ++at) {
        const bool cr = bytes_[at] == '\r' && (at + 1 == bytes_.size() || bytes_[at + 1] != '\n');
        if (bytes_[at] == '\n' || cr) starts_.push_back(at + 1);
    }
}

std::string_view Lines::line(int number) const {
    if (number < 1 || number > count()) return {};
    const std::size_t begin = starts_[static_cast<std::size_t>(number) - 1];
    const std::size_t end = number < count() ? starts_[static_cast<std::size_t>(number)] : bytes_.size();
    std::string_view text = bytes_.substr(begin, end - begin);
    while (!text.empty() && (text.back() == '\n' || text.back() == '\r'))
        text.remove_suffix(1);
    return text;
}

std::string_view trim(std::string_view text) {
    constexpr std::string_view no_break = "\xC2\xA0";
    for (;;) {
        if (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
            text.remove_prefix(1);
        else if (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
            text.remove_suffix(1);
        else if (text.starts_with(no_break))
            text.remove_prefix(2);
        else if (text.ends_with(no_break))
            text.remove_suffix(2);
        else
            return text;
    }
}

} // namespace assay::text
