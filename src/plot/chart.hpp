// Points, lines and areas over two axes: what the plots of small studies, heterogeneity and moderators are
// made of.
#pragma once

#include "plot/axis.hpp"
#include "plot/figure.hpp"
#include "plot/measure.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::plot {

struct XY {
    double x = 0, y = 0;
};

struct ChartPoint {
    XY at;
    double radius = 4.5; ///< px
    std::string label;   ///< beside the point; empty: none
};

enum class Stroke { solid, reference, null, interval };

struct ChartLine {
    std::vector<XY> points;
    Stroke stroke = Stroke::solid;
};

/// A shaded area; drawn under lines and points.
struct ChartArea {
    std::vector<XY> corners;
};

struct Chart {
    std::string id, title, sentence; ///< the sentence says in words what is seen
    std::string x_title, y_title;
    MeasureLook x_look, y_look;            ///< how ticks are labelled; default: the numbers themselves
    bool y_down = false;                   ///< small values at the top, as in a funnel
    std::optional<Range> x_range, y_range; ///< absent: all that is drawn
    std::vector<ChartArea> areas;
    std::vector<ChartLine> lines;
    std::vector<ChartPoint> points;
    std::vector<std::string> foot;
    double width = 520, plot_height = 340;
};

/// Points that are not finite are left out.
Figure chart_svg(const Chart& chart);

/// Radii between 3 and 12 px whose areas are proportional to the weights.
std::vector<double> radii_of(const std::vector<double>& weights);

} // namespace assay::plot
