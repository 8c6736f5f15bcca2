// What a user does with search strategies: translate them, have them checked, run them over records.
#pragma once

#include "base/diagnostics.hpp"
#include "base/progress.hpp"
#include "model/record.hpp"

#include <span>
#include <string>
#include <vector>

namespace assay::app {

struct StrategyText {
    std::string file; ///< for messages; "query" for text from the command line
    std::string text;
    std::string dialect; ///< empty: guess
};

struct Translated {
    std::string from, to; ///< ids of the languages
    std::string text;
    std::size_t nodes = 0, exact = 0, broader = 0, narrower = 0, impossible = 0;
    Diagnostics diagnostics; ///< of reading, and one per loss

    /// Schema "assay/translate/1" (docs/formats/search.md).
    std::string json() const;
    /// "ovid to pubmed: 41 parts, 3 broader, 1 narrower, 0 impossible"
    std::string summary() const;
};

/// Errors: "usage" for a language that is not known.
Translated translate(const StrategyText& strategy, const std::string& to);

struct LintedSearch {
    std::string dialect;
    std::size_t lines = 0;
    Diagnostics diagnostics;

    /// Schema "assay/lint-search/1".
    std::string json() const;
};

/// `mesh`: NLM's tree file or the descriptors as XML; empty: headings are not looked up.
LintedSearch lint_search(const StrategyText& strategy, const std::string& mesh = {});

struct SearchRequest {
    StrategyText strategy;
    std::string mesh; ///< bytes of the thesaurus; empty: none, explosion finds the heading alone
    std::string line; ///< label of the line to return; empty: the last
};

struct LineCount {
    std::string label, query;
    std::size_t hits = 0;
};

struct Searched {
    std::string dialect;
    std::size_t records = 0; ///< searched
    std::vector<LineCount> lines;
    std::vector<std::size_t> hits; ///< positions in the records given
    Diagnostics diagnostics;

    /// Schema "assay/search/1".
    std::string json(std::span<const model::Record> all) const;
};

Searched search_records(const SearchRequest& request, std::span<const model::Record> all,
                        const Progress& progress = {});

/// The table of languages, for a terminal.
std::string list_search_languages();

} // namespace assay::app
