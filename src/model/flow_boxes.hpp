// The table of boxes of the PRISMA 2020 diagram: their names in files and their titles for readers. Page MJ
// et al., BMJ 2021;372:n71; names as in the R package PRISMA2020 (Haddaway NR et al., Campbell Syst Rev
// 2022;18:e1230).
#pragma once

#include "model/flow.hpp"

#include <span>
#include <string_view>

namespace assay::model {

struct FlowBoxRow {
    FlowBox box = FlowBox::database_results;
    std::string_view name;    ///< of the whole box in flow.csv, JSON and the R package
    std::string_view parts;   ///< of its lines there; empty: the box is not divided. May equal `name`
    std::string_view title;   ///< in the diagram
    bool template_box = true; ///< false: a count of ours that the template has no box for
};

/// One row per box, in the order of the enumeration.
std::span<const FlowBoxRow> flow_box_table();
const FlowBoxRow& flow_box(FlowBox box);

/// "events", "stated", "none": in JSON.
std::string_view to_string(FlowOrigin origin);

/// The sum over the lines of a box.
std::int64_t sum_of_parts(const Flow& flow, FlowBox box);

} // namespace assay::model
