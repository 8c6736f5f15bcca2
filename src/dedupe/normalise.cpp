#include "dedupe/normalise.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

namespace assay::dedupe {

namespace {

using ascii::digit;
using ascii::letter;
using ascii::to_lower;

// Hyphens of every kind become '-'; other characters outside ASCII vanish.
std::string ascii(std::string_view text) {
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x80) out += to_lower(text[at]);
        // U+2010 to U+2015 and U+2212, as UTF-8
        else if (c == 0xE2 && at + 2 < text.size()) {
            const auto second = static_cast<unsigned char>(text[at + 1]),
                       third = static_cast<unsigned char>(text[at + 2]);
            if ((second == 0x80 && third >= 0x90 && third <= 0x95) || (second == 0x88 && third == 0x92))
                out += '-';
            at += 2;
        }
    }
    return out;
}

std::uint32_t number(std::string_view digits) {
    std::uint32_t value = 0;
    const auto read =
        std::from_chars(digits.data(), digits.data() + std::min<std::size_t>(digits.size(), 9), value);
    return read.ec == std::errc() ? value : 0;
}

std::string_view leading_digits(std::string_view text, std::size_t at = 0) {
    std::size_t end = at;
    while (end < text.size() && digit(text[end]))
        ++end;
    return text.substr(at, end - at);
}

int month(std::string_view word) {
    static constexpr std::array<std::string_view, 12> names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                               "jul", "aug", "sep", "oct", "nov", "dec"};
    if (word.size() < 3) return 0;
    const auto found = std::find(names.begin(), names.end(), word.substr(0, 3));
    return found == names.end() || word.size() > 3 ? 0 : static_cast<int>(found - names.begin()) + 1;
}

// "08-sep" and "aug-15" as spreadsheets write the cell "8-9" and "8-15"; (0, 0): not such a date.
std::pair<int, int> spreadsheet_date(std::string_view text) {
    const std::size_t dash = text.find('-');
    if (dash == std::string_view::npos) return {0, 0};
    const std::string_view a = text.substr(0, dash), b = text.substr(dash + 1);
    const auto small = [](std::string_view t) {
        return !t.empty() && t.size() <= 2 && leading_digits(t).size() == t.size()
                   ? static_cast<int>(number(t))
                   : 0;
    };
    if (small(a) && month(b)) return {small(a), month(b)};
    if (month(a) && small(b)) return {month(a), small(b)};
    return {0, 0};
}

// "123-9": the second number lost the digits it shares with the first.
std::uint32_t expanded(std::uint32_t first, std::uint32_t last) {
    std::uint32_t power = 1;
    while (power <= last)
        power *= 10;
    if (last >= first || last == 0) return last;
    return first / power * power + last;
}

Page read_page(std::string_view text, std::size_t& at) {
    Page page;
    while (at < text.size() && !digit(text[at]) && !letter(text[at]))
        ++at;
    std::string prefix;
    while (at < text.size() && letter(text[at]))
        prefix += text[at++];
    while (at < text.size() && (text[at] == ' ' || text[at] == '.'))
        ++at;
    const std::string_view digits = leading_digits(text, at);
    if (digits.empty()) return page;
    page.number = number(digits) + 1; // page 0 exists in a few journals and must not look like "missing"
    at += digits.size();
    if (prefix == "p" || prefix == "pp" || prefix == "page" || prefix == "pages" || prefix == "no")
        prefix.clear();
    for (std::size_t i = 0; i < std::min<std::size_t>(2, prefix.size()); ++i)
        page.prefix = static_cast<std::uint16_t>(page.prefix << 8 | static_cast<unsigned char>(prefix[i]));
    return page;
}

} // namespace

std::uint64_t hash(std::string_view text) {
    std::uint64_t h = 0xcbf29ce484222325ULL;
    for (const char c : text)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    h ^= h >> 32;
    h *= 0xd6e8feb86659fd93ULL;
    h ^= h >> 32;
    return h == 0 ? 1 : h;
}

std::string plain_doi(std::string_view text) {
    std::string doi = to_lower(text);
    for (std::size_t at = 0; (at = doi.find('%', at)) != std::string::npos && at + 2 < doi.size(); ++at) {
        std::uint32_t value = 0;
        const auto read = std::from_chars(doi.data() + at + 1, doi.data() + at + 3, value, 16);
        if (read.ptr == doi.data() + at + 3 && value >= 0x20 && value < 0x7F)
            doi.replace(at, 3, 1, to_lower(static_cast<char>(value)));
    }
    std::size_t begin = 0;
    for (;; ++begin) {
        begin = doi.find("10.", begin);
        if (begin == std::string::npos) return {};
        const std::string_view registrant = leading_digits(doi, begin + 3);
        const std::size_t slash = doi.find('/', begin);
        // The registrant has four digits or more and may be divided: 10.1000.10/123
        if (registrant.size() >= 4 && slash != std::string::npos && slash < begin + 20 &&
            doi.find_first_not_of("0123456789.", begin) == slash)
            break;
    }
    std::size_t end = doi.find_first_of(" \t\r\n;\"<>|,", begin);
    if (const std::size_t tag = doi.find("[doi]", begin); tag != std::string::npos) end = std::min(end, tag);
    doi = doi.substr(begin, end == std::string::npos ? end : end - begin);
    while (!doi.empty() && (doi.back() == '.' || doi.back() == ',' || doi.back() == '/'))
        doi.pop_back();
    while (!doi.empty() && doi.back() == ')' && doi.find('(') == std::string::npos)
        doi.pop_back();
    const std::size_t slash = doi.find('/');
    return slash == std::string::npos || slash + 1 == doi.size() ? std::string() : doi;
}

std::string_view doi_stem(std::string_view doi) {
    std::size_t end = doi.size();
    while (end > 0 && digit(doi[end - 1]))
        --end;
    if (end == doi.size()) // Cochrane's first version has no ".pub"
        return doi.substr(0, 14) == "10.1002/146518" && doi.find(".pub") == std::string_view::npos
                   ? doi
                   : std::string_view();
    for (const std::string_view mark : {".pub", ".v", "/v"})
        if (end >= mark.size() && doi.substr(end - mark.size(), mark.size()) == mark)
            return doi.substr(0, end - mark.size());
    return doi.substr(0, 14) == "10.1002/146518" ? doi : std::string_view();
}

Pages parse_pages(std::string_view raw) {
    const std::string text = ascii(raw);
    Pages pages;
    std::string_view view = text;
    while (!view.empty() && view.front() == ' ')
        view.remove_prefix(1);
    while (!view.empty() && view.back() == ' ')
        view.remove_suffix(1);
    if (const auto [first, last] = spreadsheet_date(view); first > 0) {
        const auto a = static_cast<std::uint32_t>(first), b = expanded(a, static_cast<std::uint32_t>(last));
        pages.first.number = a + 1;
        pages.last.number = b + 1;
        return pages;
    }
    std::size_t at = 0;
    if (const std::string_view word = view.substr(0, view.find_first_of("-, ")); roman(word) > 0) {
        pages.first.number = static_cast<std::uint32_t>(roman(word)) + 1;
        pages.first.prefix = 'r'; // front matter: never the same as the page with that number
        pages.last = pages.first;
        const std::size_t dash = view.find('-');
        if (dash != std::string_view::npos && roman(view.substr(dash + 1)) > 0)
            pages.last.number = static_cast<std::uint32_t>(roman(view.substr(dash + 1))) + 1;
        return pages;
    }
    pages.first = read_page(view, at);
    if (pages.first.missing()) return pages;
    const std::size_t dash = view.find('-', at);
    const std::size_t stop = view.find_first_of(",;[", at);
    pages.last = pages.first;
    if (dash == std::string_view::npos || dash > stop) return pages;
    at = dash;
    Page last = read_page(view, at);
    if (last.missing()) return pages;
    last.number = expanded(pages.first.number - 1, last.number - 1) + 1;
    if (last.prefix == 0) last.prefix = pages.first.prefix;
    pages.last = last;
    return pages;
}

int roman(std::string_view word) {
    if (word.empty() || word.size() > 6) return 0;
    static constexpr std::array<std::string_view, 10> ones = {"",  "i",  "ii",  "iii",  "iv",
                                                              "v", "vi", "vii", "viii", "ix"};
    std::size_t tens = 0;
    while (tens < word.size() && tens < 3 && word[tens] == 'x')
        ++tens;
    const auto found = std::find(ones.begin(), ones.end(), word.substr(tens));
    return found == ones.end() ? 0 : static_cast<int>(tens) * 10 + static_cast<int>(found - ones.begin());
}

Volume parse_volume(std::string_view raw) {
    const std::string text = ascii(raw);
    Volume result;
    result.supplement = text.find("sup") != std::string::npos || text.find("abstract") != std::string::npos ||
                        text.find("conference") != std::string::npos;
    result.no_pagination = text.find("no pagination") != std::string::npos;
    const std::size_t open = text.find('('), close = text.find(')');
    if (close != std::string::npos && (open == std::string::npos || close < open)) {
        result.supplement = true; // "1)" is what is left of "61 (SUPPL. 1)"
        return result;
    }
    std::size_t at = 0;
    while (at < text.size() && at < open && !digit(text[at]))
        ++at;
    const std::string_view digits = leading_digits(text, at);
    if (!digits.empty() && at < open && text.find("sup") > at) result.volume = number(digits);
    if (result.volume == 0) {
        std::string_view word = std::string_view(text).substr(0, text.find_first_of(" (.,"));
        result.volume = static_cast<std::uint32_t>(roman(word));
    }
    if (open != std::string::npos) {
        const std::string inside =
            text.substr(open + 1, close == std::string::npos ? close : close - open - 1);
        if (inside.find("no pagination") == std::string::npos) {
            const std::size_t first = inside.find_first_of("0123456789");
            if (first != std::string::npos) result.issue = number(leading_digits(inside, first));
        }
    }
    return result;
}

Volume parse_issue(std::string_view raw) {
    const std::string text = ascii(raw);
    Volume result;
    result.supplement = text.find("sup") != std::string::npos || text.find("abstract") != std::string::npos ||
                        text.find("conference") != std::string::npos;
    if (const auto [first, last] = spreadsheet_date(text); first > 0) {
        (void)last;
        result.issue = static_cast<std::uint32_t>(first);
        return result;
    }
    const std::size_t at = text.find_first_of("0123456789");
    if (at != std::string::npos) result.issue = number(leading_digits(text, at));
    return result;
}

int parse_year(std::string_view text) {
    for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
        const std::string_view digits = leading_digits(text, at);
        if (digits.size() == 4 || digits.size() == 8) { // 2018 or 20180315
            const int year = static_cast<int>(number(digits.substr(0, 4)));
            if (year >= 1500 && year <= 2100) return year;
        }
        at += digits.size();
    }
    return 0;
}

std::string registration_number(std::string_view text) {
    static constexpr std::array<std::string_view, 12> registries = {"NCT",    "ISRCTN", "EUCTR", "ACTRN",
                                                                    "CHICTR", "DRKS",   "CTRI/", "IRCT",
                                                                    "JPRN-",  "UMIN",   "NTR",   "PACTR"};
    for (std::size_t at = 0; at + 6 < text.size(); ++at) {
        if (!letter(text[at]) || (at > 0 && letter(text[at - 1]))) continue;
        for (const std::string_view registry : registries) {
            if (text.size() - at < registry.size() + 3) continue;
            bool same = true;
            for (std::size_t i = 0; i < registry.size() && same; ++i)
                same = to_lower(text[at + i]) == to_lower(registry[i]);
            if (!same) continue;
            std::size_t end = at + registry.size();
            std::size_t digits = 0;
            while (end < text.size() && (digit(text[end]) || text[end] == '-' || text[end] == '/' ||
                                         (digits == 0 && letter(text[end]) && end - at < 12))) {
                digits += digit(text[end]) ? 1 : 0;
                ++end;
            }
            if (digits < 4) continue;
            std::string found(text.substr(at, end - at));
            while (!digit(found.back()))
                found.pop_back();
            for (char& c : found)
                c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
            return found;
        }
    }
    return {};
}

} // namespace assay::dedupe
