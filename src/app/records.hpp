// Reads files of records in any known format and writes them in another.
#pragma once

#include "base/bytes.hpp"
#include "base/diagnostics.hpp"
#include "model/record.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

/// What overrides a guess; empty: guess.
struct ReadRequest {
    std::string from, encoding;
    std::string mapping; ///< text of a file that says what the columns of an unknown table are
};

struct RecordsFile {
    std::string format;                 ///< id of the importer; empty: unknown
    std::vector<model::Record> records; ///< empty where they were handed on
    std::size_t count = 0, deleted = 0; ///< records, and those of them that are to be forgotten
    Diagnostics diagnostics;
};

using TakeRecord = std::function<void(model::Record&&)>;

/// Hands the records over one by one; `bytes` may be gzip and of any encoding. Errors: "usage" for a format
/// or an encoding that does not exist.
void read_records(RecordsFile& result, const std::string& file, const Bytes& bytes,
                  const ReadRequest& request, const TakeRecord& take);

/// All records of `bytes`, kept.
RecordsFile read_records(const std::string& file, const Bytes& bytes, const ReadRequest& request = {});
RecordsFile read_records(const std::string& file, std::string_view bytes, const std::string& from = {},
                         const std::string& encoding = {}, const std::string& mapping = {});

/// Hands on the text of all records in the format `to`, in pieces; without a record nothing. Errors: "usage"
/// for a format that cannot be read or written.
RecordsFile convert_records(const std::string& file, const Bytes& bytes, const ReadRequest& request,
                            const std::string& to, const std::function<void(std::string_view)>& give);

/// Errors: "usage" for a format that cannot be written.
std::string write_records(const std::vector<model::Record>& records, const std::string& to);

/// Schema "assay/records/1" (docs/formats/records.md): counts, formats and messages, without the records.
std::string records_json(const std::string& file, const RecordsFile& read);

/// The table of formats for a terminal.
std::string list_formats();

} // namespace assay::app
