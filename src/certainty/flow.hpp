// The PRISMA 2020 flow of records as numbers that must add up: the table of invariants. Page MJ et al., BMJ
// 2021;372:n71 (the diagram); the invariants are arithmetic on its boxes. docs/methods/prisma.md.
#pragma once

#include "model/review.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

/// Both sides of an invariant; nothing where a number that it needs is not known.
struct FlowSides {
    std::int64_t left = 0, right = 0;
};

struct FlowInvariant {
    std::string_view check;                               ///< "F2"; several rows may share one
    std::string_view left, right;                         ///< in words
    model::FlowBox at = model::FlowBox::database_results; ///< where to look
    bool at_most = false;                                 ///< left <= right instead of left = right
    std::optional<FlowSides> (*sides)(const model::Flow&);
    std::string_view holds_when_done; ///< "yes": asked only of a finished flow
};

std::span<const FlowInvariant> flow_invariants();

/// The invariants that do not hold, in the order of the table. A difference whose two numbers stand in
/// `accepted` carries that row.
std::vector<model::FlowProblem> flow_problems(const model::Flow& flow,
                                              std::span<const model::FlowAcceptance> accepted);

/// Problems that nobody has accepted.
int open_problems(const model::Flow& flow);

/// The flow that flow.csv states; origin none where it states nothing. `dbr_included` and `other_included`
/// follow from assessed and excluded where they are not stated.
model::Flow stated_flow(const model::Review& review);

/// "3 records are not read yet ...": what keeps the flow from being finished; empty when it is.
std::string waiting_text(const model::Flow& flow);

} // namespace assay::certainty
