// Reading a review's records one after the other: which comes next and why, what people decide, how far they
// agree, what may still be missing. All of it follows from the events of the store.
#pragma once

#include "app/screening_setup.hpp"
#include "base/progress.hpp"
#include "screen/agreement.hpp"
#include "screen/reasons.hpp"
#include "store/flow.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay::app {

struct ScreeningRequest {
    std::string stage = "screen"; ///< or "fulltext"
    /// How many must read a record; from two on they work blind. Unset: as the settings of the store say.
    std::optional<int> reviewers;
    std::string protocol; ///< JSON file: what to read first; empty: that of the settings
    std::optional<std::uint32_t>
        seed; ///< of the order before there is a model and without a protocol; unset: settings
};

/// A word of the settings where it stands in a record.
struct Mark {
    bool in_title = false; ///< else in the abstract
    bool include = false;  ///< it speaks for the record
    std::size_t begin = 0, bytes = 0;
};

/// What a reviewer gets to see of a record: nothing of what others decided, and where people work blind
/// nothing of what the model makes of it.
struct Shown {
    std::int64_t record = 0;
    std::string title, abstract, authors, year, journal, doi;
    /// Why it comes now: "audit" (drawn at random), "again" (its decision was taken back just now), "model",
    /// "protocol", "random"; "asked" where it was asked for.
    std::string order;
    std::optional<double> score; ///< of the model; only compared with that of others it means something
    std::vector<screen::Reason> reasons; ///< of the model, the strongest first
    std::vector<Mark> marks;             ///< title and abstract, each in the order of the text
};

struct Queue {
    std::vector<Shown> next;
    std::size_t left = 0;       ///< records this person has still to read
    std::size_t decided = 0;    ///< by this person, at this stage
    std::size_t audit_left = 0; ///< of those left, drawn for an audit
};

/// One record with what was decided on it.
struct RecordView {
    Shown shown;
    bool hidden = false; ///< blind, and not enough people have decided: the rest says nothing
    std::vector<store::Label> labels;
    std::optional<store::Label> resolved;
    store::Consensus consensus;
};

struct Decision {
    std::int64_t record = 0;
    std::string value; ///< include, exclude, unsure; not-retrieved at full text
    std::string why;
    bool resolve = false; ///< settles a conflict between reviewers
};

struct ByReviewer {
    std::string who;
    std::size_t include = 0, exclude = 0, unsure = 0, not_retrieved = 0;
};

struct Together {
    std::string first, second;
    screen::Agreement agreement;
};

struct Conflict {
    std::int64_t record = 0;
    std::string title;
    std::vector<store::Label> labels; ///< one per reviewer
};

struct ScreeningStatus {
    std::string stage;
    int reviewers = 1;
    std::size_t records = 0; ///< at this stage, copies counted once
    std::size_t settled = 0, include = 0, exclude = 0, unsure = 0, not_retrieved = 0;
    std::size_t waiting = 0; ///< labelled, but not by enough people
    std::vector<ByReviewer> people;
    std::vector<Together> pairs; ///< of people with records in common
    std::vector<Conflict> conflicts;
};

/// How a rule did in replays of labelled reviews (data/methods/screen/stopping.csv; bench/screen_stopping
/// makes it).
struct Coverage {
    std::size_t sets = 0, runs = 0;
    std::size_t kept = 0;      ///< runs in which it reached 95 % recall
    std::size_t sets_kept = 0; ///< sets in which all runs did
    double lowest_recall = 0, mean_recall = 0, list_read = 0;
};

struct RuleSays {
    std::string rule, claim;
    bool stop = false;
    std::size_t draw = 0;             ///< of a plan whose rule has spoken: so many to draw now
    double confidence = 0;            ///< of a plan: of its audit
    std::optional<Coverage> coverage; ///< absent: never measured
};

/// A random sample of the records that were unread, and what it says about all of them.
struct AuditReport {
    std::int64_t event = 0;
    std::string who, when;
    std::size_t unread = 0, drawn = 0, read = 0;
    std::size_t relevant = 0; ///< among those read
    double confidence = 0.95; ///< of the interval
    /// Once all are read: relevant records among the unread at the time of the draw, with those of the
    /// sample.
    std::optional<double> estimate;
    std::size_t low = 0, high = 0;    ///< exact interval
    std::size_t found = 0;            ///< of them, until now
    std::optional<double> recall_low; ///< of the whole list now, at least
    bool complete() const { return read == drawn; }
};

/// What is known about the records not yet read.
struct StopReport {
    std::size_t records = 0, read = 0, found = 0, in_a_row = 0;
    std::size_t open = 0;           ///< of those found: unsure or in conflict, counted as relevant
    double target = 0.95;           ///< recall
    double confidence = 0.95;       ///< of the test and of the audit
    double p = 1;                   ///< of the test that recall is under the target
    std::optional<double> estimate; ///< recall by the gaps between finds
    std::size_t audit = 0; ///< so many unread records drawn at random, none relevant, would show the target
    bool stop = false;     ///< by the test, or by the audit
    bool stop_by_audit = false;
    std::vector<AuditReport> audits; ///< all that were drawn, the newest last
    std::vector<RuleSays> rules;
    std::vector<RuleSays> plans; ///< rules after which an audit follows
    std::string sentence;
};

struct LabelsIn {
    std::size_t records = 0, labels = 0, known = 0;     ///< in the file; added; standing before
    std::size_t unmatched = 0, without = 0, unread = 0; ///< no such record; no decision; not understood
    std::size_t ambiguous = 0;                          ///< more than one record of the store
};

class Screening {
public:
    /// `store` must outlive it. Errors: "screen/no-stage", "screen/reviewers", "screen/empty".
    Screening(store::Store& store, ScreeningRequest request, const Progress& progress = {});
    ~Screening();
    Screening(const Screening&) = delete;
    Screening& operator=(const Screening&) = delete;

    const Setup& setup() const;

    /// The records that `who` should read next, at most `count`: first those of an audit. After a decision by
    /// the same person the model goes on from its last state; for another person it is fitted anew.
    Queue next(const std::string& who, std::size_t count = 1);

    /// A record as `who` may see it. Errors: as of label.
    RecordView show(const std::string& who, std::int64_t record);

    /// Adds the decision of act.who and returns its event; 0: the same decision stands already. Errors:
    /// "screen/unknown-value", "store/unknown-record", "screen/needs-reason", "screen/unknown-reason",
    /// "screen/not-sought", "screen/no-conflict", "screen/not-a-reviewer".
    std::int64_t label(const store::Act& act, const Decision& decision);

    /// Takes back a decision of act.who: that event, or the newest at this stage (0). Returns the event taken
    /// back. Errors: "store/cannot-undo", "screen/not-yours".
    store::Event undo(const store::Act& act, std::int64_t event, const std::string& why);

    ScreeningStatus status();
    /// For title and abstract; `target` and `confidence` in (0, 1), those of the settings without. Errors:
    /// "usage".
    StopReport stop(std::optional<double> target = {}, std::optional<double> confidence = {});
    /// What reading so far says, in a line; empty at full text, and where people work blind.
    std::string standing();

    /// Draws `count` of the unread records at random (0: as many as would show the target with `confidence`,
    /// that of the settings without, if none is relevant); they come next. It stays in the log, and there is
    /// no second one before all of them are read. Errors: "usage", "screen/audit".
    AuditReport audit(const store::Act& act, std::size_t count, std::uint32_t seed,
                      std::optional<double> confidence = {});

    /// Records and decisions, copies left out: csv (all), asreview, rayyan, covidence (CSV of these tools),
    /// ris (with the marks of Rayyan and ASReview in notes). `only`: include, exclude, unsure, unread; empty:
    /// all. Where people work blind, labels are left out until enough have decided. Errors: "usage".
    std::string export_as(std::string_view format, std::string_view only = {});

    /// Decisions from a file of another tool (whatever assay convert reads) as labels, by the person the file
    /// names, else by act.who; records are found by DOI, PubMed id, or title and year.
    LabelsIn import_labels(const store::Act& act, const std::string& file, std::string bytes);

    struct State; ///< screening_state.hpp
private:
    std::unique_ptr<State> state_;
};

/// Schemas "assay/screen-next/1", "assay/screen-status/1", "assay/screen-stop/1"
/// (docs/methods/screening-work.md).
std::string queue_json(const Queue& queue);
/// `colour`: words of the settings are shown in colour, else only listed.
std::string queue_text(const Queue& queue, int width, bool colour = false);
std::string record_json(const RecordView& view);
std::string record_text(const RecordView& view, int width, bool colour = false);
std::string criteria_text(const Setup& setup, int width);
std::string audit_text(const AuditReport& audit);
std::string screening_status_json(const ScreeningStatus& status);
std::string screening_status_text(const ScreeningStatus& status);
std::string conflicts_text(const ScreeningStatus& status);
std::string stop_json(const StopReport& report);
std::string stop_text(const StopReport& report);

} // namespace assay::app
