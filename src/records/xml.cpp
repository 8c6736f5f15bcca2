#include "records/xml.hpp"

#include "base/ascii.hpp"
#include "base/utf8.hpp"
#include "records/fields.hpp"
#include "records/scan.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace assay::records {

namespace {

using ascii::space;

constexpr std::size_t deepest = 200;

// What a character may end, looked up: these questions are asked for every letter of every tag.
enum Ends : unsigned char { tag_name = 1, key = 2, plain_name = 4 };

constexpr std::array<unsigned char, 256> endings = [] {
    std::array<unsigned char, 256> out{};
    const auto mark = [&](std::string_view characters, unsigned char what) {
        for (const char c : characters)
            out[static_cast<unsigned char>(c)] |= what;
    };
    mark(" \n\t\r", tag_name | key | plain_name);
    mark(">/", tag_name | key | plain_name);
    mark("<", key | plain_name);
    mark("=", key);
    mark("&", plain_name);
    return out;
}();

bool is(char c, Ends what) {
    return (endings[static_cast<unsigned char>(c)] & what) != 0;
}
bool name_ends(char c) {
    return is(c, tag_name);
}

// Objects of one record, used again for the next: no allocation once the largest record was seen.
template<class T> class Pool {
public:
    /// Holds what it held when it was used before.
    T& make() {
        if (next_ == end_) turn();
        return *next_++;
    }
    void clear() {
        used_ = 0;
        next_ = end_ = nullptr;
    }

private:
    void turn() {
        if (used_ == blocks_.size()) blocks_.push_back(std::make_unique<std::array<T, block>>());
        next_ = blocks_[used_++]->data();
        end_ = next_ + block;
    }

    static constexpr std::size_t block = 1024;
    std::vector<std::unique_ptr<std::array<T, block>>> blocks_;
    std::size_t used_ = 0; ///< blocks
    T *next_ = nullptr, *end_ = nullptr;
};

// Parses one element. Works on a copy of its text, in which entities are resolved where they stand: what an
// entity means is never longer than its name. No document type is read, so nothing can expand.
class Parser {
public:
    /// Null: `why` and `fault_line` (counted from 0) say what is wrong.
    const XmlNode* parse(std::string_view text) {
        buffer_.assign(text);
        nodes_.clear(), attributes_.clear(), depth_ = 0;
        why = nullptr;
        at_ = buffer_.data(), end_ = at_ + buffer_.size();
        const XmlNode* root = elements();
        if (!root) fault_line = static_cast<int>(std::count(buffer_.data(), at_, '\n'));
        return root;
    }

    const char* why = nullptr;
    int fault_line = 0;

private:
    struct Open {
        const XmlNode* node;
        const XmlNode** link; ///< where its next child goes
    };

    const XmlNode* fail(const char* reason) {
        why = reason;
        return nullptr;
    }

    XmlNode& append(std::string_view name, std::string_view value) {
        XmlNode& node = nodes_.make();
        node = {name, value, nullptr, nullptr, nullptr};
        if (depth_ > 0) {
            Open& parent = open_[depth_ - 1];
            *parent.link = &node;
            parent.link = &node.next;
        }
        return node;
    }

    // Resolves the entities of [begin, end) in place.
    std::string_view resolved(char* begin, char* end) {
        auto* mark = static_cast<char*>(std::memchr(begin, '&', static_cast<std::size_t>(end - begin)));
        if (!mark) return {begin, static_cast<std::size_t>(end - begin)};
        char* out = mark;
        for (char* at = mark; at < end;) {
            if (*at != '&') {
                *out++ = *at++;
                continue;
            }
            const std::string_view rest(at + 1, static_cast<std::size_t>(end - at - 1));
            const std::size_t semicolon = rest.substr(0, 14).find(';');
            const std::string value =
                semicolon == std::string_view::npos ? std::string() : text::entity(rest.substr(0, semicolon));
            if (value.empty() || value.size() > semicolon + 2) {
                *out++ = *at++; // a bare & or an unknown entity stays what the reader sees
                continue;
            }
            out = std::copy(value.begin(), value.end(), out);
            at += semicolon + 2;
        }
        return {begin, static_cast<std::size_t>(out - begin)};
    }

    bool starts(std::string_view what) const {
        return static_cast<std::size_t>(end_ - at_) >= what.size() &&
               std::memcmp(at_, what.data(), what.size()) == 0;
    }

    // Moves behind `mark`; null: it does not come.
    char* behind(std::string_view mark) {
        auto* found =
            static_cast<char*>(memmem(at_, static_cast<std::size_t>(end_ - at_), mark.data(), mark.size()));
        if (found) at_ = found + mark.size();
        return found;
    }

    bool read_attributes(XmlNode& node, bool& closed) {
        const XmlAttribute** link = &node.attributes;
        for (;;) {
            while (at_ < end_ && space(*at_))
                ++at_;
            if (at_ >= end_) return false;
            if (*at_ == '>') {
                ++at_;
                closed = false;
                return true;
            }
            if (*at_ == '/' && at_ + 1 < end_ && at_[1] == '>') {
                at_ += 2;
                closed = true;
                return true;
            }
            char* name = at_;
            while (at_ < end_ && !is(*at_, key))
                ++at_;
            const std::string_view what(name, static_cast<std::size_t>(at_ - name));
            while (at_ < end_ && space(*at_))
                ++at_;
            if (what.empty() || at_ >= end_ || *at_ != '=') return false;
            ++at_;
            while (at_ < end_ && space(*at_))
                ++at_;
            if (at_ >= end_ || (*at_ != '"' && *at_ != '\'')) return false;
            const char quote = *at_++;
            auto* stop = static_cast<char*>(std::memchr(at_, quote, static_cast<std::size_t>(end_ - at_)));
            if (!stop) return false;
            XmlAttribute& attribute = attributes_.make();
            attribute = {what, resolved(at_, stop), nullptr};
            *link = &attribute;
            link = &attribute.next;
            at_ = stop + 1;
        }
    }

    const XmlNode* elements() {
        XmlNode* root = nullptr;
        while (at_ < end_) {
            auto* tag = static_cast<char*>(std::memchr(at_, '<', static_cast<std::size_t>(end_ - at_)));
            if (!tag) return fail("the element is not closed");
            if (tag > at_) append({}, resolved(at_, tag));
            at_ = tag;
            const char second = at_ + 1 < end_ ? at_[1] : '\0';
            if (second == '/') {
                if (depth_ == 0) return fail("mismatched tag");
                const std::string_view name = open_[depth_ - 1].node->name;
                at_ += 2;
                if (!starts(name) || at_ + name.size() >= end_) return fail("mismatched tag");
                const char after = at_[name.size()];
                if (after == '>')
                    at_ += name.size() + 1;
                else if (!space(after) || !behind(">"))
                    return fail("mismatched tag");
                if (--depth_ == 0) return root;
            } else if (second != '!' && second != '?') {
                char* name = ++at_;
                while (at_ < end_ && !is(*at_, plain_name))
                    ++at_;
                const std::string_view what(name, static_cast<std::size_t>(at_ - name));
                if (what.empty() ||
                    !((name[0] | 0x20) >= 'a' || name[0] == '_' || name[0] == ':' || name[0] < 0))
                    return fail("not well-formed (invalid token)");
                if (depth_ >= deepest) return fail("too many elements inside one another");
                XmlNode& node = append(what, {});
                if (!root) root = &node;
                bool closed = false;
                if (at_ < end_ && *at_ == '>')
                    ++at_;
                else if (!read_attributes(node, closed))
                    return fail("not well-formed (invalid token)");
                if (!closed)
                    open_[depth_++] = {&node, &node.first};
                else if (depth_ == 0)
                    return root;
            } else if (starts("<!--")) {
                if (!behind("-->")) return fail("a comment is not closed");
            } else if (starts("<![CDATA[")) {
                char* begin = at_ + 9;
                const char* stop = behind("]]>");
                if (!stop) return fail("a section of plain text is not closed");
                append({}, {begin, static_cast<std::size_t>(stop - begin)});
            } else if (starts("<?")) {
                if (!behind("?>")) return fail("an instruction is not closed");
            } else
                return fail("a declaration inside a record");
        }
        return fail("the element is not closed");
    }

    std::string buffer_;
    char *at_ = nullptr, *end_ = nullptr;
    std::array<Open, deepest> open_{};
    std::size_t depth_ = 0;
    Pool<XmlNode> nodes_;
    Pool<XmlAttribute> attributes_;
};

struct Found {
    std::size_t at = std::string_view::npos;
    std::string_view name;
};

// The next "<Name" of those names.
Found next_open(std::string_view text, std::size_t from, std::span<const std::string_view> names) {
    for (std::size_t at = text.find('<', from); at != std::string_view::npos; at = text.find('<', at + 1))
        for (const auto name : names)
            if (text.size() > at + 1 + name.size() && text.compare(at + 1, name.size(), name) == 0 &&
                name_ends(text[at + 1 + name.size()]))
                return {at, name};
    return {};
}

// Appends the text inside, runs of white space as one space; `gap` carries a space over to the next piece.
void gather(const XmlNode& node, std::string& out, bool& gap) {
    if (node.name.empty()) {
        std::string_view value = node.value;
        if (!value.empty() && value.front() == ' ') {
            gap = !out.empty();
            value.remove_prefix(1);
        }
        if (!value.empty() && value.front() != ' ' && !irregular_space(value)) {
            const bool blank = value.back() == ' ';
            if (gap) out += ' ';
            gap = blank;
            out.append(value, 0, value.size() - (blank ? 1 : 0));
            value = {};
        }
        for (std::size_t at = 0; at < value.size();) {
            if (space(value[at])) {
                gap = !out.empty();
                ++at;
                continue;
            }
            std::size_t end = at + 1;
            while (end < value.size() && !space(value[end]))
                ++end;
            if (gap) out += ' ';
            gap = false;
            out.append(value, at, end - at);
            at = end;
        }
    }
    for (const XmlNode* child = node.first; child; child = child->next)
        gather(*child, out, gap);
}

// The next element of the same name after this one.
Found next_same(std::string_view text, const Found& open) {
    const std::string mark = "<" + std::string(open.name);
    for (std::size_t at = find_text(text, mark, open.at + 1); at != std::string_view::npos;
         at = find_text(text, mark, at + 1))
        if (at + mark.size() < text.size() && name_ends(text[at + mark.size()])) return {at, open.name};
    return {};
}

} // namespace

const XmlNode* XmlNode::child(std::string_view wanted) const {
    for (const XmlNode* each = first; each; each = each->next)
        if (each->name == wanted) return each;
    return nullptr;
}

std::string_view XmlNode::attribute(std::string_view wanted) const {
    for (const XmlAttribute* each = attributes; each; each = each->next)
        if (each->name == wanted) return each->value;
    return {};
}

std::string XmlNode::text() const {
    std::string out;
    std::size_t size = value.size();
    for (const XmlNode* child = first; child; child = child->next)
        size += child->value.size();
    out.reserve(size);
    bool gap = false;
    gather(*this, out, gap);
    return out;
}

std::string XmlNode::text_of(std::string_view wanted) const {
    const XmlNode* node = child(wanted);
    return node ? node->text() : std::string();
}

void each_element(Stream& stream, std::span<const std::string_view> names, Diagnostics& diagnostics,
                  const std::function<void(const XmlNode&, int, std::uint64_t)>& call) {
    Parser parser;
    std::string_view text = stream.rest();
    std::size_t from = 0, counted = 0; // both in the window: read up to, lines counted up to
    int line = 1;                      // at `counted`
    const auto count_to = [&](std::size_t at) {
        line += line_ends(text.substr(counted, at - counted), false);
        counted = at;
    };
    // Lets the window begin at `at` and adds to its end.
    const auto grow_behind = [&](std::size_t at) {
        count_to(at);
        stream.drop(at);
        from -= at, counted -= at;
        const bool grown = stream.grow();
        text = stream.rest();
        return grown;
    };
    std::string_view never_closed; // looked for once to the end of the text, not again for each record
    for (;;) {
        Found open = next_open(text, from, names);
        while (open.at == std::string_view::npos) {
            // A tag may have been cut at the end of the window.
            const std::size_t tag = text.rfind('<');
            from = tag == std::string_view::npos || tag < from ? text.size() : tag;
            if (!grow_behind(from)) return;
            open = next_open(text, from, names);
        }
        const std::string close = "</" + std::string(open.name) + ">";
        std::size_t end = std::string_view::npos;
        if (never_closed != open.name) {
            std::size_t looked = open.at;
            while ((end = find_text(text, close, looked)) == std::string_view::npos) {
                looked = std::max(open.at, text.size() - std::min(text.size(), close.size()));
                looked -= open.at;
                const bool grown = grow_behind(open.at);
                open.at = 0;
                if (!grown) {
                    never_closed = open.name;
                    break;
                }
            }
        }
        count_to(open.at);
        const Place place{stream.file, line, 0};
        const std::size_t stop = end == std::string_view::npos ? end : end + close.size();
        const XmlNode* root =
            end == std::string_view::npos ? nullptr : parser.parse(text.substr(open.at, stop - open.at));
        // A record of the same kind that opens before this one closes: this one was cut off. What was parsed
        // has none, for the end of the inner one would have left it open.
        const Found nested = root ? Found{} : next_same(text.substr(0, end), open);
        if (end == std::string_view::npos || nested.at != std::string_view::npos) {
            diagnostics.add("record/truncated", place, "the record that begins here is not closed",
                            "it was left out");
            if (nested.at == std::string_view::npos) return;
            from = nested.at;
            continue;
        }
        if (root)
            call(*root, line, stream.offset() + open.at);
        else
            diagnostics.add("record/xml", {stream.file, line + parser.fault_line, 0},
                            std::string("the record cannot be parsed: ") + parser.why,
                            "it was left out; the others were read");
        from = stop;
    }
}

std::string xml_escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '&')
            out += "&amp;";
        else if (c == '<')
            out += "&lt;";
        else if (c == '>')
            out += "&gt;";
        else if (c == '"')
            out += "&quot;";
        else if (static_cast<unsigned char>(c) >= 0x20 || c == '\n' || c == '\t')
            out += c;
    }
    return out;
}

} // namespace assay::records
