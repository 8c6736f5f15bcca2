// Words and phrases with their wildcards, up to an operator, a bracket or a field.
#include "search/line_parser.hpp"
#include "search/qualifiers.hpp"

#include <algorithm>

namespace assay::search {

// A run of words up to an operator, a bracket or a field; one phrase in quotes.
std::optional<Node> LineParser::words() {
    const std::size_t begin = at_;
    bool explode = false, focus = false;
    if (mixed()) {
        if (end_ - at_ > 4 && to_lower(text_.substr(at_, 3)) == "exp" &&
            (blank(text_[at_ + 3]) || text_[at_ + 3] == '*')) {
            std::size_t next = at_ + 3;
            while (next < end_ && blank(text_[next]))
                ++next;
            const std::size_t keep = at_;
            at_ = next;
            if (next < end_ && text_[next] != ')' && infix().kind == Infix::none)
                explode = true;
            else
                at_ = keep;
        }
        if (peek() == '*' && (letter(peek(1)) || peek(1) == '"' || digit(peek(1)))) {
            focus = true;
            ++at_;
        }
    }
    Text text;
    bool heading = false;
    std::vector<std::string> qualifiers;
    const char first = peek();
    const bool apostrophe = dialect_ == Dialect::embase && first == '\'';
    if (first == '"' || apostrophe) {
        const std::size_t close = text_.find(first, at_ + 1);
        if (close == std::string_view::npos || close >= end_) {
            report("search/open-quote", at_, at_ + 1, "a quote that is never closed", "it was left out");
            ++at_;
        } else {
            text.quoted = true;
            text.pattern = pattern_of(text_.substr(at_ + 1, close - at_ - 1));
            at_ = close + 1;
            // "hybrid capture"*
            while (at_ < end_ && (text_[at_] == '*' || (ovid() && text_[at_] == '$'))) {
                if (!text.pattern.empty()) text.pattern += text_[at_] == '$' ? wild::any_dollar : wild::any;
                ++at_;
            }
        }
    }
    if (!text.quoted) {
        std::string raw;
        bool first_word = true;
        for (;;) {
            const std::size_t space = at_;
            skip_space();
            if (at_ >= end_ || stops_words()) {
                at_ = first_word ? at_ : space;
                break;
            }
            if (!first_word && (infix().kind != Infix::none)) {
                if (explode && mixed()) { // exp sensitivity and specificity/
                    const Infix op = infix();
                    if (heading_goes_on(at_ + op.length)) {
                        raw += " " + std::string(text_.substr(at_, op.length));
                        at_ += op.length;
                        continue;
                    }
                }
                at_ = space;
                break;
            }
            if (!first_word && dialect_ == Dialect::ebsco && starts_field_code()) {
                at_ = space;
                break;
            }
            bool stop = false;
            std::string word = next_word(stop, heading, qualifiers);
            if (!word.empty()) {
                if (!raw.empty()) raw += ' ';
                raw += word;
            }
            first_word = false;
            if (stop) break;
        }
        if (peek() == '"' && at_ < end_ && text_.find('"', at_ + 1) >= end_) { // Serology"[MeSH]
            report("search/open-quote", at_, at_ + 1, "a quote that closes nothing", "it was left out");
            ++at_;
        }
        text.pattern = heading && !pattern_of(raw).empty() ? collapse(raw) : pattern_of(raw);
        text.loose = text.pattern.find(' ') != std::string::npos && !row_.phrase;
    } else if (mixed() && peek() == '/') {
        heading = slash(qualifiers);
    }
    if (text.pattern.empty()) {
        skip_space();
        Tag ignored;
        if (at_ > begin) take_tag(ignored);
        return std::nullopt;
    }
    Node node = made(begin);
    if (!heading && (explode || focus)) {
        // exp Child [mesh]; exp animals without its slash
        const std::size_t keep = at_;
        Tag tag;
        skip_space();
        const bool tagged = take_tag(tag) && tag.kind == Tag::heading;
        if (!tagged) {
            at_ = keep;
            if (explode || !text.quoted)
                report("search/no-slash", begin, at_, "a heading without its slash",
                       "write " + std::string(text_.substr(begin, at_ - begin)) + "/");
        } else {
            focus = focus || tag.major;
            explode = explode || tag.explode;
        }
        heading = true;
    }
    if (heading) {
        Heading made_heading;
        made_heading.name = unmarked(text.pattern);
        made_heading.explode = explode;
        made_heading.major = focus;
        for (const auto& q : qualifiers)
            add_qualifier(made_heading, q);
        node.what = std::move(made_heading);
    } else {
        node.what = std::move(text);
    }
    return node;
}

// Plain words, then a slash: the operator before them is part of a heading's name.
bool LineParser::heading_goes_on(std::size_t at) const {
    while (at < end_ && (letter(text_[at]) || digit(text_[at]) || text_[at] == ' ' || text_[at] == '-' ||
                         text_[at] == ',' || text_[at] == '\''))
        ++at;
    if (at >= end_ || text_[at] != '/') return false;
    return to_lower(text_.substr(at_, at - at_)).find(" exp ") == std::string::npos;
}

bool LineParser::stops_words() const {
    const char c = text_[at_];
    if (c == '(' || c == ')' || c == '[' || c == ']' || c == '"' || c == '{' || c == '}') return true;
    if (dialect_ == Dialect::embase && c == '\'' && at_ > 0 && blank(text_[at_ - 1])) return true;
    return (c == '|' || c == '&') && boundary(at_ + 1);
}

bool LineParser::starts_field_code() const {
    if (at_ + 2 >= end_ || !(blank(text_[at_ + 2]) || text_[at_ + 2] == '(')) return false;
    const std::string_view code = text_.substr(at_, 2);
    Field ignored{};
    return code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z' &&
           (code == "MH" || code == "MM" || code == "TI" || code == "AB" || code == "SU" || code == "TX") &&
           (code == "MH" || code == "MM" || field_of(dialect_, code, ignored));
}

// The next word; stops before a field or a tag. `stop`: nothing more belongs to the run.
std::string LineParser::next_word(bool& stop, bool& heading, std::vector<std::string>& qualifiers) {
    std::string word;
    while (at_ < end_ && !blank(text_[at_])) {
        const char c = text_[at_];
        if (stops_words()) break;
        if (c == '.' && mixed()) {
            const std::size_t keep = at_;
            Tag tag;
            if (dotted(tag)) {
                at_ = keep;
                stop = true;
                return word;
            }
        }
        if (c == '/' && mixed()) {
            const std::size_t keep = at_;
            if (slash(qualifiers)) {
                heading = true;
                stop = true;
                return word;
            }
            at_ = keep;
        }
        if (c == '/' && dialect_ == Dialect::embase && emtree_suffix(at_, nullptr) > 0) {
            stop = true;
            return word;
        }
        if (c == ':' && colon_fields() && colon_list(at_, nullptr) > 0) {
            stop = true;
            return word;
        }
        if (c == ':' && dialect_ == Dialect::pubmed && at_ > 0 && text_[at_ - 1] == ']') {
            stop = true;
            return word;
        }
        word += c;
        ++at_;
    }
    return word;
}

// Subheadings of Embase on Ovid that MeSH does not have.
bool LineParser::emtree_code(std::string_view code) {
    static constexpr std::string_view known[] = {"si", "it", "do", "iv", "pr", "cb", "cm", "cr", "dd", "pv",
                                                 "po", "sc", "tl", "ei", "ip", "im", "na", "td", "th", "dr"};
    return std::find(std::begin(known), std::end(known), code) != std::end(known);
}

// '/' behind a heading, with subheadings: x/ , x/dt, tu , x/ exp.
bool LineParser::slash(std::vector<std::string>& qualifiers) {
    if (peek() != '/') return false;
    const std::size_t begin = at_;
    ++at_;
    std::size_t after = at_;
    std::vector<std::string> found;
    for (;;) {
        std::size_t at = after;
        if (!found.empty()) {
            while (at < end_ && blank(text_[at]))
                ++at;
            if (at >= end_ || text_[at] != ',') break;
            ++at;
            while (at < end_ && blank(text_[at]))
                ++at;
        }
        if (at + 2 > end_ || !letter(text_[at]) || !letter(text_[at + 1])) break;
        if (!(boundary(at + 2) || text_[at + 2] == ',' || text_[at + 2] == '.')) break;
        const std::string code = to_lower(text_.substr(at, 2));
        if (!find_qualifier(code) && !emtree_code(code)) break;
        found.push_back(code);
        after = at + 2;
    }
    if (!found.empty()) {
        at_ = after;
        qualifiers = std::move(found);
        return true;
    }
    if (boundary(at_) || peek() == ',' || peek() == '.') {
        std::size_t next = at_;
        while (next < end_ && blank(text_[next]))
            ++next;
        if (end_ - next >= 3 && to_lower(text_.substr(next, 3)) == "exp" && boundary(next + 3)) {
            report("search/stray", next, next + 3, "EXP stands behind the heading", "write exp before it");
            at_ = next + 3;
        }
        if (peek() == '.') ++at_;
        return true;
    }
    at_ = begin;
    return false;
}

std::string LineParser::unmarked(const std::string& pattern) {
    std::string out;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (pattern[i] == wild::up_to) ++i;
        if (i < pattern.size() && !wild::is(pattern[i])) out += pattern[i];
    }
    return out;
}

// Words with this language's wildcards as marks.
std::string LineParser::pattern_of(std::string_view raw) const {
    std::string out;
    const std::string_view words_ = trimmed(raw);
    for (std::size_t i = 0; i < words_.size(); ++i) {
        const char c = words_[i];
        const char next = i + 1 < words_.size() ? words_[i + 1] : ' ';
        const bool ends_word = blank(next);
        if (wild::is(c)) continue;
        if (blank(c)) {
            if (!out.empty() && out.back() != ' ') out += ' ';
            continue;
        }
        const bool dollar = c == '$' && (ovid() || dialect_ == Dialect::lilacs);
        if (c == row_.many || dollar) {
            if (row_.limited && digit(next) && next != '0') {
                out += wild::up_to;
                out += next;
                ++i;
            } else {
                out += dollar ? wild::any_dollar : wild::any;
            }
        } else if (c == ':' && ovid() && ends_word && i > 0 && letter(words_[i - 1])) {
            out += wild::any;
        } else if (row_.one != 0 && c == row_.one) {
            out += wild::one;
        } else if (row_.maybe != 0 && c == row_.maybe) {
            out += wild::maybe;
        } else {
            out += c;
        }
    }
    // Commas, semicolons and full stops around words say nothing.
    std::string kept;
    for (std::size_t i = 0; i <= out.size();) {
        const std::size_t stop = std::min(out.find(' ', i), out.size());
        std::string_view word = std::string_view(out).substr(i, stop - i);
        while (!word.empty() && (word.back() == ';' || word.back() == '\\'))
            word.remove_suffix(1);
        const bool says = std::any_of(word.begin(), word.end(), [](char c) {
            return letter(c) || digit(c) || static_cast<unsigned char>(c) >= 0x80 || c == '&';
        });
        if (says) {
            if (!kept.empty()) kept += ' ';
            kept += word;
        }
        i = stop + 1;
    }
    return kept;
}

} // namespace assay::search
