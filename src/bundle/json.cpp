#include "bundle/json.hpp"

#include <nlohmann/json.hpp>

namespace assay::bundle {

std::string diagnostics_json(const Diagnostics& diagnostics) {
    using Json = nlohmann::ordered_json;
    Json list = Json::array();
    std::size_t counts[3] = {0, 0, 0};
    for (const Diagnostic& item : diagnostics.sorted()) {
        ++counts[static_cast<std::size_t>(item.severity)];
        Json row;
        row["file"] = item.place.file;
        row["line"] = item.place.line;
        row["column"] = item.place.column;
        row["severity"] = to_string(item.severity);
        row["code"] = item.code;
        row["message"] = item.message;
        row["hint"] = item.hint;
        list.push_back(std::move(row));
    }
    Json root;
    root["schema"] = "assay/diagnostics/1";
    root["errors"] = counts[0];
    root["warnings"] = counts[1];
    root["notes"] = counts[2];
    root["diagnostics"] = std::move(list);
    // File names come from the disk and may not be UTF-8.
    return root.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

} // namespace assay::bundle
