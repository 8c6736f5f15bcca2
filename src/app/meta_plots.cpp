// The table of plots of `assay meta --plot KIND=FILE`.
#include "app/meta_data.hpp"
#include "base/error.hpp"
#include "num/distributions.hpp"
#include "plot/charts.hpp"
#include "plot/forest.hpp"
#include "plot/forest_svg.hpp"
#include "plot/funnel.hpp"
#include "synth/regression.hpp"

#include <algorithm>
#include <cmath>

namespace assay::app {

namespace {

plot::Studies studies_of(const MetaData& data) {
    plot::Studies studies;
    for (std::size_t i = 0; i < data.k(); ++i)
        studies.labels.push_back(data.label(i));
    studies.y = data.y;
    studies.v = data.v;
    studies.weights = data.analysis.main->weights;
    studies.look = plot::measure_look(data.measure.id);
    studies.axis_title = plot::measure_title(studies.look, nullptr);
    studies.pooled = data.analysis.main->estimate;
    studies.tau2 = data.analysis.main->tau2;
    studies.level = data.request.pool.level;
    return studies;
}

std::string file_of(const plot::Chart& chart) {
    return plot::standalone(plot::chart_svg(chart));
}

std::string forest(const MetaData& data) {
    plot::Forest forest = plot::forest_of(data.analysis.effects, &*data.analysis.main,
                                          data.analysis.subgroups ? &*data.analysis.subgroups : nullptr);
    forest.id = "forest";
    return plot::standalone(plot::forest_svg(forest, plot::Layout::wide));
}

std::string funnel(const MetaData& data) {
    return file_of(plot::plain_funnel_chart(studies_of(data)));
}

std::string contour(const MetaData& data) {
    const auto look = plot::measure_look(data.measure.id);
    return plot::standalone(plot::funnel_svg(plot::funnel_of("contour", std::string(look.name),
                                                             plot::measure_title(look, nullptr),
                                                             data.analysis.effects, *data.analysis.main)));
}

std::string radial(const MetaData& data) {
    return file_of(plot::radial_chart(studies_of(data)));
}

std::string labbe(const MetaData& data) {
    const std::string_view id = data.measure.id;
    const auto with = id == "OR" || id == "PETO" ? plot::risk_by_odds_ratio
                      : id == "RR"               ? plot::risk_by_risk_ratio
                      : id == "RD"               ? plot::risk_by_difference
                                                 : nullptr;
    std::vector<model::Table2x2> tables;
    for (const model::Effect& effect : data.analysis.effects)
        if (effect.counts) tables.push_back(*effect.counts);
    if (!with || tables.size() != data.k())
        throw Error("meta/plot", "--plot labbe needs counts of both groups and one of OR, RR, RD, PETO",
                    Exit::input);
    return file_of(plot::labbe_chart(studies_of(data), tables, with));
}

std::string bubble(const MetaData& data) {
    const bool one = data.design && data.design->intercept && data.design->columns() == 2;
    if (!one)
        throw Error("meta/plot", "--plot bubble needs --mods with one moderator of numbers", Exit::input);
    const std::size_t k = data.k();
    const auto fit = synth::regress(data.y, data.v, data.design->x, 2, data.estimator(), data.test(),
                                    data.request.pool.level);
    if (fit.coefficients.size() != 2)
        throw Error("meta/plot", "--plot bubble: the moderator has one value only", Exit::input);
    const std::vector<double> x(data.design->x.begin() + static_cast<std::ptrdiff_t>(k),
                                data.design->x.end());
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    const double factor = num::critical_value(data.request.pool.level, fit.df);
    plot::FittedLine line;
    for (int i = 0; i <= 50; ++i) {
        const double at = *low + (*high - *low) * i / 50;
        const double mean = fit.coefficients[0].estimate + at * fit.coefficients[1].estimate;
        const double se =
            std::sqrt(fit.covariance[0] + 2 * at * fit.covariance[1] + at * at * fit.covariance[3]);
        line.x.push_back(at);
        line.mean.push_back(mean);
        line.low.push_back(mean - factor * se);
        line.high.push_back(mean + factor * se);
    }
    return file_of(plot::bubble_chart(studies_of(data), data.design->names[1], x, line));
}

constexpr PlotMethod table[] = {
    {"forest", "studies and the pooled result, with subgroups", forest},
    {"funnel", "effects against standard errors", funnel},
    {"contour", "the same with contours of significance", contour},
    {"radial", "z against precision (Galbraith)", radial},
    {"labbe", "risk against risk", labbe},
    {"bubble", "effects against the moderator of --mods", bubble},
};

} // namespace

std::span<const PlotMethod> plot_methods() {
    return table;
}

} // namespace assay::app
