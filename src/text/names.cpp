#include "text/names.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "text/encoding.hpp"

#include <algorithm>
#include <array>

namespace assay::text {

namespace {

constexpr std::string_view particles[] = {
    "abd", "af",    "al",    "ap",     "aan", "ben", "bin", "da",  "dal", "das", "de",  "degli", "dei",
    "del", "della", "den",   "der",    "des", "di",  "do",  "dos", "du",  "e",   "el",  "ibn",   "in",
    "la",  "las",   "le",    "les",    "lo",  "los", "mac", "op",  "san", "st",  "ten", "ter",   "t",
    "v",   "van",   "vande", "vander", "vom", "von", "y",   "zu",  "zum", "zur"};
constexpr std::string_view suffixes[] = {"2nd", "3rd", "4th", "ii", "iii", "iv", "jnr", "jr", "snr", "sr"};

std::string lower(std::string_view text) {
    std::string out;
    for (const char c : text)
        if (c != '.' && c != '\'') out += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
    return out;
}

using ascii::lower;
using ascii::upper;

bool high(char c) {
    return static_cast<unsigned char>(c) >= 0x80;
}

std::vector<std::string_view> split(std::string_view text, std::string_view separator) {
    std::vector<std::string_view> parts;
    for (std::size_t at = 0;;) {
        const std::size_t next = text.find(separator, at);
        const std::string_view part = trim(text.substr(at, next - at));
        if (!part.empty()) parts.push_back(part);
        if (next == std::string_view::npos) return parts;
        at = next + separator.size();
    }
}

std::vector<std::string_view> words_of(std::string_view text) {
    return split(text, " ");
}

// "Adeli K.Lewis G. F.": a point, then at once a word of two letters or more.
std::vector<std::string_view> split_glued(std::string_view text) {
    std::vector<std::string_view> parts;
    std::size_t begin = 0;
    for (std::size_t at = 1; at + 2 < text.size(); ++at) {
        if (text[at] != '.' || !upper(text[at - 1])) continue;
        const char first = text[at + 1], second = text[at + 2];
        const bool word = (upper(first) || lower(first) || high(first)) &&
                          (lower(second) || high(second) || second == '\'' ||
                           (upper(first) && second == '-' && at + 3 < text.size() && lower(text[at + 3])));
        if (!word) continue;
        parts.push_back(trim(text.substr(begin, at + 1 - begin)));
        begin = at + 1;
    }
    parts.push_back(trim(text.substr(begin)));
    return parts;
}

bool glued(std::string_view text) {
    return split_glued(text).size() > 1;
}

// "Smith, J., Doe, A." against "Smith J, Doe A": in the first, every second part is initials.
std::vector<std::string_view> split_commas(std::string_view text) {
    const auto parts = split(text, ",");
    if (parts.size() < 3) {
        // "Smith, John" is one name; "Smith J, Doe A" are two.
        if (parts.size() == 2) {
            const auto a = words_of(parts[0]), b = words_of(parts[1]);
            if (a.size() > 1 && b.size() > 1 && is_initials(a.back()) && is_initials(b.back())) return parts;
        }
        return {text};
    }
    std::size_t alternate = 0;
    for (std::size_t i = 1; i < parts.size(); i += 2)
        alternate += is_initials(parts[i]) ? 1 : 0;
    if (alternate * 2 < parts.size() / 2) {
        const bool suffix_only = parts.size() == 3 && is_suffix(parts[2]);
        return suffix_only ? std::vector<std::string_view>{text} : parts;
    }
    std::vector<std::string_view> names;
    for (std::size_t i = 0; i < parts.size();) {
        std::size_t next = i + 1;
        if (next < parts.size() && is_initials(parts[next])) ++next;
        if (next < parts.size() && is_suffix(parts[next])) ++next;
        const char* end = parts[next - 1].data() + parts[next - 1].size();
        names.emplace_back(parts[i].data(), static_cast<std::size_t>(end - parts[i].data()));
        i = next;
    }
    return names;
}

bool et_al(std::string_view name) {
    const std::string text = lower(name);
    return text == "et al" || text == "al" || text == "others" || text == "and others" || text == "et al,";
}

} // namespace

bool is_particle(std::string_view word) {
    const std::string text = lower(word);
    return std::binary_search(std::begin(particles), std::end(particles), text) ||
           std::find(std::begin(particles), std::end(particles), text) != std::end(particles);
}

bool is_suffix(std::string_view word) {
    const std::string text = lower(trim(word));
    return std::find(std::begin(suffixes), std::end(suffixes), text) != std::end(suffixes);
}

bool is_initials(std::string_view text) {
    int capitals = 0;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        const char c = text[at];
        at += static_cast<std::size_t>(point.bytes);
        if (upper(c) || (point.value >= 0xC0 && point.value <= 0xDE))
            ++capitals;
        else if (c != '.' && c != ' ' && c != '-')
            return false;
    }
    return capitals >= 1 && capitals <= 4;
}

std::vector<std::string_view> split_names(std::string_view list) {
    list = trim(list);
    std::vector<std::string_view> parts;
    const auto split_all = [&](std::string_view separator) { parts = split(list, separator); };
    if (list.find(';') != std::string_view::npos)
        split_all(";");
    else if (list.find('\n') != std::string_view::npos)
        split_all("\n");
    else if (list.find('|') != std::string_view::npos)
        split_all("|");
    else if (list.find(" and ") != std::string_view::npos && list.find(" and ") != list.rfind(" and "))
        split_all(" and ");
    else if (glued(list))
        parts = split_glued(list);
    else if (const std::size_t last = list.find(" and "); last != std::string_view::npos) {
        parts = split_commas(trim(list.substr(0, last)));
        parts.push_back(trim(list.substr(last + 5)));
    } else if (const std::size_t amp = list.find(" & "); amp != std::string_view::npos) {
        std::string_view head = trim(list.substr(0, amp));
        if (!head.empty() && head.back() == ',') head.remove_suffix(1);
        parts = split_commas(head);
        parts.push_back(trim(list.substr(amp + 3)));
    } else if (!list.empty())
        parts = split_commas(list);
    std::erase_if(parts, [](std::string_view part) { return part.empty() || et_al(part); });
    return parts;
}

PersonName parse_name(std::string_view text) {
    PersonName name;
    text = trim(text);
    while (!text.empty() && (text.back() == ',' || text.back() == ';'))
        text = trim(text.substr(0, text.size() - 1));
    if (const std::size_t comma = text.find(','); comma != std::string_view::npos) {
        name.family = trim(text.substr(0, comma));
        std::string_view rest = trim(text.substr(comma + 1));
        const std::size_t second = rest.rfind(',');
        if (second != std::string_view::npos && is_suffix(rest.substr(second + 1))) {
            name.suffix = trim(rest.substr(second + 1));
            rest = trim(rest.substr(0, second));
        } else if (second != std::string_view::npos && is_suffix(rest.substr(0, second))) {
            name.suffix = trim(rest.substr(0, second)); // BibTeX: "Family, Jr, Given"
            rest = trim(rest.substr(second + 1));
        }
        name.given = rest;
        return name;
    }
    auto words = words_of(text);
    if (words.size() > 2 && is_suffix(words.back())) {
        name.suffix = words.back();
        words.pop_back();
    }
    if (words.empty()) return name;
    const auto join = [&](std::size_t from, std::size_t to) {
        std::string out;
        for (std::size_t i = from; i < to; ++i)
            out += (i > from ? " " : "") + std::string(words[i]);
        return out;
    };
    std::size_t initials = words.size();
    while (initials > 1 && is_initials(words[initials - 1]))
        --initials;
    if (initials < words.size()) { // "van der Berg J A"
        name.family = join(0, initials);
        name.given = join(initials, words.size());
        return name;
    }
    std::size_t family = words.size() - 1;
    while (family > 1 && is_particle(words[family - 1]) && lower(words[family - 1][0]))
        --family;
    if (family == 1 && is_particle(words[0]) && lower(words[0][0])) family = 0;
    name.given = join(0, family);
    name.family = join(family, words.size());
    return name;
}

} // namespace assay::text
