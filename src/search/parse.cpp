#include "search/parse.hpp"

#include "search/line_parser.hpp"
#include "search/strategy.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace assay::search {

namespace {

constexpr int near_binding = 9;

} // namespace

bool LineParser::parse(std::uint32_t begin, std::uint32_t end, Node& out) {
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

void LineParser::report(std::string_view code, std::size_t begin, std::size_t end, std::string message,
                        std::string hint) {
    if (diagnostics_.items().size() < 500)
        in_.report(diagnostics_, code, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end),
                   std::move(message), std::move(hint));
}

void LineParser::skip_space() {
    while (at_ < end_ && blank(text_[at_]))
        ++at_;
}

bool LineParser::boundary(std::size_t at) const {
    return at >= end_ || blank(text_[at]) || text_[at] == '(' || text_[at] == ')' || text_[at] == '"' ||
           text_[at] == '[' || text_[at] == ']';
}

// Only numbers, operators and brackets: the numbers are lines even where no labels are known.
bool LineParser::line_of_numbers() const {
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

std::optional<int> LineParser::number_after(std::string_view word, std::size_t from) {
    if (from < word.size() && word[from] == '/') ++from;
    if (from >= word.size() || word.size() - from > 3 || !all_digits(word.substr(from))) return std::nullopt;
    return std::atoi(std::string(word.substr(from)).c_str());
}

Infix LineParser::infix() const {
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
    if (stop == at_ || (!boundary(stop) && text_[stop] != '\'' && text_[stop] != '{' && text_[stop] != '#'))
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

int LineParser::binding(const Infix& op) const {
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

Node LineParser::combine(Node left, const Infix& op, Node right) const {
    Node out;
    out.begin = left.begin;
    out.end = right.end;
    out.height = 1 + std::max(left.height, right.height);
    if (op.kind == Infix::near) {
        Near near;
        near.between = op.between;
        near.ordered = op.ordered;
        // TI a N3 b: words that stand near one another stand in one field.
        if (dialect_ == Dialect::ebsco && right.fields.empty()) out.fields = std::exchange(left.fields, {});
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

std::optional<Node> LineParser::expression(int least, int depth) {
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

void LineParser::stray() {
    report("search/stray", at_, at_ + 1, "a sign that means nothing here", "it was left out");
    ++at_;
}

std::optional<Node> LineParser::continued(Node left, int least, int depth) {
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
            report("search/too-deep", where, end_, "this line is too long a chain", "break it into lines");
            at_ = end_;
            return left;
        }
        left = combine(std::move(left), op, std::move(*right));
    }
}

Node LineParser::made(std::size_t begin) const {
    Node node;
    node.begin = static_cast<std::uint32_t>(begin);
    node.end = static_cast<std::uint32_t>(at_);
    return node;
}

// A term, a bracket, a reference, with the fields behind it. Nothing where an operator or the end stands.
std::optional<Node> LineParser::atom(int depth) {
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

std::optional<Node> LineParser::brackets(int depth) {
    const std::size_t open = at_;
    ++at_;
    std::optional<Node> node = expression(0, depth + 1);
    skip_space();
    while (node && at_ < end_ && (text_[at_] == ']' || text_[at_] == '}')) {
        report("search/unbalanced", at_, at_ + 1, std::string("a '") + text_[at_] + "' that closes nothing",
               "it was left out");
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
void LineParser::fold_fields(Node& node) const {
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
bool LineParser::same_words(const Node& a, const Node& b) {
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
std::optional<Node> LineParser::braces() {
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

std::string LineParser::collapse(std::string_view text) {
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
