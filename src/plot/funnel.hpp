// Contour-enhanced funnel plot: effects against their standard errors, with regions of p < .10, .05 and .01 around
// no difference (Peters et al. 2008, J Clin Epidemiol 61:991), and a warning below ten studies.
#pragma once

#include "model/results.hpp"
#include "plot/figure.hpp"
#include "plot/measure.hpp"

#include <string>
#include <vector>

namespace assay::plot {

/// Fewer studies than this say nothing about asymmetry (Cochrane Handbook, 13.3.5.4).
constexpr int fewest_for_asymmetry = 10;

struct FunnelPoint {
    std::string label, href;
    double y = 0, se = 0;
};

struct Funnel {
    std::string id, title, sentence, axis_title;
    MeasureLook look;
    double pooled = 0;
    std::vector<FunnelPoint> points;
};

Funnel funnel_of(const std::string& id, const std::string& name, const std::string& axis_title,
                 const std::vector<model::Effect>& effects, const model::Synthesis& main);
Figure funnel_svg(const Funnel& funnel);

} // namespace assay::plot
