#include "records/xml.hpp"

#include "base/error.hpp"
#include "text/fold.hpp"

#include <algorithm>
#include <expat.h>
#include <memory>

namespace assay::records {

namespace {

constexpr std::size_t deepest = 200;

struct Builder {
    XmlNode root;
    std::vector<XmlNode*> stack;
    bool too_deep = false;
    XML_Parser parser = nullptr;
};

void on_open(void* user, const XML_Char* name, const XML_Char** attributes) {
    auto& b = *static_cast<Builder*>(user);
    if (b.stack.size() >= deepest) {
        b.too_deep = true;
        XML_StopParser(b.parser, XML_FALSE);
        return;
    }
    XmlNode* node = &b.root;
    if (!b.stack.empty()) node = &b.stack.back()->children.emplace_back();
    node->name = name;
    for (; *attributes; attributes += 2)
        node->attributes.emplace_back(attributes[0], attributes[1]);
    b.stack.push_back(node);
}

void on_close(void* user, const XML_Char*) {
    static_cast<Builder*>(user)->stack.pop_back();
}

void on_text(void* user, const XML_Char* text, int length) {
    auto& b = *static_cast<Builder*>(user);
    if (b.stack.empty()) return;
    auto& children = b.stack.back()->children;
    if (children.empty() || !children.back().name.empty()) children.emplace_back();
    children.back().value.append(text, static_cast<std::size_t>(length));
}

// Named entities need a DTD, which is never read: those of HTML become their characters, others become text.
std::string without_named_entities(std::string_view text) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size();) {
        const std::size_t next = std::min(text.find('&', at), text.size());
        out += text.substr(at, next - at);
        at = next;
        if (at >= text.size()) break;
        const std::size_t semicolon = text.substr(0, at + 14).find(';', at);
        const std::string_view name = semicolon == std::string_view::npos
                                          ? std::string_view()
                                          : text.substr(at + 1, semicolon - at - 1);
        const bool own = name == "amp" || name == "lt" || name == "gt" || name == "quot" || name == "apos" ||
                         (name.size() > 1 && name[0] == '#' && !text::entity(name).empty());
        const std::string value = own ? std::string() : text::entity(name);
        if (own)
            out += text.substr(at, semicolon + 1 - at), at = semicolon + 1;
        else if (!value.empty())
            out += value, at = semicolon + 1;
        else
            out += "&amp;", ++at; // a bare & or an unknown entity stays what the reader sees
    }
    return out;
}

bool name_ends(char c) {
    return c == '>' || c == '/' || c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

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

void gather(const XmlNode& node, std::string& out) {
    if (node.name.empty()) out += node.value;
    for (const XmlNode& child : node.children)
        gather(child, out);
}

std::string folded_space(std::string_view text) {
    std::string out;
    bool gap = false;
    for (const char c : text) {
        if (c == ' ' || c == '\n' || c == '\t' || c == '\r') {
            gap = !out.empty();
            continue;
        }
        if (gap) out += ' ';
        gap = false;
        out += c;
    }
    return out;
}

} // namespace

const XmlNode* XmlNode::child(std::string_view wanted) const {
    for (const XmlNode& each : children)
        if (each.name == wanted) return &each;
    return nullptr;
}

std::string_view XmlNode::attribute(std::string_view wanted) const {
    for (const auto& [key, text] : attributes)
        if (key == wanted) return text;
    return {};
}

std::string XmlNode::text() const {
    std::string out;
    gather(*this, out);
    return folded_space(out);
}

std::string XmlNode::text_of(std::string_view wanted) const {
    const XmlNode* node = child(wanted);
    return node ? node->text() : std::string();
}

void each_element(const Source& source, std::span<const std::string_view> names, Diagnostics& diagnostics,
                  const std::function<void(const XmlNode&, int, std::size_t)>& call) {
    const std::string_view text = source.text;
    const std::unique_ptr<XML_ParserStruct, void (*)(XML_Parser)> parser(XML_ParserCreate("UTF-8"),
                                                                         XML_ParserFree);
    if (!parser) throw Error("memory/out", "no memory to read " + source.file);
    int line = 1;
    std::size_t counted = 0;
    std::string_view never_closed; // looked for once to the end of the file, not again for each record
    for (Found open = next_open(text, 0, names); open.at != std::string_view::npos;) {
        line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(counted),
                                            text.begin() + static_cast<std::ptrdiff_t>(open.at), '\n'));
        counted = open.at;
        const std::string close = "</" + std::string(open.name) + ">";
        const std::size_t end =
            never_closed == open.name ? std::string_view::npos : text.find(close, open.at);
        if (end == std::string_view::npos) never_closed = open.name;
        const Place place{source.file, line, 0};
        // A record of the same kind that opens before this one closes: this one was cut off.
        const std::string_view same[] = {open.name};
        const Found nested = next_open(text, open.at + 1, same);
        if (end == std::string_view::npos || nested.at < end) {
            diagnostics.add("record/truncated", place, "the record that begins here is not closed",
                            "it was left out");
            open = nested.at == std::string_view::npos ? Found{} : nested;
            continue;
        }
        const std::size_t stop = end + close.size();
        const std::string chunk = without_named_entities(text.substr(open.at, stop - open.at));
        XML_ParserReset(parser.get(), "UTF-8");
        Builder builder;
        builder.parser = parser.get();
        XML_SetUserData(parser.get(), &builder);
        XML_SetElementHandler(parser.get(), on_open, on_close);
        XML_SetCharacterDataHandler(parser.get(), on_text);
        if (XML_Parse(parser.get(), chunk.data(), static_cast<int>(chunk.size()), XML_TRUE) ==
            XML_STATUS_ERROR) {
            const int fault = static_cast<int>(XML_GetCurrentLineNumber(parser.get())) - 1;
            diagnostics.add("record/xml", {source.file, line + fault, 0},
                            std::string("the record cannot be parsed: ") +
                                (builder.too_deep ? "too many elements inside one another"
                                                  : XML_ErrorString(XML_GetErrorCode(parser.get()))),
                            "it was left out; the others were read");
        } else
            call(builder.root, line, open.at);
        open = next_open(text, stop, names);
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
