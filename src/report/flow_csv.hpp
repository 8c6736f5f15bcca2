// The flow as the CSV that the R package PRISMA2020 reads (columns data, node, box, description, boxtext,
// tooltips, url, n; its template inst/extdata/PRISMA.csv, version 1.1.3).
#pragma once

#include "model/flow.hpp"

#include <string>
#include <string_view>

namespace assay::report {

/// `page`: where the boxes link to ("index.html#flow"). Counts that are not known are NA, which leaves their
/// box or their half of the diagram out.
std::string flow_csv(const model::Flow& flow, std::string_view page);

} // namespace assay::report
