// What a user does with search strategies: translate them, have them checked (app/search_run.hpp runs them).
#pragma once

#include "base/diagnostics.hpp"

#include <string>

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

/// The table of languages, for a terminal.
std::string list_search_languages();

} // namespace assay::app
