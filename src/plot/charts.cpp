#include "plot/charts.hpp"

#include "num/distributions.hpp"
#include "plot/number.hpp"
#include "plot/words.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::plot {

namespace {

Chart titled(std::string id, std::string title, std::string sentence) {
    Chart chart;
    chart.id = std::move(id);
    chart.title = std::move(title);
    chart.sentence = std::move(sentence);
    return chart;
}

std::string effect_title(const Studies& studies) {
    return studies.axis_title + (studies.look.ratio ? " (log scale)" : "");
}

std::string percent(double level) {
    return trimmed(100 * level, 1) + "%";
}

constexpr int curve_points = 60;

} // namespace

Chart plain_funnel_chart(const Studies& studies) {
    const int k = static_cast<int>(studies.y.size());
    Chart chart = titled("funnel", "Funnel plot", trials(k) + ": effects against their standard errors.");
    chart.x_title = effect_title(studies);
    chart.y_title = "Standard error";
    chart.x_look = studies.look;
    chart.y_down = true;
    double most = 0;
    for (double v : studies.v)
        most = std::max(most, std::sqrt(v));
    most = most > 0 ? 1.06 * most : 1;
    chart.y_range = Range{0, most};
    const double z = num::critical_value(studies.level);
    chart.areas.push_back(
        {{{studies.pooled, 0}, {studies.pooled + z * most, most}, {studies.pooled - z * most, most}}});
    chart.lines.push_back({{{studies.pooled, 0}, {studies.pooled, most}}, Stroke::reference});
    for (std::size_t i = 0; i < studies.y.size(); ++i)
        chart.points.push_back({{studies.y[i], std::sqrt(studies.v[i])}, 4.5, ""});
    chart.foot.push_back("Dashed line: pooled estimate. Shaded: where " + percent(studies.level) +
                         " of studies would lie if all had the same effect.");
    return chart;
}

Chart radial_chart(const Studies& studies) {
    Chart chart = titled("radial", "Radial (Galbraith) plot",
                         "Each study's effect over its standard error against its precision; the slope from "
                         "the origin is the effect.");
    const bool random = studies.tau2 > 0;
    chart.x_title = random ? "Precision, 1/sqrt(v + tau2)" : "Precision, 1/sqrt(v)";
    chart.y_title = random ? "z = effect/sqrt(v + tau2)" : "z = effect/sqrt(v)";
    double most = 0;
    for (std::size_t i = 0; i < studies.y.size(); ++i) {
        const double precision = 1 / std::sqrt(studies.v[i] + studies.tau2);
        most = std::max(most, precision);
        chart.points.push_back({{precision, studies.y[i] * precision}, 4.5, studies.labels[i]});
    }
    most *= 1.08;
    const double z = num::critical_value(studies.level), end = studies.pooled * most;
    chart.areas.push_back({{{0, z}, {most, end + z}, {most, end - z}, {0, -z}}});
    chart.lines.push_back({{{0, 0}, {most, end}}, Stroke::reference});
    chart.lines.push_back({{{0, 0}, {most, 0}}, Stroke::null});
    chart.x_range = Range{0, most * 1.12};
    chart.foot.push_back("Dashed line: pooled effect. Shaded: " + percent(studies.level) +
                         " of studies around it.");
    return chart;
}

double risk_by_odds_ratio(double risk, double log_or) {
    const double odds = risk / (1 - risk) * std::exp(log_or);
    return risk >= 1 ? 1 : odds / (1 + odds);
}
double risk_by_risk_ratio(double risk, double log_rr) {
    return risk * std::exp(log_rr);
}
double risk_by_difference(double risk, double rd) {
    return risk + rd;
}

Chart labbe_chart(const Studies& studies, std::span<const model::Table2x2> tables,
                  double (*with)(double, double)) {
    Chart chart =
        titled("labbe", "L'Abbe plot",
               "Each study's risk in group 1 against its risk in group 2; on the line they are equal.");
    chart.x_title = "Risk in group 2";
    chart.y_title = "Risk in group 1";
    const std::vector<double> radii = radii_of(studies.weights);
    double most = 0;
    for (std::size_t i = 0; i < tables.size(); ++i) {
        const model::Table2x2& t = tables[i];
        const XY at{t.ci / (t.ci + t.di), t.ai / (t.ai + t.bi)};
        if (std::isfinite(at.x) && std::isfinite(at.y)) most = std::max({most, at.x, at.y});
        chart.points.push_back({at, i < radii.size() ? radii[i] : 4.5, studies.labels[i]});
    }
    most = std::min(1.0, most > 0 ? 1.1 * most : 1);
    chart.x_range = chart.y_range = Range{0, most};
    chart.lines.push_back({{{0, 0}, {most, most}}, Stroke::null});
    ChartLine pooled{{}, Stroke::reference};
    for (int i = 0; i <= curve_points; ++i) {
        const double risk = most * i / curve_points, other = with(risk, studies.pooled);
        if (other >= 0 && other <= most) pooled.points.push_back({risk, other});
    }
    chart.lines.push_back(std::move(pooled));
    chart.width = 420;
    chart.foot.push_back(
        "Line: equal risks. Dashed: the pooled effect. Areas of the circles are the weights.");
    return chart;
}

Chart baujat_chart(const Studies& studies, std::span<const double> x, std::span<const double> influence) {
    Chart chart =
        titled("baujat", "Baujat plot",
               "Each study's share in heterogeneity against what leaving it out does to the result.");
    chart.x_title = "Contribution to overall heterogeneity";
    chart.y_title = "Influence on the overall result";
    double right = 0;
    for (std::size_t i = 0; i < x.size(); ++i) {
        chart.points.push_back({{x[i], influence[i]}, 4.5, studies.labels[i]});
        right = std::max(right, x[i]);
    }
    chart.x_range = Range{-0.04 * right, 1.15 * right + 1e-9};
    return chart;
}

Chart normal_qq_chart(const Studies& studies, std::span<const double> residuals) {
    Chart chart = titled("qqnorm", "Normal QQ plot",
                         "Standardised residuals in order against those of a normal distribution.");
    chart.x_title = "Quantiles of the normal distribution";
    chart.y_title = "Standardised residual";
    std::vector<std::size_t> order(residuals.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::erase_if(order, [&](std::size_t i) { return !std::isfinite(residuals[i]); });
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return residuals[a] < residuals[b]; });
    double most = 1;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        const double share = (static_cast<double>(rank) + 0.5) / static_cast<double>(order.size());
        const double z = num::normal_quantile(share), value = residuals[order[rank]];
        const bool far = std::fabs(value) > 2;
        chart.points.push_back({{z, value}, 4.5, far ? studies.labels[order[rank]] : ""});
        most = std::max({most, std::fabs(z), std::fabs(value)});
    }
    chart.lines.push_back({{{-most, -most}, {most, most}}, Stroke::null});
    chart.foot.push_back(
        "Points on the line: residuals as a normal distribution has them. Those beyond 2 are named.");
    return chart;
}

Chart profile_chart(std::span<const double> tau2, std::span<const double> log_likelihood, double estimate) {
    Chart chart = titled("profile", "Profile of the likelihood",
                         "Log-likelihood against tau2; the estimate is where it is highest.");
    chart.x_title = "tau2";
    chart.y_title = "Log-likelihood";
    ChartLine curve;
    double low = INFINITY, high = -INFINITY;
    for (std::size_t i = 0; i < tau2.size(); ++i) {
        curve.points.push_back({tau2[i], log_likelihood[i]});
        low = std::min(low, log_likelihood[i]);
        high = std::max(high, log_likelihood[i]);
    }
    chart.lines.push_back(std::move(curve));
    chart.lines.push_back({{{estimate, low}, {estimate, high}}, Stroke::reference});
    chart.foot.push_back("Dashed line: the estimate.");
    return chart;
}

Chart bubble_chart(const Studies& studies, const std::string& moderator, std::span<const double> x,
                   const FittedLine& line) {
    Chart chart = titled("bubble", "Bubble plot",
                         "Effects against " + moderator + ", with the fitted line and its interval.");
    chart.x_title = moderator;
    chart.y_title = effect_title(studies);
    chart.y_look = studies.look;
    ChartArea band;
    ChartLine fitted{{}, Stroke::reference};
    for (std::size_t i = 0; i < line.x.size(); ++i) {
        fitted.points.push_back({line.x[i], line.mean[i]});
        band.corners.push_back({line.x[i], line.high[i]});
    }
    for (std::size_t i = line.x.size(); i-- > 0;)
        band.corners.push_back({line.x[i], line.low[i]});
    chart.areas.push_back(std::move(band));
    chart.lines.push_back(std::move(fitted));
    const std::vector<double> radii = radii_of(studies.weights);
    for (std::size_t i = 0; i < studies.y.size(); ++i)
        chart.points.push_back({{x[i], studies.y[i]}, i < radii.size() ? radii[i] : 4.5, studies.labels[i]});
    chart.foot.push_back("Dashed line: fitted mean; shaded: its " + percent(studies.level) +
                         " interval. Areas of the circles are the weights.");
    return chart;
}

Chart gosh_chart(const Studies& studies, std::span<const double> estimates, std::span<const double> i2) {
    constexpr std::size_t most_points = 4000;
    Chart chart =
        titled("gosh", "GOSH plot",
               "Heterogeneity against the pooled estimate, one point for each subset of the studies.");
    chart.x_title = effect_title(studies);
    chart.x_look = studies.look;
    chart.y_title = "I2 %";
    const std::size_t stride = std::max<std::size_t>(1, (estimates.size() + most_points - 1) / most_points);
    for (std::size_t i = 0; i < estimates.size(); i += stride)
        chart.points.push_back({{estimates[i], i2[i]}, 2, ""});
    chart.y_range = Range{-2, 102};
    chart.foot.push_back(count(static_cast<double>(estimates.size())) + " subsets" +
                         (stride > 1 ? "; one in " + std::to_string(stride) + " is drawn." : "."));
    return chart;
}

Chart specification_chart(const Studies& studies, std::span<const double> estimates,
                          std::span<const double> low, std::span<const double> high) {
    Chart chart = titled("specification", "Specification curve",
                         "The result under every combination of choices, sorted.");
    chart.x_title = "Rank of the combination";
    chart.y_title = effect_title(studies);
    chart.y_look = studies.look;
    std::vector<std::size_t> order(estimates.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return estimates[a] < estimates[b]; });
    int excluding = 0;
    for (std::size_t rank = 0; rank < order.size(); ++rank) {
        const std::size_t i = order[rank];
        const double at = static_cast<double>(rank + 1);
        chart.lines.push_back({{{at, low[i]}, {at, high[i]}}, Stroke::interval});
        chart.points.push_back({{at, estimates[i]}, 3, ""});
        const double null = studies.look.null.value_or(NAN);
        excluding += low[i] > null || high[i] < null;
    }
    if (studies.look.null) {
        chart.lines.push_back(
            {{{0, *studies.look.null}, {static_cast<double>(order.size()) + 1, *studies.look.null}},
             Stroke::null});
        chart.foot.push_back(std::to_string(excluding) + " of " + std::to_string(order.size()) +
                             " intervals exclude no difference.");
    }
    return chart;
}

} // namespace assay::plot
