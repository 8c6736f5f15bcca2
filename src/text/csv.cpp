#include "text/csv.hpp"

#include "base/utf8.hpp"
#include "text/encoding.hpp"

#include <algorithm>
#include <limits>
#include <unordered_map>

namespace assay::text {

class CsvReader {
public:
    CsvReader(std::string file, std::string_view bytes, Diagnostics& diagnostics, std::size_t longest)
        : diagnostics_(diagnostics), longest_(longest) {
        table_.file_ = std::move(file);
        table_.bytes_ = bytes;
    }

    CsvTable run() {
        const Encoding encoding = check_encoding(table_.file_, bytes(), diagnostics_);
        clean_ = encoding.clean;
        table_.sound_ = encoding.clean;
        if (!encoding.readable) return std::move(table_);
        at_ = encoding.bom;
        if (bytes().size() > std::numeric_limits<std::uint32_t>::max() || blank_rest()) {
            table_.sound_ = false;
            diagnostics_.add("file/empty", {table_.file_, 0, 0}, "the file is empty",
                             "write at least the header");
            return std::move(table_);
        }
        read_header();
        if (!table_.readable_) return std::move(table_);
        while (!at_end())
            read_row();
        if (table_.rows_.empty())
            diagnostics_.add("csv/no-rows", {table_.file_, 1, 0}, "the table has a header and no rows");
        return std::move(table_);
    }

private:
    std::string_view bytes() const { return table_.bytes_; }
    bool at_end() const { return at_ >= bytes().size(); }
    static bool ends_line(char c) { return c == '\n' || c == '\r'; }

    bool blank_rest() const { return bytes().find_first_not_of(" \t\r\n", at_) == std::string_view::npos; }

    Diagnostic& complain(std::string_view code, std::uint32_t offset, std::string message,
                         std::string hint = {}) {
        table_.sound_ = false;
        CsvCell cell;
        cell.begin = offset;
        return diagnostics_.add(code, table_.place(row_, cell), std::move(message), std::move(hint));
    }

    // The separator is a comma. A header in one piece with several semicolons or tabs was saved with another
    // one: say so, and read on with it, so that the other faults of the file are found as well.
    void find_separator() {
        const std::string_view line = bytes().substr(at_, bytes().find_first_of("\r\n", at_) - at_);
        if (line.find(',') != std::string_view::npos) return;
        for (const char candidate : {';', '\t', '|'}) {
            if (std::count(line.begin(), line.end(), candidate) < 1) continue;
            separator_ = candidate;
            const char* name = candidate == ';' ? "semicolons" : candidate == '\t' ? "tabs" : "vertical bars";
            complain("csv/wrong-separator", static_cast<std::uint32_t>(at_ + line.find(candidate)),
                     std::string("cells are separated by ") + name + ", not commas",
                     "save the table as comma separated");
            return;
        }
    }

    void read_header() {
        row_ = CsvRow{};
        row_.line = line_;
        row_.begin = static_cast<std::uint32_t>(at_);
        find_separator();
        read_cells();
        table_.header_ = row_;
        table_.readable_ = !row_.damaged; // without a header that can be trusted, every row would look wrong
        if (!table_.readable_) return;
        std::unordered_map<std::string_view, const CsvCell*> seen;
        for (const CsvCell& cell : table_.header()) {
            const std::string_view name = trim(cell.text);
            if (name.empty()) continue;
            const auto [first, fresh] = seen.emplace(name, &cell);
            if (fresh) continue;
            Diagnostic& d = complain(
                "csv/duplicate-column", cell.begin, "column " + in_quotes(name) + " appears twice",
                "the first is in column " + std::to_string(table_.place(row_, *first->second).column));
            d.span = table_.width(cell);
        }
    }

    void read_row() {
        row_ = CsvRow{};
        row_.line = line_;
        row_.begin = static_cast<std::uint32_t>(at_);
        read_cells();
        const std::size_t expected = table_.header_.cells;
        const auto cells = table_.cells(row_);
        if (expected > 1 && cells.size() == 1 && trim(cells[0].text).empty()) {
            // A form feed of empty lines at the end is harmless; an empty line may also be a row that was
            // lost.
            diagnostics_.add("csv/blank-line", {table_.file_, row_.line, 0}, "empty line inside the table",
                             "delete the line; `assay fmt` does it");
            table_.cells_.resize(row_.first);
            return;
        }
        if (cells.size() != expected && !row_.damaged) {
            const auto extra = cells.size() > expected ? cells[expected].begin : cells.back().end;
            complain("csv/ragged-row", extra,
                     "the row has " + std::to_string(cells.size()) + " cells; the header has " +
                         std::to_string(expected),
                     cells.size() > expected ? "put cells that contain a comma in quotes"
                                             : "add the missing commas");
            row_.damaged = true;
        }
        table_.rows_.push_back(row_);
    }

    void read_cells() {
        row_.first = static_cast<std::uint32_t>(table_.cells_.size());
        for (;;) {
            if (!at_end() && bytes()[at_] == '"')
                quoted_cell();
            else
                plain_cell();
            ++row_.cells;
            if (at_end() || bytes()[at_] != separator_) break;
            ++at_;
        }
        end_line();
    }

    void end_line() {
        if (at_end()) return;
        if (bytes()[at_] == '\r' && at_ + 1 < bytes().size() && bytes()[at_ + 1] == '\n') ++at_;
        ++at_, ++line_;
    }

    void keep(std::string_view text, std::size_t begin, std::size_t end, bool own) {
        if (end - begin > longest_) {
            complain("csv/big-cell", static_cast<std::uint32_t>(begin),
                     "the cell has " + std::to_string(end - begin) + " bytes; at most " +
                         std::to_string(longest_) + " are allowed",
                     "look for a missing closing quote, or shorten the text");
            row_.damaged = true;
            text = text.substr(0, 0), own = false;
        } else if (!clean_) {
            std::string copy = clean_copy(text);
            if (copy != text)
                table_.owned_.push_back(std::move(copy)), text = table_.owned_.back(), own = false;
        }
        if (own) table_.owned_.emplace_back(text), text = table_.owned_.back();
        table_.cells_.push_back({text, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(end)});
    }

    void plain_cell() {
        const std::size_t begin = at_;
        bool told = false;
        while (!at_end() && bytes()[at_] != separator_ && !ends_line(bytes()[at_])) {
            if (bytes()[at_] == '"' && !told) {
                told = true;
                complain("csv/stray-quote", static_cast<std::uint32_t>(at_),
                         "a quote inside a cell without quotes",
                         "put the whole cell in quotes and write this one twice");
            }
            ++at_;
        }
        keep(bytes().substr(begin, at_ - begin), begin, at_, false);
    }

    void quoted_cell() {
        const std::size_t begin = at_;
        std::size_t at = begin + 1, piece = at, lines = 0;
        std::string joined; // used once a doubled quote was met
        bool joins = false, told = false;
        const auto take = [&](std::size_t end) {
            joined += bytes().substr(piece, end - piece), joins = true;
        };
        for (; at < bytes().size(); ++at) {
            const char c = bytes()[at];
            if (c == '\n' || (c == '\r' && (at + 1 == bytes().size() || bytes()[at + 1] != '\n'))) {
                ++lines;
                if (open_quotes_ >= 20)
                    break; // the quotes of this file are hopeless: cells end with their line
            }
            if (c != '"') continue;
            const char next = at + 1 < bytes().size() ? bytes()[at + 1] : '\n';
            if (next == '"') {
                take(at + 1);
                piece = at + 2, ++at;
                continue;
            }
            if (next == separator_ || ends_line(next)) {
                if (joins) take(at);
                const std::string_view text =
                    joins ? std::string_view(joined) : bytes().substr(piece, at - piece);
                at_ = at + 1;
                keep(text, begin, at_, joins);
                line_ += static_cast<int>(lines);
                return;
            }
            // Text behind a quote. On the first line it is a quote that should have been doubled; later it is
            // more likely the opening quote of another row's cell, so ours was never closed.
            if (lines > 0) break;
            if (!told)
                complain("csv/stray-quote", static_cast<std::uint32_t>(at),
                         "a single quote inside a quoted cell", "write a quote inside a quoted cell twice");
            told = true;
        }
        open_quote(begin);
    }

    // The cell ends with the line its quote was opened in; the next line is read as a row of its own.
    void open_quote(std::size_t begin) {
        ++open_quotes_;
        complain("csv/open-quote", static_cast<std::uint32_t>(begin), "the quote opened here is not closed",
                 "close it before the next comma; a quote inside the text is written twice");
        row_.damaged = true;
        at_ = std::min(bytes().find_first_of("\r\n", begin), bytes().size());
        const std::size_t comma = std::min(bytes().find(separator_, begin), at_);
        keep(bytes().substr(begin + 1, comma - begin - 1), begin, comma, false);
    }

    Diagnostics& diagnostics_;
    std::size_t longest_;
    CsvTable table_;
    CsvRow row_;
    std::size_t at_ = 0;
    int line_ = 1, open_quotes_ = 0;
    char separator_ = ',';
    bool clean_ = true;
};

Place CsvTable::place(const CsvRow& row, const CsvCell& cell) const {
    Place place{file_, row.line, 1};
    for (std::size_t at = row.begin; at < cell.begin && at < bytes_.size();) {
        const char c = bytes_[at];
        if (c == '\n' || (c == '\r' && (at + 1 == bytes_.size() || bytes_[at + 1] != '\n')))
            ++place.line, place.column = 1;
        else if (c != '\r')
            ++place.column;
        at += static_cast<std::size_t>(decode_code_point(bytes_, at).bytes);
    }
    return place;
}

int CsvTable::width(const CsvCell& cell) const {
    std::string_view raw = bytes_.substr(cell.begin, cell.end - cell.begin);
    raw = raw.substr(0, raw.find_first_of("\r\n"));
    return std::max(1, static_cast<int>(count_code_points(raw.substr(0, 200))));
}

CsvTable read_csv(std::string file, std::string_view bytes, Diagnostics& diagnostics, std::size_t longest) {
    return CsvReader(std::move(file), bytes, diagnostics, longest).run();
}

void write_csv_row(std::string& out, std::span<const std::string_view> cells) {
    bool first = true;
    for (const std::string_view cell : cells) {
        if (!first) out += ',';
        first = false;
        const bool quote = cell.find_first_of(",\"\r\n") != std::string_view::npos ||
                           (cells.size() == 1 && cell.empty()); // an empty line would not be a row
        if (!quote) {
            out += cell;
            continue;
        }
        out += '"';
        for (const char c : cell) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    out += '\n';
}

} // namespace assay::text
