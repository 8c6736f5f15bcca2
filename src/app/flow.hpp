// The flow of records of a review: counted from its store, stated by its folder, or unknown; checked either
// way.
#pragma once

#include "base/diagnostics.hpp"
#include "bundle/folder.hpp"
#include "model/flow.hpp"
#include "model/review.hpp"
#include "store/store.hpp"

#include <filesystem>
#include <set>
#include <string>

namespace assay::app {

struct FlowRequest {
    std::filesystem::path folder; ///< the review folder; empty: a store alone
    std::string store;    ///< empty: what review.toml names, or review.db of the folder where it exists
    std::string previous; ///< `assay flow --json` of the version before; empty: as review.toml says
    int reviewers = 0;    ///< how many must agree; 0: as review.toml says, else the settings of the store
};

struct FlowFound {
    model::Flow flow;
    Diagnostics diagnostics; ///< of the folder; with errors of form nothing is counted
};

/// Errors: those of the store; "flow/previous" where that file is no flow.
FlowFound find_flow(const FlowRequest& request);

/// The same for a folder that was read. `pooled`: studies in its syntheses.
model::Flow flow_of(const model::Review& review, const std::filesystem::path& folder,
                    const std::set<std::string>& pooled, const FlowRequest& request);

/// The studies in any synthesis of the review.
std::set<std::string> pooled_studies(const model::Review& review);

/// What is wrong with the stated counts: an invariant that does not hold and that nobody accepts; acceptances
/// of what does not occur. Places are rows of flow.csv and flow_accepted.csv.
void check_stated_flow(const model::Review& review, Diagnostics& diagnostics);

/// Schema "assay/flow/2" (docs/formats/store.md); the same as a table for a terminal.
std::string flow_json(const model::Flow& flow);
std::string flow_text(const model::Flow& flow);

/// The events behind `assay flow source | remove | study | accept`. Each returns what was done, as a line.
/// Errors: "flow/unknown-source", "flow/unknown-kind", "store/unknown-record", "flow/needs-reason",
/// "flow/no-problem".
std::string set_source_kind(store::Store& store, const store::Act& act, std::int64_t source,
                            const std::string& kind);
std::string remove_records(store::Store& store, const store::Act& act,
                           const std::vector<std::int64_t>& records, const std::string& how,
                           const std::string& why);
std::string name_study(store::Store& store, const store::Act& act, std::int64_t record,
                       const std::string& study);
/// Accepts every problem of `flow` with that check.
std::string accept_problem(store::Store& store, const store::Act& act, const model::Flow& flow,
                           const std::string& check, const std::string& why);

/// True for database, register, website, organisation, citation.
bool is_source_kind(const std::string& kind);

} // namespace assay::app
