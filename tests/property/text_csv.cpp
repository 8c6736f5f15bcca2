// What is written reads back: tables of random cells, numbers of random bits. A failure prints its seed.
#include "text/csv.hpp"
#include "text/number.hpp"

#include <doctest/doctest.h>

#include <bit>
#include <cmath>
#include <random>

using namespace assay;

TEST_CASE("property: parse(write(table)) = table") {
    const std::string_view pieces[] = {"a", ",",        "\"", "\n", "\r\n", "\r", " ",
                                       ";", "\xC3\xA9", "42", "",   "x\"y", "=",  "'"};
    for (std::uint64_t seed = 1; seed <= 400; ++seed) {
        CAPTURE(seed);
        std::mt19937_64 random(seed);
        const std::size_t columns = 1 + random() % 5, rows = 1 + random() % 6;
        std::vector<std::vector<std::string>> cells(rows + 1, std::vector<std::string>(columns));
        for (std::size_t i = 0; i <= rows; ++i)
            for (std::size_t j = 0; j < columns; ++j) {
                // Names differ; the first cell is never empty, for an empty row is no row.
                cells[i][j] = i == 0 ? "c" + std::to_string(j) : j == 0 ? "r" : "";
                for (std::size_t k = random() % 5; i > 0 && k > 0; --k)
                    cells[i][j] += pieces[random() % std::size(pieces)];
            }
        std::string bytes;
        for (const auto& row : cells)
            text::write_csv_row(bytes, std::vector<std::string_view>(row.begin(), row.end()));
        Diagnostics diagnostics;
        const text::CsvTable table = text::read_csv("t.csv", bytes, diagnostics);
        CHECK_FALSE(diagnostics.has_errors());
        REQUIRE(table.rows().size() == rows);
        for (std::size_t i = 0; i < rows; ++i)
            for (std::size_t j = 0; j < columns; ++j)
                CHECK(table.cells(table.rows()[i])[j].text == cells[i + 1][j]);
    }
}

TEST_CASE("property: parse(format(number)) is the same number") {
    for (std::uint64_t seed = 1; seed <= 20000; ++seed) {
        std::mt19937_64 random(seed);
        double value = std::bit_cast<double>(random());
        if (seed % 2 == 0)
            value = static_cast<double>(static_cast<std::int64_t>(random() % 2000001) - 1000000) / 1000;
        if (!std::isfinite(value)) continue;
        CAPTURE(seed);
        CHECK(text::parse_number(text::format_number(value)).value == value);
    }
}
