#include "search/parse.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "search/qualifiers.hpp"
#include "search/strategy.hpp"

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <set>
#include <utility>

namespace assay::search {

namespace {

using ascii::digit;
using ascii::letter;
using ascii::to_lower;

bool blank(char c) {
    return c == ' ' || c == '\t' || c == '\n';
}
std::string_view trimmed(std::string_view text) {
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}
bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), digit);
}

// An operator between two parts of a query.
struct Infix {
    enum Kind { none, boolean, near } kind = none;
    Operator op = Operator::all;
    int between = 0;
    bool ordered = false;
    std::size_t length = 0; ///< bytes it takes
};

// What a bracket tag or a dotted code does to the words before it.
struct Tag {
    enum Kind { fields, heading, qualifier } kind = fields;
    std::vector<Field> list;
    bool explode = false, major = false;
    int between = -1; ///< PubMed "a b"[tiab:~3]
};

constexpr int near_binding = 9;

class LineParser {
public:
    LineParser(const Cleaned& in, Dialect dialect, const std::set<std::string>& labels,
               Diagnostics& diagnostics)
        : in_(in), text_(in.text), dialect_(dialect), row_(row(dialect)), labels_(labels),
          diagnostics_(diagnostics) {}

    bool parse(std::uint32_t begin, std::uint32_t end, Node& out) {
        at_ = begin;
        end_ = end;
        only_numbers_ = line_of_numbers();
        std::optional<Node> node = command();
        if (!node) node = expression(0, 0);
        while (node) { // whatever stands behind: a bracket too many, a stray sign
            skip_space();
            if (at_ >= end_) break;
            if (text_[at_] == ')' || text_[at_] == ']' || text_[at_] == '}') {
                report("search/unbalanced", at_, at_ + 1,
                       std::string("a '") + text_[at_] + "' that closes nothing", "it was left out");
                ++at_;
                Tag tag;
                if (take_tag(tag)) apply(*node, tag);
                continue;
            }
            const std::size_t before = at_;
            node = continued(std::move(*node), 0, 0);
            if (at_ == before) {
                report("search/stray", at_, at_ + 1, "a sign that means nothing here", "it was left out");
                ++at_;
            }
        }
        if (!node) return false;
        out = std::move(*node);
        return true;
    }

private:
    bool ovid() const { return dialect_ == Dialect::ovid || dialect_ == Dialect::ovid_psycinfo; }
    bool mixed() const { return ovid() || dialect_ == Dialect::pubmed; } ///< tags, dots and slashes all count
    bool bracket_tags() const { return mixed() || dialect_ == Dialect::hta; }
    bool colon_fields() const { return dialect_ == Dialect::cochrane || dialect_ == Dialect::embase; }

    void report(std::string_view code, std::size_t begin, std::size_t end, std::string message,
                std::string hint = {}) {
        if (diagnostics_.items().size() < 500)
            in_.report(diagnostics_, code, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                       std::move(message), std::move(hint));
    }

    void skip_space() {
        while (at_ < end_ && blank(text_[at_]))
            ++at_;
    }
    char peek(std::size_t ahead = 0) const { return at_ + ahead < end_ ? text_[at_ + ahead] : '\0'; }
    bool boundary(std::size_t at) const {
        return at >= end_ || blank(text_[at]) || text_[at] == '(' || text_[at] == ')' || text_[at] == '"' ||
               text_[at] == '[' || text_[at] == ']';
    }

    // Only numbers, operators and brackets: the numbers are lines even where no labels are known.
    bool line_of_numbers() const {
        bool number = false, op = false;
        std::size_t at = at_;
        while (at < end_) {
            const char c = text_[at];
            if (blank(c) || c == '(' || c == ')') {
                ++at;
                continue;
            }
            std::size_t stop = at;
            while (stop < end_ && !blank(text_[stop]) && text_[stop] != '(' && text_[stop] != ')')
                ++stop;
            const std::string word = to_lower(text_.substr(at, stop - at));
            if (all_digits(word))
                number = true;
            else if (word == "and" || word == "or" || word == "not")
                op = true;
            else
                return false;
            at = stop;
        }
        return number && op;
    }

    // ---- operators
    // -----------------------------------------------------------------------------------------
    static std::optional<int> number_after(std::string_view word, std::size_t from) {
        if (from < word.size() && word[from] == '/') ++from;
        if (from >= word.size() || word.size() - from > 3 || !all_digits(word.substr(from)))
            return std::nullopt;
        return std::atoi(std::string(word.substr(from)).c_str());
    }

    Infix infix() const {
        Infix found;
        if (at_ >= end_) return found;
        std::size_t stop = at_;
        if (text_[at_] == '&' || text_[at_] == '|') {
            found.kind = Infix::boolean;
            found.op = text_[at_] == '&' ? Operator::all : Operator::any;
            found.length = 1;
            return found;
        }
        while (stop < end_ && (letter(text_[stop]) || digit(text_[stop]) ||
                               (text_[stop] == '/' && stop + 1 < end_ && digit(text_[stop + 1]))))
            ++stop;
        if (stop == at_ ||
            (!boundary(stop) && text_[stop] != '\'' && text_[stop] != '{' && text_[stop] != '#'))
            return found;
        const std::string word = to_lower(text_.substr(at_, stop - at_));
        const auto boolean = [&](Operator op) {
            found.kind = Infix::boolean;
            found.op = op;
            found.length = stop - at_;
        };
        const auto near = [&](int between, bool ordered) {
            found.kind = Infix::near;
            found.between = std::max(0, between);
            found.ordered = ordered;
            found.length = stop - at_;
        };
        if (word == "and" || word == "same") {
            if (word == "same" && dialect_ != Dialect::wos && dialect_ != Dialect::wos_basic) return found;
            boolean(Operator::all);
            std::size_t next = stop; // AND NOT
            while (next < end_ && blank(text_[next]))
                ++next;
            if (next + 3 <= end_ && to_lower(text_.substr(next, 3)) == "not" && boundary(next + 3) &&
                next > stop) {
                found.op = Operator::without;
                found.length = next + 3 - at_;
            }
        } else if (word == "or") {
            boolean(Operator::any);
        } else if (word == "not" || word == "andnot") {
            boolean(Operator::without);
        } else if (word == "adj") {
            near(0, true);
        } else if (word.rfind("adj", 0) == 0) {
            if (const auto n = number_after(word, 3)) near(*n - 1, false);
        } else if (word == "near") {
            if (dialect_ == Dialect::wos || dialect_ == Dialect::wos_basic) near(15, false);
            if (dialect_ == Dialect::cochrane) near(6, false);
        } else if (word.rfind("near", 0) == 0) {
            if (const auto n = number_after(word, 4)) near(*n - row_.near_offset, false);
        } else if (word == "next") {
            if (colon_fields()) near(0, true);
        } else if (word.rfind("next", 0) == 0) {
            if (const auto n = number_after(word, 4)) near(*n - row_.near_offset, true);
        } else if (word.rfind("w/", 0) == 0) {
            if (const auto n = number_after(word, 1)) near(*n, false);
        } else if (word.rfind("pre/", 0) == 0) {
            if (const auto n = number_after(word, 3)) near(*n, true);
        } else if (dialect_ == Dialect::ebsco && (word[0] == 'n' || word[0] == 'w') && word.size() > 1) {
            if (const auto n = number_after(word, 1)) near(*n, word[0] == 'w');
        }
        return found;
    }

    int binding(const Infix& op) const {
        if (op.kind == Infix::near) return near_binding;
        switch (op.op) {
        case Operator::all:
            return row_.binding.all;
        case Operator::any:
            return row_.binding.any;
        case Operator::without:
            return row_.binding.without;
        }
        return 1;
    }

    Node combine(Node left, const Infix& op, Node right) const {
        Node out;
        out.begin = left.begin;
        out.end = right.end;
        out.height = 1 + std::max(left.height, right.height);
        if (op.kind == Infix::near) {
            Near near;
            near.between = op.between;
            near.ordered = op.ordered;
            // TI a N3 b: words that stand near one another stand in one field.
            if (dialect_ == Dialect::ebsco && right.fields.empty())
                out.fields = std::exchange(left.fields, {});
            near.children.push_back(std::move(left));
            near.children.push_back(std::move(right));
            out.what = std::move(near);
            return out;
        }
        auto* group = std::get_if<Group>(&left.what);
        if (group && group->op == op.op && !left.bracketed && left.fields.empty()) {
            left.end = right.end;
            left.height = std::max(left.height, 1 + right.height);
            group->children.push_back(std::move(right));
            return left;
        }
        Group made;
        made.op = op.op;
        made.children.push_back(std::move(left));
        made.children.push_back(std::move(right));
        out.what = std::move(made);
        return out;
    }

    // ---- expressions
    // ---------------------------------------------------------------------------------------
    std::optional<Node> expression(int least, int depth) {
        if (depth > deepest) {
            report("search/too-deep", at_, at_ + 1, "brackets are nested too deeply", "simplify the line");
            at_ = end_;
            return std::nullopt;
        }
        for (;;) {
            skip_space();
            if (at_ >= end_ || closes(text_[at_])) return std::nullopt;
            const Infix op = references_start() ? Infix{} : infix();
            if (op.kind != Infix::none) {
                report("search/operator", at_, at_ + op.length, "an operator with nothing before it",
                       "it was left out");
                at_ += op.length;
                continue;
            }
            const std::size_t before = at_;
            if (std::optional<Node> left = atom(depth)) return continued(std::move(*left), least, depth);
            if (at_ == before) stray();
        }
    }

    static bool closes(char c) { return c == ')' || c == ']' || c == '}'; }

    void stray() {
        report("search/stray", at_, at_ + 1, "a sign that means nothing here", "it was left out");
        ++at_;
    }

    std::optional<Node> continued(Node left, int least, int depth) {
        for (;;) {
            skip_space();
            if (at_ >= end_ || closes(text_[at_])) return left;
            Infix op = references_start() ? Infix{} : infix();
            const bool implied = op.kind == Infix::none;
            if (implied) {
                op.kind = row_.phrase ? Infix::near : Infix::boolean;
                op.between = 0;
                op.ordered = true;
                op.op = Operator::all;
            }
            const int binds = binding(op);
            if (binds < least) return left;
            const std::size_t where = at_;
            at_ += op.length;
            std::optional<Node> right;
            if (implied) {
                right = atom(depth);
                if (!right) {
                    if (at_ == where) stray();
                    continue;
                }
                if (row_.phrase && !std::holds_alternative<Text>(right->what)) op.kind = Infix::boolean;
                if (row_.phrase && !std::holds_alternative<Text>(left.what)) op.kind = Infix::boolean;
                if (right->begin > 0 && !references_only(*right))
                    report("search/no-operator", right->begin, right->end, "no operator stands before this",
                           op.kind == Infix::near ? "it was read as the words side by side"
                                                  : "it was read as AND");
            } else {
                right = expression(binds + 1, depth + 1);
                if (!right) {
                    report("search/operator", where, where + op.length, "an operator with nothing behind it",
                           "it was left out");
                    return left;
                }
            }
            if (left.height >= highest || right->height >= highest) {
                report("search/too-deep", where, end_, "this line is too long a chain",
                       "break it into lines");
                at_ = end_;
                return left;
            }
            left = combine(std::move(left), op, std::move(*right));
        }
    }

    static bool references_only(const Node& node) { return std::holds_alternative<References>(node.what); }

    Node made(std::size_t begin) const {
        Node node;
        node.begin = static_cast<std::uint32_t>(begin);
        node.end = static_cast<std::uint32_t>(at_);
        return node;
    }

    // A term, a bracket, a reference, with the fields behind it. Nothing where an operator or the end stands.
    std::optional<Node> atom(int depth) {
        for (;;) {
            skip_space();
            const std::size_t begin = at_;
            if (at_ >= end_ || closes(text_[at_])) return std::nullopt;
            std::optional<Node> node;
            const char c = text_[at_];
            if (c == '(')
                node = brackets(depth);
            else if (c == '{')
                node = braces();
            else if (c == '[')
                node = square();
            else if (references_start())
                node = range_references();
            else
                node = special(depth);
            if (!node && at_ == begin) node = words();
            if (!node) {
                if (at_ == begin) return std::nullopt;
                skip_space();
                if (at_ < end_ && !references_start() && infix().kind != Infix::none) return std::nullopt;
                continue; // empty brackets or quotes: on to what stands behind them
            }
            node->begin = static_cast<std::uint32_t>(begin);
            suffixes(*node);
            node->end = static_cast<std::uint32_t>(at_);
            return node;
        }
    }

    std::optional<Node> brackets(int depth) {
        const std::size_t open = at_;
        ++at_;
        std::optional<Node> node = expression(0, depth + 1);
        skip_space();
        while (node && at_ < end_ && (text_[at_] == ']' || text_[at_] == '}')) {
            report("search/unbalanced", at_, at_ + 1,
                   std::string("a '") + text_[at_] + "' that closes nothing", "it was left out");
            ++at_;
            node = continued(std::move(*node), 0, depth + 1);
            skip_space();
        }
        if (at_ < end_ && text_[at_] == ')')
            ++at_;
        else
            report("search/unbalanced", open, open + 1, "a '(' that is never closed",
                   "it was closed at the end of the line");
        if (!node) {
            report("search/empty-brackets", open, at_, "brackets with nothing in them", "they were left out");
            return std::nullopt;
        }
        fold_fields(*node);
        // EBSCO's (MH "X") has its brackets from its form.
        node->bracketed = dialect_ != Dialect::ebsco || !std::holds_alternative<Heading>(node->what);
        return node;
    }

    // (TI x OR AB x) is one search in two fields.
    void fold_fields(Node& node) const {
        auto* group = std::get_if<Group>(&node.what);
        if (!group || group->op != Operator::any || !node.fields.empty()) return;
        std::vector<Field> fields;
        for (const Node& child : group->children) {
            if (child.fields.size() != 1 || !same_words(child, group->children.front())) return;
            const Field field = child.fields.front();
            const bool usual = field == Field::title || field == Field::abstract || field == Field::keyword;
            if ((!usual && dialect_ != Dialect::ebsco) || row(field).parts == part::date) return;
            if (std::find(fields.begin(), fields.end(), field) != fields.end()) return;
            fields.push_back(field);
        }
        fields = merged(std::move(fields));
        if (fields.size() != 1 && dialect_ != Dialect::ebsco) return;
        Node only = std::move(group->children.front());
        only.begin = node.begin;
        only.end = node.end;
        only.fields = std::move(fields);
        node = std::move(only);
    }

    // The same words in the same order, whatever the fields of the two nodes themselves.
    static bool same_words(const Node& a, const Node& b) {
        if (a.what.index() != b.what.index()) return false;
        const auto children = [](const std::vector<Node>& x, const std::vector<Node>& y) {
            return std::equal(x.begin(), x.end(), y.begin(), y.end(), [](const Node& m, const Node& n) {
                return m.fields == n.fields && m.bracketed == n.bracketed && same_words(m, n);
            });
        };
        if (const auto* x = std::get_if<Text>(&a.what)) {
            const auto& y = std::get<Text>(b.what);
            return x->pattern == y.pattern && x->quoted == y.quoted && x->exact == y.exact;
        }
        if (const auto* x = std::get_if<Group>(&a.what)) {
            const auto& y = std::get<Group>(b.what);
            return x->op == Operator::any && y.op == Operator::any && children(x->children, y.children);
        }
        if (const auto* x = std::get_if<Near>(&a.what)) {
            const auto& y = std::get<Near>(b.what);
            return x->between == y.between && x->ordered == y.ordered && children(x->children, y.children);
        }
        return false;
    }

    // {or #1-#3} of CENTRAL, {exact words} of Scopus.
    std::optional<Node> braces() {
        const std::size_t begin = at_;
        const std::size_t close = text_.find('}', at_);
        if (close == std::string_view::npos || close >= end_) {
            report("search/unbalanced", at_, at_ + 1, "a '{' that is never closed", "it was left out");
            ++at_;
            return std::nullopt;
        }
        const std::string_view inner = trimmed(text_.substr(at_ + 1, close - at_ - 1));
        const std::string low = to_lower(inner);
        at_ = close + 1;
        if (dialect_ != Dialect::scopus && (low.rfind("or ", 0) == 0 || low.rfind("and ", 0) == 0)) {
            Node node = made(begin);
            node.what = ranges(inner.substr(inner.find(' ')), low[0] == 'o' ? Operator::any : Operator::all);
            return node;
        }
        Node node = made(begin);
        Text text;
        text.pattern = collapse(inner);
        text.quoted = text.exact = true;
        node.what = std::move(text);
        return node;
    }

    static std::string collapse(std::string_view text) {
        std::string out;
        for (const char c : trimmed(text)) {
            if (wild::is(c)) continue;
            if (blank(c)) {
                if (!out.empty() && out.back() != ' ') out += ' ';
            } else {
                out += c;
            }
        }
        return out;
    }

    // "or/1-4,7", "and/2,3", "or 1-14".
    bool references_start() const {
        std::size_t at = at_;
        const std::string word = to_lower(text_.substr(at, std::min<std::size_t>(4, end_ - at)));
        std::size_t length = word.rfind("or", 0) == 0 ? 2 : word.rfind("and", 0) == 0 ? 3 : 0;
        if (length == 0) return false;
        at += length;
        const bool slash = at < end_ && text_[at] == '/';
        std::size_t number = at + (slash ? 1 : 0);
        while (number < end_ && blank(text_[number]))
            ++number;
        if (number >= end_ || !(digit(text_[number]) || ((text_[number] == '#' || text_[number] == 'S') &&
                                                         number + 1 < end_ && digit(text_[number + 1]))))
            return false;
        if (slash) return true;
        // "OR 1-14" with nothing else on the line
        return number > at &&
               std::all_of(text_.begin() + static_cast<long>(number), text_.begin() + static_cast<long>(end_),
                           [](char c) { return digit(c) || c == '-' || c == ',' || c == ' '; }) &&
               text_.substr(number, end_ - number).find('-') != std::string_view::npos;
    }

    std::optional<Node> range_references() {
        const std::size_t begin = at_;
        const Operator op = to_lower(peek()) == 'o' ? Operator::any : Operator::all;
        at_ += op == Operator::any ? 2 : 3;
        if (peek() == '/') ++at_;
        skip_space();
        const std::size_t from = at_;
        while (at_ < end_ &&
               (digit(text_[at_]) || text_[at_] == '-' || text_[at_] == ',' || blank(text_[at_]) ||
                text_[at_] == '#' || text_[at_] == '/' || (text_[at_] == 'S' && digit(peek(1))) ||
                (letter(text_[at_]) && at_ > from && digit(text_[at_ - 1]) && boundary_or_list(at_ + 1)))) {
            // "or/1-4 and 5": the blank before the operator ends the list
            if (blank(text_[at_])) {
                std::size_t next = at_;
                while (next < end_ && blank(text_[next]))
                    ++next;
                const char before = text_[at_ - 1];
                const bool list_goes_on = next < end_ && (text_[next] == ',' || text_[next] == '-' ||
                                                          before == ',' || before == '-' || before == '/');
                if (!list_goes_on) break;
            }
            ++at_;
        }
        Node node = made(begin);
        node.what = ranges(text_.substr(from, at_ - from), op);
        return node;
    }
    bool boundary_or_list(std::size_t at) const {
        return boundary(at) || text_[at] == ',' || text_[at] == '-';
    }

    References ranges(std::string_view list, Operator op) {
        References out;
        out.op = op;
        out.compact = true;
        std::string clean_list;
        for (const char c : list)
            if (!blank(c) && c != '#' && c != 'S' && c != 's')
                clean_list += to_lower(c) == '/' ? ',' : to_lower(c);
        std::string_view rest = clean_list;
        while (!rest.empty()) {
            const std::string_view item = rest.substr(0, rest.find(','));
            const std::size_t dash = item.find('-');
            LineRange range;
            range.first = std::string(item.substr(0, dash));
            range.last = dash == std::string_view::npos ? range.first : std::string(item.substr(dash + 1));
            if (range.last.empty()) range.last = range.first;
            if (range.first.empty()) range.first = range.last;
            if (!range.first.empty()) out.ranges.push_back(std::move(range));
            rest.remove_prefix(std::min(rest.size(), item.size() + 1));
        }
        return out;
    }

    // "#12", "S3", "12": one line of the strategy.
    std::optional<Node> line_reference() {
        std::size_t at = at_;
        const bool sign =
            text_[at] == '#' || (dialect_ == Dialect::ebsco && (text_[at] == 'S' || text_[at] == 's') &&
                                 at + 1 < end_ && digit(text_[at + 1]));
        if (sign) ++at;
        const std::size_t number = at;
        while (at < end_ && digit(text_[at]))
            ++at;
        if (at == number || at - number > 4) return std::nullopt;
        if (at < end_ && letter(text_[at]) && boundary(at + 1) &&
            labels_.count(to_lower(text_.substr(number, at + 1 - number))) > 0)
            ++at;
        const std::string label = to_lower(text_.substr(number, at - number));
        std::size_t next = at;
        while (next < end_ && blank(text_[next]))
            ++next;
        if (sign) {
            if (at < end_ && !boundary(at) && text_[at] != '-' && text_[at] != ',') return std::nullopt;
        } else {
            if (!boundary(at)) return std::nullopt;
            if (!(mixed() || dialect_ == Dialect::cochrane || dialect_ == Dialect::embase ||
                  dialect_ == Dialect::hta || dialect_ == Dialect::lilacs))
                return std::nullopt;
            if (!only_numbers_ && labels_.count(label) == 0) return std::nullopt;
            // Alone between operators, without a field of its own.
            const std::size_t keep = at_;
            at_ = next;
            const bool alone = next >= end_ || text_[next] == ')' || infix().kind == Infix::boolean;
            at_ = keep;
            if (!alone || (next < end_ && text_[next] == '.')) return std::nullopt;
        }
        const std::size_t begin = at_;
        LineRange range{label, label};
        // "#1-#5" of Embase.com and CENTRAL
        std::size_t after = at;
        if (sign && after < end_ && text_[after] == '-') {
            ++after;
            if (after < end_ && (text_[after] == '#' || text_[after] == 'S')) ++after;
            const std::size_t last = after;
            while (after < end_ && digit(text_[after]))
                ++after;
            if (after > last && boundary(after)) {
                range.last = std::string(text_.substr(last, after - last));
                at = after;
            }
        }
        at_ = at;
        Node node = made(begin);
        References references;
        references.compact = range.first != range.last;
        references.ranges.push_back(std::move(range));
        node.what = std::move(references);
        return node;
    }

    // ---- forms that only some languages have
    // ---------------------------------------------------------------
    std::optional<Node> special(int depth) {
        if (const auto line = line_reference()) return line;
        if (dialect_ == Dialect::scopus) return scopus_function(depth);
        if (dialect_ == Dialect::wos || dialect_ == Dialect::wos_basic) return equals_field(depth);
        if (dialect_ == Dialect::ebsco) return prefix_field(depth);
        if (dialect_ == Dialect::lilacs) return colon_prefix(depth);
        if (dialect_ == Dialect::cochrane) return descriptor();
        return std::nullopt;
    }

    // TITLE-ABS-KEY(...), PUBYEAR > 2000, LIMIT-TO(LANGUAGE, "English").
    std::optional<Node> scopus_function(int depth) {
        const std::size_t begin = at_;
        std::size_t stop = at_;
        while (stop < end_ &&
               (letter(text_[stop]) || text_[stop] == '-' || (digit(text_[stop]) && stop > at_)))
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
            limit.items.push_back(std::string(code) + "(" +
                                  collapse(text_.substr(next + 1, close - next - 1)) + ")");
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
    std::optional<Node> refinement(int depth) {
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
    std::optional<Node> equals_field(int depth) {
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
        if (!known)
            report("search/unknown-field", begin, stop, "no field " + in_quotes(code), "it was left out");
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
    std::optional<Node> prefix_field(int depth) {
        std::size_t stop = at_;
        while (stop < end_ && letter(text_[stop]) && stop - at_ < 3)
            ++stop;
        if (stop - at_ != 2 || stop >= end_ ||
            !(blank(text_[stop]) || text_[stop] == '(' || text_[stop] == '"'))
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
    std::optional<Node> colon_prefix(int depth) {
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
    std::optional<Node> descriptor() {
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
                add_qualifier(heading,
                              trimmed(dash == std::string_view::npos ? item : item.substr(dash + 3)));
                rest.remove_prefix(std::min(rest.size(), item.size() + 1));
            }
            at_ = std::min(end_, close + 1);
        }
        Node node = made(begin);
        node.what = std::move(heading);
        return node;
    }

    // [mh "Asthma"/DT], [english]/lim, [2000-2010]/py.
    std::optional<Node> square() {
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
            report("search/stray", begin, at_, "square brackets that mean nothing here",
                   "they were left out");
        return std::nullopt;
    }

    // ---- words
    // --------------------------------------------------------------------------------------------- A run of
    // words up to an operator, a bracket or a field; one phrase in quotes.
    std::optional<Node> words() {
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
                    if (!text.pattern.empty())
                        text.pattern += text_[at_] == '$' ? wild::any_dollar : wild::any;
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
    bool heading_goes_on(std::size_t at) const {
        while (at < end_ && (letter(text_[at]) || digit(text_[at]) || text_[at] == ' ' || text_[at] == '-' ||
                             text_[at] == ',' || text_[at] == '\''))
            ++at;
        if (at >= end_ || text_[at] != '/') return false;
        return to_lower(text_.substr(at_, at - at_)).find(" exp ") == std::string::npos;
    }

    bool stops_words() const {
        const char c = text_[at_];
        if (c == '(' || c == ')' || c == '[' || c == ']' || c == '"' || c == '{' || c == '}') return true;
        if (dialect_ == Dialect::embase && c == '\'' && at_ > 0 && blank(text_[at_ - 1])) return true;
        return (c == '|' || c == '&') && boundary(at_ + 1);
    }

    bool starts_field_code() const {
        if (at_ + 2 >= end_ || !(blank(text_[at_ + 2]) || text_[at_ + 2] == '(')) return false;
        const std::string_view code = text_.substr(at_, 2);
        Field ignored{};
        return code[0] >= 'A' && code[0] <= 'Z' && code[1] >= 'A' && code[1] <= 'Z' &&
               (code == "MH" || code == "MM" || code == "TI" || code == "AB" || code == "SU" ||
                code == "TX") &&
               (code == "MH" || code == "MM" || field_of(dialect_, code, ignored));
    }

    // The next word; stops before a field or a tag. `stop`: nothing more belongs to the run.
    std::string next_word(bool& stop, bool& heading, std::vector<std::string>& qualifiers) {
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
    static bool emtree_code(std::string_view code) {
        static constexpr std::string_view known[] = {"si", "it", "do", "iv", "pr", "cb", "cm",
                                                     "cr", "dd", "pv", "po", "sc", "tl", "ei",
                                                     "ip", "im", "na", "td", "th", "dr"};
        return std::find(std::begin(known), std::end(known), code) != std::end(known);
    }

    // '/' behind a heading, with subheadings: x/ , x/dt, tu , x/ exp.
    bool slash(std::vector<std::string>& qualifiers) {
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
                report("search/stray", next, next + 3, "EXP stands behind the heading",
                       "write exp before it");
                at_ = next + 3;
            }
            if (peek() == '.') ++at_;
            return true;
        }
        at_ = begin;
        return false;
    }

    static std::string unmarked(const std::string& pattern) {
        std::string out;
        for (std::size_t i = 0; i < pattern.size(); ++i) {
            if (pattern[i] == wild::up_to) ++i;
            if (i < pattern.size() && !wild::is(pattern[i])) out += pattern[i];
        }
        return out;
    }

    // Words with this language's wildcards as marks.
    std::string pattern_of(std::string_view raw) const {
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

    // ---- what stands behind words and brackets
    // ---------------------------------------------------------------
    void suffixes(Node& node) {
        for (int round = 0; round < 4; ++round) {
            const std::size_t keep = at_;
            skip_space();
            Tag tag;
            if (take_tag(tag)) {
                if (tag.between >= 0)
                    window(node, tag);
                else
                    apply(node, tag);
                if (mixed()) date_range(node);
                continue;
            }
            at_ = keep;
            if (colon_fields() && peek() == ':') {
                std::vector<Field> list;
                if (const std::size_t length = colon_list(at_, &list)) {
                    at_ += length;
                    apply_fields(node, merged(std::move(list)));
                    continue;
                }
            }
            if (dialect_ == Dialect::embase &&
                to_lower(text_.substr(at_, std::min<std::size_t>(4, end_ - at_))) == ":lnk") {
                at_ += 4;
                to_qualifiers(node, false);
                continue;
            }
            if (dialect_ == Dialect::embase && peek() == '/') {
                Heading heading;
                if (const std::size_t length = emtree_suffix(at_, &heading)) {
                    at_ += length;
                    emtree(node, heading);
                    continue;
                }
            }
            if (node.bracketed && peek() == '*') { // (newborn)* means nothing
                report("search/stray", at_, at_ + 1, "truncation behind a bracket", "it was left out");
                ++at_;
                continue;
            }
            return;
        }
    }

    // "2000"[dp] : "2010"[dp]
    void date_range(Node& node) {
        const auto* text = std::get_if<Text>(&node.what);
        const auto* from = std::get_if<DateRange>(&node.what);
        if (!text && !from) return;
        const std::size_t keep = at_;
        skip_space();
        if (peek() != ':' ||
            row(node.fields.empty() ? Field::all : node.fields.front()).parts != part::date) {
            at_ = keep;
            return;
        }
        ++at_;
        skip_space();
        const bool quote = peek() == '"';
        if (quote) ++at_;
        const std::size_t begin = at_;
        while (at_ < end_ && (digit(text_[at_]) || text_[at_] == '/'))
            ++at_;
        const std::string last(text_.substr(begin, at_ - begin));
        if (quote && peek() == '"') ++at_;
        skip_space();
        Tag tag;
        if (last.empty() || !take_tag(tag)) {
            at_ = keep;
            return;
        }
        const std::string first = from ? from->from : unmarked(text->pattern);
        node.what = DateRange{first, last};
    }

    bool take_tag(Tag& tag) {
        if (mixed() && peek() == '.') return dotted(tag);
        if (bracket_tags() && peek() == '[') return bracket_tag(tag);
        return false;
    }

    // ".ti,ab." also ".ti. ab ." and a missing last point.
    bool dotted(Tag& tag) {
        std::size_t at = at_;
        std::vector<std::string> found;
        for (;;) {
            if (at >= end_ || (text_[at] != '.' && text_[at] != ',')) break;
            std::size_t next = at + 1;
            while (next < end_ && (blank(text_[next]) || text_[next] == ','))
                ++next;
            std::size_t stop = next;
            while (stop < end_ && (letter(text_[stop]) || digit(text_[stop])) && stop - next < 3)
                ++stop;
            const std::string code = to_lower(text_.substr(next, stop - next));
            if (stop - next != 2 || !known_code(code)) break;
            if (stop < end_ && (letter(text_[stop]) || digit(text_[stop]) || text_[stop] == '*')) break;
            // "vitamin.ab and": a blank between the point and the code only where the code is closed by a
            // point
            std::size_t after = stop;
            while (after < end_ && blank(text_[after]))
                ++after;
            const bool closed = after < end_ && (text_[after] == '.' || text_[after] == ',');
            if (next > at + 1 && text_[at] == '.' && !closed) break;
            found.push_back(code);
            at = closed ? after : stop;
            if (!closed) break;
        }
        if (found.empty()) return false;
        at_ = at;
        if (peek() == '.') ++at_;
        while (peek() == '.') // "..": a slip of the finger
            ++at_;
        for (const std::string& code : found) {
            if (code == "sh" || code == "xm") {
                tag.kind = Tag::heading;
                tag.explode = code == "xm";
            } else if (code == "fs" || code == "xs") {
                tag.kind = Tag::qualifier;
                tag.explode = code == "xs";
            } else {
                Field field{};
                if (field_of(ovid() ? dialect_ : Dialect::ovid, code, field)) tag.list.push_back(field);
            }
        }
        if (!tag.list.empty()) tag.kind = Tag::fields;
        tag.list = merged(std::move(tag.list));
        return true;
    }

    bool known_code(const std::string& code) const {
        Field ignored{};
        return code == "sh" || code == "xm" || code == "fs" || code == "xs" ||
               field_of(ovid() ? dialect_ : Dialect::ovid, code, ignored);
    }

    bool bracket_tag(Tag& tag) {
        const std::size_t close = text_.find(']', at_);
        if (close == std::string_view::npos || close >= end_) return false;
        const std::size_t begin = at_;
        std::string name = to_lower(collapse(text_.substr(at_ + 1, close - at_ - 1)));
        if (const std::size_t tilde = name.find(":~"); tilde != std::string::npos) {
            tag.between = std::min(1000, std::max(0, std::atoi(name.c_str() + tilde + 2)));
            name.resize(tilde);
        }
        std::string squeezed;
        for (const char c : name)
            if (c != ' ') squeezed += c;
        const bool no_explode = squeezed.find(":noexp") != std::string::npos;
        const std::string base = squeezed.substr(0, squeezed.find(':'));
        Field field{};
        at_ = close + 1;
        if (dialect_ == Dialect::hta && (base == "mhe" || base == "mh")) {
            tag.kind = Tag::heading;
            tag.explode = base == "mhe";
            return true;
        }
        if (base == "mh" || base == "mesh" || base == "meshterms" || base == "meshterm") {
            tag.kind = Tag::heading;
            tag.explode = !no_explode;
            return true;
        }
        if (base == "majr" || base == "meshmajortopic" || base == "mesh-major" || base == "majormesh") {
            tag.kind = Tag::heading;
            tag.explode = !no_explode;
            tag.major = true;
            return true;
        }
        if (base == "sh" || base == "subheading" || base == "meshsubheading" || base == "subheadings") {
            tag.kind = Tag::qualifier;
            tag.explode = !no_explode;
            return true;
        }
        if (field_of(dialect_ == Dialect::hta ? Dialect::hta : Dialect::pubmed, name, field) ||
            field_of(Dialect::pubmed, name, field)) {
            tag.list = merged({field});
            return true;
        }
        if (ovid()) return true; // Ovid's display: [mp=title, ...], [Diagnostic Use]
        report("search/unknown-field", begin, close + 1, "no field " + in_quotes(name),
               "it was left out: all fields are searched");
        return true;
    }

    // ":ti,ab,kw"; the length it takes.
    std::size_t colon_list(std::size_t at, std::vector<Field>* list) const {
        const std::size_t begin = at;
        if (at >= end_ || text_[at] != ':') return 0;
        bool any = false;
        do {
            ++at;
            while (any && at < end_ && blank(text_[at]))
                ++at;
            std::size_t stop = at;
            while (stop < end_ && letter(text_[stop]))
                ++stop;
            Field field{};
            if (!list && dialect_ == Dialect::embase && to_lower(text_.substr(at, stop - at)) == "lnk")
                return 4;
            if (stop == at || !field_of(dialect_, text_.substr(at, stop - at), field))
                return any ? at - begin : 0;
            if (list) list->push_back(field);
            any = true;
            at = stop;
        } while (at < end_ && text_[at] == ',');
        return at - begin;
    }

    // "/exp", "/de", "/mj", "/exp/mj", "/exp/dm_dt,dm_si", "/br"; the length it takes.
    std::size_t emtree_suffix(std::size_t at, Heading* heading) const {
        const std::size_t begin = at;
        bool any = false;
        while (at < end_ && text_[at] == '/') {
            std::size_t stop = at + 1;
            while (stop < end_ && (letter(text_[stop]) || text_[stop] == '_' || text_[stop] == ','))
                ++stop;
            const std::string code = to_lower(text_.substr(at + 1, stop - at - 1));
            if (code == "exp" || code == "de" || code == "mj" || code == "br") {
                if (heading) {
                    heading->explode = heading->explode || code == "exp" || code == "br";
                    heading->major = heading->major || code == "mj";
                }
            } else if (code.find('_') != std::string::npos) {
                std::string_view rest = code;
                while (heading && !rest.empty()) {
                    const std::string_view item = rest.substr(0, rest.find(','));
                    add_qualifier(*heading, item);
                    rest.remove_prefix(std::min(rest.size(), item.size() + 1));
                }
            } else {
                break;
            }
            any = true;
            at = stop;
        }
        return any ? at - begin : 0;
    }

    static void emtree(Node& node, const Heading& like) {
        if (const auto* text = std::get_if<Text>(&node.what)) {
            Heading heading = like;
            heading.name = unmarked(text->pattern);
            if (!heading.name.empty()) node.what = std::move(heading);
        }
    }

    static void add_qualifier(Heading& heading, std::string_view text) {
        text = trimmed(text);
        while (!text.empty() && (text.back() == '+' || text.back() == ','))
            text.remove_suffix(1);
        if (text.empty()) return;
        if (const auto mesh = mesh_of_link(to_lower(text)); !mesh.empty()) text = mesh;
        const auto* known = find_qualifier(text);
        heading.qualifiers.push_back(known ? to_lower(known->code) : std::string(text));
    }

    // Name, '+' for explosion (EBSCO), subheadings behind a slash.
    static Heading heading_from(std::string name, bool explode, bool major) {
        Heading heading;
        heading.explode = explode;
        heading.major = major;
        std::string plain;
        for (const char c : name)
            if (c != '"' && !wild::is(c)) plain += c;
        std::string_view text = trimmed(plain);
        // Growth/DE,PH and EBSCO's Growth/DE/PH. One unknown item, and the slash belongs to the name.
        std::vector<std::string_view> items;
        for (std::size_t at; (at = text.rfind('/')) != std::string_view::npos && at + 1 < text.size();
             text = trimmed(text.substr(0, at))) {
            std::vector<std::string_view> list;
            for (std::string_view rest = text.substr(at + 1); !rest.empty();) {
                list.push_back(rest.substr(0, rest.find(',')));
                rest.remove_prefix(std::min(rest.size(), list.back().size() + 1));
            }
            if (!std::all_of(list.begin(), list.end(),
                             [](std::string_view item) { return find_qualifier(item); }))
                break;
            items.insert(items.begin(), list.begin(), list.end());
        }
        for (const std::string_view item : items)
            add_qualifier(heading, item);
        if (items.empty() && !text.empty() && text.back() == '/')
            text = trimmed(text.substr(0, text.size() - 1));
        if (!text.empty() && text.back() == '+') {
            heading.explode = true;
            text = trimmed(text.substr(0, text.size() - 1));
        }
        heading.name = collapse(text);
        return heading;
    }

    // ---- giving fields to what was read
    // --------------------------------------------------------------------
    void apply(Node& node, const Tag& tag) {
        if (tag.kind == Tag::heading)
            to_headings(node, tag.major, tag.explode);
        else if (tag.kind == Tag::qualifier)
            to_qualifiers(node, tag.explode);
        else if (!tag.list.empty())
            apply_fields(node, tag.list);
    }

    static bool date(std::string_view text) {
        if (text.size() < 4 || text.size() > 10 || !all_digits(text.substr(0, 4))) return false;
        return std::all_of(text.begin(), text.end(), [](char c) { return digit(c) || c == '/' || c == '-'; });
    }

    static void apply_fields(Node& node, const std::vector<Field>& fields) {
        if (fields.empty()) return;
        node.fields = fields;
        auto* text = std::get_if<Text>(&node.what);
        if (!text || row(fields.front()).parts != part::date) return;
        const std::string_view pattern = text->pattern;
        std::size_t colon = pattern.find(':');
        if (pattern.size() == 9 && pattern[4] == '-') colon = 4; // EBSCO: DT 2001-2005
        const std::string_view first = trimmed(pattern.substr(0, colon));
        const std::string_view last = colon == std::string::npos ? first : trimmed(pattern.substr(colon + 1));
        if (date(first) && date(last)) node.what = DateRange{std::string(first), std::string(last)};
    }

    static void to_headings(Node& node, bool major, bool explode) {
        if (auto* text = std::get_if<Text>(&node.what)) {
            node.what = heading_from(unmarked(text->pattern), explode, major);
            node.fields.clear();
        } else if (auto* heading = std::get_if<Heading>(&node.what)) {
            heading->major = heading->major || major;
            heading->explode = heading->explode || explode;
        } else if (auto* group = std::get_if<Group>(&node.what)) {
            for (Node& child : group->children)
                to_headings(child, major, explode);
        } else if (auto* near = std::get_if<Near>(&node.what)) {
            for (Node& child : near->children)
                to_headings(child, major, explode);
        }
    }

    static void to_qualifiers(Node& node, bool explode) {
        if (auto* text = std::get_if<Text>(&node.what)) {
            node.what = Qualifier{unmarked(text->pattern), explode};
            node.fields.clear();
        } else if (auto* group = std::get_if<Group>(&node.what)) {
            for (Node& child : group->children)
                to_qualifiers(child, explode);
        }
    }

    // "a b c"[tiab:~3]
    void window(Node& node, const Tag& tag) {
        const auto* text = std::get_if<Text>(&node.what);
        if (!text || text->pattern.find(' ') == std::string::npos) {
            apply(node, tag);
            return;
        }
        Near near;
        near.between = tag.between;
        near.window = true;
        const std::string pattern = text->pattern;
        for (std::size_t i = 0; i <= pattern.size();) {
            const std::size_t stop = std::min(pattern.find(' ', i), pattern.size());
            Node word;
            word.begin = node.begin;
            word.end = node.end;
            word.what = Text{pattern.substr(i, stop - i), false, false, false};
            near.children.push_back(std::move(word));
            i = stop + 1;
        }
        near.window = near.children.size() > 2;
        node.what = std::move(near);
        apply_fields(node, tag.list);
    }

    // ---- commands of Ovid
    // ------------------------------------------------------------------------------------
    bool take_word(std::string_view word) {
        skip_space();
        if (end_ - at_ < word.size() || to_lower(text_.substr(at_, word.size())) != word) return false;
        if (!boundary(at_ + word.size()) && text_[at_ + word.size()] != '=') return false;
        at_ += word.size();
        return true;
    }

    std::optional<Node> command() {
        const std::size_t begin = at_;
        if (!mixed()) return std::nullopt;
        if (take_word("limit")) {
            skip_space();
            if (auto target = line_reference_or_brackets(); target && take_word("to")) {
                Node node;
                node.begin = static_cast<std::uint32_t>(begin);
                Limit limit;
                limit.target.push_back(std::move(*target));
                limit_items(limit);
                node.end = static_cast<std::uint32_t>(at_);
                node.what = std::move(limit);
                return node;
            }
        }
        at_ = begin;
        for (const std::string_view words_ : {"remove duplicates from", "use", "from"}) {
            std::size_t keep = at_;
            bool all = true;
            for (std::size_t i = 0; i < words_.size() && all;) {
                const std::size_t stop = std::min(words_.find(' ', i), words_.size());
                all = take_word(words_.substr(i, stop - i));
                i = stop + 1;
            }
            if (all && words_ != "use") {
                skip_space();
                if (auto target = line_reference_or_brackets()) {
                    skip_space();
                    Command made_command;
                    made_command.words = words_;
                    made_command.rest = collapse(text_.substr(at_, end_ - at_));
                    const bool fits = words_ == "from" ? to_lower(made_command.rest).rfind("keep", 0) == 0
                                                       : made_command.rest.empty();
                    if (fits) {
                        at_ = end_;
                        Node node = made(begin);
                        made_command.target.push_back(std::move(*target));
                        node.what = std::move(made_command);
                        return node;
                    }
                }
            }
            at_ = keep;
        }
        at_ = begin;
        return std::nullopt;
    }

    // "27", "#27", or a bracket.
    std::optional<Node> line_reference_or_brackets() {
        skip_space();
        const std::size_t begin = at_;
        if (peek() == '(') {
            auto node = brackets(0);
            if (node) {
                node->begin = static_cast<std::uint32_t>(begin);
                node->end = static_cast<std::uint32_t>(at_);
            }
            return node;
        }
        if (peek() == '#') ++at_;
        const std::size_t number = at_;
        while (at_ < end_ && digit(text_[at_]))
            ++at_;
        if (at_ == number || !boundary(at_)) {
            at_ = begin;
            return std::nullopt;
        }
        const std::string label(text_.substr(number, at_ - number));
        Node node = made(begin);
        References references;
        references.ranges.push_back({label, label});
        node.what = std::move(references);
        return node;
    }

    // "(humans and english language)", ED=20110201-20160720, yr="1966 - 1992"
    void limit_items(Limit& limit) {
        std::string_view rest = trimmed(text_.substr(at_, end_ - at_));
        at_ = end_;
        if (rest.size() > 2 && rest.front() == '(' && rest.back() == ')')
            rest = rest.substr(1, rest.size() - 2);
        const std::string text = collapse(rest);
        const std::string low = to_lower(text);
        std::size_t i = 0;
        int open = 0;
        bool quoted = false;
        std::string item;
        const auto finish = [&] {
            const std::string_view kept = trimmed(item);
            if (!kept.empty()) limit.items.emplace_back(kept);
            item.clear();
        };
        while (i < text.size()) {
            if (text[i] == '"') quoted = !quoted;
            if (!quoted && text[i] == '(') ++open;
            if (!quoted && text[i] == ')') --open;
            if (!quoted && open == 0) {
                if (low.compare(i, 5, " and ") == 0) {
                    finish();
                    i += 5;
                    continue;
                }
                if (low.compare(i, 4, " or ") == 0) {
                    limit.any = true;
                    finish();
                    i += 4;
                    continue;
                }
            }
            item += text[i++];
        }
        finish();
        if (limit.items.empty()) limit.items.emplace_back("?");
    }

    const Cleaned& in_;
    std::string_view text_;
    Dialect dialect_;
    const DialectRow& row_;
    const std::set<std::string>& labels_;
    Diagnostics& diagnostics_;
    std::size_t at_ = 0, end_ = 0;
    bool only_numbers_ = false;
};

} // namespace

std::size_t Strategy::find(const std::string& label) const {
    for (std::size_t i = 0; i < lines.size(); ++i)
        if (!lines[i].comment && lines[i].label == label) return i;
    return npos;
}

Strategy parse(const Cleaned& in, Dialect dialect, Diagnostics& diagnostics) {
    const SourceLines source = split_lines(in, dialect);
    Strategy out;
    out.dialect = dialect;
    out.numbered = source.numbered;
    std::set<std::string> labels;
    std::size_t queries = 0;
    for (const SourceLine& line : source.lines)
        if (!line.comment) ++queries;
    if (queries > 1)
        for (const SourceLine& line : source.lines)
            if (!line.comment) labels.insert(line.label);
    for (const SourceLine& line : source.lines) {
        Line made;
        made.label = line.label;
        made.begin = line.begin;
        made.end = line.end;
        made.comment = line.comment;
        if (line.comment) {
            made.words = in.text.substr(line.begin, line.end - line.begin);
        } else {
            LineParser parser(in, dialect, labels, diagnostics);
            made.empty = !parser.parse(line.begin, line.end, made.node);
            if (made.empty)
                in.report(diagnostics, "search/nothing", line.begin, line.end,
                          "nothing to search for in this line", "it finds no record");
        }
        out.lines.push_back(std::move(made));
    }
    return out;
}

} // namespace assay::search
