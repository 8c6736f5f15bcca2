#include "claims/readable.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace assay::claims {

namespace {

/// Collects text and pieces; neighbours that run byte for byte become one piece.
class Builder {
public:
    void same(std::string_view bytes, std::size_t file) {
        if (bytes.empty()) return;
        if (!out_.pieces.empty()) {
            Piece& last = out_.pieces.back();
            if (last.text_bytes == last.file_bytes && last.file + last.file_bytes == file) {
                last.text_bytes += bytes.size();
                last.file_bytes += bytes.size();
                out_.text += bytes;
                return;
            }
        }
        out_.pieces.push_back({out_.text.size(), bytes.size(), file, bytes.size()});
        out_.text += bytes;
    }
    void other(std::string_view text, std::size_t file, std::size_t file_bytes) {
        if (text.empty()) return;
        out_.pieces.push_back({out_.text.size(), text.size(), file, file_bytes});
        out_.text += text;
    }
    /// A break between blocks: at most two in a row.
    void line(std::size_t file) {
        if (out_.text.size() >= 2 && out_.text.compare(out_.text.size() - 2, 2, "\n\n") == 0) return;
        other("\n", file, 0);
    }
    Readable& out() { return out_; }

private:
    Readable out_;
};

// Windows-1252, 0x80 to 0x9F (WHATWG encoding standard, index windows-1252).
constexpr std::array<char32_t, 32> windows_1252{
    0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
    0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178};

std::string from_windows_1252(unsigned char byte) {
    if (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') return " ";
    if (byte < 0x80) return std::string(1, static_cast<char>(byte));
    return encode_code_point(byte < 0xA0 ? windows_1252[byte - 0x80] : char32_t{byte});
}

std::size_t utf16_mark(std::string_view bytes) {
    if (bytes.size() < 2) return 0;
    if (bytes[0] == '\xFF' && bytes[1] == '\xFE') return 1; // little endian
    if (bytes[0] == '\xFE' && bytes[1] == '\xFF') return 2;
    return 0;
}

Readable read_utf16(std::string_view bytes, bool little) {
    Builder builder;
    const auto unit = [&](std::size_t at) {
        const auto low = static_cast<unsigned char>(bytes[little ? at : at + 1]);
        const auto high = static_cast<unsigned char>(bytes[little ? at + 1 : at]);
        return static_cast<char32_t>(high << 8 | low);
    };
    for (std::size_t at = 2; at + 1 < bytes.size(); at += 2) {
        char32_t value = unit(at);
        std::size_t used = 2;
        if (value >= 0xD800 && value < 0xDC00 && at + 3 < bytes.size()) {
            const char32_t second = unit(at + 2);
            if (second >= 0xDC00 && second < 0xE000) {
                value = 0x10000 + ((value - 0xD800) << 10) + (second - 0xDC00);
                used = 4;
            }
        }
        if (value == 0 || (value >= 0xD800 && value < 0xE000)) value = 0xFFFD;
        builder.other(encode_code_point(value), at, used);
        at += used - 2;
    }
    builder.out().notes.push_back("the file is UTF-16; it was read as such");
    return std::move(builder.out());
}

void repair(Builder& builder, std::string_view bytes, std::size_t from, std::size_t to,
            std::size_t& repaired) {
    std::size_t run = from;
    for (std::size_t at = from; at < to;) {
        const auto byte = static_cast<unsigned char>(bytes[at]);
        if (byte < 0x80 && (byte >= 0x20 || byte == '\n' || byte == '\t' || byte == '\r')) {
            ++at;
            continue;
        }
        const CodePoint point = decode_code_point(bytes, at);
        if (point.valid && byte >= 0x80) {
            at += static_cast<std::size_t>(point.bytes);
            continue;
        }
        builder.same(bytes.substr(run, at - run), run);
        builder.other(from_windows_1252(byte), at, 1);
        ++repaired;
        run = ++at;
    }
    builder.same(bytes.substr(run, to - run), run);
}

void note_repairs(Readable& readable, std::size_t repaired) {
    if (repaired == 0) return;
    readable.notes.push_back(std::to_string(repaired) + (repaired == 1 ? " byte is" : " bytes are") +
                             " not UTF-8; read as Windows-1252");
}

// ---- HTML
// ---------------------------------------------------------------------------------------------------

enum class Act { none, line, paragraph, item, cell, row, skip, raw };

struct Tag {
    std::string_view name;
    Act act;
};

// Sorted. Elements that are not listed run along with the text.
constexpr std::array<Tag, 44> tags{{{"address", Act::line},
                                    {"article", Act::paragraph},
                                    {"aside", Act::paragraph},
                                    {"blockquote", Act::paragraph},
                                    {"br", Act::line},
                                    {"button", Act::skip},
                                    {"caption", Act::paragraph},
                                    {"dd", Act::line},
                                    {"div", Act::paragraph},
                                    {"dl", Act::paragraph},
                                    {"dt", Act::line},
                                    {"figcaption", Act::paragraph},
                                    {"figure", Act::paragraph},
                                    {"footer", Act::paragraph},
                                    {"form", Act::skip},
                                    {"h1", Act::paragraph},
                                    {"h2", Act::paragraph},
                                    {"h3", Act::paragraph},
                                    {"h4", Act::paragraph},
                                    {"h5", Act::paragraph},
                                    {"h6", Act::paragraph},
                                    {"head", Act::skip},
                                    {"header", Act::paragraph},
                                    {"hr", Act::paragraph},
                                    {"iframe", Act::skip},
                                    {"li", Act::item},
                                    {"main", Act::paragraph},
                                    {"nav", Act::skip},
                                    {"noscript", Act::skip},
                                    {"ol", Act::paragraph},
                                    {"p", Act::paragraph},
                                    {"pre", Act::paragraph},
                                    {"script", Act::raw},
                                    {"section", Act::paragraph},
                                    {"select", Act::skip},
                                    {"style", Act::raw},
                                    {"svg", Act::skip},
                                    {"table", Act::paragraph},
                                    {"td", Act::cell},
                                    {"template", Act::skip},
                                    {"textarea", Act::raw},
                                    {"th", Act::cell},
                                    {"tr", Act::row},
                                    {"ul", Act::paragraph}}};

Act act_of(std::string_view name) {
    const auto at =
        std::lower_bound(tags.begin(), tags.end(), name,
                         [](const Tag& tag, std::string_view wanted) { return tag.name < wanted; });
    return at != tags.end() && at->name == name ? at->act : Act::none;
}

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f';
}

using ascii::to_lower;

struct Element {
    std::string name;
    bool closing = false, empty = false;
    std::string href;
    std::size_t end = 0; ///< one behind '>'
};

// Reads the tag at `at` ('<'); false when it is no tag but a sign in the text.
bool read_tag(std::string_view bytes, std::size_t at, Element& element) {
    std::size_t i = at + 1;
    if (i < bytes.size() && bytes[i] == '/') {
        element.closing = true;
        ++i;
    }
    if (i >= bytes.size() || !((bytes[i] >= 'a' && bytes[i] <= 'z') || (bytes[i] >= 'A' && bytes[i] <= 'Z')))
        return false;
    while (i < bytes.size() && !is_space(bytes[i]) && bytes[i] != '>' && bytes[i] != '/')
        element.name += to_lower(bytes[i++]);
    while (i < bytes.size() && bytes[i] != '>') {
        if (bytes[i] == '"' || bytes[i] == '\'') {
            const std::size_t end = bytes.find(bytes[i], i + 1);
            if (end == std::string_view::npos) { // an open quote: the tag ends at the next '>'
                i = std::min(bytes.find('>', i), bytes.size());
                break;
            }
            std::size_t name_end = i;
            while (name_end > at && (is_space(bytes[name_end - 1]) || bytes[name_end - 1] == '='))
                --name_end;
            if (name_end >= at + 4) {
                std::string name;
                for (std::size_t k = name_end - 4; k < name_end; ++k)
                    name += to_lower(bytes[k]);
                if (name == "href") element.href = std::string(bytes.substr(i + 1, end - i - 1));
            }
            i = end + 1;
            continue;
        }
        element.empty = bytes[i] == '/';
        ++i;
    }
    element.end = std::min(i + 1, bytes.size());
    return true;
}

constexpr std::array<std::string_view, 10> raised{
    "\xE2\x81\xB0", "\xC2\xB9",     "\xC2\xB2",     "\xC2\xB3",     "\xE2\x81\xB4",
    "\xE2\x81\xB5", "\xE2\x81\xB6", "\xE2\x81\xB7", "\xE2\x81\xB8", "\xE2\x81\xB9"};

class HtmlReader {
public:
    explicit HtmlReader(std::string_view bytes) : bytes_(bytes) {}

    Readable read() {
        std::size_t at = bytes_.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
        while (at < bytes_.size()) {
            if (bytes_[at] == '<') {
                at = markup(at);
            } else if (bytes_[at] == '&') {
                at = entity_at(at);
            } else {
                const std::size_t end = std::min(bytes_.find_first_of("<&", at + 1), bytes_.size());
                text(at, end);
                at = end;
            }
        }
        note_repairs(builder_.out(), repaired_);
        return std::move(builder_.out());
    }

private:
    std::size_t markup(std::size_t at) {
        if (bytes_.compare(at, 4, "<!--") == 0) {
            const std::size_t end = bytes_.find("-->", at + 4);
            return end == std::string_view::npos ? bytes_.size() : end + 3;
        }
        if (at + 1 < bytes_.size() && (bytes_[at + 1] == '!' || bytes_[at + 1] == '?')) {
            const std::size_t end = bytes_.find('>', at);
            return end == std::string_view::npos ? bytes_.size() : end + 1;
        }
        Element element;
        if (!read_tag(bytes_, at, element)) {
            text(at, at + 1);
            return at + 1;
        }
        const Act act = act_of(element.name);
        if (act == Act::raw && !element.closing) return after_raw(element);
        if (!skipped_.empty()) {
            if (element.name == skipped_) skip_depth_ += element.closing ? -1 : 1;
            if (skip_depth_ <= 0) skipped_.clear();
            return element.end;
        }
        if (act == Act::skip) {
            if (!element.closing && !element.empty) {
                skipped_ = element.name;
                skip_depth_ = 1;
            }
            return element.end;
        }
        apply(act, element, at);
        return element.end;
    }

    // The content of <script> and <style> is no markup: it ends at its own closing tag.
    std::size_t after_raw(const Element& element) const {
        std::size_t at = element.end;
        while ((at = bytes_.find("</", at)) != std::string_view::npos) {
            Element closing;
            if (read_tag(bytes_, at, closing) && closing.name == element.name) return closing.end;
            at += 2;
        }
        return bytes_.size();
    }

    void apply(Act act, const Element& element, std::size_t at) {
        if (element.name == "sup") raised_ = !element.closing;
        if (element.name == "a") {
            if (element.closing) {
                if (!link_.url.empty() && builder_.out().text.size() > link_.begin) {
                    link_.end = builder_.out().text.size();
                    builder_.out().links.push_back(link_);
                }
                link_ = {};
            } else {
                link_.begin = builder_.out().text.size();
                link_.url = text::without_markup(element.href);
            }
        }
        switch (act) {
        case Act::line:
            builder_.line(at);
            break;
        case Act::paragraph:
            builder_.line(at);
            if (!in_row_) builder_.line(at);
            break;
        case Act::item:
            builder_.line(at);
            if (!element.closing) builder_.other("- ", at, 0);
            break;
        case Act::row:
            in_row_ = !element.closing;
            builder_.line(at);
            break;
        case Act::cell:
            if (element.closing) builder_.other("\t", at, 0);
            break;
        default:
            break;
        }
    }

    std::size_t entity_at(std::size_t at) {
        const std::size_t end = bytes_.find(';', at);
        if (end != std::string_view::npos && end - at <= 32) {
            const std::string decoded = text::entity(bytes_.substr(at + 1, end - at - 1));
            if (!decoded.empty()) {
                if (skipped_.empty()) builder_.other(decoded == "\xC2\xA0" ? " " : decoded, at, end + 1 - at);
                return end + 1;
            }
        }
        text(at, at + 1);
        return at + 1;
    }

    void text(std::size_t from, std::size_t to) {
        if (!skipped_.empty()) return;
        if (raised_) {
            std::size_t run = from;
            for (std::size_t i = from; i < to; ++i) {
                if (bytes_[i] < '0' || bytes_[i] > '9') continue;
                repair(builder_, bytes_, run, i, repaired_);
                builder_.other(raised[static_cast<std::size_t>(bytes_[i] - '0')], i, 1);
                run = i + 1;
            }
            repair(builder_, bytes_, run, to, repaired_);
            return;
        }
        // Line ends and runs of spaces inside a block mean one space. They stay as they are but for the line
        // ends.
        std::size_t run = from;
        for (std::size_t i = from; i < to; ++i) {
            if (bytes_[i] != '\n' && bytes_[i] != '\r' && bytes_[i] != '\t') continue;
            repair(builder_, bytes_, run, i, repaired_);
            builder_.other(" ", i, 1);
            run = i + 1;
        }
        repair(builder_, bytes_, run, to, repaired_);
    }

    std::string_view bytes_;
    Builder builder_;
    std::string skipped_;
    long skip_depth_ = 0;
    bool raised_ = false, in_row_ = false;
    Link link_;
    std::size_t repaired_ = 0;
};

} // namespace

std::size_t Readable::file_begin(std::size_t at) const {
    auto piece = std::upper_bound(pieces.begin(), pieces.end(), at,
                                  [](std::size_t wanted, const Piece& p) { return wanted < p.text; });
    if (piece == pieces.begin()) return 0;
    --piece;
    if (at >= piece->text + piece->text_bytes) return piece->file + piece->file_bytes;
    return piece->text_bytes == piece->file_bytes ? piece->file + (at - piece->text) : piece->file;
}

std::size_t Readable::file_end(std::size_t end) const {
    if (end == 0) return file_begin(0);
    auto piece = std::upper_bound(pieces.begin(), pieces.end(), end - 1,
                                  [](std::size_t wanted, const Piece& p) { return wanted < p.text; });
    if (piece == pieces.begin()) return 0;
    --piece;
    if (piece->text_bytes == piece->file_bytes)
        return piece->file + std::min(end - piece->text, piece->file_bytes);
    return piece->file + piece->file_bytes;
}

bool looks_binary(std::string_view bytes) {
    if (utf16_mark(bytes)) return false;
    const std::string_view start = bytes.substr(0, std::size_t{64} << 10);
    std::size_t odd = 0;
    for (const char c : start) {
        const auto byte = static_cast<unsigned char>(c);
        odd += byte == 0 ? 8 : byte < 9 || (byte > 13 && byte < 32 && byte != 27);
    }
    return odd * 50 > start.size();
}

Readable read_plain(std::string_view bytes) {
    if (const std::size_t mark = utf16_mark(bytes)) return read_utf16(bytes, mark == 1);
    Builder builder;
    std::size_t repaired = 0;
    repair(builder, bytes, bytes.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0, bytes.size(), repaired);
    note_repairs(builder.out(), repaired);
    return std::move(builder.out());
}

Readable read_html(std::string_view bytes) {
    if (utf16_mark(bytes)) { // rare: the tags are read after the encoding, places are those of the letters
        const Readable plain = read_plain(bytes);
        Readable html = read_html(plain.text);
        for (Piece& piece : html.pieces) {
            const std::size_t begin = plain.file_begin(piece.file);
            piece.file_bytes = plain.file_end(piece.file + piece.file_bytes) -
                               std::min(begin, plain.file_end(piece.file + piece.file_bytes));
            piece.file = begin;
        }
        html.notes.insert(html.notes.begin(), plain.notes.begin(), plain.notes.end());
        return html;
    }
    return HtmlReader(bytes).read();
}

} // namespace assay::claims
