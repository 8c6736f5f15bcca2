// A review's records and everything that was done with them. Events are only ever added; what holds now
// (labels, groups of copies, the numbers of the flow diagram) follows from them.
#pragma once

#include "model/record.hpp"
#include "store/database.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay::store {

/// Who does something, and when (UTC, "2026-11-22T10:15:00Z"): the library has no clock.
struct Act {
    std::string who, when;
};

struct Event {
    std::int64_t id = 0;
    std::string when, who;
    std::string kind; ///< import, forget, history, dedupe, merge, decide, label, resolve, undo, source,
                      ///< remove, study, accept, setting, audit, drawn
    std::int64_t record = 0, other = 0; ///< records it is about; 0: none. `other` of an undo is an event,
                                        ///< of a source event a source
    std::string stage; ///< of a label: "screen", "fulltext"; of a merge: the run's event; of accept: "F3"
    std::string value; ///< "include"; the score of a merge; the kind of a source
    std::string why;                    ///< the reason given, or the evidence
    bool undone = false;                ///< a later event took it back
};

struct SourceFile {
    std::int64_t id = 0;
    std::string label; ///< "Ovid MEDLINE 2026-11-20"
    std::string file, sha256, format;
    std::int64_t records = 0; ///< in the file, without those to be forgotten
    std::string when, who;
    std::string kind = "database"; ///< or register, website, organisation, citation; an event may change it
};

/// What lists, ranking and deduplication need of a record; read much faster than the whole of it.
struct Entry {
    std::int64_t id = 0, source = 0;
    std::int64_t cluster =
        0;          ///< id of the first record of its group of copies; its own where it stands alone
    int number = 0; ///< within its source
    std::string title, abstract, authors, year, journal, volume, issue, pages, doi, pmid, issn, type,
        registration;
};

/// Two records found to be the same.
struct Merge {
    std::int64_t first = 0, second = 0;
    std::string score, why;
};

/// A person's word on two records.
struct Verdict {
    std::int64_t first = 0, second = 0;
    bool same = false;
    std::int64_t event = 0;
};

/// A decision that stands: the newest of its reviewer on that record at that stage, not undone.
struct Label {
    std::int64_t event = 0, record = 0;
    std::string stage, who, value, why, when;
    bool resolves = false; ///< settles a conflict between reviewers
};

struct Imported {
    std::int64_t source = 0;
    std::int64_t added = 0, forgotten = 0, history = 0;
};

class Store {
public:
    /// `where` is a file, or postgresql://user@host/name. `create` makes a new file. Errors: see
    /// database.hpp, "store/newer".
    static Store open(const std::string& where, bool create);
    explicit Store(std::unique_ptr<Database> database);

    Database& database() { return *database_; }

    /// Adds a file of records as a whole, or nothing; import.hpp does it one by one.
    Imported import(const Act& act, const SourceFile& source, std::span<const model::Record> records);
    std::vector<SourceFile> sources();
    /// The source with these bytes; 0: not imported yet.
    std::int64_t source_of(const std::string& sha256);

    /// Records that were not forgotten, by id; `call` returns false to stop.
    void each_entry(const std::function<bool(const Entry&)>& call);
    /// The whole record. Errors: "store/unknown-record".
    model::Record record(std::int64_t id);
    /// Whole records that were not forgotten, by id; `call` returns false to stop.
    void each_record(const std::function<bool(std::int64_t id, const model::Record&)>& call);
    /// A text that is another one whenever records were added or forgotten.
    std::string records_state();
    /// For each record that is one of several copies the first of its group.
    std::unordered_map<std::int64_t, std::int64_t> heads();
    std::int64_t count_records();

    /// Adds one event and returns its id.
    std::int64_t append(const Act& act, const Event& event);
    /// Adds all or none.
    void append_all(const Act& act, std::span<const Event> events);
    /// Adds `head` and, with its id as their `other`, the parts it is made of: all or none. Returns its id.
    std::int64_t append_with_parts(const Act& act, const Event& head, std::span<const Event> parts);
    /// The highest id of all events; 0: there is none.
    std::int64_t newest_event();
    /// Events after `after` in their order, those of one kind where `kind` is not empty; `call` returns false
    /// to stop.
    void each_event(const std::function<bool(const Event&)>& call, std::string_view kind = {},
                    std::int64_t after = 0);
    /// Takes an event back: a label, a merge (the two are then kept apart), a verdict, a run of
    /// deduplication with all its merges, or what was said about sources, records and the flow. Returns the id of the undo. Errors: "store/cannot-undo".
    std::int64_t undo(const Act& act, std::int64_t event, const std::string& why);
    /// The newest event of those kinds by this person (anybody: empty) that was not undone; 0: there is none.
    std::int64_t last_event(std::span<const std::string_view> kinds, const std::string& who = {});

    /// Labels that stand, of one stage or of all; sorted by event.
    std::vector<Label> labels(std::string_view stage = {});

    /// Makes `merges` the automatic merges that hold: new ones become events, those not found again are taken
    /// back. Returns the event of the run.
    std::int64_t save_merges(const Act& act, std::span<const Merge> merges, const std::string& rules);
    std::vector<Verdict> verdicts();
    /// Adds verdicts that do not stand yet; returns how many.
    int add_verdicts(const Act& act, std::span<const Verdict> verdicts);

private:
    friend class Import;
    void rebuild_clusters();
    std::int64_t insert_event(const Act& act, const Event& event);

    std::unique_ptr<Database> database_;
};

} // namespace assay::store
