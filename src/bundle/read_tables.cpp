// The CSV tables, read by their declared columns: header, then cell by cell.
#include "base/utf8.hpp"
#include "bundle/fields.hpp"
#include "bundle/read_parts.hpp"
#include "bundle/shapes.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

namespace assay::bundle {

namespace {

/// One cell while it is read: what is said about it lands at its place.
class Cell {
public:
    Cell(Loaded& loaded, Diagnostics& diagnostics, const text::CsvTable& table, const text::CsvRow& row,
         const text::CsvCell& cell, const Column& column, std::string_view value)
        : loaded_(loaded), diagnostics_(diagnostics), table_(table), row_(row), cell_(cell), column_(column),
          value_(value) {}

    std::string_view value() const { return value_; }
    const Column& column() const { return column_; }

    /// The value means nothing; the message says why.
    void fail(std::string_view code, std::string message, std::string hint = {}) {
        tell(code, std::move(message), std::move(hint));
        loaded_.failures.insert({table_.file(), row_.line, 0, std::string(column_.name)});
    }

    void tell(std::string_view code, std::string message, std::string hint = {}) {
        Diagnostic& d =
            diagnostics_.add(code, table_.place(row_, cell_),
                             std::string(column_.name) + ": " + std::move(message), std::move(hint));
        d.span = table_.width(cell_);
    }

    std::optional<double> number() {
        const text::ParsedNumber parsed = text::parse_number(value_);
        if (!parsed.value)
            fail(parsed.decimal_comma ? "csv/decimal-comma" : "csv/bad-value", parsed.message, parsed.hint);
        return parsed.value;
    }

private:
    Loaded& loaded_;
    Diagnostics& diagnostics_;
    const text::CsvTable& table_;
    const text::CsvRow& row_;
    const text::CsvCell& cell_;
    const Column& column_;
    std::string_view value_;
};

// How each kind of member takes a cell.
void take(std::string& member, Cell& cell) {
    member = cell.value();
}
void take(std::optional<double>& member, Cell& cell) {
    member = cell.number();
}
void take(double& member, Cell& cell) {
    if (const auto value = cell.number()) member = *value;
}
void take(std::optional<int>& member, Cell& cell) {
    const auto value = cell.number();
    if (!value) return;
    if (*value == std::floor(*value) && std::abs(*value) < 1e6)
        member = static_cast<int>(*value);
    else
        cell.fail("csv/bad-value", "cannot read " + in_quotes(cell.value()) + " as a whole number");
}
void take(std::optional<model::PValue>& member, Cell& cell) {
    std::string_view text = cell.value();
    model::PValue p;
    if (text.front() == '<' || text.front() == '>' || text.front() == '=') {
        p.relation = text.front();
        text = text::trim(text.substr(1));
    }
    const text::ParsedNumber parsed = text::parse_number(text);
    if (!parsed.value)
        return cell.fail(parsed.decimal_comma ? "csv/decimal-comma" : "csv/bad-value",
                         "cannot read " + in_quotes(cell.value()) + " as a P value",
                         parsed.decimal_comma ? parsed.hint : "write 0.59, <0.05 or >0.05");
    p.value = *parsed.value;
    member = p;
}
void take(std::vector<std::string>& member, Cell& cell) {
    member = split_list(cell.value());
}
template<class Tag> void take(Id<Tag>& member, Cell& cell) {
    member = Id<Tag>(std::string(cell.value()));
    if (cell.column().type == Type::id && !well_formed_id(cell.value()))
        cell.tell("id/malformed", in_quotes(cell.value()) + " is not an id",
                  "ids are lower-case letters, digits, '-', '_' and '.'");
}
template<class Tag> void take(std::vector<Id<Tag>>& member, Cell& cell) {
    for (std::string& piece : split_list(cell.value()))
        member.emplace_back(std::move(piece));
}

/// One table: its header matched to the declaration, then its rows.
template<class Row> class TableReader {
public:
    TableReader(const Table& declared, Loaded& loaded, Diagnostics& diagnostics)
        : declared_(declared), table_(loaded.tables.find(declared.file)->second), loaded_(loaded),
          diagnostics_(diagnostics) {}

    template<class Keep> void run(Keep keep) {
        if (!match_header()) {
            loaded_.broken.emplace(declared_.file);
            return;
        }
        for (const text::CsvRow& row : table_.rows()) {
            if (row.damaged) {
                remember_lost(row);
                continue;
            }
            keep(read_row(row));
        }
    }

private:
    Diagnostic& complain(std::string_view code, const text::CsvCell& cell, std::string message,
                         std::string hint) {
        Diagnostic& d = diagnostics_.add(code, table_.place(table_.header_row(), cell), std::move(message),
                                         std::move(hint));
        d.span = table_.width(cell);
        return d;
    }

    // The declared column of each column of the file. False: this is not the table at all.
    bool match_header() {
        at_.assign(declared_.columns.size(), -1);
        const auto header = table_.header();
        std::size_t known = 0;
        for (const text::CsvCell& cell : header)
            known += find_column(declared_, text::trim(cell.text)) ? 1 : 0;
        if (known == 0) {
            diagnostics_.add("csv/missing-column", {table_.file(), 1, 0},
                             "the first line has none of the column names of " + std::string(declared_.file),
                             "the first line must be the header: " + needed_columns());
            return false;
        }
        for (std::size_t i = 0; i < header.size(); ++i)
            match_column(header[i], static_cast<int>(i));
        for (std::size_t i = 0; i < declared_.columns.size(); ++i)
            if (at_[i] < 0 && declared_.columns[i].required() &&
                !misspelt_.contains(declared_.columns[i].name))
                diagnostics_.add("csv/missing-column", {table_.file(), 1, 0},
                                 "column '" + std::string(declared_.columns[i].name) + "' is missing",
                                 "every row needs it");
        return true;
    }

    void match_column(const text::CsvCell& cell, int index) {
        const std::string_view name = text::trim(cell.text);
        if (name.size() != cell.text.size())
            complain("csv/spaces", cell, "spaces at the ends of column name " + in_quotes(cell.text),
                     "delete them");
        const Column* column = find_column(declared_, name);
        if (column) {
            int& at = at_[static_cast<std::size_t>(column - declared_.columns.data())];
            if (at < 0) at = index; // of two columns with one name the first counts; a message was given
            return;
        }
        std::vector<std::string> absent;
        for (const Column& other : declared_.columns)
            if (!in_header(other.name)) absent.emplace_back(other.name);
        const std::string near = nearest_name(name, absent);
        misspelt_.insert(near);
        complain("csv/unknown-column", cell,
                 name.empty() ? "a column without a name"
                              : std::string(declared_.file) + " has no column " + in_quotes(name),
                 near.empty() ? "its columns are described in docs/formats/bundle.md"
                              : "did you mean " + in_quotes(near) + "?");
    }

    bool in_header(std::string_view name) const {
        const auto header = table_.header();
        return std::any_of(header.begin(), header.end(),
                           [&](const text::CsvCell& cell) { return text::trim(cell.text) == name; });
    }

    std::string needed_columns() const {
        std::string text;
        for (const Column& column : declared_.columns)
            if (column.required()) text += (text.empty() ? "" : ",") + std::string(column.name);
        return text;
    }

    // The row is left out, but whoever names its id must not be told that there is none.
    void remember_lost(const text::CsvRow& row) {
        const auto cells = table_.cells(row);
        for (std::size_t i = 0; i < declared_.columns.size(); ++i) {
            const Column& column = declared_.columns[i];
            if (column.type != Type::id || at_[i] < 0 || static_cast<std::size_t>(at_[i]) >= cells.size())
                continue;
            loaded_.lost[column.target].emplace(text::trim(cells[static_cast<std::size_t>(at_[i])].text));
        }
        loaded_.incomplete.emplace(declared_.file);
    }

    Row read_row(const text::CsvRow& source) {
        Row row;
        row.place = {table_.file(), source.line, 0};
        const auto cells = table_.cells(source);
        for (std::size_t i = 0; i < declared_.columns.size(); ++i)
            if (at_[i] >= 0) read_cell(row, source, cells[static_cast<std::size_t>(at_[i])], i);
        for (const Column& column : declared_.columns) {
            const std::string_view with = column.needed_with();
            if (with.empty() || filled(cells, column.name) || !filled(cells, with)) continue;
            const int at = index_of(column.name);
            missing(source, at < 0 ? nullptr : &cells[static_cast<std::size_t>(at)], column,
                    "it is needed where '" + std::string(with) + "' is filled");
        }
        if constexpr (std::is_same_v<Row, ResultRow>) check_shape(row, source, cells);
        return row;
    }

    void read_cell(Row& row, const text::CsvRow& source, const text::CsvCell& raw, std::size_t index) {
        const Column& column = declared_.columns[index];
        const std::string_view value = text::trim(raw.text);
        if (value.empty() && !column.required() && raw.text.empty()) return;
        Cell cell(loaded_, diagnostics_, table_, source, raw, column, value);
        if (value.size() != raw.text.size())
            cell.tell("csv/spaces", "spaces at the ends of " + in_quotes(raw.text),
                      "delete them; `assay fmt` does it");
        if (value.empty()) {
            if (column.required()) missing(source, &raw, column, {});
            return;
        }
        if (column.type == Type::choice &&
            std::find(column.choices.begin(), column.choices.end(), value) == column.choices.end())
            cell.fail("csv/unknown-value", in_quotes(value) + " is not one of its values",
                      hint_for(value, column.choices));
        std::visit([&](auto member) { take(row.*member, cell); }, fields<Row>()[index]);
    }

    void missing(const text::CsvRow& row, const text::CsvCell* cell, const Column& column, std::string hint) {
        const Place place = cell ? table_.place(row, *cell) : Place{table_.file(), row.line, 0};
        diagnostics_.add("csv/missing-value", place, std::string(column.name) + ": the cell is empty",
                         std::move(hint));
        loaded_.failures.insert({table_.file(), row.line, 0, std::string(column.name)});
    }

    int index_of(std::string_view column) const {
        for (std::size_t i = 0; i < declared_.columns.size(); ++i)
            if (declared_.columns[i].name == column) return at_[i];
        return -1;
    }

    bool filled(std::span<const text::CsvCell> cells, std::string_view column) const {
        const int at = index_of(column);
        return at >= 0 && !text::trim(cells[static_cast<std::size_t>(at)].text).empty();
    }

    // A number under a column that its shape does not have would be dropped without a word: say it here.
    void check_shape(const ResultRow& row, const text::CsvRow& source, std::span<const text::CsvCell> cells) {
        const Shape* shape = find_shape(row.shape);
        if (!shape) return; // empty or unknown: said already
        for (std::size_t i = 0; i < declared_.columns.size(); ++i) {
            const Column& column = declared_.columns[i];
            if (at_[i] < 0 || !filled(cells, column.name) || !is_shape_number(column.name)) continue;
            if (std::find(shape->numbers.begin(), shape->numbers.end(), column.name) != shape->numbers.end())
                continue;
            const auto& raw = cells[static_cast<std::size_t>(at_[i])];
            Cell cell(loaded_, diagnostics_, table_, source, raw, column, raw.text);
            cell.tell("shape/extra-number", "a row of shape '" + row.shape + "' has no such number",
                      "leave it empty or change 'shape'");
        }
    }

    const Table& declared_;
    const text::CsvTable& table_;
    Loaded& loaded_;
    Diagnostics& diagnostics_;
    std::set<std::string, std::less<>> misspelt_; ///< declared columns that an unknown column probably means
    std::vector<int> at_;                         ///< per declared column: its index in the file, or -1
};

template<class Row>
void read_into(TableId id, std::vector<Row>& rows, Loaded& loaded, Diagnostics& diagnostics) {
    const Table& declared = table(id);
    if (!loaded.tables.contains(declared.file)) return;
    TableReader<Row>(declared, loaded, diagnostics).run([&](Row row) { rows.push_back(std::move(row)); });
}

// The bytes become tables; what is missing is said, and remembered so that nobody judges ids by it.
void open_tables(Loaded& loaded, Diagnostics& diagnostics) {
    for (const Table& declared : tables()) {
        const std::string name(declared.file);
        const auto bytes = loaded.folder.files.find(name);
        if (bytes != loaded.folder.files.end()) {
            text::CsvTable table = text::read_csv(name, bytes->second, diagnostics);
            if (table.readable())
                loaded.tables.emplace(name, std::move(table));
            else
                loaded.broken.insert(name);
            continue;
        }
        if (loaded.folder.unreadable.contains(name))
            loaded.broken.insert(name);
        else if (declared.needed) {
            diagnostics.add("file/missing", {name, 0, 0}, "the file is missing",
                            "one row is " + std::string(declared.row) + "; see docs/formats/bundle.md");
            loaded.broken.insert(name);
        }
    }
}

} // namespace

void read_tables(Loaded& loaded, Diagnostics& diagnostics) {
    open_tables(loaded, diagnostics);
    model::Review& review = loaded.review;
    read_into(TableId::reports, review.reports, loaded, diagnostics);
    read_into(TableId::studies, review.studies, loaded, diagnostics);
    read_into(TableId::arms, review.arms, loaded, diagnostics);
    if (loaded.tables.contains(table(TableId::results).file))
        TableReader<ResultRow>(table(TableId::results), loaded, diagnostics).run([&](ResultRow row) {
            review.results.push_back(assemble(std::move(row)));
        });
    read_into(TableId::rob, review.rob, loaded, diagnostics);
    read_into(TableId::rob_answers, review.rob_answers, loaded, diagnostics);
    read_into(TableId::rob_decisions, review.rob_decisions, loaded, diagnostics);
    read_into(TableId::published, review.published, loaded, diagnostics);
    read_into(TableId::conclusions, review.conclusions, loaded, diagnostics);
    read_into(TableId::flow, review.flow, loaded, diagnostics);
    read_into(TableId::flow_accepted, review.flow_accepted, loaded, diagnostics);
    read_into(TableId::checklist, review.checklist, loaded, diagnostics);
}

} // namespace assay::bundle
