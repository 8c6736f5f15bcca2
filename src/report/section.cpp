#include "report/section.hpp"

#include "plot/text_size.hpp"
#include "report/json_writer.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace assay::report {

namespace {

constexpr int widest_word = 44; ///< cells; longer labels are cut in the table, never in JSON

std::string shown(const Cell& cell, Look look) {
    if (const auto* words = std::get_if<std::string>(&cell)) return *words;
    const auto* number = std::get_if<double>(&cell);
    if (!number || std::isnan(*number)) return "-";
    if (std::isinf(*number)) return *number > 0 ? "inf" : "-inf";
    switch (look) {
    case Look::p:
        return text::p_value(*number);
    case Look::percent:
        return text::fixed(*number, 1);
    case Look::count:
        return text::fixed(*number, 0);
    default:
        break;
    }
    const double size = std::fabs(*number);
    if (size == 0 || (size >= 1e-3 && size < 1e7)) return text::fixed(*number, 4);
    char digits[32];
    const auto end =
        std::to_chars(digits, digits + sizeof digits, *number, std::chars_format::general, 4).ptr;
    return std::string(digits, end);
}

std::string padded(const std::string& text, int width, bool left) {
    const int gap = std::max(0, width - plot::cells(text));
    return left ? text + std::string(static_cast<std::size_t>(gap), ' ')
                : std::string(static_cast<std::size_t>(gap), ' ') + text;
}

std::string table_text(const Section& section) {
    std::vector<std::vector<std::string>> lines(1);
    for (const SectionColumn& column : section.columns)
        lines[0].push_back(column.title);
    for (const auto& row : section.rows) {
        auto& line = lines.emplace_back();
        for (std::size_t j = 0; j < row.size(); ++j)
            line.push_back(plot::cut_to_cells(shown(row[j], section.columns[j].look), widest_word, "..."));
    }
    std::string text;
    std::vector<int> widths(section.columns.size(), 0);
    for (const auto& line : lines)
        for (std::size_t j = 0; j < line.size(); ++j)
            widths[j] = std::max(widths[j], plot::cells(line[j]));
    for (const auto& line : lines) {
        std::string printed;
        for (std::size_t j = 0; j < line.size(); ++j)
            printed += (j ? "  " : "") + padded(line[j], widths[j], section.columns[j].look == Look::text);
        printed.erase(printed.find_last_not_of(' ') + 1);
        text += printed + "\n";
    }
    return text;
}

void cell_json(JsonWriter& json, const Cell& cell) {
    if (const auto* words = std::get_if<std::string>(&cell))
        json.value(*words);
    else if (const auto* number = std::get_if<double>(&cell))
        json.value(*number);
    else
        json.null();
}

} // namespace

std::string section_text(const Section& section) {
    std::string text = section.title + "\n";
    int widest = 0;
    for (const SectionValue& value : section.values)
        widest = std::max(widest, plot::cells(value.title));
    for (const SectionValue& value : section.values)
        text += padded(value.title, widest, true) + "  " + shown(value.cell, value.look) +
                (value.look == Look::percent ? " %" : "") + "\n";
    if (!section.rows.empty()) text += table_text(section);
    for (const std::string& note : section.notes)
        text += "note: " + note + "\n";
    return text;
}

void section_json(JsonWriter& json, const Section& section) {
    json.begin_object().member("id", section.id).member("title", section.title);
    json.key("values").begin_object();
    for (const SectionValue& value : section.values) {
        json.key(value.key);
        cell_json(json, value.cell);
    }
    json.end_object();
    json.key("rows").begin_array();
    for (const auto& row : section.rows) {
        json.begin_object();
        for (std::size_t j = 0; j < row.size(); ++j) {
            json.key(section.columns[j].key);
            cell_json(json, row[j]);
        }
        json.end_object();
    }
    json.end_array();
    json.key("notes").begin_array();
    for (const std::string& note : section.notes)
        json.value(note);
    json.end_array().end_object();
}

} // namespace assay::report
