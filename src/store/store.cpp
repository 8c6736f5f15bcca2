#include "store/store.hpp"

#include "base/error.hpp"
#include "store/record_json.hpp"
#include "store/schema.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

namespace assay::store {

namespace {

constexpr std::int64_t page =
    2000; // rows per statement when all are read: a reader never blocks a writer long

Value id_or_null(std::int64_t id) {
    return id > 0 ? Value(id) : Value();
}

void event_from(std::span<const Cell> row, Event& event) {
    event.id = row[0].number();
    event.when = row[1].text, event.who = row[2].text, event.kind = row[3].text;
    event.record = row[4].number(), event.other = row[5].number();
    event.stage = row[6].text, event.value = row[7].text, event.why = row[8].text;
    event.undone = row[9].number() != 0;
}

// Column 10 tells whether the event was taken back.
constexpr std::string_view event_columns =
    "SELECT e.id, e.at, e.who, e.kind, e.record, e.other, e.stage, e.value, e.why,"
    " CASE WHEN u.id IS NULL THEN 0 ELSE 1 END"
    " FROM event e LEFT JOIN event u ON u.other = e.id AND u.kind = 'undo'";

std::pair<std::int64_t, std::int64_t> ordered(std::int64_t a, std::int64_t b) {
    return {std::min(a, b), std::max(a, b)};
}

} // namespace

Store Store::open(const std::string& where, bool create) {
    if (where.substr(0, 13) == "postgresql://" || where.substr(0, 11) == "postgres://")
        return Store(open_postgres(where));
    return Store(open_sqlite(where, create));
}

Store::Store(std::unique_ptr<Database> database) : database_(std::move(database)) {
    migrate(*database_);
}

std::int64_t Store::insert_event(const Act& act, const Event& e) {
    const std::array<Value, 8> values = {act.when, act.who, e.kind, id_or_null(e.record), id_or_null(e.other),
                                         e.stage,  e.value, e.why};
    return database_->number("INSERT INTO event(at, who, kind, record, other, stage, value, why)"
                             " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) RETURNING id",
                             values);
}

std::int64_t Store::append(const Act& act, const Event& event) {
    Transaction transaction(*database_);
    const std::int64_t id = insert_event(act, event);
    transaction.commit();
    return id;
}

void Store::append_all(const Act& act, std::span<const Event> events) {
    Transaction transaction(*database_);
    for (const Event& event : events)
        insert_event(act, event);
    transaction.commit();
}

std::int64_t Store::append_with_parts(const Act& act, const Event& head, std::span<const Event> parts) {
    Transaction transaction(*database_);
    const std::int64_t id = insert_event(act, head);
    for (Event part : parts) {
        part.other = id;
        insert_event(act, part);
    }
    transaction.commit();
    return id;
}

std::int64_t Store::newest_event() {
    return database_->number("SELECT max(id) FROM event");
}

std::vector<SourceFile> Store::sources() {
    std::vector<SourceFile> all;
    database_->query("SELECT id, label, file, sha256, format, records, at, who FROM source ORDER BY id", {},
                     [&](std::span<const Cell> row) {
                         SourceFile s;
                         s.id = row[0].number();
                         s.label = row[1].text, s.file = row[2].text, s.sha256 = row[3].text;
                         s.format = row[4].text, s.records = row[5].number();
                         s.when = row[6].text, s.who = row[7].text;
                         all.push_back(std::move(s));
                     });
    each_event(
        [&](const Event& e) {
            for (SourceFile& source : all)
                if (source.id == e.other && !e.undone) source.kind = e.value;
            return true;
        },
        "source");
    return all;
}

std::int64_t Store::source_of(const std::string& digest) {
    const std::array<Value, 1> which = {digest};
    return database_->number("SELECT id FROM source WHERE sha256 = ?1 ORDER BY id LIMIT 1", which);
}

void Store::each_entry(const std::function<bool(const Entry&)>& call) {
    std::int64_t after = 0;
    std::vector<Entry> entries;
    do {
        entries.clear();
        const std::array<Value, 2> from = {after, page};
        database_->query(
            "SELECT r.id, r.source, COALESCE(c.head, r.id), r.number, title, abstract, authors, year,"
            " journal, volume, issue, pages, doi, pmid, issn, type, registration"
            " FROM record r LEFT JOIN cluster c ON c.record = r.id"
            " WHERE r.id > ?1 AND r.forgotten = 0 ORDER BY r.id LIMIT ?2",
            from, [&](std::span<const Cell> row) {
                Entry& e = entries.emplace_back();
                e.id = row[0].number(), e.source = row[1].number(), e.cluster = row[2].number();
                e.number = static_cast<int>(row[3].number());
                std::size_t at = 4;
                for (std::string* field :
                     {&e.title, &e.abstract, &e.authors, &e.year, &e.journal, &e.volume, &e.issue, &e.pages,
                      &e.doi, &e.pmid, &e.issn, &e.type, &e.registration})
                    *field = row[at++].text;
            });
        for (const Entry& entry : entries)
            if (!call(entry)) return;
        if (!entries.empty()) after = entries.back().id;
    } while (entries.size() == static_cast<std::size_t>(page));
}

model::Record Store::record(std::int64_t id) {
    const std::array<Value, 1> which = {id};
    std::string body;
    bool found = false;
    database_->query("SELECT body FROM record WHERE id = ?1", which, [&](std::span<const Cell> row) {
        body = row[0].text;
        found = true;
    });
    if (!found)
        throw Error("store/unknown-record", "the store has no record " + std::to_string(id), Exit::input);
    return record_from_json(body);
}

void Store::each_record(const std::function<bool(std::int64_t, const model::Record&)>& call) {
    std::int64_t after = 0;
    std::vector<std::pair<std::int64_t, std::string>> bodies;
    do {
        bodies.clear();
        const std::array<Value, 2> from = {after, page};
        database_->query("SELECT id, body FROM record WHERE id > ?1 AND forgotten = 0 ORDER BY id LIMIT ?2",
                         from, [&](std::span<const Cell> row) {
                             bodies.emplace_back(row[0].number(), std::string(row[1].text));
                         });
        for (const auto& [id, body] : bodies)
            if (!call(id, record_from_json(body))) return;
        if (!bodies.empty()) after = bodies.back().first;
    } while (bodies.size() == static_cast<std::size_t>(page));
}

// Records come with a source, are never changed, and go only by an event; all of this is read from indices,
// not from the records themselves.
std::string Store::records_state() {
    std::string out;
    const auto add = [&](std::string_view sql) {
        database_->query(sql, {}, [&](std::span<const Cell> row) {
            for (const Cell& cell : row)
                out += std::to_string(cell.text.size()) + ':' + std::string(cell.text) + ',';
            out += '\n';
        });
    };
    add("SELECT id, label, file, sha256, format, records, at, who FROM source ORDER BY id");
    add("SELECT source, count(*) FROM record GROUP BY source ORDER BY source");
    add("SELECT max(id) FROM record");
    add("SELECT count(*), max(id) FROM event WHERE kind = 'forget'");
    return out;
}

std::unordered_map<std::int64_t, std::int64_t> Store::heads() {
    std::unordered_map<std::int64_t, std::int64_t> of;
    database_->query("SELECT record, head FROM cluster", {},
                     [&](std::span<const Cell> row) { of[row[0].number()] = row[1].number(); });
    return of;
}

std::int64_t Store::count_records() {
    return database_->number("SELECT count(*) FROM record WHERE forgotten = 0");
}

void Store::each_event(const std::function<bool(const Event&)>& call, std::string_view kind,
                       std::int64_t after) {
    std::vector<Event> events;
    do {
        events.clear();
        const auto take = [&](std::span<const Cell> row) { event_from(row, events.emplace_back()); };
        const std::array<Value, 3> from = {after, page, kind};
        if (kind.empty())
            database_->query(std::string(event_columns) + " WHERE e.id > ?1 ORDER BY e.id LIMIT ?2",
                             std::span(from).first(2), take);
        else
            database_->query(std::string(event_columns) +
                                 " WHERE e.id > ?1 AND e.kind = ?3 ORDER BY e.id LIMIT ?2",
                             from, take);
        for (const Event& event : events)
            if (!call(event)) return;
        if (!events.empty()) after = events.back().id;
    } while (events.size() == static_cast<std::size_t>(page));
}

std::int64_t Store::undo(const Act& act, std::int64_t which, const std::string& why) {
    Transaction transaction(*database_);
    Event event;
    const std::array<Value, 1> id = {which};
    database_->query(std::string(event_columns) + " WHERE e.id = ?1", id,
                     [&](std::span<const Cell> row) { event_from(row, event); });
    const auto refuse = [&](const std::string& reason) {
        throw Error("store/cannot-undo", "event " + std::to_string(which) + " cannot be undone: " + reason,
                    Exit::input);
    };
    if (event.id == 0) refuse("there is no such event");
    if (event.undone) refuse("it was undone before");
    const bool groups = event.kind == "merge" || event.kind == "dedupe" || event.kind == "decide";
    constexpr std::string_view others[] = {"label", "resolve", "source", "remove", "study", "accept"};
    if (!groups && std::find(std::begin(others), std::end(others), event.kind) == std::end(others))
        refuse("it is of the kind " + event.kind);
    const auto take_back = [&](std::int64_t target) {
        return insert_event(act, {0, {}, {}, "undo", event.record, target, event.stage, event.kind, why});
    };
    const std::int64_t done = take_back(which);
    // A person separated them: the next run must not join them again.
    if (event.kind == "merge")
        insert_event(act,
                     {0, {}, {}, "decide", event.record, event.other, {}, "different", "a merge was undone"});
    if (event.kind == "dedupe") {
        std::vector<std::int64_t> merges;
        each_event(
            [&](const Event& merge) {
                if (!merge.undone && merge.stage == std::to_string(which)) merges.push_back(merge.id);
                return true;
            },
            "merge");
        for (const std::int64_t merge : merges)
            take_back(merge);
    }
    if (groups) rebuild_clusters();
    transaction.commit();
    return done;
}

std::int64_t Store::last_event(std::span<const std::string_view> kinds, const std::string& who) {
    std::int64_t last = 0;
    for (const std::string_view kind : kinds) {
        const std::array<Value, 2> which = {kind, who};
        const std::string sql =
            "SELECT max(e.id) FROM event e WHERE e.kind = ?1"
            " AND NOT EXISTS (SELECT 1 FROM event u WHERE u.other = e.id AND u.kind = 'undo')";
        last = std::max(last, who.empty() ? database_->number(sql, std::span(which).first(1))
                                          : database_->number(sql + " AND e.who = ?2", which));
    }
    return last;
}

std::vector<Label> Store::labels(std::string_view stage) {
    std::map<std::tuple<std::int64_t, std::string, std::string, bool>, Label> newest;
    for (const std::string_view kind : {std::string_view("label"), std::string_view("resolve")})
        each_event(
            [&](const Event& e) {
                if (e.undone || (!stage.empty() && e.stage != stage)) return true;
                Label& label = newest[{e.record, e.stage, e.who, kind == "resolve"}];
                label = {e.id, e.record, e.stage, e.who, e.value, e.why, e.when, kind == "resolve"};
                return true;
            },
            kind);
    std::vector<Label> all;
    for (auto& [key, label] : newest)
        all.push_back(std::move(label));
    std::sort(all.begin(), all.end(), [](const Label& a, const Label& b) { return a.event < b.event; });
    return all;
}

std::int64_t Store::save_merges(const Act& act, std::span<const Merge> merges, const std::string& rules) {
    Transaction transaction(*database_);
    if (database_->dialect() == Dialect::postgres)
        database_->script("LOCK TABLE cluster IN EXCLUSIVE MODE"); // two runs at once would mix their groups
    std::map<std::pair<std::int64_t, std::int64_t>, std::int64_t> standing;
    each_event(
        [&](const Event& e) {
            if (!e.undone) standing[ordered(e.record, e.other)] = e.id;
            return true;
        },
        "merge");
    const std::int64_t run =
        insert_event(act, {0, {}, {}, "dedupe", 0, 0, {}, std::to_string(merges.size()), rules});
    for (const Merge& merge : merges) {
        const auto pair = ordered(merge.first, merge.second);
        if (standing.erase(pair) > 0) continue;
        insert_event(
            act, {0, {}, {}, "merge", pair.first, pair.second, std::to_string(run), merge.score, merge.why});
    }
    for (const auto& [pair, event] : standing)
        insert_event(act, {0,
                           {},
                           {},
                           "undo",
                           pair.first,
                           event,
                           {},
                           "merge",
                           "not found by the run " + std::to_string(run)});
    rebuild_clusters();
    transaction.commit();
    return run;
}

std::vector<Verdict> Store::verdicts() {
    std::map<std::pair<std::int64_t, std::int64_t>, Verdict> newest;
    each_event(
        [&](const Event& e) {
            if (!e.undone) newest[ordered(e.record, e.other)] = {e.record, e.other, e.value == "same", e.id};
            return true;
        },
        "decide");
    std::vector<Verdict> all;
    for (const auto& [pair, verdict] : newest)
        all.push_back(verdict);
    return all;
}

int Store::add_verdicts(const Act& act, std::span<const Verdict> added) {
    Transaction transaction(*database_);
    std::map<std::pair<std::int64_t, std::int64_t>, bool> known;
    for (const Verdict& verdict : verdicts())
        known[ordered(verdict.first, verdict.second)] = verdict.same;
    int count = 0;
    for (const Verdict& verdict : added) {
        const auto pair = ordered(verdict.first, verdict.second);
        const auto found = known.find(pair);
        if (found != known.end() && found->second == verdict.same) continue;
        known[pair] = verdict.same;
        insert_event(
            act, {0, {}, {}, "decide", pair.first, pair.second, {}, verdict.same ? "same" : "different", {}});
        ++count;
    }
    transaction.commit();
    return count;
}

// Groups are what merges that stand connect; each is named by its first record.
void Store::rebuild_clusters() {
    std::unordered_map<std::int64_t, std::int64_t> parent;
    const auto root = [&](std::int64_t id) {
        parent.try_emplace(id, id);
        while (parent[id] != id)
            id = parent[id] = parent[parent[id]];
        return id;
    };
    each_event(
        [&](const Event& e) {
            if (e.undone) return true;
            const std::int64_t a = root(e.record), b = root(e.other);
            parent[std::max(a, b)] = std::min(a, b);
            return true;
        },
        "merge");
    database_->run("DELETE FROM cluster");
    std::set<std::int64_t> members;
    for (const auto& [id, up] : parent)
        members.insert(id);
    for (const std::int64_t id : members) {
        const std::array<Value, 2> row = {id, root(id)};
        database_->run("INSERT INTO cluster(record, head) VALUES(?1, ?2)", row);
    }
}

} // namespace assay::store
