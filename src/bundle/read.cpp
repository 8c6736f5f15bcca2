#include "bundle/read.hpp"

#include "base/utf8.hpp"
#include "bundle/read_parts.hpp"
#include "text/encoding.hpp"

#include <algorithm>

namespace assay::bundle {

namespace {

// Tables of the folder that the format does not know: most are slips in a name.
void report_unknown_files(const Folder& folder, Diagnostics& diagnostics) {
    std::vector<std::string> known;
    for (const Table& table : tables())
        known.emplace_back(table.file);
    for (const auto& [name, bytes] : folder.files) {
        if (name == "review.toml" || name == "grade.toml" || std::find(known.begin(), known.end(), name) != known.end()) continue;
        std::vector<std::string> absent;
        for (const std::string& file : known)
            if (!folder.files.contains(file)) absent.push_back(file);
        const std::string near = nearest_name(name, absent);
        diagnostics.add("file/unknown", {name, 0, 0}, "no table of a review has this name; it is not read",
                        near.empty() ? "" : "did you mean " + in_quotes(near) + "?");
    }
}

const text::CsvRow* row_at(const text::CsvTable& table, int line) {
    const auto& rows = table.rows();
    const auto found =
        std::lower_bound(rows.begin(), rows.end(), line,
                         [](const text::CsvRow& row, int wanted) { return row.line < wanted; });
    return found == rows.end() || found->line != line ? nullptr : &*found;
}

} // namespace

Spot Loaded::find(const Place& row, std::string_view field, int element) const {
    if (const auto key = keys.find({row.file, row.line, row.column, std::string(field), element}); key != keys.end())
        return key->second;
    if ((row.file == "review.toml" || row.file == "grade.toml") && element >= 0) return find(row, field);
    const auto table = tables.find(row.file);
    if (table == tables.end()) return {row, 1};
    const text::CsvRow* at = row_at(table->second, row.line);
    if (!at) return {row, 1};
    const auto header = table->second.header();
    const auto cells = table->second.cells(*at);
    for (std::size_t i = 0; i < header.size() && i < cells.size(); ++i)
        if (text::trim(header[i].text) == field)
            return {table->second.place(*at, cells[i]), table->second.width(cells[i])};
    return {row, 1};
}

bool Loaded::failed(const Place& row, std::string_view field) const {
    return !failures.empty() && failures.contains({row.file, row.line, row.column, std::string(field)});
}

Loaded read_review(Folder folder, Diagnostics& diagnostics) {
    Loaded loaded;
    loaded.folder = std::move(folder);
    if (loaded.folder.unreadable.contains("")) { // the folder itself: nothing more can be said
        loaded.broken.insert("review.toml");
        for (const Table& table : tables())
            loaded.broken.emplace(table.file);
        return loaded;
    }
    report_unknown_files(loaded.folder, diagnostics);
    read_toml(loaded, diagnostics);
    read_tables(loaded, diagnostics);
    return loaded;
}

Loaded read_review(const std::filesystem::path& path, Diagnostics& diagnostics) {
    return read_review(read_folder(path, diagnostics), diagnostics);
}

void show_lines(const Folder& folder, Diagnostics& diagnostics) {
    std::map<std::string, text::Lines> lines;
    for (Diagnostic& item : diagnostics.items()) {
        const auto file = folder.files.find(item.place.file);
        if (item.place.line < 1 || file == folder.files.end() || !item.excerpt.empty()) continue;
        const auto index = lines.try_emplace(item.place.file, file->second).first;
        show_line(item, index->second.line(item.place.line));
    }
}

std::string hint_for(std::string_view value, std::span<const std::string_view> choices) {
    if (choices.empty()) return {};
    const std::vector<std::string> known(choices.begin(), choices.end());
    std::string lower;
    for (const char c : value)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    std::string near = nearest_name(value, known);
    if (near.empty()) near = nearest_name(lower, known);
    return near.empty() ? "write " + listed(choices) : "did you mean " + in_quotes(near) + "?";
}

bool well_formed_id(std::string_view id) {
    return !id.empty() && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
    });
}

std::vector<std::string> split_list(std::string_view text) {
    std::vector<std::string> pieces;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(';'), text.size());
        const std::string_view piece = text::trim(text.substr(0, end));
        if (!piece.empty()) pieces.emplace_back(piece);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return pieces;
}

} // namespace assay::bundle
