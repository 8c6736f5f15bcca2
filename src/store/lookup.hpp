// Quick lookup of words in the records of a store, by the database's own full text: FTS5 of SQLite, tsvector
// of PostgreSQL. For counting and protocols there is the positional index (src/search).
#pragma once

#include "base/progress.hpp"
#include "store/store.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace assay::store {

/// What stands in the text of a query: words, "words in quotes", beginnings with `*`, -words to leave out.
struct Term {
    std::vector<std::string> words; ///< one after the other; letters, digits and bytes above 127 only
    bool prefix = false;            ///< the last of them is a beginning
    bool excluded = false;
};

/// Everything that is no word, quote, star or leading minus is a space. Empty: nothing to look for.
std::vector<Term> lookup_terms(std::string_view text);

/// The same in the language of the database; every word is quoted, so that no word can be an operator.
std::string fts5_query(const std::vector<Term>& terms);
std::string tsquery(const std::vector<Term>& terms);

inline constexpr char mark_begin = '\x02', mark_end = '\x03'; ///< around words that were found

struct LookedUp {
    std::int64_t record = 0, cluster = 0;
    std::string title;   ///< with marks
    std::string snippet; ///< of the abstract, with marks
    std::string authors, year, journal, doi, pmid;
};

struct Lookup {
    std::int64_t records = 0, articles = 0; ///< that have all words; articles: copies counted once
    std::vector<LookedUp> best;             ///< at most `limit` articles, the best first
    /// Where nothing has all the words: articles that have each of them.
    std::vector<std::pair<std::string, std::int64_t>> alone;
};

/// Words of records that came since the last lookup are indexed first (SQLite; PostgreSQL does so itself), in
/// steps that `progress` may stop. Errors: "usage" where the text has no word to look for, "stopped".
Lookup look_up(Store& store, std::string_view text, int limit, const Progress& progress = {});

} // namespace assay::store
