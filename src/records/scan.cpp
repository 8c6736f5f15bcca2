#include "records/scan.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

namespace assay::records {

namespace {

constexpr std::uint64_t ones = 0x0101010101010101ULL, highs = ones << 7;

unsigned char byte(char c) {
    return static_cast<unsigned char>(c);
}

std::uint64_t eight_at(const char* at) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, at, 8);
    return eight;
}

// Is one of the eight bytes zero?
bool has_zero(std::uint64_t eight) {
    return ((eight - ones) & ~eight & highs) != 0;
}

// Loops over so many bytes without a way out are what compilers turn into a few wide instructions.
constexpr std::ptrdiff_t block = 128;

// Windows-1252, bytes 0x80 to 0x9F; five are not defined and become U+FFFD.
constexpr std::array<char32_t, 32> windows = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                              0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                              0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                              0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};

std::size_t count_of(std::string_view text, char wanted) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size();) {
        // Counts of at most 255 fit into a byte: the compiler keeps many of them in one register.
        const std::size_t end = std::min(text.size(), at + 255);
        unsigned char few = 0;
        for (; at < end; ++at)
            few = static_cast<unsigned char>(few + (text[at] == wanted ? 1 : 0));
        count += few;
    }
    return count;
}

} // namespace

Seen look_at(std::string_view text) {
    Seen seen;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t end = std::min(text.size(), at + 4096);
        unsigned char high = 0, cr = 0, control = 0;
        for (std::size_t i = at; i < end; ++i) {
            const unsigned char c = byte(text[i]);
            const unsigned char is_cr = c == '\r';
            high |= c;
            cr |= is_cr;
            control |= static_cast<unsigned char>((c < 0x20) & (c != '\n') & (c != '\t') & (is_cr ^ 1U));
        }
        seen.high |= high >= 0x80;
        seen.cr |= cr != 0;
        if (control != 0) // or a form feed or a record separator, which texts may have
            seen.control |= std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                                        text.begin() + static_cast<std::ptrdiff_t>(end), is_control);
        at = end;
    }
    return seen;
}

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        while (at + 32 <= text.size()) {
            const char* here = text.data() + at;
            if (((eight_at(here) | eight_at(here + 8) | eight_at(here + 16) | eight_at(here + 24)) & highs) !=
                0)
                break;
            at += 32;
        }
        if (at + 8 <= text.size() && (eight_at(text.data() + at) & highs) == 0) {
            at += 8;
            continue;
        }
        if (at == text.size()) break;
        const CodePoint point = decode_code_point(text, at);
        if (!point.valid) return false;
        at += static_cast<std::size_t>(point.bytes);
    }
    return true;
}

bool irregular_space(std::string_view text) {
    constexpr std::uint64_t blanks = ones * ' ';
    const char *at = text.data(), *const end = at + text.size();
    for (; end - at > block; at += block) {
        unsigned char odd = 0;
        for (std::ptrdiff_t i = 0; i < block; ++i)
            odd |= static_cast<unsigned char>((byte(at[i]) < ' ') | ((at[i] == ' ') & (at[i + 1] == ' ')));
        if (odd != 0) return true;
    }
    for (; end - at > 8; at += 8) {
        const std::uint64_t here = eight_at(at), next = eight_at(at + 1);
        if (((here - blanks) & ~here & highs) != 0 || has_zero((here ^ blanks) | (next ^ blanks)))
            return true;
    }
    for (; at != end; ++at)
        if (byte(*at) < ' ' || (*at == ' ' && at + 1 != end && at[1] == ' ')) return true;
    return false;
}

bool has_blanks(std::string_view text) {
    constexpr std::uint64_t blanks = ones * ' ';
    const char *at = text.data(), *const end = at + text.size();
    for (; end - at > block + 1; at += block) {
        unsigned char three = 0;
        for (std::ptrdiff_t i = 0; i < block; ++i)
            three |= static_cast<unsigned char>((at[i] == ' ') & (at[i + 1] == ' ') & (at[i + 2] == ' '));
        if (three != 0) return true;
    }
    for (; end - at > 9; at += 8)
        if (has_zero((eight_at(at) ^ blanks) | (eight_at(at + 1) ^ blanks) | (eight_at(at + 2) ^ blanks)))
            return true;
    for (; end - at > 2; ++at)
        if (at[0] == ' ' && at[1] == ' ' && at[2] == ' ') return true;
    return false;
}

bool Utf8Check::add(std::string_view piece) {
    kept_ += piece;
    std::size_t end = kept_.size();
    // The last character may go on in the next piece: its first byte is one of the last three.
    for (std::size_t back = 1; back <= std::min<std::size_t>(3, kept_.size()); ++back) {
        const unsigned char c = byte(kept_[kept_.size() - back]);
        if (c < 0x80) break;
        if (c < 0xC0) continue;
        const std::size_t needed = c >= 0xF0 ? 4 : c >= 0xE0 ? 3 : 2;
        if (needed > back) end = kept_.size() - back;
        break;
    }
    if (!is_utf8(std::string_view(kept_).substr(0, end))) return false;
    kept_.erase(0, end);
    return true;
}

int line_ends(std::string_view text, bool with_cr) {
    std::size_t count = count_of(text, '\n');
    if (with_cr)
        for (std::size_t at = text.find('\r'); at != std::string_view::npos; at = text.find('\r', at + 1))
            count += at + 1 == text.size() || text[at + 1] != '\n' ? 1 : 0;
    return static_cast<int>(count);
}

bool has_doubled(std::string_view text) {
    // All begin with C3 83 C2, C3 83 C5 or C3 A2 E2 82 AC.
    for (std::size_t at = text.find('\xC3'); at != std::string_view::npos; at = text.find('\xC3', at + 1)) {
        const std::string_view rest = text.substr(at + 1, longest_sign - 1);
        if (rest.size() >= 2 && rest[0] == '\x83' && (rest[1] == '\xC2' || rest[1] == '\xC5')) return true;
        if (rest == "\xA2\xE2\x82\xAC") return true;
    }
    return false;
}

bool may_be_doubled(std::string_view text) {
    // A character that stands for the first byte of another (U+00C2 to U+00F4), and behind it one for a
    // second byte.
    for (std::size_t at = text.find('\xC3'); at != std::string_view::npos; at = text.find('\xC3', at + 1))
        if (at + 2 < text.size() && byte(text[at + 1]) >= 0x82 && byte(text[at + 1]) <= 0xB4 &&
            byte(text[at + 2]) >= 0x80)
            return true;
    return false;
}

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

std::string from_windows(std::string_view line) {
    std::string out;
    for (const char c : line) {
        const unsigned char b = byte(c);
        if (b < 0x80)
            out += c;
        else
            out += encode_code_point(b < 0xA0 ? windows[b - 0x80U] : b);
    }
    return out;
}

} // namespace assay::records
