// Lines that stand for other lines: "1 and 2", "or/1-4", "#3", "{or #1-#4}".
#include "search/line_parser.hpp"

#include <algorithm>

namespace assay::search {

// "or/1-4,7", "and/2,3", "or 1-14".
bool LineParser::references_start() const {
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

std::optional<Node> LineParser::range_references() {
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

bool LineParser::boundary_or_list(std::size_t at) const {
    return boundary(at) || text_[at] == ',' || text_[at] == '-';
}

References LineParser::ranges(std::string_view list, Operator op) {
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
std::optional<Node> LineParser::line_reference() {
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

} // namespace assay::search
