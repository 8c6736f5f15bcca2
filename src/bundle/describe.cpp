#include "bundle/describe.hpp"

#include "bundle/read.hpp"
#include "text/csv.hpp"
#include "text/encoding.hpp"

#include <nlohmann/json.hpp>

namespace assay::bundle {

namespace {

using Json = nlohmann::ordered_json;

std::string_view frictionless_type(Type type) {
    if (type == Type::number || type == Type::probability) return "number";
    return type == Type::year ? "integer" : "string";
}

const Table* home_of(Target target) {
    for (const Table& table : tables())
        for (const Column& column : table.columns)
            if (column.type == Type::id && column.target == target) return &table;
    return nullptr; // declared in review.toml
}

std::string resource_name(const Table& table) {
    return std::string(table.file.substr(0, table.file.find('.')));
}

Json field(const Column& column) {
    Json json;
    json["name"] = column.name;
    json["type"] = frictionless_type(column.type);
    if (!column.meaning.empty()) json["description"] = column.meaning;
    Json constraints = Json::object();
    if (column.required()) constraints["required"] = true;
    if (column.type == Type::id) constraints["unique"] = true;
    if (!column.choices.empty())
        constraints["enum"] = std::vector<std::string>(column.choices.begin(), column.choices.end());
    if (!constraints.empty()) json["constraints"] = constraints;
    return json;
}

Json schema(const Table& declared, std::span<const text::CsvCell> header, const Folder& folder) {
    Json json;
    json["fields"] = Json::array();
    Json foreign = Json::array();
    for (const Column& column : declared.columns) {
        bool present = false;
        for (const text::CsvCell& cell : header)
            present = present || text::trim(cell.text) == column.name;
        if (!present) continue;
        json["fields"].push_back(field(column));
        if (column.type == Type::id) json["primaryKey"] = column.name;
        const Table* home = column.type == Type::ref ? home_of(column.target) : nullptr;
        if (!home || !folder.files.contains(std::string(home->file))) continue;
        const std::string resource = home == &declared ? "" : resource_name(*home);
        foreign.push_back(
            {{"fields", column.name}, {"reference", {{"resource", resource}, {"fields", "id"}}}});
    }
    json["missingValues"] = Json::array({""});
    if (!foreign.empty()) json["foreignKeys"] = foreign;
    return json;
}

} // namespace

std::string columns_markdown(const Table& table) {
    std::string text = "| column | type | needed | meaning |\n|---|---|---|---|\n";
    for (const Column& column : table.columns) {
        std::string meaning(column.meaning);
        if (!column.choices.empty()) {
            meaning += meaning.empty() ? "" : ": ";
            for (std::size_t i = 0; i < column.choices.size(); ++i)
                meaning += (i > 0 ? ", " : "") + std::string(column.choices[i]);
        }
        std::string type(to_string(column.type));
        if (column.type == Type::ref) type = "id of " + std::string(to_string(column.target));
        if (column.type == Type::refs) type = "ids of " + std::string(to_string(column.target)) + "s, `;`";
        text += "| " + std::string(column.name) + " | " + type + " | " + std::string(column.needed) + " | " +
                meaning + " |\n";
    }
    return text;
}

std::string datapackage_json(const Folder& folder) {
    Diagnostics ignored; // whoever formats has reported them
    const Loaded loaded = read_review(folder, ignored);
    Json json;
    json["profile"] = "tabular-data-package";
    json["name"] = loaded.review.id.empty() ? "review" : loaded.review.id;
    if (!loaded.review.title.empty()) json["title"] = loaded.review.title;
    if (!loaded.review.question.empty()) json["description"] = loaded.review.question;
    if (!loaded.review.licence.empty()) json["licenses"] = Json::array({{{"name", loaded.review.licence}}});
    json["resources"] = Json::array();
    for (const Table& declared : tables()) {
        const auto table = loaded.tables.find(declared.file);
        if (table == loaded.tables.end()) continue;
        Json resource;
        resource["profile"] = "tabular-data-resource";
        resource["name"] = resource_name(declared);
        resource["path"] = declared.file;
        resource["description"] = "one row is " + std::string(declared.row);
        resource["encoding"] = "utf-8";
        resource["schema"] = schema(declared, table->second.header(), folder);
        json["resources"].push_back(std::move(resource));
    }
    return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace assay::bundle
