#include "bundle/write.hpp"

#include "base/error.hpp"
#include "base/files.hpp"
#include "bundle/describe.hpp"
#include "bundle/read_parts.hpp"
#include "bundle/shapes.hpp"
#include "text/csv.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"

#include <algorithm>

namespace assay::bundle {

namespace {

using namespace model;

constexpr std::string_view datapackage = "datapackage.json";

std::string join(const std::vector<std::string>& pieces) {
    std::string text;
    for (const std::string& piece : pieces)
        text += (text.empty() ? "" : ";") + piece;
    return text;
}

// ---- from the bytes of a folder
// -----------------------------------------------------------------------------

bool is_list(Type type) {
    return type == Type::refs || type == Type::list;
}

// Only faults of form stop a table from being rewritten: what its cells mean is none of the writer's
// business, and every byte that the reader gave up would be lost.
bool rewritable(const text::CsvTable& table, const Table& declared) {
    if (!table.readable() || !table.sound()) return false;
    const auto header = table.header();
    return std::all_of(header.begin(), header.end(), [&](const text::CsvCell& cell) {
        return find_column(declared, text::trim(cell.text)) != nullptr;
    });
}

std::string canonical_table(const text::CsvTable& table, const Table& declared) {
    std::vector<std::size_t> order;
    std::vector<const Column*> columns;
    const auto header = table.header();
    for (const Column& column : declared.columns)
        for (std::size_t i = 0; i < header.size(); ++i)
            if (text::trim(header[i].text) == column.name) order.push_back(i), columns.push_back(&column);
    std::string out;
    std::vector<std::string_view> cells;
    for (const Column* column : columns)
        cells.push_back(column->name);
    text::write_csv_row(out, cells);
    for (const text::CsvRow& row : table.rows()) {
        std::vector<std::string> lists(columns.size());
        const auto raw = table.cells(row);
        for (std::size_t i = 0; i < columns.size(); ++i) {
            cells[i] = text::trim(raw[order[i]].text);
            if (is_list(columns[i]->type)) lists[i] = join(split_list(cells[i])), cells[i] = lists[i];
        }
        text::write_csv_row(out, cells);
    }
    return out;
}

// Line ends and the spaces before them; inside multi-line strings (''' and """) trailing spaces are content,
// so a file that has such strings keeps its spaces.
std::string canonical_toml(std::string_view bytes) {
    const bool keep_spaces =
        bytes.find("\"\"\"") != std::string_view::npos || bytes.find("'''") != std::string_view::npos;
    const text::Lines lines(bytes);
    std::string out;
    for (int number = 1; number <= lines.count(); ++number) {
        std::string_view line = lines.line(number);
        while (!keep_spaces && !line.empty() && (line.back() == ' ' || line.back() == '\t'))
            line.remove_suffix(1);
        out += line;
        out += '\n';
    }
    while (out.ends_with("\n\n"))
        out.pop_back();
    return out;
}

// ---- from the model
// -----------------------------------------------------------------------------------------

std::string cell_text(const std::string& value) {
    return value;
}
std::string cell_text(const std::optional<double>& value) {
    return value ? text::format_number(*value) : "";
}
std::string cell_text(const std::optional<int>& value) {
    return value ? std::to_string(*value) : "";
}
std::string cell_text(double value) {
    return text::format_number(value);
}
std::string cell_text(const std::optional<PValue>& p) {
    if (!p) return {};
    return (p->relation == '=' ? "" : std::string(1, p->relation)) + text::format_number(p->value);
}
std::string cell_text(const std::vector<std::string>& value) {
    return join(value);
}
template<class Tag> std::string cell_text(const Id<Tag>& id) {
    return id.value;
}
template<class Tag> std::string cell_text(const std::vector<Id<Tag>>& ids) {
    std::vector<std::string> names;
    for (const auto& id : ids)
        names.push_back(id.value);
    return join(names);
}

template<class Row> std::string write_rows(const Table& declared, const std::vector<Row>& rows) {
    const auto members = fields<Row>();
    const Row usual = {};
    // A member that cannot be empty (an interval level) stays unwritten while it has its usual value.
    const auto value_of = [&](const Row& row, std::size_t column) {
        return std::visit(
            [&](auto member) {
                if constexpr (std::is_same_v<decltype(member), double Row::*>)
                    if (row.*member == usual.*member) return std::string();
                return cell_text(row.*member);
            },
            members[column]);
    };
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < members.size(); ++i) {
        const bool filled =
            std::any_of(rows.begin(), rows.end(), [&](const Row& row) { return !value_of(row, i).empty(); });
        if (filled || declared.columns[i].required()) used.push_back(i);
    }
    std::string out;
    std::vector<std::string_view> cells;
    for (const std::size_t i : used)
        cells.push_back(declared.columns[i].name);
    text::write_csv_row(out, cells);
    std::vector<std::string> values(used.size());
    for (const Row& row : rows) {
        for (std::size_t i = 0; i < used.size(); ++i)
            values[i] = value_of(row, used[i]), cells[i] = values[i];
        text::write_csv_row(out, cells);
    }
    return out;
}

} // namespace

Folder canonical(const Folder& folder, Diagnostics& diagnostics) {
    Folder result;
    result.name = folder.name;
    Diagnostics found; // warnings about what is being mended are not worth repeating
    for (const Table& declared : tables()) {
        const auto file = folder.files.find(std::string(declared.file));
        if (file == folder.files.end()) continue;
        Diagnostics own;
        const text::CsvTable table = text::read_csv(file->first, file->second, own);
        if (rewritable(table, declared)) {
            result.files.emplace(file->first, canonical_table(table, declared));
            continue;
        }
        for (const Diagnostic& item : own.items())
            if (item.severity == Severity::error) found.items().push_back(item);
        for (const text::CsvCell& cell : table.header())
            if (!find_column(declared, text::trim(cell.text)))
                found.add("csv/unknown-column", table.place(table.header_row(), cell),
                          std::string(declared.file) + " has an unknown column; it cannot be put in order",
                          "`assay check` names the column it may be");
    }
    if (const auto toml = folder.files.find("review.toml"); toml != folder.files.end()) {
        Diagnostics own;
        const text::Encoding encoding = text::check_encoding(toml->first, toml->second, own);
        if (encoding.readable && encoding.clean)
            result.files.emplace(toml->first, canonical_toml(toml->second));
        for (const Diagnostic& item : own.items())
            if (item.severity == Severity::error) found.items().push_back(item);
    }
    if (!result.files.empty() && !found.has_errors())
        result.files.emplace(datapackage, datapackage_json(result));
    show_lines(folder, found);
    diagnostics.append(found);
    return result;
}

std::vector<std::string> format_folder(const std::filesystem::path& path, bool check_only,
                                       Diagnostics& diagnostics) {
    const Folder folder = read_folder(path, diagnostics);
    if (diagnostics.has_errors()) return {};
    const Folder wanted = canonical(folder, diagnostics);
    if (diagnostics.has_errors()) return {};
    std::vector<std::string> changed;
    for (const auto& [name, bytes] : wanted.files) {
        const auto present = folder.files.find(name);
        std::string old;
        bool exists = present != folder.files.end();
        if (exists) {
            old = present->second;
        } else if (std::filesystem::exists(path / name)) {
            old = read_file(path / name), exists = true;
        }
        if (exists && old == bytes) continue;
        changed.push_back(name);
        if (!check_only) write_file_atomic(path / name, bytes);
    }
    return changed;
}

std::string write_table(const Review& review, TableId id) {
    const Table& declared = table(id);
    switch (id) {
    case TableId::reports:
        return write_rows(declared, review.reports);
    case TableId::studies:
        return write_rows(declared, review.studies);
    case TableId::arms:
        return write_rows(declared, review.arms);
    case TableId::rob:
        return write_rows(declared, review.rob);
    case TableId::rob_answers:
        return write_rows(declared, review.rob_answers);
    case TableId::rob_decisions:
        return write_rows(declared, review.rob_decisions);
    case TableId::published:
        return write_rows(declared, review.published);
    case TableId::conclusions:
        return write_rows(declared, review.conclusions);
    case TableId::flow:
        return write_rows(declared, review.flow);
    case TableId::flow_accepted:
        return write_rows(declared, review.flow_accepted);
    case TableId::checklist:
        return write_rows(declared, review.checklist);
    case TableId::results:
        break;
    }
    std::vector<ResultRow> rows;
    for (const Result& row : review.results)
        rows.push_back(flatten(row));
    return write_rows(declared, rows);
}

} // namespace assay::bundle
