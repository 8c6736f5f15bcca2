#include "store/record_json.hpp"

#include "base/error.hpp"

#include <nlohmann/json.hpp>

#include <array>

namespace assay::store {

namespace {

using model::Record;
using nlohmann::json;

struct TextField {
    const char* key;
    std::string Record::*field;
};
constexpr TextField texts[] = {{"type", &Record::type},
                               {"raw_type", &Record::raw_type},
                               {"title", &Record::title},
                               {"short_title", &Record::short_title},
                               {"original_title", &Record::original_title},
                               {"container", &Record::container},
                               {"container_short", &Record::container_short},
                               {"volume", &Record::volume},
                               {"issue", &Record::issue},
                               {"pages", &Record::pages},
                               {"article_number", &Record::article_number},
                               {"publisher", &Record::publisher},
                               {"place", &Record::place},
                               {"edition", &Record::edition},
                               {"series", &Record::series},
                               {"date", &Record::date},
                               {"date_epub", &Record::date_epub},
                               {"language", &Record::language},
                               {"country", &Record::country},
                               {"database", &Record::database},
                               {"dialect", &Record::dialect},
                               {"file", &Record::file}};

struct ListField {
    const char* key;
    std::vector<std::string> Record::*field;
};
constexpr ListField lists[] = {{"issn", &Record::issn},
                               {"isbn", &Record::isbn},
                               {"publication_types", &Record::publication_types},
                               {"links", &Record::links},
                               {"notes", &Record::notes}};

// Small structs are arrays of text, in the order of their declaration: raw fields alone make half of a
// record.
json row(std::initializer_list<std::string_view> cells) {
    json out = json::array();
    for (const auto cell : cells)
        out.push_back(std::string(cell));
    return out;
}

std::string cell(const json& row, std::size_t at) {
    return row.is_array() && at < row.size() && row[at].is_string() ? row[at].get<std::string>()
                                                                    : std::string();
}

const json& member(const json& object, const char* key) {
    static const json nothing = json::array();
    const auto found = object.find(key);
    return found == object.end() ? nothing : *found;
}

json name_json(const model::RecordName& name) {
    json out{{"family", name.family}};
    if (name.role != "author") out["role"] = name.role;
    if (!name.given.empty()) out["given"] = name.given;
    if (!name.suffix.empty()) out["suffix"] = name.suffix;
    if (name.collective) out["collective"] = true;
    if (!name.orcid.empty()) out["orcid"] = name.orcid;
    if (!name.affiliations.empty()) out["affiliations"] = name.affiliations;
    return out;
}

std::string text_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::vector<std::string> texts_of(const json& object, const char* key) {
    std::vector<std::string> out;
    for (const auto& each : member(object, key))
        if (each.is_string()) out.push_back(each.get<std::string>());
    return out;
}

std::int64_t number_of(const json& object, const char* key) {
    const auto found = object.find(key);
    return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

} // namespace

std::string record_to_json(const Record& r) {
    json out = json::object();
    for (const TextField& f : texts)
        if (!(r.*f.field).empty()) out[f.key] = r.*f.field;
    for (const ListField& f : lists)
        if (!(r.*f.field).empty()) out[f.key] = r.*f.field;
    for (const auto& name : r.people)
        out["people"].push_back(name_json(name));
    for (const auto& part : r.abstract)
        out["abstract"].push_back(row({part.label, part.text}));
    for (const auto& k : r.keywords)
        out["keywords"].push_back(row({k.scheme, k.term, k.major ? "major" : ""}));
    for (const auto& id : r.ids)
        out["ids"].push_back(row({id.scheme, id.value}));
    for (const auto& relation : r.relations)
        out["relations"].push_back(row({relation.kind, relation.pmid, relation.note}));
    for (const auto& d : r.decisions)
        out["decisions"].push_back(row({d.tool, d.who, d.value}));
    for (const auto& field : r.raw)
        out["raw"].push_back(row({field.tag, field.value}));
    if (r.deleted) out["deleted"] = true;
    out["line"] = r.line, out["offset"] = r.offset, out["number"] = r.number;
    return out.dump(-1, ' ', false, json::error_handler_t::replace);
}

Record record_from_json(std::string_view text) {
    const json in = json::parse(text, nullptr, false);
    if (!in.is_object()) throw Error("store/damaged", "a record of the store cannot be read");
    Record r;
    for (const TextField& f : texts)
        r.*f.field = text_of(in, f.key);
    for (const ListField& f : lists)
        r.*f.field = texts_of(in, f.key);
    for (const auto& each : member(in, "people")) {
        if (!each.is_object()) continue;
        model::RecordName name;
        if (each.contains("role")) name.role = text_of(each, "role");
        name.family = text_of(each, "family"), name.given = text_of(each, "given");
        name.suffix = text_of(each, "suffix"), name.orcid = text_of(each, "orcid");
        name.collective = each.value("collective", false);
        name.affiliations = texts_of(each, "affiliations");
        r.people.push_back(std::move(name));
    }
    for (const auto& each : member(in, "abstract"))
        r.abstract.push_back({cell(each, 0), cell(each, 1)});
    for (const auto& each : member(in, "keywords"))
        r.keywords.push_back({cell(each, 0), cell(each, 1), cell(each, 2) == "major"});
    for (const auto& each : member(in, "ids"))
        r.ids.push_back({cell(each, 0), cell(each, 1)});
    for (const auto& each : member(in, "relations"))
        r.relations.push_back({cell(each, 0), cell(each, 1), cell(each, 2)});
    for (const auto& each : member(in, "decisions"))
        r.decisions.push_back({cell(each, 0), cell(each, 1), cell(each, 2)});
    for (const auto& each : member(in, "raw"))
        r.raw.push_back({cell(each, 0), cell(each, 1)});
    r.deleted = in.contains("deleted") && in["deleted"].is_boolean() && in["deleted"].get<bool>();
    r.line = static_cast<int>(number_of(in, "line"));
    r.offset = static_cast<std::uint64_t>(number_of(in, "offset"));
    r.number = static_cast<int>(number_of(in, "number"));
    return r;
}

} // namespace assay::store
