// Terms of a thesaurus: explosion, focus and subheadings in every notation.
#include "search/line_parser.hpp"
#include "search/qualifiers.hpp"

#include <algorithm>

namespace assay::search {

// "/exp", "/de", "/mj", "/exp/mj", "/exp/dm_dt,dm_si", "/br"; the length it takes.
std::size_t LineParser::emtree_suffix(std::size_t at, Heading* heading) const {
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

void LineParser::emtree(Node& node, const Heading& like) {
    if (const auto* text = std::get_if<Text>(&node.what)) {
        Heading heading = like;
        heading.name = unmarked(text->pattern);
        if (!heading.name.empty()) node.what = std::move(heading);
    }
}

void LineParser::add_qualifier(Heading& heading, std::string_view text) {
    text = trimmed(text);
    while (!text.empty() && (text.back() == '+' || text.back() == ','))
        text.remove_suffix(1);
    if (text.empty()) return;
    if (const auto mesh = mesh_of_link(to_lower(text)); !mesh.empty()) text = mesh;
    const auto* known = find_qualifier(text);
    heading.qualifiers.push_back(known ? to_lower(known->code) : std::string(text));
}

// Name, '+' for explosion (EBSCO), subheadings behind a slash.
Heading LineParser::heading_from(std::string name, bool explode, bool major) {
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
    if (items.empty() && !text.empty() && text.back() == '/') text = trimmed(text.substr(0, text.size() - 1));
    if (!text.empty() && text.back() == '+') {
        heading.explode = true;
        text = trimmed(text.substr(0, text.size() - 1));
    }
    heading.name = collapse(text);
    return heading;
}

void LineParser::to_headings(Node& node, bool major, bool explode) {
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

void LineParser::to_qualifiers(Node& node, bool explode) {
    if (auto* text = std::get_if<Text>(&node.what)) {
        node.what = Qualifier{unmarked(text->pattern), explode};
        node.fields.clear();
    } else if (auto* group = std::get_if<Group>(&node.what)) {
        for (Node& child : group->children)
            to_qualifiers(child, explode);
    }
}

} // namespace assay::search
