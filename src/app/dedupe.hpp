// Finds the copies among the records of a table, says why, and writes down what a person should decide.
#pragma once

#include "base/diagnostics.hpp"
#include "base/progress.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace assay::app {

/// A person's word on two records, by their ids.
struct DedupeDecision {
    std::string first, second;
    bool same = false;
};

struct DedupeRequest {
    std::string file;             ///< for messages
    std::vector<std::string> off; ///< names of evidence and conflicts to leave out (docs/methods/dedupe.md)
    double merge_from = 5, review_from = 3;
    std::string decisions_file;           ///< for messages
    std::string_view decisions;           ///< a review queue with the column `decision` filled; may be empty
    std::vector<DedupeDecision> standing; ///< decisions from before; those of the queue go before them
};

/// Two records by the names in the table's column of ids.
struct DedupedPair {
    std::string first, second;
    std::string score, evidence; ///< as printed; empty where a person decided
    bool decided = false;
};

class Deduped {
public:
    struct Data;
    Deduped();
    ~Deduped();
    Deduped(Deduped&&) noexcept;
    Deduped& operator=(Deduped&&) noexcept;

    bool ready() const;      ///< false: the table could not be used; diagnostics say why
    Diagnostics diagnostics; ///< in the order of the file

    std::size_t records() const;
    std::size_t groups() const;
    std::vector<DedupeDecision> decided;     ///< what the given queue decided
    std::vector<DedupedPair> merges() const; ///< what connects each group, best first
    std::size_t memory() const;              ///< bytes of features, without the table itself

    /// `record_id,group`, one row per record, in the order of the table.
    std::string groups_csv() const;
    /// first, second, score, kind (review or a relation), evidence, conflicts, titles, empty column
    /// `decision`.
    std::string queue_csv() const;
    /// One row per group: the fullest record, its gaps filled from the others, and `merged_from`.
    std::string merged_csv() const;
    /// Schema "assay/dedupe/1" (docs/methods/dedupe.md).
    std::string json() const;
    /// Each merge with its rule and scores, for a terminal.
    std::string explanation() const;
    /// "1988 records, 1557 groups: 431 copies; 3 pairs to review, 5 related"
    std::string summary() const;

    std::unique_ptr<Data> data;
};

/// `csv` must outlive the result. Errors: "usage" for names that no rule has.
Deduped dedupe(const DedupeRequest& request, std::string_view csv, const Progress& progress = {});

/// The tables of evidence and conflicts, for people.
std::string list_dedupe_rules();

} // namespace assay::app
