// Messages as data, for programs. docs/formats/diagnostics.md describes the form.
#pragma once

#include "base/diagnostics.hpp"

#include <string>

namespace assay::bundle {

/// One object, schema "assay/diagnostics/1": counts and the sorted messages. Ends in a newline.
std::string diagnostics_json(const Diagnostics& diagnostics);

} // namespace assay::bundle
