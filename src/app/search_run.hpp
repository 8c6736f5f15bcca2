// Runs a search strategy over records, of files or of a store, and measures it against known records.
#pragma once

#include "app/search.hpp"
#include "app/search_known.hpp"
#include "base/progress.hpp"
#include "model/record.hpp"
#include "search/index.hpp"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace assay::app {

struct SearchRequest {
    StrategyText strategy;
    std::string mesh; ///< bytes of the thesaurus; empty: none, explosion finds the heading alone
    std::string line; ///< label of the line to return; empty: the last
    std::vector<KnownItem> known;
    bool each_line = false; ///< also what each line is worth
};

struct LineCount {
    std::string label, query;
    std::size_t hits = 0;
    std::size_t only = 0;           ///< records the returned line would lose without this one
    std::vector<std::size_t> known; ///< known items it finds
    std::size_t relevant = 0;       ///< records it finds that are (copies of) known ones
};

/// One record found, as lists show it.
struct SearchHit {
    std::int64_t record = 0; ///< id in the store; 0: of a file
    std::string file;
    int number = 0, line = 0; ///< within the file
    std::string title, date, pmid, doi;
};

struct Searched {
    std::string dialect;
    std::size_t records = 0; ///< searched
    std::vector<LineCount> lines;
    std::size_t returned = 0;      ///< which of them `hits` are of
    std::vector<std::size_t> hits; ///< documents of the index
    std::vector<KnownItem> known;
    std::vector<std::size_t> absent; ///< known items that are not among the records
    bool with_known = false, each_line = false;
    Diagnostics diagnostics;

    /// Schema "assay/search/1" (docs/formats/search.md). `hit` tells of a document.
    std::string json(const std::function<SearchHit(std::size_t)>& hit) const;
    /// A line per line of the strategy, columns separated by tabs, with a head.
    std::string lines_text() const;
    /// Recall and precision, and for each known record that is missed which lines have it.
    std::string known_text() const;
};

/// The index of records in memory; ids are their positions. Errors: "stopped".
search::Index index_of(std::span<const model::Record> all, const Progress& progress = {});

/// `record` gives the whole record of a document; only asked for with known records. Errors: "usage" for a
/// line that does not exist.
Searched run_search(const SearchRequest& request, const search::Index& index,
                    const std::function<model::Record(std::size_t)>& record);

} // namespace assay::app
