// The PRISMA 2020 flow diagram as SVG, laid out here: rows of boxes whose heights follow from their texts.
// Wide: all columns side by side. Compact: one column for 340 px, side boxes set in.
#pragma once

#include "model/flow.hpp"
#include "plot/figure.hpp"

#include <string>
#include <vector>

namespace assay::plot {

/// "512 records identified, 400 screened, ...": the diagram in one sentence.
std::string flow_sentence(const model::Flow& flow);

/// What stands below the diagram: differences and who accepted them, what is not finished, remarks.
std::vector<std::string> flow_footnotes(const model::Flow& flow);

/// `waiting`: what is not done, in words; empty when nothing is. Empty figure where nothing is known.
Figure flow_svg(const model::Flow& flow, Layout layout, const std::string& waiting);

} // namespace assay::plot
