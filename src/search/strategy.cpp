#include "search/strategy.hpp"

#include "search/fields.hpp"
#include "search/signs.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace assay::search {

namespace {

bool starts_with_word(std::string_view text, std::string_view word) {
    if (text.size() < word.size()) return false;
    for (std::size_t i = 0; i < word.size(); ++i)
        if (to_lower(text[i]) != word[i]) return false;
    return text.size() == word.size() || blank(text[word.size()]) || text[word.size()] == '(';
}

bool starts_with_operator(std::string_view text) {
    return starts_with_word(text, "and") || starts_with_word(text, "or") || starts_with_word(text, "not");
}

// "or 1-14": an operator in front of a range is written for or/1-14.
bool operator_before_range(std::string_view text) {
    const std::size_t space = text.find(' ');
    if (space == std::string_view::npos || !starts_with_operator(text)) return false;
    const std::string_view rest = trimmed(text.substr(space));
    return rest.find('-') != std::string_view::npos && std::all_of(rest.begin(), rest.end(), [](char c) {
               return digit(c) || c == '-' || c == ',' || c == ' ';
           });
}

bool ends_with_operator(std::string_view text) {
    for (const std::string_view word : {"and", "or", "not"})
        if (text.size() > word.size()) {
            const std::string_view tail = text.substr(text.size() - word.size());
            const char before = text[text.size() - word.size() - 1];
            if (std::equal(tail.begin(), tail.end(), word.begin(),
                           [](char a, char b) { return to_lower(a) == b; }) &&
                (blank(before) || before == ')'))
                return true;
        }
    return false;
}

// Brackets opened less closed; quoted text does not count.
int balance(std::string_view text) {
    int open = 0;
    bool quoted = false;
    for (const char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if (c == '(') ++open;
        if (c == ')') --open;
    }
    return open;
}

struct Label {
    std::string text;      ///< empty: the line has none
    std::size_t after = 0; ///< where the query begins
    bool sure = false;     ///< a sign beside the number: "1.", "#1", "S1"
};

// The label at the start of a line: "1.", "1)", "#1", "S1", "1a", "1 ", "1\t".
Label label_of(std::string_view line) {
    Label label;
    std::size_t at = 0;
    bool sign = false;
    if (at < line.size() && (line[at] == '#' || ((line[at] == 'S' || line[at] == 's' || line[at] == 'L') &&
                                                 at + 1 < line.size() && digit(line[at + 1])))) {
        sign = true;
        ++at;
    }
    const std::size_t number = at;
    while (at < line.size() && digit(line[at]) && at - number < 4)
        ++at;
    if (at == number) return {};
    if (at < line.size() && letter(line[at]) &&
        (at + 1 == line.size() || blank(line[at + 1]) || line[at + 1] == '.' || line[at + 1] == ')'))
        ++at;
    std::string text(line.substr(number, at - number));
    for (char& c : text)
        c = to_lower(c);
    bool punctuation = false;
    if (at < line.size() && (line[at] == '.' || line[at] == ')' || line[at] == ':')) {
        if (at + 1 < line.size() && !blank(line[at + 1])) {
            if (digit(line[at + 1]) || line[at] != '.') return {}; // 1.5 mg, 1:2
            // "1.foo" is a label, "65.ti." is a search
            Field ignored{};
            if (field_of(Dialect::ovid, line.substr(at + 1, 2), ignored)) return {};
        }
        punctuation = true;
        ++at;
    } else if (at < line.size() && !blank(line[at])) {
        return {};
    }
    while (at < line.size() && blank(line[at]))
        ++at;
    const std::string_view rest = line.substr(at);
    // "1 and 2", "#1 or #2": the number belongs to the query.
    if (!punctuation && starts_with_operator(rest) && !operator_before_range(rest)) return {};
    if (sign && rest.empty()) return {}; // "#1" alone is a search for line 1
    label.text = std::move(text);
    label.after = at;
    label.sure = punctuation || sign;
    return label;
}

// The end of the query when a count of hits stands behind it.
std::size_t without_hits(std::string_view line) {
    std::size_t end = line.size();
    while (end > 0 && blank(line[end - 1]))
        --end;
    const std::size_t whole = end;
    // "Total references = 1551", "1551 results"
    static constexpr std::array<std::string_view, 4> nouns = {"references", "results", "records", "hits"};
    std::string low(line.substr(0, end));
    for (char& c : low)
        c = to_lower(c);
    for (const std::string_view noun : nouns) {
        const std::size_t at = low.rfind(noun);
        if (at == std::string::npos) continue;
        std::size_t after = at + noun.size(), begin = at;
        while (after < end && (blank(low[after]) || low[after] == '=' || low[after] == ':'))
            ++after;
        std::size_t digits = after;
        while (digits < end && (digit(low[digits]) || low[digits] == ','))
            ++digits;
        const bool behind = digits == end && digits > after;
        if (behind) {
            if (low.substr(0, begin).size() >= 6 && low.compare(begin - 6, 6, "total ") == 0) begin -= 6;
            return begin;
        }
        if (after == end) {
            while (begin > 0 && blank(low[begin - 1]))
                --begin;
            std::size_t number = begin;
            while (number > 0 && (digit(low[number - 1]) || low[number - 1] == ','))
                --number;
            if (number < begin && number > 0 && blank(low[number - 1])) return number;
        }
    }
    const char close = end > 0 ? line[end - 1] : ' ';
    const char open = close == ')' ? '(' : close == '>' ? '<' : close == ']' ? '[' : '\0';
    std::size_t at = open ? end - 1 : end;
    const std::size_t last = at;
    while (at > 0 && (digit(line[at - 1]) || line[at - 1] == ','))
        --at;
    if (at == last || at == 0 || !digit(line[at])) return whole;
    if (open) {
        if (line[at - 1] != open || at < 2 || !blank(line[at - 2])) return whole;
        at -= 1;
    }
    const std::size_t digits = at;
    while (at > 0 && blank(line[at - 1]))
        --at;
    if (at == 0 || at == digits) return whole;
    const std::string_view before = line.substr(0, at);
    if (ends_with_operator(before) || before.back() == ',' || before.back() == '-') return whole;
    const bool wide = line.substr(at, digits - at).find('\t') != std::string_view::npos || digits - at >= 2;
    const bool finished = before.back() == '/' || before.back() == '.' || before.back() == ']';
    // "(1 or 2) 345": brackets full of references, then the count
    if (open ? true : wide || finished) return at;
    return whole;
}

// A heading between queries: words with a colon, no sign of a query.
bool looks_like_comment(std::string_view text, Dialect dialect) {
    if (text.empty()) return true;
    if (text.front() == '%' || text.substr(0, 2) == "//" || text.substr(0, 2) == "--") return true;
    if (text.find_first_of("[]\"*$=()") != std::string_view::npos) return false;
    const std::size_t colon = text.find(": ");
    if (colon == std::string_view::npos) return !text.empty() && text.back() == ':';
    if (dialect == Dialect::cochrane || dialect == Dialect::embase || dialect == Dialect::lilacs)
        return false;
    return text.find(" OR ") == std::string_view::npos && text.find('/') == std::string_view::npos;
}

bool has_query_signs(std::string_view text) {
    return text.find_first_of("[\"*$/") != std::string_view::npos ||
           text.find(" OR ") != std::string_view::npos || text.find(" AND ") != std::string_view::npos;
}

struct Physical {
    std::uint32_t begin, end;
    Label label;
};

} // namespace

SourceLines split_lines(const Cleaned& in, Dialect dialect) {
    const std::string_view text = in.text;
    std::vector<Physical> lines;
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t stop = std::min(text.find('\n', at), text.size());
        const std::string_view line = trimmed(text.substr(at, stop - at));
        if (!line.empty()) {
            const auto begin = static_cast<std::uint32_t>(line.data() - text.data());
            lines.push_back({begin, static_cast<std::uint32_t>(begin + line.size()), label_of(line)});
        }
        at = stop + 1;
    }
    const auto view = [&](std::uint32_t begin, std::uint32_t end) { return text.substr(begin, end - begin); };

    // Numbers count as labels when they rise from line to line and most lines have one.
    std::size_t with = 0, rising = 0, sure = 0;
    long last = 0;
    for (const Physical& line : lines) {
        if (line.label.text.empty()) continue;
        ++with;
        sure += line.label.sure ? 1 : 0;
        const long number = std::strtol(line.label.text.c_str(), nullptr, 10);
        if (number >= last) ++rising;
        last = number;
    }
    SourceLines out;
    const bool most = with * 5 >= lines.size() * 2 || sure * 4 >= lines.size();
    out.numbered = with > 0 && rising * 10 >= with * 9 && most && (lines.size() > 1 || sure == 1);

    std::string pending; // the label of a heading, waiting for its query
    std::size_t counter = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        SourceLine line;
        const bool labelled = out.numbered && !lines[i].label.text.empty();
        line.begin = lines[i].begin + (labelled ? static_cast<std::uint32_t>(lines[i].label.after) : 0);
        line.end = lines[i].end;
        if (labelled) line.label = lines[i].label.text;
        const std::string_view own = view(line.begin, line.end);
        const bool next_bare = i + 1 < lines.size() && (!out.numbered || lines[i + 1].label.text.empty());
        if (own.empty() && labelled) { // "1a" alone: the label of what follows
            pending = line.label;
            continue;
        }
        // "1 Index test" above a query without a number is its heading.
        const bool heading = labelled && next_bare && !has_query_signs(own) &&
                             has_query_signs(view(lines[i + 1].begin, lines[i + 1].end));
        const bool titled =
            out.numbered && labelled && i + 1 < lines.size() && !has_query_signs(own) &&
            lines[i + 1].label.text.size() > lines[i].label.text.size() &&
            lines[i + 1].label.text.compare(0, lines[i].label.text.size(), lines[i].label.text) == 0 &&
            letter(lines[i + 1].label.text.back());
        if (heading || titled || looks_like_comment(own, dialect)) {
            if (labelled) pending = line.label;
            line.comment = true;
            line.label.clear();
            out.lines.push_back(std::move(line));
            continue;
        }
        // Wrapped lines: an operator at the seam, or brackets that a later line closes.
        while (i + 1 < lines.size()) {
            const bool next_labelled = out.numbered && !lines[i + 1].label.text.empty();
            const std::string_view next = view(lines[i + 1].begin, lines[i + 1].end);
            if (next_labelled || looks_like_comment(next, dialect)) break;
            bool join = ends_with_operator(view(line.begin, line.end)) ||
                        (starts_with_operator(next) && !operator_before_range(next));
            if (!join && balance(view(line.begin, line.end)) > 0) {
                for (std::size_t j = i + 1; j < lines.size() && j < i + 200; ++j) {
                    if (out.numbered && !lines[j].label.text.empty()) break;
                    if (balance(view(line.begin, lines[j].end)) <= 0) {
                        join = balance(next) != 0 || dialect != Dialect::ovid;
                        break;
                    }
                }
            }
            if (!join) break;
            line.end = lines[++i].end;
        }
        if (line.label.empty()) line.label = pending;
        pending.clear();
        ++counter;
        if (line.label.empty()) line.label = std::to_string(counter);
        if (out.numbered && labelled)
            counter = static_cast<std::size_t>(std::strtol(line.label.c_str(), nullptr, 10));
        line.end = line.begin + static_cast<std::uint32_t>(without_hits(view(line.begin, line.end)));
        out.lines.push_back(std::move(line));
    }
    return out;
}

namespace {

std::size_t count(std::string_view text, std::string_view what) {
    std::size_t n = 0;
    for (std::size_t at = text.find(what); at != std::string_view::npos && n < 50;
         at = text.find(what, at + 1))
        ++n;
    return n;
}

// Square brackets with a known PubMed tag.
std::size_t pubmed_tags(std::string_view text) {
    std::size_t n = 0;
    for (std::size_t at = text.find('['); at != std::string_view::npos; at = text.find('[', at + 1)) {
        const std::size_t close = text.find(']', at);
        if (close == std::string_view::npos) break;
        std::string_view code = text.substr(at + 1, close - at - 1);
        code = code.substr(0, code.find(":~"));
        Field ignored{};
        std::string low(code);
        for (char& c : low)
            c = to_lower(c);
        if (field_of(Dialect::pubmed, low, ignored) || low.rfind("mesh", 0) == 0 ||
            low.rfind("majr", 0) == 0 || low == "sh" || low == "mh:noexp" || low == "subheading")
            ++n;
    }
    return n;
}

// ".ti,ab." and headings with a slash at their end.
std::size_t ovid_signs(std::string_view text) {
    std::size_t n = 0;
    for (std::size_t at = text.find('.'); at != std::string_view::npos; at = text.find('.', at + 1)) {
        const std::size_t stop = std::min(text.find_first_of(".\n) ,", at + 1), text.size());
        const std::string_view code = text.substr(at + 1, stop - at - 1);
        Field ignored{};
        if (code.size() == 2 && (field_of(Dialect::ovid, code, ignored) || code == "sh" || code == "fs")) ++n;
    }
    for (std::size_t at = text.find('/'); at != std::string_view::npos; at = text.find('/', at + 1)) {
        const char after = at + 1 < text.size() ? text[at + 1] : ' ';
        if (at > 0 && letter(text[at - 1]) && (blank(after) || after == ')')) ++n;
    }
    return n;
}

std::size_t ebsco_signs(std::string_view text) {
    std::size_t n = 0;
    for (const std::string_view code :
         {"MH \"", "MM \"", "TI (", "AB (", "TI \"", "AB \"", "(TI ", "(AB ", "(MH ", "(MM ", "TX ", "SU ("})
        n += count(text, code);
    for (std::size_t at = text.find(" S"); at != std::string_view::npos; at = text.find(" S", at + 1))
        if (at + 2 < text.size() && digit(text[at + 2])) ++n;
    for (std::size_t at = 0; at + 3 < text.size(); ++at)
        if (text[at] == ' ' && (text[at + 1] == 'N' || text[at + 1] == 'W') && digit(text[at + 2]) &&
            (blank(text[at + 3]) || digit(text[at + 3])))
            ++n;
    return n;
}

std::size_t equals_signs(std::string_view text) {
    std::size_t n = 0;
    for (const std::string_view code :
         {"TS=", "TI=", "AB=", "AU=", "SO=", "ALL=", "WC=", "PY=", "TS =", "AK="})
        n += count(text, code);
    return n;
}

std::size_t colon_fields(std::string_view text) {
    std::size_t n = 0;
    for (const std::string_view code : {":ti", ":ab", ":kw", ":so", ":de", ":it", ":pt", ":au"}) {
        for (std::size_t at = text.find(code); at != std::string_view::npos; at = text.find(code, at + 1)) {
            const char after = at + 3 < text.size() ? text[at + 3] : ' ';
            if (!letter(after) && at > 0 && !blank(text[at - 1])) ++n;
        }
    }
    return n;
}

} // namespace

Dialect guess_dialect(const Cleaned& in) {
    const std::string_view text = in.text;
    struct Guess {
        Dialect dialect;
        std::size_t points;
    };
    const std::size_t colons = colon_fields(text);
    const std::size_t slashes = count(text, "'/exp") + count(text, "'/de") + count(text, "/exp ") +
                                count(text, "'/mj") + count(text, "]/lim") + count(text, "]/py");
    const std::size_t near =
        count(text, "NEAR/") + count(text, "near/") + count(text, "NEXT/") + count(text, "next/");
    const std::size_t mh =
        count(text, "[mh ") + count(text, "[MH ") + count(text, "[mh^") + count(text, "MeSH descriptor");
    const std::size_t functions = count(text, "TITLE-ABS") + count(text, "TITLE(") + count(text, "ABS(") +
                                  count(text, "INDEXTERMS(") + count(text, " W/") + count(text, " PRE/") +
                                  count(text, "PUBYEAR") + count(text, "AUTHKEY(") + count(text, "ALL(");
    const std::size_t hta = count(text, "[mhe]") + count(text, "[abs]") + count(text, ")[title]");
    const std::size_t lilacs = count(text, "mh:\"") + count(text, "tw:(") + count(text, "mh:(") +
                               count(text, "ti:(") + count(text, "tw:\"") + count(text, "ti:\"");
    const std::array<Guess, 9> guesses = {{
        {Dialect::ovid, ovid_signs(text) + count(text, " adj") + count(text, " ADJ")},
        {Dialect::pubmed, pubmed_tags(text)},
        {Dialect::embase, slashes * 2 + (slashes > 0 ? colons + near : 0)},
        {Dialect::cochrane, mh * 2 + (slashes == 0 ? colons + near : 0)},
        {Dialect::scopus, functions * 2},
        {Dialect::wos, equals_signs(text) * 2},
        {Dialect::ebsco, ebsco_signs(text)},
        {Dialect::hta, hta * 2},
        {Dialect::lilacs, lilacs * 2},
    }};
    Guess best{Dialect::ovid, 0};
    for (const Guess& guess : guesses)
        if (guess.points > best.points) best = guess;
    return best.dialect;
}

} // namespace assay::search
