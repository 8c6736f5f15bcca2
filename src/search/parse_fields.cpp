// What stands behind words and brackets, and what it does to them: [ti], .ti,ab., :ti,ab, dates, windows.
#include "base/utf8.hpp"
#include "search/line_parser.hpp"

#include <algorithm>
#include <cstdlib>

namespace assay::search {

void LineParser::suffixes(Node& node) {
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
void LineParser::date_range(Node& node) {
    const auto* text = std::get_if<Text>(&node.what);
    const auto* from = std::get_if<DateRange>(&node.what);
    if (!text && !from) return;
    const std::size_t keep = at_;
    skip_space();
    if (peek() != ':' || row(node.fields.empty() ? Field::all : node.fields.front()).parts != part::date) {
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

bool LineParser::take_tag(Tag& tag) {
    if (mixed() && peek() == '.') return dotted(tag);
    if (bracket_tags() && peek() == '[') return bracket_tag(tag);
    return false;
}

// ".ti,ab." also ".ti. ab ." and a missing last point.
bool LineParser::dotted(Tag& tag) {
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

bool LineParser::known_code(const std::string& code) const {
    Field ignored{};
    return code == "sh" || code == "xm" || code == "fs" || code == "xs" ||
           field_of(ovid() ? dialect_ : Dialect::ovid, code, ignored);
}

bool LineParser::bracket_tag(Tag& tag) {
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
std::size_t LineParser::colon_list(std::size_t at, std::vector<Field>* list) const {
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
        if (!list && dialect_ == Dialect::embase && to_lower(text_.substr(at, stop - at)) == "lnk") return 4;
        if (stop == at || !field_of(dialect_, text_.substr(at, stop - at), field))
            return any ? at - begin : 0;
        if (list) list->push_back(field);
        any = true;
        at = stop;
    } while (at < end_ && text_[at] == ',');
    return at - begin;
}

void LineParser::apply(Node& node, const Tag& tag) {
    if (tag.kind == Tag::heading)
        to_headings(node, tag.major, tag.explode);
    else if (tag.kind == Tag::qualifier)
        to_qualifiers(node, tag.explode);
    else if (!tag.list.empty())
        apply_fields(node, tag.list);
}

bool LineParser::date(std::string_view text) {
    if (text.size() < 4 || text.size() > 10 || !all_digits(text.substr(0, 4))) return false;
    return std::all_of(text.begin(), text.end(), [](char c) { return digit(c) || c == '/' || c == '-'; });
}

void LineParser::apply_fields(Node& node, const std::vector<Field>& fields) {
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

// "a b c"[tiab:~3]
void LineParser::window(Node& node, const Tag& tag) {
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

} // namespace assay::search
