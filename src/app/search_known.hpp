// Records known to be relevant, against which a search is measured.
#pragma once

#include "base/diagnostics.hpp"
#include "model/record.hpp"
#include "search/index.hpp"
#include "store/store.hpp"

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

struct KnownItem {
    std::string name; ///< as given, or the title
    std::string pmid, doi, registration;
    std::string title, year;            ///< where there is no id
    std::vector<std::size_t> documents; ///< its copies among the records searched; empty: it is not there
};

/// A file of ids (PubMed ids, DOIs, registration numbers: one a line, `#` for comments), or records in any
/// format that convert reads. Errors: "usage" where nothing of it is understood.
std::vector<KnownItem> read_known(const std::string& file, std::string bytes, Diagnostics& diagnostics);

/// One item per group of copies that people included at full text. Errors: "usage" where there is none.
std::vector<KnownItem> included_of(store::Store& store, const search::Index& index);

/// Fills `documents` of those that have none yet. `record` gives the whole record of a document.
void find_known(std::vector<KnownItem>& known, const search::Index& index,
                const std::function<model::Record(std::size_t)>& record);

} // namespace assay::app
