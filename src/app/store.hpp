// What a user does with a store: brings files in, finds copies among all of them, looks at the log and the
// flow.
#pragma once

#include "app/dedupe.hpp"
#include "app/records.hpp"
#include "base/diagnostics.hpp"
#include "base/progress.hpp"
#include "store/store.hpp"

#include <memory>
#include <string>
#include <vector>

namespace assay::app {

struct ImportRequest {
    std::string label; ///< "Ovid MEDLINE 2026-11-20"; empty: the name of the file
    ReadRequest read;
    bool again = false; ///< also a file whose bytes were imported before
};

struct ImportedFile {
    std::string file, label, format;
    store::Imported counts;
    bool known = false; ///< the same bytes were imported before; nothing was added
    Diagnostics diagnostics;
};

/// Reads one file and adds its records to the store, all or none, one after the other. Diagnostics say what
/// was repaired or lost. Errors: "file/unreadable", also where the file changes meanwhile.
ImportedFile import_file(store::Store& store, const store::Act& act, const ImportRequest& request,
                         const std::string& file, const Bytes& bytes);

/// Schema "assay/import/1" (docs/formats/store.md).
std::string import_json(const std::vector<ImportedFile>& files, std::int64_t total);
std::string import_text(const std::vector<ImportedFile>& files, std::int64_t total);

struct StoreDeduped {
    std::unique_ptr<std::string> table; ///< what `found` looks into
    Deduped found;
    std::int64_t run = 0; ///< event of this run
    int new_verdicts = 0; ///< decisions of the given queue that were new
};

/// Finds copies among all records of the store, keeps the merges and the decisions of `request` as events.
StoreDeduped dedupe_store(store::Store& store, const store::Act& act, const DedupeRequest& request,
                          const Progress& progress);

/// Takes back the merge, decision or run with that number, or the newest one ("last"); says what was done.
std::string undo_in_store(store::Store& store, const store::Act& act, const std::string& which,
                          const std::string& why);

/// Schema "assay/flow/1"; the same numbers as a table for a terminal.
std::string flow_json(store::Store& store, int reviewers);
std::string flow_text(store::Store& store, int reviewers);

/// The events after `after`, one per line; schema "assay/events/1".
std::string log_text(store::Store& store, const std::string& kind, std::int64_t after);
std::string log_json(store::Store& store, const std::string& kind, std::int64_t after);

} // namespace assay::app
