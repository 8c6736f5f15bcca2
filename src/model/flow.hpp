// The flow of records through a review, box by box as the PRISMA 2020 diagram has it, and what a review
// folder may say about it: counts, differences that somebody accepts, and where each item of a checklist is
// reported.
#pragma once

#include "base/place.hpp"
#include "model/ids.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::model {

/// The boxes of the diagram. Names and fields of the R package PRISMA2020: certainty/flow.hpp.
enum class FlowBox {
    database_results,
    register_results,
    duplicates,
    excluded_automatic,
    excluded_other,
    records_screened,
    records_excluded,
    dbr_sought_reports,
    dbr_notretrieved_reports,
    dbr_assessed,
    dbr_excluded,
    dbr_included,
    website_results,
    organisation_results,
    citations_results,
    other_left_out,
    other_sought_reports,
    other_notretrieved_reports,
    other_assessed,
    other_excluded,
    other_included,
    previous_studies,
    previous_reports,
    new_studies,
    new_reports,
    total_studies,
    total_reports,
};
constexpr std::size_t flow_boxes = 27;

/// One line of a box: a database and its records, a reason and its reports.
struct FlowPart {
    std::string label;
    std::int64_t n = 0;
};

/// Work that is not done: groups of records that no box counts yet.
struct FlowWaiting {
    std::int64_t screen = 0;             ///< not read, unsure or in conflict, by title and abstract
    std::int64_t screen_unsure = 0;      ///< of these: settled as unsure
    std::int64_t screen_conflicts = 0;   ///< of these: reviewers differ
    std::int64_t retrieval = 0;          ///< kept, full text not read, unsure or in conflict
    std::int64_t fulltext_conflicts = 0; ///< of these: reviewers differ
    std::int64_t other_screen = 0, other_retrieval = 0; ///< the same for records from other methods
};

/// A file of records that came in, or a source that the review names.
struct FlowSource {
    std::string label, kind; ///< kind: database, register, website, organisation, citation
    std::int64_t records = 0;
    std::int64_t only_here = 0; ///< groups of copies that no other source has
    std::string when;           ///< of the import
};

/// A full text that was read and excluded.
struct FlowExcluded {
    std::int64_t record = 0;
    std::string title, year, why;
};

/// What the last version of a living review counted, and what the same log says of it now.
struct FlowPrevious {
    std::int64_t reports = 0, still_included = 0;
    std::int64_t identified = 0, identified_now = 0; ///< records of the sources it had
    std::int64_t late = 0;                           ///< records of its sources that were included since
    std::vector<std::string> dropped;                ///< "record 12 (title)": no longer included
};

/// A difference that a person has looked at and lets stand. It holds for these two numbers only.
struct FlowAcceptance {
    std::string check; ///< "F3"
    std::optional<double> left, right;
    std::string who, when, why;
    Place place;
};

/// One invariant that does not hold.
struct FlowProblem {
    std::string check;                      ///< "F3"
    FlowBox at = FlowBox::database_results; ///< the box to look at
    std::string left_is, right_is;          ///< "records screened - records excluded"
    std::int64_t left = 0, right = 0;
    std::string text;                       ///< one sentence with both numbers
    std::optional<FlowAcceptance> accepted; ///< somebody has recorded a reason for these numbers
};

/// Where the counts come from.
enum class FlowOrigin {
    none,   ///< nothing is known: the searching was not done with assay and nobody states numbers
    stated, ///< flow.csv
    events  ///< counted from the log of a store
};

struct Flow {
    FlowOrigin origin = FlowOrigin::none;
    /// Unset: not known. The whole of a divided box is its own number, not the sum of its parts.
    std::array<std::optional<std::int64_t>, flow_boxes> counts;
    std::array<std::vector<FlowPart>, flow_boxes> parts;
    FlowWaiting waiting;
    std::vector<FlowSource> sources;
    std::vector<FlowExcluded> excluded;         ///< of the full texts
    std::vector<std::int64_t> included;         ///< records, one per included report
    std::vector<std::string> studies;           ///< with an included report, sorted
    std::optional<FlowPrevious> previous;       ///< of an update
    std::int64_t last_source = 0;               ///< of the store: later ones belong to the next version
    std::int64_t unlinked = 0;                  ///< included reports that no study is named for (events only)
    std::int64_t unreasoned = 0;                ///< full texts excluded without a reason
    std::vector<std::string> not_included;      ///< studies in a synthesis without an included report
    std::optional<std::int64_t> pooled_studies; ///< studies in any synthesis of the review
    std::vector<std::string> notes; ///< facts that readers need beside the numbers, one sentence each
    std::vector<FlowProblem> problems;

    std::optional<std::int64_t>& operator[](FlowBox box) { return counts[static_cast<std::size_t>(box)]; }
    const std::optional<std::int64_t>& operator[](FlowBox box) const {
        return counts[static_cast<std::size_t>(box)];
    }
    std::vector<FlowPart>& of(FlowBox box) { return parts[static_cast<std::size_t>(box)]; }
    const std::vector<FlowPart>& of(FlowBox box) const { return parts[static_cast<std::size_t>(box)]; }
    /// Nothing waits to be read or settled.
    bool finished() const {
        return waiting.screen + waiting.retrieval + waiting.other_screen + waiting.other_retrieval == 0;
    }
};

/// [flow] of review.toml: where the log of the review is.
struct FlowSettings {
    std::string store;    ///< a file of the folder, or postgresql://...; empty: review.db where it exists
    std::string previous; ///< a file of the folder: `assay flow --json` of the version before
    int reviewers = 0;    ///< how many must agree on a record; 0: as the store's settings say
};

/// One row of flow.csv: a count as the review states it.
struct FlowCount {
    std::string box;   ///< a name of the table of boxes
    std::string label; ///< which database, register or reason; empty: the whole box
    std::optional<double> n;
    ReportId source;
    std::string where, note;
    Place place;
};

/// One row of prisma.csv: where an item of a checklist is reported.
struct ChecklistLink {
    std::string checklist, item, where, note;
    Place place;
};

/// One item of a checklist beside its link.
struct ChecklistRow {
    std::string checklist, item, section, label; ///< "prisma2020", "13d", "Methods", our own words
    std::string where; ///< "#methods", a file of the folder, a web address; empty: not reported, a failure
    std::string text;  ///< what the link says
    std::string note;
    bool given = false; ///< by prisma.csv; else found by assay
};

} // namespace assay::model
