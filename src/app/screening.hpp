// Reading a review's records one after the other: which comes next and why, what people decide, how far they
// agree, what may still be missing. All of it follows from the events of the store.
#pragma once

#include "base/progress.hpp"
#include "screen/agreement.hpp"
#include "screen/reasons.hpp"
#include "store/store.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace assay::app {

struct ScreeningRequest {
    std::string stage = "screen"; ///< or "fulltext"
    int reviewers = 1;            ///< how many must agree on a record; from two on they work blind
    std::string protocol;         ///< JSON file: what to read first; empty: none
    std::uint32_t seed = 1;       ///< of the order before there is a model and without a protocol
};

/// What a reviewer gets to see of a record: nothing of what others decided.
struct Shown {
    std::int64_t record = 0;
    std::string title, abstract, authors, year, journal, doi;
    std::string order;                   ///< why it comes now: "model", "protocol", "random"
    double score = 0;                    ///< of the model; only compared with that of others it means something
    std::vector<screen::Reason> reasons; ///< of the model, the strongest first
};

struct Queue {
    std::vector<Shown> next;
    std::size_t left = 0;    ///< records this person has still to read
    std::size_t decided = 0; ///< by this person, at this stage
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

struct RuleSays {
    std::string rule, claim;
    bool stop = false;
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
    bool stop = false;     ///< by the test
    std::vector<RuleSays> rules;
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

    /// The records that `who` should read next, at most `count`. After a decision by the same person the
    /// model goes on from its last state; for another person, or after an undo, it is fitted anew.
    Queue next(const std::string& who, std::size_t count = 1);

    /// Adds the decision of act.who and returns its event; 0: the same decision stands already. Errors:
    /// "screen/unknown-value", "store/unknown-record", "screen/needs-reason", "screen/not-sought",
    /// "screen/no-conflict".
    std::int64_t label(const store::Act& act, const Decision& decision);

    /// Takes back a decision of act.who: that event, or the newest at this stage (0). Returns the event taken
    /// back. Errors: "store/cannot-undo", "screen/not-yours".
    store::Event undo(const store::Act& act, std::int64_t event, const std::string& why);

    ScreeningStatus status();
    /// For title and abstract; `target` in (0, 1). Errors: "usage".
    StopReport stop(double target, double confidence);

    /// CSV: one row per record, copies left out, with what was decided and by whom.
    std::string export_csv();

    /// Decisions from a file of another tool (whatever assay convert reads) as labels, by the person the file
    /// names, else by act.who; records are found by DOI, PubMed id, or title and year.
    LabelsIn import_labels(const store::Act& act, const std::string& file, std::string bytes);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Schemas "assay/screen-next/1", "assay/screen-status/1", "assay/screen-stop/1"
/// (docs/methods/screening-work.md).
std::string queue_json(const Queue& queue);
std::string queue_text(const Queue& queue, int width);
std::string screening_status_json(const ScreeningStatus& status);
std::string screening_status_text(const ScreeningStatus& status);
std::string conflicts_text(const ScreeningStatus& status);
std::string stop_json(const StopReport& report);
std::string stop_text(const StopReport& report);

} // namespace assay::app
