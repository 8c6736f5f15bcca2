// RFC 4180 tables. Reading never fails as a whole: every fault becomes a message with its place, and the rows
// that can be read are read.
#pragma once

#include "base/diagnostics.hpp"

#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::text {

inline constexpr std::size_t longest_cell = std::size_t{64} << 10;

struct CsvCell {
    std::string_view text;   ///< the value: without the quotes, doubled quotes single
    std::uint32_t begin = 0; ///< byte offset of the cell in the file, its opening quote included
    std::uint32_t end = 0;   ///< one behind its last byte
    bool was_quoted() const { return end - begin != text.size(); }
};

struct CsvRow {
    std::uint32_t first = 0, cells = 0; ///< its cells in the table's list
    std::uint32_t begin = 0;            ///< byte offset of the row in the file
    int line = 0;                       ///< 1-based line the row starts in
    bool damaged = false; ///< its cells cannot be trusted to stand under their columns; a message said why
};

/// A table as it stands in its file. `bytes` given to read_csv must outlive it: cells look into them.
class CsvTable {
public:
    CsvTable() = default;
    CsvTable(CsvTable&&) = default;
    CsvTable& operator=(CsvTable&&) = default;
    CsvTable(const CsvTable&) = delete;
    CsvTable& operator=(const CsvTable&) = delete;

    const std::string& file() const { return file_; }
    /// False: not a table at all (empty, UTF-16); there is no header.
    bool readable() const { return readable_; }
    /// False: something was wrong that a writer could not keep (quotes, ragged rows, bytes that are not
    /// UTF-8).
    bool sound() const { return sound_; }
    const CsvRow& header_row() const { return header_; }
    std::span<const CsvCell> header() const { return cells(header_); }
    const std::vector<CsvRow>& rows() const { return rows_; }
    std::span<const CsvCell> cells(const CsvRow& row) const {
        return std::span<const CsvCell>(cells_).subspan(row.first, row.cells);
    }
    /// Where the cell starts: line and column in characters.
    Place place(const CsvRow& row, const CsvCell& cell) const;
    /// Characters of the cell on its first line, for underlining.
    int width(const CsvCell& cell) const;

private:
    friend class CsvReader;
    std::string file_;
    std::string_view bytes_;
    bool readable_ = false, sound_ = true;
    CsvRow header_;
    std::vector<CsvRow> rows_;
    std::vector<CsvCell> cells_;
    std::deque<std::string> owned_; ///< values that differ from the bytes of the file
};

/// Reads a table with a header. Faults of the form are reported here; what the cells mean is the caller's. Cells of
/// more than `longest` bytes are reported and left empty.
CsvTable read_csv(std::string file, std::string_view bytes, Diagnostics& diagnostics,
                  std::size_t longest = longest_cell);

/// Appends one row: quotes only where needed, LF at the end.
void write_csv_row(std::string& out, std::span<const std::string_view> cells);

} // namespace assay::text
