// Which texts of a record are searched, and in which parts they stand.
#include "base/ascii.hpp"
#include "search/index.hpp"
#include "search/qualifiers.hpp"

namespace assay::search {

namespace {

using ascii::to_lower;

// PubMed writes codes, strategies write names.
constexpr std::pair<std::string_view, std::string_view> language_names[] = {
    {"eng", "english"},    {"en", "english"},    {"fre", "french"}, {"fr", "french"},   {"ger", "german"},
    {"de", "german"},      {"spa", "spanish"},   {"es", "spanish"}, {"ita", "italian"}, {"it", "italian"},
    {"por", "portuguese"}, {"pt", "portuguese"}, {"dut", "dutch"},  {"chi", "chinese"}, {"zh", "chinese"},
    {"jpn", "japanese"},   {"rus", "russian"},   {"pol", "polish"}, {"tur", "turkish"}, {"kor", "korean"},
};

} // namespace

Searchable searchable(const model::Record& record, text::Folder& folder) {
    Searchable out;
    const auto add = [&](Slot slot, const std::string& value) {
        if (!value.empty()) out.values.push_back({slot, value});
    };
    add(Slot::title, record.title);
    add(Slot::title, record.short_title);
    add(Slot::original, record.original_title);
    // The parts of one abstract are one text: a phrase may not cross their ends, a nearness neither.
    for (const auto& item : record.abstract)
        add(Slot::abstract, item.text);
    for (const auto& keyword : record.keywords) {
        if (keyword.scheme != "mesh") {
            add(Slot::keyword, keyword.term);
            continue;
        }
        add(Slot::heading, keyword.term);
        IndexedHeading heading;
        std::string_view rest = keyword.term;
        const std::size_t slash = rest.find('/');
        heading.name = folder.words(rest.substr(0, slash));
        heading.major = keyword.major;
        while (slash != std::string_view::npos && !rest.empty()) {
            const std::size_t next = rest.find('/');
            if (next == std::string_view::npos) break;
            rest.remove_prefix(next + 1);
            std::string_view name = rest.substr(0, rest.find('/'));
            while (!name.empty() && name.front() == '*')
                name.remove_prefix(1);
            if (const auto* known = find_qualifier(name))
                heading.qualifiers.push_back(to_lower(known->code));
            else if (!name.empty())
                heading.qualifiers.push_back(folder.words(name));
        }
        if (!heading.name.empty()) out.headings.push_back(std::move(heading));
    }
    for (const auto& type : record.publication_types)
        add(Slot::type, type);
    for (const auto& person : record.people) {
        add(Slot::author, person.given.empty() ? person.family : person.family + " " + person.given);
        for (const auto& affiliation : person.affiliations)
            add(Slot::affiliation, affiliation);
    }
    add(Slot::journal, record.container);
    add(Slot::journal, record.container_short);
    add(Slot::language, record.language);
    for (const auto& [code, name] : language_names)
        if (to_lower(record.language) == code) add(Slot::language, std::string(name));
    add(Slot::date, record.date);
    add(Slot::volume, record.volume);
    add(Slot::volume, record.issue);
    add(Slot::volume, record.pages);
    for (const auto& id : record.ids)
        add(Slot::id, id.value);
    for (const auto& issn : record.issn)
        add(Slot::id, issn);
    add(Slot::other, record.publisher);
    add(Slot::other, record.country);
    for (const char c : record.date)
        if (c >= '0' && c <= '9' && out.first_date.size() < 8) out.first_date += c;
    if (!out.first_date.empty()) out.first_date.resize(8, '0');
    return out;
}

std::string heading_token(std::string_view folded_name, bool major, std::string_view qualifier) {
    std::string token(1, '\x01');
    token += major ? 'm' : 'h';
    token += folded_name;
    if (!qualifier.empty()) {
        token += '/';
        token += qualifier;
    }
    return token;
}

std::string qualifier_token(std::string_view code) {
    return std::string("\x01q") + std::string(code);
}

} // namespace assay::search
