// How an article names its sources: raised and bracketed numbers, authors with years, "a 2018 trial in ...",
// identifiers, links; and its list of references.
#pragma once

#include "claims/readable.hpp"
#include "claims/segment.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

enum class CitationKind { numbered, author_year, narrative, identifier, url, vague };

std::string_view to_string(CitationKind kind);

/// What kind of study the words promise.
enum class Design { none, trial, review, guideline, observational, any_study };

std::string_view to_string(Design design);

struct Citation {
    CitationKind kind = CitationKind::narrative;
    std::size_t begin = 0, end = 0; ///< bytes of the text
    std::vector<int> numbers;       ///< of a numbered citation
    std::string author;             ///< family name
    std::optional<int> year;
    Design design = Design::none;
    std::string design_words;              ///< "double-blind placebo-controlled trial"
    std::string journal;                   ///< as written; empty: not said
    std::optional<double> studies, people; ///< "of 10 RCTs", "of 94 patients"
    std::string doi, pmid, pmcid, registry, book,
        url; ///< doi in lower case; registry: NCT, ISRCTN, CD number
};

/// Every citation in a stretch of running text, in order; identifiers inside a URL follow their URL.
std::vector<Citation> citations(std::string_view text, std::size_t begin, std::size_t end);

/// An entry of the list of references.
struct Entry {
    int number = 0; ///< as printed, or counted on where the number is missing; 0: a list without numbers
    std::size_t begin = 0, end = 0; ///< bytes of the text
    std::string title;              ///< the entry without number, identifiers and access dates
    std::optional<int> year;
    std::string author, doi, pmid, pmcid, registry, book, url, site; ///< site: host of the URL without "www."
};

/// The entries of one list. `from` is the number of the last entry before it.
std::vector<Entry> reference_list(std::string_view text, Span list, int from = 0);

/// The host of a URL in lower case without "www."; empty when there is none.
std::string host_of(std::string_view url);

} // namespace assay::claims
