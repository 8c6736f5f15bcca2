// Fuzz target: the CSV reader. Any bytes give a table; every place lies in the file; what is written reads
// back.
#include "base/error.hpp"
#include "text/csv.hpp"
#include "text/encoding.hpp"
#include "text/number.hpp"

#include <cstddef>
#include <cstdint>

namespace {

using namespace assay;

std::string rewritten(const text::CsvTable& table) {
    std::string out;
    const auto write = [&](std::span<const text::CsvCell> cells) {
        std::vector<std::string_view> texts;
        for (const text::CsvCell& cell : cells)
            texts.push_back(cell.text);
        text::write_csv_row(out, texts);
    };
    write(table.header());
    for (const text::CsvRow& row : table.rows())
        write(table.cells(row));
    return out;
}

void check_places(const text::CsvTable& table, std::string_view bytes) {
    const text::Lines lines(bytes);
    for (const text::CsvRow& row : table.rows())
        for (const text::CsvCell& cell : table.cells(row)) {
            const Place place = table.place(row, cell);
            ASSAY_EXPECT(place.line >= 1 && place.line <= lines.count() && place.column >= 1);
            (void)text::parse_number(cell.text);
        }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    Diagnostics diagnostics;
    const text::CsvTable table = text::read_csv("fuzz.csv", bytes, diagnostics);
    check_places(table, bytes);
    const text::Lines lines(bytes);
    for (Diagnostic& item : diagnostics.items()) {
        show_line(item, lines.line(item.place.line));
        (void)to_text(item);
    }
    if (!table.readable() || !table.sound()) {
        ASSAY_EXPECT(diagnostics.has_errors());
        return 0;
    }
    Diagnostics again;
    const std::string once = rewritten(table);
    const text::CsvTable copy = text::read_csv("fuzz.csv", once, again);
    ASSAY_EXPECT(copy.rows().size() == table.rows().size());
    ASSAY_EXPECT(rewritten(copy) == once);
    return 0;
}
