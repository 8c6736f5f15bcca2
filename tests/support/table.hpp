// A small CSV reader for tests: tables of numbers and names, quoted where they hold a comma.
#pragma once

#include <charconv>
#include <fstream>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace assay::test {

inline std::vector<std::string> split_line(const std::string& line) {
    std::vector<std::string> cells(1);
    bool quoted = false;
    for (char c : line) {
        if (c == '"')
            quoted = !quoted;
        else if (c == ',' && !quoted)
            cells.emplace_back();
        else if (c != '\r')
            cells.back() += c;
    }
    return cells;
}

inline std::optional<double> number_of(const std::string& cell) {
    double x = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), x);
    if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
    return x;
}

/// Every column as text, and as numbers where they are ("NA" and empty are missing).
struct Table {
    std::map<std::string, std::vector<std::string>> text;
    std::map<std::string, std::vector<std::optional<double>>> numbers;
    std::vector<std::string> names; ///< columns in order
    std::size_t rows = 0;
};

inline Table read_table(const std::string& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error("cannot read " + path);
    Table table;
    std::string line;
    std::getline(in, line);
    table.names = split_line(line);
    while (std::getline(in, line)) {
        if (line.empty()) continue;
        const auto cells = split_line(line);
        if (cells.size() != table.names.size()) throw std::runtime_error(path + ": ragged line: " + line);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            table.text[table.names[i]].push_back(cells[i]);
            table.numbers[table.names[i]].push_back(number_of(cells[i]));
        }
        ++table.rows;
    }
    return table;
}

/// A headerless square table, row after row.
inline std::vector<std::vector<double>> read_matrix(const std::string& path) {
    std::ifstream in(path);
    if (!in) throw std::runtime_error("cannot read " + path);
    std::vector<std::vector<double>> rows;
    for (std::string line; std::getline(in, line);) {
        if (line.empty()) continue;
        rows.emplace_back();
        for (const std::string& cell : split_line(line))
            rows.back().push_back(number_of(cell).value());
    }
    return rows;
}

} // namespace assay::test
