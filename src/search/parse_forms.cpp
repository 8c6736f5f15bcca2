// Forms that only some languages have: TITLE(...), TS=, TI word, ti:word, MeSH descriptor, [mh ...].
#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "search/line_parser.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace assay::search {

std::optional<Node> LineParser::special(int depth) {
    if (const auto line = line_reference()) return line;
    if (dialect_ == Dialect::scopus) return scopus_function(depth);
    if (dialect_ == Dialect::wos || dialect_ == Dialect::wos_basic) return equals_field(depth);
    if (dialect_ == Dialect::ebsco) return prefix_field(depth);
    if (dialect_ == Dialect::lilacs) return colon_prefix(depth);
    if (dialect_ == Dialect::cochrane) return descriptor();
    return std::nullopt;
}

// TITLE-ABS-KEY(...), PUBYEAR > 2000, LIMIT-TO(LANGUAGE, "English").
std::optional<Node> LineParser::scopus_function(int depth) {
    const std::size_t begin = at_;
    std::size_t stop = at_;
    while (stop < end_ && (letter(text_[stop]) || text_[stop] == '-' || (digit(text_[stop]) && stop > at_)))
        ++stop;
    if (stop == at_) return std::nullopt;
    const std::string name = to_lower(text_.substr(at_, stop - at_));
    std::size_t next = stop;
    while (next < end_ && blank(text_[next]))
        ++next;
    if (name == "pubyear") {
        const std::size_t keep = at_;
        at_ = next;
        std::size_t op_end = at_;
        while (op_end < end_ && (letter(text_[op_end]) || text_[op_end] == '>' || text_[op_end] == '<' ||
                                 text_[op_end] == '='))
            ++op_end;
        const std::string op = to_lower(text_.substr(at_, op_end - at_));
        at_ = op_end;
        skip_space();
        const std::size_t year = at_;
        while (at_ < end_ && digit(text_[at_]))
            ++at_;
        if (at_ - year == 4) {
            const int y = std::atoi(std::string(text_.substr(year, 4)).c_str());
            DateRange range;
            if (op == ">" || op == "aft")
                range = {std::to_string(y + 1), "3000"};
            else if (op == "<" || op == "bef")
                range = {"1000", std::to_string(y - 1)};
            else if (op == ">=")
                range = {std::to_string(y), "3000"};
            else if (op == "<=")
                range = {"1000", std::to_string(y)};
            else
                range = {std::to_string(y), std::to_string(y)};
            Node node = made(begin);
            node.what = range;
            node.fields = {Field::date_published};
            return node;
        }
        at_ = keep;
        return std::nullopt;
    }
    if (next >= end_ || text_[next] != '(') return std::nullopt;
    if (name == "limit-to" || name == "exclude") {
        const std::size_t close = text_.find(')', next);
        if (close == std::string_view::npos || close >= end_) return std::nullopt;
        const std::string_view inner = text_.substr(next + 1, close - next - 1);
        const std::size_t comma = inner.find(',');
        if (comma == std::string_view::npos) return std::nullopt;
        Field field{};
        const std::string code = to_lower(trimmed(inner.substr(0, comma)));
        if (!field_of(dialect_, code == "exactkeyword" ? "key" : code, field)) return std::nullopt;
        std::string value;
        for (const char c : trimmed(inner.substr(comma + 1)))
            if (c != '"' && c != '{' && c != '}') value += c;
        at_ = close + 1;
        Node node = made(begin);
        if (field == Field::date_published)
            node.what = DateRange{value, value};
        else
            node.what = Text{collapse(value), value.find(' ') != std::string::npos, false, false};
        node.fields = {field};
        if (name == "exclude")
            report("search/stray", begin, at_, "EXCLUDE takes records away; write AND NOT", {});
        return node;
    }
    Field field{};
    if (!field_of(dialect_, name, field)) { // INDEX(medline), SRCTYPE(j)
        const std::string_view code = text_.substr(at_, stop - at_);
        const std::size_t close = text_.find_first_of("()", next + 1);
        if (code.size() < 4 || std::any_of(code.begin(), code.end(), ascii::lower) ||
            close == std::string_view::npos || close >= end_ || text_[close] != ')')
            return std::nullopt;
        Limit limit;
        limit.items.push_back(std::string(code) + "(" + collapse(text_.substr(next + 1, close - next - 1)) +
                              ")");
        at_ = close + 1;
        Node node = made(begin);
        node.what = std::move(limit);
        return node;
    }
    at_ = next;
    std::optional<Node> node = brackets(depth);
    if (!node) return std::nullopt;
    // The brackets belong to the function.
    node->bracketed = false;
    apply_fields(*node, merged({field}));
    return node;
}

// LANGUAGE: (English), DOCUMENT TYPES: (Article OR Review): what the host's page adds to a line.
std::optional<Node> LineParser::refinement(int depth) {
    for (const auto& [words_, field] : {std::pair<std::string_view, Field>{"LANGUAGE:", Field::language},
                                        {"LANGUAGES:", Field::language},
                                        {"DOCUMENT TYPE:", Field::publication_type},
                                        {"DOCUMENT TYPES:", Field::publication_type}}) {
        if (text_.substr(at_, words_.size()) != words_) continue;
        const std::size_t keep = at_;
        at_ += words_.size();
        skip_space();
        if (peek() == '(')
            if (std::optional<Node> node = brackets(depth)) {
                node->bracketed = false;
                apply_fields(*node, merged({field}));
                return node;
            }
        at_ = keep;
    }
    return std::nullopt;
}

// TS=(...), PY=2001-2005.
std::optional<Node> LineParser::equals_field(int depth) {
    if (auto node = refinement(depth)) return node;
    std::size_t stop = at_;
    while (stop < end_ && letter(text_[stop]) && stop - at_ < 5)
        ++stop;
    if (stop - at_ < 2) return std::nullopt;
    std::size_t next = stop;
    while (next < end_ && blank(text_[next]))
        ++next;
    if (next >= end_ || text_[next] != '=') return std::nullopt;
    Field field{};
    const std::size_t begin = at_;
    const std::string_view code = text_.substr(at_, stop - at_);
    const bool known = field_of(Dialect::wos, code, field);
    if (!known) report("search/unknown-field", begin, stop, "no field " + in_quotes(code), "it was left out");
    at_ = next + 1;
    skip_space();
    if (known && field == Field::date_published) {
        const std::size_t keep = at_;
        const bool open = peek() == '(';
        if (open) ++at_;
        const std::size_t from = at_;
        while (at_ < end_ && (digit(text_[at_]) || text_[at_] == '-'))
            ++at_;
        const std::string_view years = text_.substr(from, at_ - from);
        if ((years.size() == 4 || years.size() == 9) && (!open || peek() == ')')) {
            if (open) ++at_;
            Node node = made(begin);
            node.what =
                DateRange{std::string(years.substr(0, 4)), std::string(years.substr(years.size() - 4))};
            node.fields = {field};
            return node;
        }
        at_ = keep;
    }
    std::optional<Node> node = peek() == '(' ? brackets(depth) : words();
    if (!node) return std::nullopt;
    node->bracketed = false;
    if (known) apply_fields(*node, merged({field}));
    return node;
}

// TI word, TI (...), MH "Heading+".
std::optional<Node> LineParser::prefix_field(int depth) {
    std::size_t stop = at_;
    while (stop < end_ && letter(text_[stop]) && stop - at_ < 3)
        ++stop;
    if (stop - at_ != 2 || stop >= end_ || !(blank(text_[stop]) || text_[stop] == '(' || text_[stop] == '"'))
        return std::nullopt;
    const std::string_view code = text_.substr(at_, 2);
    if (code[0] < 'A' || code[0] > 'Z' || code[1] < 'A' || code[1] > 'Z') return std::nullopt;
    const std::size_t begin = at_;
    if (code == "MH" || code == "MM" || code == "MJ" || code == "DE" || code == "ZU") {
        at_ = stop;
        skip_space();
        const bool open = peek() == '(' && text_.find(')', at_) < end_;
        if (open) {
            std::optional<Node> node = brackets(depth);
            if (!node) return std::nullopt;
            to_headings(*node, code == "MM" || code == "MJ", false);
            return node;
        }
        std::string name;
        if (peek() == '"') {
            const std::size_t close = text_.find('"', at_ + 1);
            const std::size_t last = close == std::string_view::npos || close >= end_ ? end_ : close;
            name = std::string(text_.substr(at_ + 1, last - at_ - 1));
            at_ = std::min(end_, last + 1);
        } else {
            const std::size_t from = at_;
            while (at_ < end_ && text_[at_] != ')' && text_[at_] != '(' && text_[at_] != '"') {
                if (blank(text_[at_])) {
                    ++at_;
                    const bool op = infix().kind != Infix::none;
                    --at_;
                    if (op) break;
                }
                ++at_;
            }
            name = std::string(trimmed(text_.substr(from, at_ - from)));
        }
        Node node = made(begin);
        node.what = heading_from(name, false, code == "MM" || code == "MJ");
        return node;
    }
    Field field{};
    if (!field_of(dialect_, code, field)) return std::nullopt;
    at_ = stop;
    skip_space();
    if (at_ >= end_ || infix().kind != Infix::none) { // two letters, not a field
        at_ = begin;
        return std::nullopt;
    }
    // Brackets around everything the field holds belong to the field.
    std::optional<Node> node = peek() == '(' ? brackets(depth) : words();
    if (!node) {
        at_ = begin;
        return std::nullopt;
    }
    node->bracketed = false;
    apply_fields(*node, merged({field}));
    return node;
}

// ti:word, mh:"Heading", tw:(...).
std::optional<Node> LineParser::colon_prefix(int depth) {
    std::size_t stop = at_;
    while (stop < end_ && letter(text_[stop]) && stop - at_ < 5)
        ++stop;
    if (stop - at_ < 2 || stop >= end_ || text_[stop] != ':') return std::nullopt;
    const std::string code = to_lower(text_.substr(at_, stop - at_));
    Field field{};
    const bool heading = code == "mh" || code == "mj", qualifier = code == "sh";
    if (!heading && !qualifier && !field_of(dialect_, code, field)) return std::nullopt;
    at_ = stop + 1;
    std::optional<Node> node = peek() == '(' ? brackets(depth) : words();
    if (!node) return std::nullopt;
    if (heading) {
        to_headings(*node, code == "mj", true);
    } else if (qualifier) {
        to_qualifiers(*node, false);
    } else {
        node->bracketed = false;
        apply_fields(*node, merged({field}));
    }
    return node;
}

// MeSH descriptor: [Asthma] explode all trees.
std::optional<Node> LineParser::descriptor() {
    const std::string head = to_lower(text_.substr(at_, std::min<std::size_t>(15, end_ - at_)));
    if (head.rfind("mesh descriptor", 0) != 0) return std::nullopt;
    const std::size_t begin = at_;
    at_ += 15;
    if (peek() == ':') ++at_;
    skip_space();
    Heading heading;
    if (peek() == '[') {
        const std::size_t close = std::min(text_.find(']', at_), end_);
        heading.name = collapse(text_.substr(at_ + 1, close - at_ - 1));
        at_ = std::min(end_, close + 1);
    } else {
        const std::string low = to_lower(text_.substr(at_, end_ - at_));
        std::size_t stop = std::min({low.find(" explode"), low.find(" this term"), low.find(" in all"),
                                     low.find(" and "), low.find(" or "), low.find(')'), low.size()});
        heading.name = collapse(text_.substr(at_, stop));
        at_ += stop;
    }
    const auto take = [&](std::string_view words_) {
        skip_space();
        if (to_lower(text_.substr(at_, std::min(words_.size(), end_ - at_))) != words_) return false;
        at_ += words_.size();
        return true;
    };
    heading.explode = true;
    if (take("explode all trees") || take("explode tree") || take("in all mesh products")) {
        while (at_ < end_ && digit(text_[at_]))
            ++at_;
    } else if (take("this term only")) {
        heading.explode = false;
    }
    if (take("and with qualifier(s): [") || take("and with qualifier(s):[")) {
        const std::size_t close = std::min(text_.find(']', at_), end_);
        std::string_view rest = text_.substr(at_, close - at_);
        while (!rest.empty()) {
            const std::string_view item = rest.substr(0, rest.find(','));
            const std::size_t dash = item.rfind(" - ");
            add_qualifier(heading, trimmed(dash == std::string_view::npos ? item : item.substr(dash + 3)));
            rest.remove_prefix(std::min(rest.size(), item.size() + 1));
        }
        at_ = std::min(end_, close + 1);
    }
    Node node = made(begin);
    node.what = std::move(heading);
    return node;
}

// [mh "Asthma"/DT], [english]/lim, [2000-2010]/py.
std::optional<Node> LineParser::square() {
    const std::size_t begin = at_;
    const std::size_t close = text_.find(']', at_);
    if (close == std::string_view::npos || close >= end_) {
        report("search/unbalanced", at_, at_ + 1, "a '[' that is never closed",
               "the rest of the line was left out");
        at_ = end_;
        return std::nullopt;
    }
    const std::string_view inner = trimmed(text_.substr(at_ + 1, close - at_ - 1));
    const std::string low = to_lower(inner);
    if (dialect_ == Dialect::cochrane && (low.rfind("mh", 0) == 0 || low.rfind("mesh", 0) == 0)) {
        std::string_view rest = trimmed(inner.substr(low.rfind("mesh", 0) == 0 ? 4 : 2));
        bool explode = true;
        if (!rest.empty() && rest.front() == '^') {
            explode = false;
            rest = trimmed(rest.substr(1));
        }
        at_ = close + 1;
        Node node = made(begin);
        if (!rest.empty() && rest.front() == '/') {
            node.what = Qualifier{std::string(trimmed(rest.substr(1))), false};
            return node;
        }
        node.what = heading_from(std::string(rest), explode, false);
        return node;
    }
    if (dialect_ == Dialect::embase) {
        std::size_t next = close + 1;
        if (next < end_ && text_[next] == '/') {
            std::size_t stop = next + 1;
            while (stop < end_ && letter(text_[stop]))
                ++stop;
            const std::string kind = to_lower(text_.substr(next + 1, stop - next - 1));
            at_ = stop;
            Node node = made(begin);
            if (kind == "py" || kind == "sd") {
                const std::size_t dash = low.find('-');
                node.what = DateRange{
                    std::string(trimmed(inner.substr(0, dash))),
                    std::string(trimmed(dash == std::string::npos ? inner : inner.substr(dash + 1)))};
                node.fields = {kind == "py" ? Field::date_published : Field::date_entered};
                return node;
            }
            Limit limit;
            limit.items.push_back(low);
            node.what = std::move(limit);
            return node;
        }
    }
    at_ = close + 1;
    if (!ovid())
        report("search/stray", begin, at_, "square brackets that mean nothing here", "they were left out");
    return std::nullopt;
}

} // namespace assay::search
