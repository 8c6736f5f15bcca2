// The table of plots of `assay meta --plot KIND=FILE`.
#include "app/meta_methods.hpp"
#include "base/error.hpp"
#include "plot/charts.hpp"
#include "plot/forest.hpp"
#include "plot/forest_svg.hpp"
#include "plot/funnel.hpp"
#include "synth/residuals.hpp"
#include "synth/series.hpp"

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

synth::UniFit fit_for_plot(const MetaData& data) {
    synth::UniFit fit = synth::fit_uni(data.model());
    if (!fit.defined) throw Error("meta/plot", "--plot: " + fit.problem, Exit::input);
    return fit;
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
    const auto fit = fit_for_plot(data);
    const auto k = static_cast<std::ptrdiff_t>(data.k());
    const std::vector<double> x(data.design->x.begin() + k, data.design->x.end());
    const auto [low, high] = std::minmax_element(x.begin(), x.end());
    plot::FittedLine line;
    for (int i = 0; i <= 50; ++i) {
        const double row[2] = {1, *low + (*high - *low) * i / 50};
        const auto at = synth::predict(fit, row);
        line.x.push_back(row[1]);
        line.mean.push_back(at.mean);
        line.low.push_back(at.low);
        line.high.push_back(at.high);
    }
    return file_of(plot::bubble_chart(studies_of(data), data.design->names[1], x, line));
}

std::string baujat(const MetaData& data) {
    const auto points = synth::baujat_points(data.model(), fit_for_plot(data));
    return file_of(plot::baujat_chart(studies_of(data), points.x, points.y));
}

std::string normal_qq(const MetaData& data) {
    const auto residuals = synth::residuals_of(data.model(), fit_for_plot(data));
    return file_of(plot::normal_qq_chart(studies_of(data), residuals.standardised));
}

std::string profile(const MetaData& data) {
    const auto fit = fit_for_plot(data);
    const auto grid = profile_grid(data, fit);
    std::vector<double> heights;
    for (double tau2 : grid)
        heights.push_back(synth::profile_log_likelihood(data.model(), tau2));
    return file_of(plot::profile_chart(grid, heights, fit.tau2.value));
}

/// What the section of this name was asked for, or this when it was not asked for.
std::string argument_of(const MetaData& data, std::string_view section, std::string otherwise) {
    for (const auto& wanted : data.request.sections)
        if (wanted.id == section) return wanted.argument;
    return otherwise;
}

std::string gosh(const MetaData& data) {
    // A stretch of the walk through all subsets is no fair sample of them; beyond this many, random ones are
    // drawn.
    constexpr std::uint64_t most = std::uint64_t{1} << 16;
    synth::GoshPlan plan = gosh_plan(data, argument_of(data, "gosh", data.k() <= 13 ? "all" : "20000"));
    if (plan.subsets() > most) plan = gosh_plan(data, std::to_string(most));
    const std::uint64_t size = plan.subsets();
    std::vector<double> estimate(size), i2(size);
    synth::GoshArrays arrays;
    arrays.estimate = estimate;
    arrays.i2 = i2;
    synth::gosh_subsets(plan, 0, size, arrays);
    return file_of(plot::gosh_chart(studies_of(data), estimate, i2));
}

std::string specification(const MetaData& data) {
    const auto all = multiverse_of(data, argument_of(data, "multiverse", "standard"));
    std::vector<double> estimate, low, high;
    for (const synth::Specification& one : all.result.specifications) {
        if (one.data != 0 || one.row.k == 0 || one.same_as_before) continue;
        estimate.push_back(one.row.estimate);
        low.push_back(one.row.ci_low);
        high.push_back(one.row.ci_high);
    }
    return file_of(plot::specification_chart(studies_of(data), estimate, low, high));
}

/// The results of adding one study after another, as a forest.
std::string cumulative(const MetaData& data) {
    const std::string column = argument_of(data, "cumul", "");
    if (column.empty()) throw Error("meta/plot", "--plot cumulative needs --cumul COLUMN", Exit::input);
    const auto order = order_by(data, column);
    const auto rows =
        synth::cumulate(data.y, data.v, order, data.estimator(), data.test(), data.request.pool.level);
    plot::Forest forest = plot::forest_of(data.analysis.effects, &*data.analysis.main, nullptr);
    forest.id = "cumulative";
    forest.title = "Cumulative meta-analysis by " + column;
    forest.row_head = "With";
    forest.head1.clear();
    forest.head2.clear();
    forest.groups.clear();
    plot::ForestGroup group;
    for (std::size_t i = 0; i < rows.size(); ++i)
        group.rows.push_back({"+ " + data.label(order[i]),
                              {},
                              {},
                              {},
                              {rows[i].estimate, rows[i].ci_low, rows[i].ci_high},
                              -1,
                              {}});
    forest.groups.push_back(std::move(group));
    return plot::standalone(plot::forest_svg(forest, plot::Layout::wide));
}

constexpr PlotMethod table[] = {
    {"forest", "studies and the pooled result, with subgroups", forest},
    {"funnel", "effects against standard errors", funnel},
    {"contour", "the same with contours of significance", contour},
    {"radial", "z against precision (Galbraith)", radial},
    {"labbe", "risk against risk", labbe},
    {"bubble", "effects against the moderator of --mods", bubble},
    {"baujat", "contribution to heterogeneity against influence", baujat},
    {"qqnorm", "standardised residuals against normal quantiles", normal_qq},
    {"profile", "log-likelihood against tau2", profile},
    {"cumulative", "one study after another, by the column of --cumul", cumulative},
    {"gosh", "I2 against the estimate of subsets", gosh},
    {"specification", "the results of --multiverse, sorted", specification},
};

} // namespace

std::span<const PlotMethod> plot_methods() {
    return table;
}

} // namespace assay::app
