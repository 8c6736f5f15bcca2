// The declared columns for other readers: people (Markdown) and programs (Frictionless data package).
#pragma once

#include "bundle/columns.hpp"
#include "bundle/folder.hpp"

#include <string>

namespace assay::bundle {

/// The description of the table as in docs/formats/bundle.md: one line per column.
std::string columns_markdown(const Table& table);

/// datapackage.json for the tables that the folder has, with the columns they have.
/// https://specs.frictionlessdata.io/tabular-data-package/
std::string datapackage_json(const Folder& folder);

} // namespace assay::bundle
