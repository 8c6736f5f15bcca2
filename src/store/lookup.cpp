#include "store/lookup.hpp"

#include "base/error.hpp"
#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace assay::store {

namespace {

bool of_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') ||
           (byte >= 'A' && byte <= 'Z');
}

void add_words(Term& term, std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        if (!of_word(text[at])) {
            ++at;
            continue;
        }
        std::size_t stop = at;
        while (stop < text.size() && of_word(text[stop]))
            ++stop;
        std::size_t end = std::min(stop, at + 200);
        while (end > at && end < stop && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80)
            --end; // not within a character
        if (term.words.size() < 50) term.words.emplace_back(text.substr(at, end - at));
        at = stop;
    }
}

std::string joined(const std::vector<std::string>& parts, std::string_view between) {
    std::string out;
    for (const auto& part : parts)
        out += (out.empty() ? std::string() : std::string(between)) + part;
    return out;
}

template<class Spell>
std::pair<std::vector<std::string>, std::vector<std::string>> spelled(const std::vector<Term>& terms,
                                                                      const Spell& spell) {
    std::pair<std::vector<std::string>, std::vector<std::string>> out;
    for (const Term& term : terms)
        (term.excluded ? out.second : out.first).push_back(spell(term));
    return out;
}

// Records are never changed and their ids only grow, so what is missing stands behind the last that is there.
void catch_up(Database& database, const Progress& progress) {
    constexpr std::int64_t step = 5000;
    const auto last = database.number("SELECT max(id) FROM record");
    const auto done = [&] { return database.number("SELECT max(id) FROM record_words_docsize"); };
    while (done() < last) {
        Transaction transaction(database);
        const std::array<Value, 2> from = {done(), step}; // again: another program may have been quicker
        database.run("INSERT INTO record_words(rowid, title, abstract, authors, journal, keywords, doi, pmid,"
                     " registration) SELECT id, title, abstract, authors, journal, keywords, doi, pmid,"
                     " registration FROM record WHERE id > ?1 ORDER BY id LIMIT ?2",
                     from);
        transaction.commit();
        if (progress &&
            !progress("indexing words", static_cast<std::size_t>(done()), static_cast<std::size_t>(last)))
            throw Error("stopped", "stopped", Exit::environment);
    }
}

} // namespace

std::vector<Term> lookup_terms(std::string_view given) {
    // A database refuses bytes that are no UTF-8.
    std::string text(given);
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        if (!point.valid) text[at] = ' ';
        at += static_cast<std::size_t>(point.bytes);
    }
    constexpr std::size_t most = 64; // terms; a pasted page is no query
    std::vector<Term> out;
    bool wanted = false;
    for (std::size_t at = 0; at < text.size() && out.size() < most;) {
        Term term;
        const bool starts = at == 0 || text[at - 1] == ' ';
        if (text[at] == '-' && starts) {
            term.excluded = true;
            ++at;
        }
        if (at < text.size() && text[at] == '"') {
            const std::size_t stop = std::min(text.find('"', at + 1), text.size());
            add_words(term, std::string_view(text).substr(at + 1, stop - at - 1));
            at = std::min(stop + 1, text.size());
        } else {
            std::size_t stop = at;
            while (stop < text.size() && text[stop] != ' ' && text[stop] != '"' && text[stop] != '*' &&
                   text[stop] != '\n' && text[stop] != '\t')
                ++stop;
            add_words(term, std::string_view(text).substr(at, stop - at));
            at = std::max(stop, at + (stop == at ? 1U : 0U));
        }
        if (at < text.size() && text[at] == '*' && !term.words.empty()) {
            term.prefix = true;
            ++at;
        }
        if (term.words.empty()) continue;
        wanted = wanted || !term.excluded;
        out.push_back(std::move(term));
    }
    if (!wanted) out.clear(); // all records but those with a word: nobody looks that up quickly
    return out;
}

std::string fts5_query(const std::vector<Term>& terms) {
    const auto [wanted, excluded] = spelled(terms, [](const Term& term) {
        return "\"" + joined(term.words, " ") + "\"" + (term.prefix ? " *" : "");
    });
    std::string out = joined(wanted, " AND ");
    if (!excluded.empty()) out = "(" + out + ") NOT (" + joined(excluded, " OR ") + ")";
    return out;
}

std::string tsquery(const std::vector<Term>& terms) {
    const auto [wanted, excluded] = spelled(terms, [](const Term& term) {
        return "('" + joined(term.words, "' <-> '") + "'" + (term.prefix ? ":*)" : ")");
    });
    std::string out = joined(wanted, " & ");
    if (!excluded.empty()) out += " & !(" + joined(excluded, " | ") + ")";
    return out;
}

Lookup look_up(Store& store, std::string_view text, int limit, const Progress& progress) {
    const auto terms = lookup_terms(text);
    if (terms.empty()) throw Error("usage", "there is no word to look for", Exit::input);
    const bool sqlite = store.database().dialect() == Dialect::sqlite;
    if (sqlite) catch_up(store.database(), progress);
    const std::string query = sqlite ? fts5_query(terms) : tsquery(terms);
    // Title, abstract, authors, journal, keywords, DOI, PubMed id, registration: a word of the title says
    // most.
    const std::string found =
        sqlite ? " FROM record_words w JOIN record r ON r.id = w.rowid LEFT JOIN cluster c ON c.record = r.id"
                 " WHERE record_words MATCH ?1 AND r.forgotten = 0"
               : " FROM record r CROSS JOIN to_tsquery('simple', ?1) q LEFT JOIN cluster c ON c.record = r.id"
                 " WHERE r.words @@ q AND r.forgotten = 0";
    const std::string title = sqlite ? "highlight(record_words, 0, char(2), char(3))"
                                     : "ts_headline('simple', r.title, q,"
                                       " 'HighlightAll=true, StartSel=' || chr(2) || ', StopSel=' || chr(3))";
    const std::string snippet =
        sqlite
            ? "snippet(record_words, 1, char(2), char(3), '...', 24)"
            : "ts_headline('simple', r.abstract, q, 'MaxFragments=1, MaxWords=24, MinWords=12, StartSel=' ||"
              " chr(2) || ', StopSel=' || chr(3))";
    const std::string order =
        sqlite ? "bm25(record_words, 8, 1, 2, 2, 4, 8, 8, 8), r.id" : "ts_rank_cd(r.words, q) DESC, r.id";
    const std::array<Value, 2> parameters = {query, std::int64_t{limit} * 8}; // copies stand close together
    Lookup out;
    const std::string counting = "SELECT count(*), count(DISTINCT COALESCE(c.head, r.id))" + found;
    store.database().query(counting, std::span(parameters).first(1), [&](std::span<const Cell> row) {
        out.records = row[0].number(), out.articles = row[1].number();
    });
    // Nothing has them all: what has each alone tells which word was too much.
    for (const Term& term : terms) {
        if (out.records > 0 || terms.size() == 1 || term.excluded) continue;
        const std::string alone = sqlite ? fts5_query({term}) : tsquery({term});
        const std::array<Value, 1> which = {alone};
        std::int64_t count = 0;
        store.database().query(counting, which, [&](std::span<const Cell> row) { count = row[1].number(); });
        out.alone.emplace_back(joined(term.words, " ") + (term.prefix ? "*" : ""), count);
    }
    std::set<std::int64_t> shown;
    store.database().query(
        "SELECT r.id, COALESCE(c.head, r.id), " + title + ", " + snippet +
            ", r.authors, r.year, r.journal, r.doi, r.pmid" + found + " ORDER BY " + order + " LIMIT ?2",
        parameters, [&](std::span<const Cell> row) {
            LookedUp one;
            one.record = row[0].number(), one.cluster = row[1].number();
            if (out.best.size() == static_cast<std::size_t>(limit) || !shown.insert(one.cluster).second)
                return;
            one.title = row[2].text, one.snippet = row[3].text, one.authors = row[4].text;
            one.year = row[5].text, one.journal = row[6].text, one.doi = row[7].text;
            one.pmid = row[8].text;
            out.best.push_back(std::move(one));
        });
    return out;
}

} // namespace assay::store
