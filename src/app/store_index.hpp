// The index of a store's records, kept in a file beside the store.
#pragma once

#include "base/diagnostics.hpp"
#include "base/progress.hpp"
#include "search/index.hpp"
#include "store/store.hpp"

#include <string>

namespace assay::app {

/// From so many records on the index is kept: below, making it anew takes less than a tenth of a second.
inline constexpr std::size_t index_kept_from = 2000;

/// "review.db" to "review.db.index"; empty for a server: there the index is made anew each time.
std::string index_file(const std::string& where);

/// Ids of the index are those of the store. The file is read where it fits the records as they are now, else
/// made anew; that it cannot be written is a message. Errors: "stopped".
search::Index index_of(store::Store& store, const std::string& where, Diagnostics& diagnostics,
                       const Progress& progress = {});

} // namespace assay::app
