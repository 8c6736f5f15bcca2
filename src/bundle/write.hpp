// The canonical form of a review folder: same content, one spelling.
#pragma once

#include "base/diagnostics.hpp"
#include "bundle/columns.hpp"
#include "bundle/folder.hpp"
#include "model/review.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace assay::bundle {

/// The files of the folder in canonical form, datapackage.json with them: columns in the order of the format,
/// LF, no BOM, quotes only where needed, no spaces around cells; rows in their order and numbers as they were
/// typed. review.toml loses trailing spaces and CR only. A file whose form is broken is refused with an
/// error, and left out.
Folder canonical(const Folder& folder, Diagnostics& diagnostics);

/// Brings a folder into canonical form; names the files that were (or with `check_only` would be) written.
/// With an error nothing is written at all.
std::vector<std::string> format_folder(const std::filesystem::path& path, bool check_only,
                                       Diagnostics& diagnostics);

/// One table of the review as CSV. All declared columns that some row fills, and the needed ones.
std::string write_table(const model::Review& review, TableId id);

} // namespace assay::bundle
