// Reads files of records in any known format and writes them in another.
#pragma once

#include "base/diagnostics.hpp"
#include "model/record.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

struct RecordsFile {
    std::string format;                 ///< id of the importer; empty: unknown
    std::vector<model::Record> records; ///< empty where they were only counted
    std::size_t count = 0, deleted = 0; ///< records, and those of them that are to be forgotten
    Diagnostics diagnostics;
};

/// `bytes` may be gzip and of any encoding. `from` and `encoding` override what would be guessed; empty:
/// guess. `mapping` says what the columns of an unknown CSV are. Without `keep` the
/// records are only counted.
RecordsFile read_records(const std::string& file, std::string bytes, const std::string& from = {},
                         const std::string& encoding = {}, const std::string& mapping = {}, bool keep = true);

/// Errors: "usage" for a format that cannot be written.
std::string write_records(const std::vector<model::Record>& records, const std::string& to);

/// Schema "assay/records/1" (docs/formats/records.md): counts, formats and messages, without the records.
std::string records_json(const std::string& file, const RecordsFile& read);

/// The table of formats for a terminal.
std::string list_formats();

} // namespace assay::app
