// Draws a forest plot as SVG.
#pragma once

#include "plot/figure.hpp"
#include "plot/forest.hpp"

namespace assay::plot {

Figure forest_svg(const Forest& forest, Layout layout = Layout::wide);

/// The part of the scale that the plot shows; the terminal plot uses the same.
struct Axis;
Axis forest_axis(const Forest& forest, double left, double width, int most_ticks);

} // namespace assay::plot
