// What a stage has to say about one row of the folder, without knowing the folder.
#pragma once

#include "base/place.hpp"

#include <string>

namespace assay::model {

/// The folder finds the cell that the message speaks of.
struct RowMessage {
    std::string code; ///< of the table of diagnostics
    Place row;
    std::string field, message, hint;
};

} // namespace assay::model
