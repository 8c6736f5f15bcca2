// Files that hold no records one could read here, recognised so that they can be named and a way out given:
// nothing is half-read.
#pragma once

#include "records/formats.hpp"

namespace assay::records {

/// By the first bytes as they are, before anything is decoded; null: nothing known.
const Importer* foreign_bytes(std::string_view head);
/// Kinds of text; they compete with the importers.
std::span<const Importer> foreign_texts();

} // namespace assay::records
