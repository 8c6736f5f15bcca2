// The numbers of the PRISMA 2020 flow diagram, counted from the events of a store and never typed.
#pragma once

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

struct Flow {
    struct FromSource {
        std::string label;
        std::int64_t records = 0;
        std::int64_t only_here = 0; ///< groups that no other source has
    };
    std::vector<FromSource> sources;
    std::int64_t identified = 0, duplicates = 0, forgotten = 0; ///< forgotten: deleted by their database
    std::int64_t to_screen = 0;                                 ///< identified - duplicates - forgotten
    std::int64_t screened = 0, excluded = 0, unsure = 0, screen_conflicts = 0;
    std::int64_t sought = 0, not_retrieved = 0, assessed = 0, fulltext_conflicts = 0;
    std::map<std::string, std::int64_t> fulltext_excluded; ///< by reason
    std::int64_t included = 0;
};

/// `labels`: the newest of each reviewer; `resolved`: what settled a conflict, or null. Where people agree,
/// the reason is that of the first of them by name.
Consensus add_up(const std::map<std::string, Label>& labels, const Label* resolved, int reviewers);

/// `reviewers`: how many must agree; a label that resolves goes before all others.
std::map<std::int64_t, Consensus> consensus(Store& store, std::string_view stage, int reviewers = 1);

/// Stages are "screen" (title and abstract) and "fulltext"; values include, exclude, unsure, not-retrieved.
Flow flow(Store& store, int reviewers = 1);

} // namespace assay::store
