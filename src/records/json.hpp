// JSON files of records, cut into records before they are parsed: a fault costs its record, and a file of any
// size needs the memory of one.
#pragma once

#include "base/diagnostics.hpp"
#include "model/record.hpp"
#include "records/source.hpp"

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace assay::records {

/// Calls `call` with each object of the outermost array, of the array under one of `lists` (at most two
/// objects deep), or with the object itself where there is neither; several values may follow each other
/// (JSON lines). What cannot be parsed is reported.
void each_json(const Source& source, std::span<const std::string_view> lists, Diagnostics& diagnostics,
               const std::function<void(const nlohmann::json&, int line, std::size_t offset)>& call);

/// A member as text: texts, numbers, the first of an array of texts; empty: absent or another type.
std::string json_text(const nlohmann::json& object, const char* key);

/// A member that is an object or array; an empty object where there is none.
const nlohmann::json& json_member(const nlohmann::json& object, const char* key);

/// A record of CSL-JSON or of Crossref, which is nearly that.
model::Record csl_item(const nlohmann::json& item);

} // namespace assay::records
