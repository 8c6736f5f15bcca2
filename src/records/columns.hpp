// What the columns of a table of records mean: names that databases and screening tools give them.
#pragma once

#include "model/record.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::records {

/// What a column holds. The name is what a mapping file writes.
struct ColumnMeaning {
    std::string_view name;  ///< "title"
    std::string_view heads; ///< lower case, letters and digits only, between bars
    void (*put)(model::Record& record, std::string_view value);
};

/// Every meaning; docs/formats/records.md lists their names.
std::span<const ColumnMeaning> column_meanings();

/// The meaning of a head of any database; null: unknown.
const ColumnMeaning* meaning_of_head(std::string_view head);
const ColumnMeaning* meaning_named(std::string_view name);

/// Which program wrote a table with these heads: "scopus", "rayyan", ...; empty: unknown.
std::string_view table_writer(std::span<const std::string_view> heads);

/// Lower-case letters and digits of `head`.
std::string plain_head(std::string_view head);

} // namespace assay::records
