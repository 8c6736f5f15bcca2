// Searching the records of a store: with a strategy, or quickly for words.
#pragma once

#include "app/search_run.hpp"
#include "store/lookup.hpp"
#include "store/store.hpp"

#include <string>

namespace assay::app {

/// A hit of a store's index, without the whole record.
SearchHit hit_in_store(store::Store& store, std::int64_t record);

/// Hits and copies: "2 of 9 records" with ", 1 without copies" where there are copies.
std::string store_count_text(store::Store& store, const Searched& found, const search::Index& index);

/// `bold`: words found are set in bold for a terminal, else in *stars*.
std::string lookup_text(const store::Lookup& found, bool bold);
/// Schema "assay/lookup/1" (docs/formats/search.md).
std::string lookup_json(const store::Lookup& found, const std::string& words);

} // namespace assay::app
