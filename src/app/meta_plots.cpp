// The table of plots of `assay meta --plot KIND=FILE`.
#include "app/meta_data.hpp"
#include "plot/forest.hpp"
#include "plot/forest_svg.hpp"
#include "plot/funnel.hpp"

namespace assay::app {

namespace {

std::string forest(const MetaData& data) {
    plot::Forest forest =
        plot::forest_of(data.analysis.effects, data.analysis.main ? &*data.analysis.main : nullptr,
                        data.analysis.subgroups ? &*data.analysis.subgroups : nullptr);
    forest.id = "forest";
    return plot::standalone(plot::forest_svg(forest, plot::Layout::wide));
}

std::string funnel(const MetaData& data) {
    const auto look = plot::measure_look(data.measure.id);
    return plot::standalone(
        plot::funnel_svg(plot::funnel_of("funnel", std::string(look.name), plot::measure_title(look, nullptr),
                                         data.analysis.effects, *data.analysis.main)));
}

constexpr PlotMethod table[] = {
    {"forest", "studies and the pooled result, with subgroups", forest},
    {"funnel", "effects against standard errors, with contours of significance", funnel},
};

} // namespace

std::span<const PlotMethod> plot_methods() {
    return table;
}

} // namespace assay::app
