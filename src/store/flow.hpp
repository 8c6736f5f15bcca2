// The numbers of the PRISMA 2020 flow diagram, counted from the events of a store and never typed.
#pragma once

#include "model/flow.hpp"
#include "store/store.hpp"

#include <map>
#include <string>
#include <vector>

namespace assay::store {

/// What the labels of a group of copies add up to at a stage.
struct Consensus {
    std::string value; ///< include, exclude, unsure, ...; empty: pending or in conflict
    std::string why;   ///< the reason of the deciding label
    bool conflict = false;
    int reviewers = 0; ///< how many people have labelled it
};

/// `labels`: the newest of each reviewer; `resolved`: what settled a conflict, or null. Where people agree,
/// the reason is that of the first of them by name.
Consensus add_up(const std::map<std::string, Label>& labels, const Label* resolved, int reviewers);

/// `reviewers`: how many must agree; a label that resolves goes before all others.
std::map<std::int64_t, Consensus> consensus(Store& store, std::string_view stage, int reviewers = 1);

/// What the flow of the version before says of itself (schema "assay/flow/2").
struct LastVersion {
    std::int64_t studies = 0, reports = 0; ///< included, in all
    std::int64_t identified = 0;           ///< records of all its sources
    std::int64_t last_source = 0;          ///< later sources belong to this version
    std::vector<std::int64_t> included;    ///< one record of each included report
};

struct FlowOptions {
    int reviewers = 1;                ///< how many must agree on a record
    std::vector<std::string> reasons; ///< in the order in which they are shown; others follow by name
    std::map<std::int64_t, std::string> studies; ///< of a record, as its folder says; events go before it
    std::optional<LastVersion> last;             ///< set: count an update
};

/// Counts every box. Stages are "screen" (title and abstract) and "fulltext"; a full text counts only where
/// the record was kept by title and abstract. Problems are for certainty::flow_problems to find.
model::Flow flow(Store& store, const FlowOptions& options = {});

/// Differences that somebody accepted in this store; those taken back are left out.
std::vector<model::FlowAcceptance> flow_accepted(Store& store);

} // namespace assay::store
