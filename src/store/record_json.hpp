// A record as JSON: how the store keeps all of it. Absent keys are empty fields.
#pragma once

#include "model/record.hpp"

#include <string>
#include <string_view>

namespace assay::store {

std::string record_to_json(const model::Record& record);

/// What was written by record_to_json; keys of later versions are left alone. Errors: "store/damaged".
model::Record record_from_json(std::string_view text);

} // namespace assay::store
