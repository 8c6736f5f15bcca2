#include "text/fold.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <unicode/uchar.h>
#include <unicode/unorm2.h>

namespace assay::text {

namespace {

struct Spelled {
    char32_t letter;
    std::string_view text;
};

// Letters that have no decomposition in Unicode, and Greek letters, which databases write as names.
constexpr Spelled spelled[] = {
    {0xDF, "ss"},    {0xE6, "ae"},     {0xF0, "d"},      {0xF8, "o"},        {0xFE, "th"},
    {0x111, "d"},    {0x127, "h"},     {0x131, "i"},     {0x138, "k"},       {0x142, "l"},
    {0x14B, "n"},    {0x153, "oe"},    {0x167, "t"},     {0x180, "b"},       {0x3B1, "alpha"},
    {0x3B2, "beta"}, {0x3B3, "gamma"}, {0x3B4, "delta"}, {0x3B5, "epsilon"}, {0x3B6, "zeta"},
    {0x3B7, "eta"},  {0x3B8, "theta"}, {0x3B9, "iota"},  {0x3BA, "kappa"},   {0x3BB, "lambda"},
    {0x3BC, "mu"},   {0x3BD, "nu"},    {0x3BE, "xi"},    {0x3BF, "omicron"}, {0x3C0, "pi"},
    {0x3C1, "rho"},  {0x3C2, "sigma"}, {0x3C3, "sigma"}, {0x3C4, "tau"},     {0x3C5, "upsilon"},
    {0x3C6, "phi"},  {0x3C7, "chi"},   {0x3C8, "psi"},   {0x3C9, "omega"},
};

std::string_view spelled_out(char32_t letter) {
    const auto found = std::lower_bound(std::begin(spelled), std::end(spelled), letter,
                                        [](const Spelled& row, char32_t c) { return row.letter < c; });
    return found != std::end(spelled) && found->letter == letter ? found->text : std::string_view();
}

// Characters that join or mark and are not seen as a break: soft hyphen, zero width space and joiners.
bool invisible(char32_t c) {
    return c == 0xAD || (c >= 0x200B && c <= 0x200D) || c == 0x2060 || c == 0xFEFF;
}

std::string fold_character(char32_t value) {
    if (invisible(value)) return {};
    UErrorCode status = U_ZERO_ERROR;
    const UNormalizer2* nfkd = unorm2_getNFKDInstance(&status);
    std::array<UChar, 64> units{};
    int32_t length = -1;
    if (U_SUCCESS(status))
        length = unorm2_getDecomposition(nfkd, static_cast<UChar32>(value), units.data(),
                                         static_cast<int32_t>(units.size()), &status);
    std::string out;
    const auto add = [&](UChar32 c) {
        if (u_charType(c) == U_NON_SPACING_MARK || u_charType(c) == U_ENCLOSING_MARK) return;
        const auto lower = static_cast<char32_t>(u_foldCase(c, U_FOLD_CASE_DEFAULT));
        if (const auto text = spelled_out(lower); !text.empty())
            out += text;
        else if (u_isalnum(static_cast<UChar32>(lower)))
            out += encode_code_point(lower);
        else if (u_charType(c) != U_COMBINING_SPACING_MARK)
            out += ' ';
    };
    if (length < 0 || U_FAILURE(status)) {
        add(static_cast<UChar32>(value));
        return out;
    }
    for (int32_t at = 0; at < length;) {
        UChar32 c = 0;
        U16_NEXT(units.data(), at, length, c);
        add(c);
    }
    return out;
}

struct Entity {
    std::string_view name;
    char32_t value;
};

// The entities that bibliographic databases leave behind, sorted by name.
constexpr Entity entities[] = {
    {"Aacute", 0xC1},  {"Agrave", 0xC0},  {"Aring", 0xC5},    {"Auml", 0xC4},    {"Ccedil", 0xC7},
    {"Delta", 0x394},  {"Eacute", 0xC9},  {"Ntilde", 0xD1},   {"Omega", 0x3A9},  {"Oslash", 0xD8},
    {"Ouml", 0xD6},    {"Uuml", 0xDC},    {"aacute", 0xE1},   {"acirc", 0xE2},   {"aelig", 0xE6},
    {"agrave", 0xE0},  {"alpha", 0x3B1},  {"amp", 0x26},      {"apos", 0x27},    {"aring", 0xE5},
    {"atilde", 0xE3},  {"auml", 0xE4},    {"beta", 0x3B2},    {"bull", 0x2022},  {"ccedil", 0xE7},
    {"chi", 0x3C7},    {"copy", 0xA9},    {"deg", 0xB0},      {"delta", 0x3B4},  {"eacute", 0xE9},
    {"ecirc", 0xEA},   {"egrave", 0xE8},  {"epsilon", 0x3B5}, {"eta", 0x3B7},    {"euml", 0xEB},
    {"euro", 0x20AC},  {"gamma", 0x3B3},  {"ge", 0x2265},     {"gt", 0x3E},      {"hellip", 0x2026},
    {"iacute", 0xED},  {"icirc", 0xEE},   {"igrave", 0xEC},   {"iuml", 0xEF},    {"kappa", 0x3BA},
    {"lambda", 0x3BB}, {"laquo", 0xAB},   {"ldquo", 0x201C},  {"le", 0x2264},    {"lsquo", 0x2018},
    {"lt", 0x3C},      {"mdash", 0x2014}, {"micro", 0xB5},    {"middot", 0xB7},  {"minus", 0x2212},
    {"mu", 0x3BC},     {"nbsp", 0xA0},    {"ndash", 0x2013},  {"ntilde", 0xF1},  {"oacute", 0xF3},
    {"ocirc", 0xF4},   {"ograve", 0xF2},  {"omega", 0x3C9},   {"oslash", 0xF8},  {"otilde", 0xF5},
    {"ouml", 0xF6},    {"phi", 0x3C6},    {"pi", 0x3C0},      {"plusmn", 0xB1},  {"prime", 0x2032},
    {"psi", 0x3C8},    {"quot", 0x22},    {"raquo", 0xBB},    {"rdquo", 0x201D}, {"reg", 0xAE},
    {"rho", 0x3C1},    {"rsquo", 0x2019}, {"sigma", 0x3C3},   {"sup1", 0xB9},    {"sup2", 0xB2},
    {"sup3", 0xB3},    {"szlig", 0xDF},   {"tau", 0x3C4},     {"theta", 0x3B8},  {"times", 0xD7},
    {"trade", 0x2122}, {"uacute", 0xFA},  {"ucirc", 0xFB},    {"ugrave", 0xF9},  {"uuml", 0xFC},
    {"yacute", 0xFD},  {"yuml", 0xFF},
};

using ascii::letter;

// Length of the tag that starts at `at`, or 0. Names of tags are short and start with a letter, so "p < 0.05"
// and
// "<5 years" stay text.
std::size_t tag_length(std::string_view text, std::size_t at) {
    std::size_t name = at + 1;
    if (name < text.size() && text[name] == '/') ++name;
    if (name >= text.size() || !letter(text[name])) return 0;
    std::size_t end = name;
    while (end < text.size() && (letter(text[end]) || (text[end] >= '0' && text[end] <= '9') ||
                                 text[end] == ':' || text[end] == '-'))
        ++end;
    if (end - name > 24 || end >= text.size()) return 0;
    if (text[end] != '>' && text[end] != ' ' && text[end] != '/') return 0;
    const std::size_t close = text.find_first_of("<>", end);
    if (close == std::string_view::npos || text[close] != '>' || close - at > 400) return 0;
    return close + 1 - at;
}

std::string one_pass(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = text.find_first_of("<&", at);
        out += text.substr(at, next - at);
        if (next == std::string_view::npos) break;
        at = next;
        if (text[at] == '<') {
            const std::size_t length = tag_length(text, at);
            if (length == 0)
                out += text[at++];
            else
                at += length;
            continue;
        }
        const std::size_t semicolon = text.substr(0, at + 12).find(';', at);
        const std::string value = semicolon == std::string_view::npos
                                      ? std::string()
                                      : entity(text.substr(at + 1, semicolon - at - 1));
        if (value.empty())
            out += text[at++];
        else
            out += value, at = semicolon + 1;
    }
    return out;
}

} // namespace

const std::string& Folder::folded(char32_t value) {
    const auto found = known_.find(value);
    if (found != known_.end()) return found->second;
    return known_.emplace(value, fold_character(value)).first->second;
}

void Folder::words(std::string_view text, std::string& out) {
    out.clear();
    bool gap = false;
    const auto put = [&](char c) {
        if (c == ' ') {
            gap = true;
            return;
        }
        if (gap && !out.empty()) out += ' ';
        gap = false;
        out += c;
    };
    for (std::size_t at = 0; at < text.size();) {
        const char c = text[at];
        if (static_cast<unsigned char>(c) < 0x80) {
            if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
                put(c);
            else if (c >= 'A' && c <= 'Z')
                put(static_cast<char>(c + ('a' - 'A')));
            else
                gap = true;
            ++at;
            continue;
        }
        const CodePoint point = decode_code_point(text, at);
        at += static_cast<std::size_t>(point.bytes);
        if (!point.valid) {
            gap = true;
            continue;
        }
        for (const char f : folded(point.value))
            put(f);
    }
}

std::string entity(std::string_view name) {
    if (name.size() > 1 && name[0] == '#') {
        const bool hex = name[1] == 'x' || name[1] == 'X';
        const char *begin = name.data() + (hex ? 2 : 1), *end = name.data() + name.size();
        std::uint32_t value = 0;
        const auto read = std::from_chars(begin, end, value, hex ? 16 : 10);
        if (read.ec != std::errc() || read.ptr != end || value > 0x10FFFF) return {};
        if (value == '\n' || value == '\r') return "\n"; // EndNote parts lines with &#xD;
        if (value == '\t') return " ";
        if (value < 0x20) return {};
        if (value >= 0xD800 && value <= 0xDFFF) return {};
        return encode_code_point(value);
    }
    const auto found = std::lower_bound(std::begin(entities), std::end(entities), name,
                                        [](const Entity& row, std::string_view n) { return row.name < n; });
    return found != std::end(entities) && found->name == name ? encode_code_point(found->value)
                                                              : std::string();
}

std::string without_markup(std::string_view text) {
    if (text.find_first_of("<&") == std::string_view::npos) return std::string(text);
    std::string once = one_pass(text);
    // "&amp;lt;i&amp;gt;": escaped twice on the way through two programs.
    return once.find('&') == std::string::npos || once == text ? once : one_pass(once);
}

} // namespace assay::text
