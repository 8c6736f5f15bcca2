#include "claims/segment.hpp"

#include "base/ascii.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace assay::claims {

namespace {

using std::string_view;

bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}
using ascii::digit;
using ascii::lower;
using ascii::upper;

bool is_alpha(char c) {
    return upper(c) || lower(c) || static_cast<unsigned char>(c) >= 0xC3;
}

using ascii::to_lower;

Span trimmed(string_view text, std::size_t begin, std::size_t end) {
    const auto blank = [&](std::size_t at) -> std::size_t {
        if (is_space(text[at])) return 1;
        return text.compare(at, 2, "\xC2\xA0") == 0 ? 2 : 0;
    };
    while (begin < end) {
        const std::size_t step = blank(begin);
        if (step == 0) break;
        begin = std::min(begin + step, end);
    }
    while (end > begin) {
        if (is_space(text[end - 1]))
            --end;
        else if (end - begin >= 2 && text.compare(end - 2, 2, "\xC2\xA0") == 0)
            end -= 2;
        else
            break;
    }
    return {begin, end};
}

std::size_t count_words(string_view text) {
    std::size_t count = 0;
    bool in_word = false;
    for (const char c : text) {
        const bool word = is_alpha(c) || digit(c) || static_cast<unsigned char>(c) >= 0x80;
        count += word && !in_word;
        in_word = word;
    }
    return count;
}

// ---- sentences
// ----------------------------------------------------------------------------------------------

// Sorted: words before a point that does not end a sentence.
constexpr std::array<string_view, 50> abbreviations{
    "al",   "approx", "apr",  "aug",  "ca",  "cf",   "cit", "co",   "dec",   "dept", "dr",  "ed",  "eds",
    "eg",   "esp",    "etc",  "feb",  "fig", "figs", "inc", "incl", "jan",   "jr",   "jul", "jun", "ltd",
    "mar",  "max",    "med",  "min",  "mr",  "mrs",  "ms",  "no",   "nos",   "nov",  "oct", "p",   "pp",
    "prof", "ref",    "refs", "resp", "sep", "sept", "sr",  "st",   "suppl", "v",    "vs"};

constexpr std::array<string_view, 28> starters{
    "a",    "additionally", "although", "an",    "as",    "at",   "because", "by",   "despite", "for",
    "from", "furthermore",  "however",  "if",    "in",    "it",   "its",     "most", "of",      "on",
    "some", "such",         "the",      "there", "these", "this", "to",      "when"};

// A superscript digit at `at`: its bytes, else 0.
std::size_t superscript(string_view text, std::size_t at) {
    if (text.compare(at, 2, "\xC2\xB9") == 0 || text.compare(at, 2, "\xC2\xB2") == 0 ||
        text.compare(at, 2, "\xC2\xB3") == 0)
        return 2;
    if (at + 2 < text.size() && text.compare(at, 2, "\xE2\x81") == 0) {
        const auto last = static_cast<unsigned char>(text[at + 2]);
        if (last == 0xB0 || (last >= 0xB4 && last <= 0xB9)) return 3;
    }
    return 0;
}

// Quotes, brackets, stars, raised numbers and [12] that belong to the sentence that just ended.
std::size_t closers(string_view text, std::size_t at, std::size_t end) {
    for (bool more = true; more && at < end;) {
        more = false;
        if (string_view("\"')]*_").find(text[at]) != string_view::npos) {
            ++at;
            more = true;
        } else if (text.compare(at, 3, "\xE2\x80\x9D") == 0 || text.compare(at, 3, "\xE2\x80\x99") == 0) {
            at += 3;
            more = true;
        } else if (const std::size_t size = superscript(text, at)) {
            at += size;
            more = true;
            while (at < end && (text[at] == ',' || text[at] == '-') && at + 1 < end &&
                   superscript(text, at + 1))
                ++at;
        } else if (const std::size_t open = text[at] == ' ' ? at + 1 : at;
                   open + 1 < end && text[open] == '[' && digit(text[open + 1])) {
            const std::size_t close = text.find(']', at);
            if (close != string_view::npos && close < end && close - at < 24) {
                at = close + 1;
                more = true;
            }
        }
    }
    // " ³⁴" and " 16": a reference number after a space, at the end or before a new sentence.
    std::size_t next = at;
    while (next < end && (text[next] == ' ' || text[next] == '\n'))
        ++next;
    if (next > at && next < end) {
        std::size_t stop = next, digits = 0;
        while (stop < end) {
            if (const std::size_t size = superscript(text, stop)) {
                stop += size;
                digits = 1;
                continue;
            }
            if (digit(text[stop])) {
                ++digits;
                ++stop;
                continue;
            }
            if (digits && (text[stop] == ',' || text[stop] == '-') && stop + 1 < end &&
                digit(text[stop + 1])) {
                ++stop;
                digits = 0;
                continue;
            }
            break;
        }
        if (digits >= 1 && digits <= 3 && stop > next) {
            std::size_t after = stop;
            while (after < end && is_space(text[after]))
                ++after;
            const bool ends = after == end || (after > stop && (upper(text[after]) || text[after] == '*'));
            if (ends) at = stop;
        }
    }
    return at;
}

string_view word_before(string_view text, std::size_t begin, std::size_t at) {
    std::size_t from = at;
    while (from > begin && (is_alpha(text[from - 1]) || static_cast<unsigned char>(text[from - 1]) >= 0x80))
        --from;
    return text.substr(from, at - from);
}

bool abbreviation(string_view text, std::size_t begin, std::size_t at, std::size_t next) {
    const std::string word = to_lower(word_before(text, begin, at));
    if (word.empty()) return false;
    if (word.size() == 1) {
        // "e.g." and "U.S.": a letter after a point. A single capital is an initial unless a sentence begins.
        const std::size_t from = at - 1;
        const bool after_point = from > begin && text[from - 1] == '.';
        std::size_t stop = next;
        while (stop < text.size() && is_alpha(text[stop]))
            ++stop;
        const std::string follows = to_lower(text.substr(next, stop - next));
        const bool starts = std::binary_search(starters.begin(), starters.end(), follows);
        if (after_point) return !starts || word == "g" || word == "e";
        return upper(text[from]) && !starts;
    }
    return std::binary_search(abbreviations.begin(), abbreviations.end(), word);
}

bool opens_sentence(string_view text, std::size_t at) {
    const char c = text[at];
    if (upper(c) || digit(c) || c == '"' || c == '(' || c == '*' || c == '[' || c == '-' || c == '\'')
        return true;
    return static_cast<unsigned char>(c) >= 0xC3; // a letter with an accent, a curly quote, a bullet
}

} // namespace

std::vector<Span> sentences(string_view text, std::size_t begin, std::size_t end) {
    std::vector<Span> out;
    std::size_t start = begin;
    for (std::size_t at = begin; at < end; ++at) {
        const char c = text[at];
        if (c != '.' && c != '!' && c != '?') continue;
        if (at + 1 < end && (text[at + 1] == '.' || is_alpha(text[at + 1])) && !superscript(text, at + 1) &&
            text.compare(at + 1, 3, "\xE2\x80\x9D") != 0)
            continue;
        if (c == '.' && at + 1 < end && digit(text[at + 1]) && at > begin && digit(text[at - 1])) continue;
        const std::size_t stop = closers(text, at + 1, end);
        std::size_t next = stop;
        while (next < end && is_space(text[next]))
            ++next;
        if (next < end) {
            if (next == stop || !opens_sentence(text, next)) continue;
            if (c == '.' && stop == at + 1 && abbreviation(text, start, at, next)) continue;
        }
        const Span sentence = trimmed(text, start, stop);
        if (!sentence.empty()) out.push_back(sentence);
        start = next;
        at = next > at ? next - 1 : at;
    }
    const Span rest = trimmed(text, start, end);
    if (!rest.empty()) out.push_back(rest);
    return out;
}

// ---- clauses
// ------------------------------------------------------------------------------------------------

namespace {

// Where brackets and quotes are open nothing is cut.
std::vector<bool> covered(string_view text, Span span) {
    std::vector<bool> inside(span.end - span.begin, false);
    int depth = 0;
    for (std::size_t at = span.begin; at < span.end; ++at) {
        const char c = text[at];
        if (c == '(' || c == '[') ++depth;
        inside[at - span.begin] = depth > 0;
        if ((c == ')' || c == ']') && depth > 0) --depth;
    }
    if (depth > 0) std::fill(inside.begin(), inside.end(), false); // never closed: brackets mean nothing here
    return inside;
}

struct Cut {
    string_view words;                 ///< as they stand between the clauses, in lower case
    std::size_t keep = 0;              ///< bytes of it that stay with the first clause (the comma)
    std::size_t before = 0, after = 0; ///< words each side must have
    bool second_that = false;          ///< only where a "that" came before
    bool number_after = false;         ///< only where the second clause holds a number
};

constexpr std::array<Cut, 13> cuts{{{"; ", 1, 3, 3},
                                    {", but ", 1, 3, 4},
                                    {" but ", 0, 4, 4},
                                    {", while ", 1, 4, 4},
                                    {", whereas ", 1, 4, 4},
                                    {", although ", 1, 4, 4},
                                    {", though ", 1, 4, 4},
                                    {", yet ", 1, 4, 4},
                                    {" and that ", 0, 4, 4, true},
                                    {", with a ", 1, 5, 4, false, true},
                                    {", with an ", 1, 5, 4, false, true},
                                    {", making it ", 1, 5, 5},
                                    {"; however, ", 1, 3, 3}}};

// Sorted: what a result did. "longer sleep, fewer awakenings and better mood" says three things.
constexpr std::array<string_view, 22> changes{
    "better",   "decreased", "decreases",  "enhanced", "faster", "fewer", "greater", "higher",
    "improved", "increased", "increases",  "less",     "longer", "lower", "lowered", "more",
    "reduced",  "reduction", "reductions", "shorter",  "slower", "worse"};

bool begins_with_change(string_view text, std::size_t at, std::size_t end) {
    for (int skipped = 0; skipped < 2; ++skipped) {
        while (at < end && is_space(text[at]))
            ++at;
        std::size_t stop = at;
        while (stop < end && is_alpha(text[stop]))
            ++stop;
        const std::string word = to_lower(text.substr(at, stop - at));
        if (std::binary_search(changes.begin(), changes.end(), word)) return true;
        if (word != "and" && word != "or" && word != "a" && word != "significantly") return false;
        at = stop;
    }
    return false;
}

} // namespace

std::vector<Span> clauses(string_view text, Span sentence) {
    const std::vector<bool> inside = covered(text, sentence);
    const std::string lower = to_lower(text.substr(sentence.begin, sentence.end - sentence.begin));
    std::vector<std::size_t> at_cuts; // offsets in the sentence where a new clause begins
    const auto words_between = [&](std::size_t from, std::size_t to) {
        return count_words(string_view(lower).substr(from, to - from));
    };
    for (const Cut& cut : cuts)
        for (std::size_t at = lower.find(cut.words); at != std::string::npos;
             at = lower.find(cut.words, at + 1)) {
            if (inside[at]) continue;
            const std::size_t split = at + cut.keep;
            if (words_between(0, split) < cut.before || words_between(split, lower.size()) < cut.after)
                continue;
            if (cut.second_that && lower.substr(0, at).find(" that ") == std::string::npos) continue;
            if (cut.number_after &&
                std::none_of(lower.begin() + static_cast<std::ptrdiff_t>(split), lower.end(), digit))
                continue;
            at_cuts.push_back(split);
        }
    // Lists of changes: at least two parts after commas begin with a word of change.
    std::vector<std::size_t> listed;
    for (std::size_t at = lower.find(", "); at != std::string::npos; at = lower.find(", ", at + 1))
        if (!inside[at] && begins_with_change(lower, at + 2, lower.size())) listed.push_back(at + 1);
    if (listed.size() >= 2) at_cuts.insert(at_cuts.end(), listed.begin(), listed.end());
    std::sort(at_cuts.begin(), at_cuts.end());
    std::vector<Span> out;
    std::size_t from = sentence.begin;
    for (const std::size_t cut : at_cuts) {
        const std::size_t at = sentence.begin + cut;
        if (at <= from || count_words(text.substr(from, at - from)) < 3) continue;
        const Span part = trimmed(text, from, at);
        if (!part.empty()) out.push_back(part);
        from = at;
    }
    const Span rest = trimmed(text, from, sentence.end);
    if (!rest.empty()) out.push_back(rest);
    return out;
}

// ---- blocks
// -------------------------------------------------------------------------------------------------

namespace {

enum class LineKind { blank, heading, item, row, rule, text };

struct Line {
    Span span; ///< trimmed
    std::size_t raw = 0, raw_end = 0;
    LineKind kind = LineKind::text;
    std::size_t body = 0; ///< where the words begin, after bullet or number
};

// The length of a bullet or "12. " at the start of a line; 0: none.
std::size_t bullet(string_view line) {
    if (line.size() >= 2 && (line[0] == '-' || line[0] == '*' || line[0] == '+') && is_space(line[1]))
        return 2;
    for (const string_view sign :
         {"\xE2\x80\xA2", "\xE2\x97\xA6", "\xE2\x80\xA3", "\xE2\x96\xAA", "\xE2\x80\x93", "\xC2\xB7",
          "\xEF\x82\xB7", "\xE2\x97\x8F", "\xE2\x97\x8B"})
        if (line.size() > sign.size() && line.substr(0, sign.size()) == sign &&
            (is_space(line[sign.size()]) || line[sign.size()] == '\xC2'))
            return sign.size() + 1;
    std::size_t digits = 0;
    while (digits < line.size() && digits < 3 && digit(line[digits]))
        ++digits;
    if (digits > 0 && digits + 1 < line.size() && (line[digits] == '.' || line[digits] == ')') &&
        is_space(line[digits + 1]))
        return digits + 2;
    return 0;
}

bool is_rule(string_view line) {
    return line.size() >= 3 && line.find_first_not_of("-=_|:+* \t") == string_view::npos;
}

bool is_row(string_view raw, string_view line) {
    if (!line.empty() && line[0] == '|' && std::count(line.begin(), line.end(), '|') >= 2) return true;
    return raw.find('\t') != string_view::npos && line.find('\t') != string_view::npos;
}

// Whether the text so far ends like a sentence, raised numbers and quotes aside.
bool complete(string_view text, Span span) {
    std::size_t end = span.end;
    while (end > span.begin) {
        const char c = text[end - 1];
        if (digit(c) || is_space(c) || c == '"' || c == '\'' || c == ')' || c == ']' || c == '*' || c == '_')
            --end;
        else if (static_cast<unsigned char>(c) >= 0x80) {
            std::size_t from = end - 1;
            while (from > span.begin && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80)
                --from;
            if (!superscript(text, from) && text.compare(from, 3, "\xE2\x80\x9D") != 0) return false;
            end = from;
        } else
            break;
    }
    return end == span.begin || string_view(".!?:").find(text[end - 1]) != string_view::npos;
}

bool heading_shaped(string_view line) {
    if (line.empty() || line.size() > 200 || count_words(line) > 24) return false;
    if (!upper(line[0]) && !digit(line[0]) && line[0] != '*' && static_cast<unsigned char>(line[0]) < 0xC3)
        return false;
    const char last = line.back();
    if (last == '.' && line.size() > 1) return false;
    return string_view(",;!").find(last) == string_view::npos;
}

constexpr std::array<string_view, 12> reference_names{"authoritative source",
                                                      "authoritative sources",
                                                      "bibliography",
                                                      "citations",
                                                      "further reading",
                                                      "literature cited",
                                                      "notes and references",
                                                      "reference",
                                                      "references",
                                                      "source list",
                                                      "sources",
                                                      "works cited"};

bool names_references(string_view heading) {
    std::string word;
    for (const char c : to_lower(heading))
        if (lower(c) || (c == ' ' && !word.empty())) word += c;
    while (!word.empty() && word.back() == ' ')
        word.pop_back();
    return std::binary_search(reference_names.begin(), reference_names.end(), string_view(word));
}

class Segmenter {
public:
    explicit Segmenter(string_view text) : text_(text) {}

    Segments run() {
        read_lines();
        for (std::size_t i = 0; i < lines_.size();) {
            if (references_from_) {
                if (lines_[i].kind == LineKind::heading && leaves_references(i)) {
                    close_references(lines_[i].raw);
                } else {
                    ++i;
                    continue;
                }
            }
            switch (lines_[i].kind) {
            case LineKind::row:
                i = table(i);
                break;
            case LineKind::heading:
                flush();
                heading(lines_[i]);
                ++i;
                break;
            case LineKind::item:
                if (!continues_item(lines_[i])) {
                    flush();
                    begin_block(lines_[i].body, lines_[i].span.end, true);
                } else
                    block_.end = lines_[i].span.end;
                blank_ = false;
                ++i;
                break;
            case LineKind::text:
                if (block_.empty() || !continues(lines_[i])) {
                    flush();
                    begin_block(lines_[i].span.begin, lines_[i].span.end, false);
                } else
                    block_.end = lines_[i].span.end;
                blank_ = false;
                ++i;
                break;
            case LineKind::blank:
                blank_ = true;
                ++i;
                break;
            case LineKind::rule:
                flush();
                ++i;
                break;
            }
        }
        flush();
        if (references_from_) close_references(text_.size());
        return std::move(out_);
    }

private:
    void read_lines() {
        for (std::size_t at = 0; at < text_.size();) {
            const std::size_t end = std::min(text_.find('\n', at), text_.size());
            Line line;
            line.raw = at;
            line.raw_end = end;
            line.span = trimmed(text_, at, end);
            line.body = line.span.begin;
            lines_.push_back(line);
            at = end + 1;
        }
        for (std::size_t i = 0; i < lines_.size(); ++i)
            classify(i);
    }

    string_view slice(Span span) const { return text_.substr(span.begin, span.end - span.begin); }

    void classify(std::size_t i) {
        Line& line = lines_[i];
        const string_view words = slice(line.span);
        if (words.empty()) {
            line.kind = LineKind::blank;
            return;
        }
        if (is_rule(words)) {
            line.kind = LineKind::rule;
            return;
        }
        if (is_row(text_.substr(line.raw, line.raw_end - line.raw), words)) {
            line.kind = LineKind::row;
            return;
        }
        if (words[0] == '#') {
            const std::size_t marks = std::min(words.find_first_not_of('#'), words.size());
            if (marks <= 6 && marks < words.size() && is_space(words[marks])) {
                line.kind = LineKind::heading;
                line.body = trimmed(text_, line.span.begin + marks, line.span.end).begin;
                return;
            }
        }
        if (const std::size_t sign = bullet(words)) {
            line.kind = LineKind::item;
            line.body = trimmed(text_, line.span.begin + sign, line.span.end).begin;
            return;
        }
        if (!heading_shaped(words)) return;
        // Before it the text must have come to an end, after it something must begin.
        std::size_t previous = i;
        while (previous > 0 && lines_[previous - 1].kind == LineKind::blank)
            --previous;
        if (previous > 0 && lines_[previous - 1].kind == LineKind::text &&
            !complete(text_, lines_[previous - 1].span) && previous == i)
            return;
        std::size_t next = i + 1;
        while (next < lines_.size() && trimmed(text_, lines_[next].raw, lines_[next].raw_end).empty())
            ++next;
        if (next >= lines_.size() && i > 0) return;
        const bool apart = next > i + 1 || next >= lines_.size();
        if (count_words(words) > 14 && (!apart || previous == i)) return;
        const string_view after = next < lines_.size() ? slice(lines_[next].span) : string_view();
        if (!after.empty() && lower(after[0])) return;
        if (!apart && previous == i && i > 0 && lines_[i - 1].kind == LineKind::text &&
            count_words(words) > 12)
            return;
        if (words.back() == '?' || words.back() == ':' || apart || count_words(after) > count_words(words) ||
            bullet(after))
            line.kind = LineKind::heading;
    }

    bool continues(const Line& line) const {
        if (!blank_) return true;
        return !complete(text_, block_) && (lower(text_[line.span.begin]) || text_[line.span.begin] == '(');
    }
    // A page break can leave a bullet in the middle of a sentence.
    bool continues_item(const Line& line) const {
        return !block_.empty() && !complete(text_, block_) && line.body < text_.size() &&
               lower(text_[line.body]) && !digit(text_[line.span.begin]) && count_words(slice(block_)) > 4;
    }

    void begin_block(std::size_t begin, std::size_t end, bool item) {
        block_ = {begin, end};
        in_item_ = item;
    }

    void flush() {
        blank_ = false;
        if (block_.empty()) {
            block_ = {};
            return;
        }
        for (const Span& sentence : sentences(text_, block_.begin, block_.end))
            for (const Span& clause : clauses(text_, sentence))
                add(UnitKind::sentence, clause, sentence, block_).in_item = in_item_;
        block_ = {};
    }

    Unit& add(UnitKind kind, Span span, Span sentence, Span block) {
        Unit unit;
        unit.kind = kind;
        unit.begin = span.begin;
        unit.end = span.end;
        unit.sentence_begin = sentence.begin;
        unit.sentence_end = sentence.end;
        unit.block_begin = block.begin;
        unit.block_end = block.end;
        unit.heading = heading_;
        out_.units.push_back(std::move(unit));
        return out_.units.back();
    }

    void heading(const Line& line) {
        const Span span{line.body, line.span.end};
        if (names_references(slice(span))) {
            references_from_ = line.raw_end;
            return;
        }
        heading_ = -1;
        add(UnitKind::heading, span, span, span);
        heading_ = static_cast<int>(out_.units.size()) - 1;
    }

    // A list of references ends where a heading is followed by running text.
    bool leaves_references(std::size_t i) const {
        const string_view words = slice(lines_[i].span);
        if (words[0] == '#') return !names_references(words);
        if (count_words(words) > 6 || words.find("http") != string_view::npos) return false;
        std::size_t next = i + 1;
        while (next < lines_.size() && lines_[next].kind == LineKind::blank)
            ++next;
        return next < lines_.size() && lines_[next].kind == LineKind::text &&
               count_words(slice(lines_[next].span)) > 12 &&
               slice(lines_[next].span).find("http") == string_view::npos;
    }
    void close_references(std::size_t end) {
        const Span span = trimmed(text_, *references_from_, end);
        if (!span.empty()) out_.references.push_back(span);
        references_from_.reset();
    }

    // ---- tables
    std::vector<Span> cells(const Line& line) const {
        std::vector<Span> out;
        const bool pipes = text_[line.span.begin] == '|';
        std::size_t at = pipes ? line.span.begin + 1 : line.raw;
        const std::size_t end = line.raw_end;
        while (at <= end) {
            std::size_t stop = at;
            while (stop < end && text_[stop] != (pipes ? '|' : '\t'))
                ++stop;
            if (!(pipes && stop >= end)) out.push_back(trimmed(text_, at, stop));
            if (stop >= end) break;
            at = stop + 1;
        }
        return out;
    }

    std::size_t table(std::size_t i) {
        flush();
        std::vector<std::string> head;
        std::string subject;
        bool first = true;
        for (; i < lines_.size(); ++i) {
            const Line& line = lines_[i];
            if (line.kind == LineKind::rule) continue;
            if (line.kind == LineKind::blank) { // a table may go on after a page break
                std::size_t next = i;
                while (next < lines_.size() && lines_[next].kind == LineKind::blank)
                    ++next;
                if (next >= lines_.size() || (lines_[next].kind != LineKind::row)) break;
                continue;
            }
            if (line.kind != LineKind::row) {
                // A caption broken over two lines stands between rows: it is followed by a row again.
                if (i + 1 < lines_.size() && lines_[i + 1].kind == LineKind::row &&
                    count_words(slice(line.span)) <= 4 && first)
                    continue;
                break;
            }
            const std::vector<Span> row = cells(line);
            std::size_t filled = 0;
            for (const Span& cell : row)
                filled += !cell.empty();
            if (filled == 0) continue;
            if (head.empty() && filled >= 2) {
                for (const Span& cell : row)
                    head.emplace_back(slice(cell));
                emit_row(line, row, head, subject, true);
                first = false;
                continue;
            }
            if (!row.front().empty()) subject = std::string(slice(row.front()));
            emit_row(line, row, head, subject, false);
        }
        return i;
    }

    void emit_row(const Line& line, const std::vector<Span>& row, const std::vector<std::string>& head,
                  const std::string& subject, bool is_head) {
        std::string columns;
        for (const std::string& name : head)
            columns += (columns.empty() ? "" : "\t") + name;
        std::size_t i = 0;
        while (i < row.size()) {
            if (row[i].empty()) {
                ++i;
                continue;
            }
            if (!is_head && is_long(row[i])) {
                for (const Span& sentence : sentences(text_, row[i].begin, row[i].end)) {
                    Unit& unit = add(UnitKind::cell, sentence, sentence, line.span);
                    unit.subject = subject;
                    unit.column = i < head.size() ? head[i] : "";
                }
                ++i;
                continue;
            }
            std::size_t last = i;
            for (std::size_t k = i + 1; k < row.size(); ++k) {
                if (row[k].empty()) continue;
                if (!is_head && is_long(row[k])) break;
                last = k;
            }
            Span group{row[i].begin, row[last].end};
            if (text_[line.span.begin] == '|') { // with its bars, so that an empty cell is not lost
                if (i == 0) group.begin = line.span.begin;
                std::size_t bar = group.end;
                while (bar < line.span.end && text_[bar] != '|')
                    ++bar;
                if (bar < line.span.end) group.end = bar + 1;
            }
            Unit& unit = add(UnitKind::row, group, group, line.span);
            unit.subject = is_head ? "" : subject;
            unit.column = is_head ? "" : columns;
            i = last + 1;
        }
    }

    bool is_long(Span cell) const { return count_words(slice(cell)) > 4; }

    string_view text_;
    std::vector<Line> lines_;
    Segments out_;
    Span block_;
    bool in_item_ = false, blank_ = false;
    int heading_ = -1;
    std::optional<std::size_t> references_from_;
};

} // namespace

std::string_view to_string(UnitKind kind) {
    switch (kind) {
    case UnitKind::heading:
        return "heading";
    case UnitKind::sentence:
        return "sentence";
    case UnitKind::row:
        return "row";
    case UnitKind::cell:
        return "cell";
    }
    return "";
}

Segments segment(string_view text) {
    return Segmenter(text).run();
}

} // namespace assay::claims
