// One method's answer as a small document: a title, named values, a table and notes. Whatever method is added
// to `assay meta`, its text and its JSON are written here, once.
#pragma once

#include <string>
#include <variant>
#include <vector>

namespace assay::report {

class JsonWriter;

/// How the numbers of a value or a column are printed.
enum class Look { number, p, percent, count, text };

/// Nothing (undefined), a number, or words.
using Cell = std::variant<std::monostate, double, std::string>;

struct SectionValue {
    std::string key;   ///< in JSON: "tau2"
    std::string title; ///< for readers: "tau2"
    Cell cell;
    Look look = Look::number;
};

struct SectionColumn {
    std::string key, title;
    Look look = Look::number;
};

struct Section {
    std::string id;    ///< the option's name: "regtest"
    std::string title; ///< "Regression test for funnel plot asymmetry"
    std::vector<SectionValue> values;
    std::vector<SectionColumn> columns;
    std::vector<std::vector<Cell>> rows;
    std::vector<std::string> notes;

    Section& value(std::string key, std::string name, Cell cell, Look look = Look::number) {
        values.push_back({std::move(key), std::move(name), std::move(cell), look});
        return *this;
    }
};

/// NaN and infinite numbers are undefined in JSON and "-" in text.
std::string section_text(const Section& section);

/// {"id", "title", "values": {...}, "rows": [{...}], "notes": [...]}
void section_json(JsonWriter& json, const Section& section);

} // namespace assay::report
