#include "store/schema.hpp"

#include "base/error.hpp"

#include <string>

namespace assay::store {

namespace {

struct Migration {
    int version;
    std::string_view sql; ///< {id} and {int} stand for what the dialect calls them
    std::string_view sqlite_only, postgres_only;
};

// Never change a row that was released: add one.
constexpr Migration migrations[] = {
    {1,
     "CREATE TABLE source(id {id}, label TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,"
     " format TEXT NOT NULL, records {int} NOT NULL, at TEXT NOT NULL, who TEXT NOT NULL);"
     "CREATE TABLE record(id {id}, source {int} NOT NULL REFERENCES source(id), number {int} NOT NULL,"
     " title TEXT NOT NULL, abstract TEXT NOT NULL, authors TEXT NOT NULL, year TEXT NOT NULL,"
     " journal TEXT NOT NULL, volume TEXT NOT NULL, issue TEXT NOT NULL, pages TEXT NOT NULL,"
     " doi TEXT NOT NULL, pmid TEXT NOT NULL, issn TEXT NOT NULL, type TEXT NOT NULL,"
     " registration TEXT NOT NULL, forgotten {int} NOT NULL DEFAULT 0, body TEXT NOT NULL);"
     "CREATE INDEX record_doi ON record(doi) WHERE doi <> '';"
     "CREATE INDEX record_pmid ON record(pmid) WHERE pmid <> '';"
     "CREATE INDEX record_source ON record(source);"
     "CREATE TABLE event(id {id}, at TEXT NOT NULL, who TEXT NOT NULL, kind TEXT NOT NULL,"
     " record {int}, other {int}, stage TEXT NOT NULL, value TEXT NOT NULL, why TEXT NOT NULL);"
     "CREATE INDEX event_kind ON event(kind);"
     "CREATE INDEX event_record ON event(record);"
     "CREATE UNIQUE INDEX event_undo ON event(other) WHERE kind = 'undo';"
     "CREATE TABLE cluster(record {int} PRIMARY KEY, head {int} NOT NULL);",
     "CREATE TRIGGER event_no_update BEFORE UPDATE ON event"
     " BEGIN SELECT RAISE(ABORT, 'the log of events can only grow'); END;"
     "CREATE TRIGGER event_no_delete BEFORE DELETE ON event"
     " BEGIN SELECT RAISE(ABORT, 'the log of events can only grow'); END;",
     "CREATE FUNCTION event_only_grows() RETURNS trigger LANGUAGE plpgsql AS"
     " $$ BEGIN RAISE EXCEPTION 'the log of events can only grow'; END $$;"
     "CREATE TRIGGER event_kept BEFORE UPDATE OR DELETE ON event"
     " FOR EACH ROW EXECUTE FUNCTION event_only_grows();"},
    // Quick lookup of words. FTS5 may not be filled by a trigger where a foreign file's triggers are not
    // trusted, and would double the time of an import: look_up() fills it when it is first asked.
    {2, "ALTER TABLE record ADD COLUMN keywords TEXT NOT NULL DEFAULT '';",
     "UPDATE record SET keywords = COALESCE((SELECT group_concat(json_extract(k.value, '$[1]'), '; ')"
     " FROM json_each(record.body, '$.keywords') k), '');"
     "CREATE VIRTUAL TABLE record_words USING fts5(title, abstract, authors, journal, keywords, doi, pmid,"
     " registration, content='record', content_rowid='id', tokenize='unicode61 remove_diacritics 2');",
     "UPDATE record SET keywords = COALESCE((SELECT string_agg(k.value->>1, '; ')"
     " FROM jsonb_array_elements(body::jsonb->'keywords') k), '');"
     // A tsvector holds a megabyte, and this parser would keep 10.1000/x and a-b whole.
     "ALTER TABLE record ADD COLUMN words tsvector GENERATED ALWAYS AS ("
     " setweight(to_tsvector('simple', regexp_replace(left(title, 20000), '[[:punct:]]', ' ', 'g')), 'A') ||"
     " setweight(to_tsvector('simple', regexp_replace(left(keywords, 50000) || ' ' || left(doi, 1000) || ' ' "
     "||"
     " left(pmid, 100) || ' ' || left(registration, 100), '[[:punct:]]', ' ', 'g')), 'B') ||"
     " setweight(to_tsvector('simple', regexp_replace(left(authors, 50000) || ' ' || left(journal, 1000),"
     " '[[:punct:]]', ' ', 'g')), 'C') ||"
     " setweight(to_tsvector('simple', regexp_replace(left(abstract, 100000), '[[:punct:]]', ' ', 'g')), 'D')"
     ") STORED;"
     "CREATE INDEX record_words ON record USING gin(words);"},
};

std::string spelled(std::string_view sql, Dialect dialect) {
    std::string out;
    for (std::size_t at = 0; at < sql.size();) {
        if (sql.substr(at, 4) == "{id}") {
            out += dialect == Dialect::sqlite ? "INTEGER PRIMARY KEY AUTOINCREMENT" : "BIGSERIAL PRIMARY KEY";
            at += 4;
        } else if (sql.substr(at, 5) == "{int}") {
            out += dialect == Dialect::sqlite ? "INTEGER" : "BIGINT";
            at += 5;
        } else
            out += sql[at++];
    }
    return out;
}

int version_of(Database& database) {
    const bool there =
        database.number(database.dialect() == Dialect::sqlite
                            ? "SELECT count(*) FROM sqlite_master WHERE name = 'store_version'"
                            : "SELECT count(*) FROM information_schema.tables"
                              " WHERE table_name = 'store_version' AND table_schema = current_schema()") > 0;
    return there ? static_cast<int>(database.number("SELECT max(version) FROM store_version")) : 0;
}

void check_not_newer(int version) {
    if (version > schema_version())
        throw Error("store/newer",
                    "the store has version " + std::to_string(version) + ", this assay knows up to " +
                        std::to_string(schema_version()) + ": use a newer assay",
                    Exit::input);
}

} // namespace

int schema_version() {
    return std::end(migrations)[-1].version;
}

void migrate(Database& database) {
    int version = version_of(database);
    check_not_newer(version);
    if (version == schema_version()) return;
    Transaction transaction(database);
    if (database.dialect() == Dialect::postgres)
        database.script(
            "SELECT pg_advisory_xact_lock(1634953593)"); // two programs may open a new store at once
    version = version_of(database);
    check_not_newer(version);
    if (version == 0) database.script("CREATE TABLE store_version(version INTEGER NOT NULL)");
    for (const Migration& step : migrations) {
        if (step.version <= version) continue;
        database.script(spelled(step.sql, database.dialect()));
        database.script(
            std::string(database.dialect() == Dialect::sqlite ? step.sqlite_only : step.postgres_only));
        database.script("INSERT INTO store_version(version) VALUES(" + std::to_string(step.version) + ")");
    }
    transaction.commit();
}

} // namespace assay::store
