#include "plot/funnel.hpp"

#include "num/distributions.hpp"
#include "plot/axis.hpp"
#include "plot/markup.hpp"
#include "plot/number.hpp"
#include "plot/text_size.hpp"
#include "plot/words.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::plot {

namespace {

constexpr double width = 340, plot_left = 44, plot_right = 332, plot_height = 230;

/// One shade: points with a two-sided p below `p` lie outside of it.
struct Contour {
    double p;
    const char* css;
};
// Drawn from the outside in; each covers the part of the one before with a larger p.
constexpr std::array<Contour, 3> contours{{{0.01, "c01"}, {0.05, "c05"}, {0.10, "c10"}}};

/// The triangle |y - center| < z(p) * se, cut at the sides of the plot.
std::string wedge(double p, const Axis& axis, double center, double top, double bottom, double largest_se) {
    const double z = num::normal_quantile(1 - p / 2);
    const auto y_of = [&](double se) { return top + (bottom - top) * se / largest_se; };
    const auto side = [&](double edge, int sign) {
        // Where the slanted line leaves the plot: at its side, or at its bottom.
        const double se_at_edge = std::fabs(edge - center) / z;
        const bool edge_on_side = sign * (edge - center) > 0 && se_at_edge < largest_se;
        std::string text;
        if (edge_on_side) {
            text = "L" + px(axis.at(edge)) + " " + px(y_of(se_at_edge)) + "L" + px(axis.at(edge)) + " " + px(bottom);
        } else {
            text = "L" + px(axis.at(center + sign * z * largest_se)) + " " + px(bottom);
        }
        return text;
    };
    const std::string apex = px(axis.at(center)) + " " + px(top);
    return "M" + apex + side(axis.range.high, 1) + "L" + px(axis.at(center)) + " " + px(bottom) + "Z M" + apex +
           side(axis.range.low, -1) + "L" + px(axis.at(center)) + " " + px(bottom) + "Z";
}

void line(Markup& out, double x1, double y1, double x2, double y2, const char* css) {
    out.leaf("line", {{"x1", px(x1)}, {"y1", px(y1)}, {"x2", px(x2)}, {"y2", px(y2)}, {"class", css}});
}

void words(Markup& out, std::string_view text, double x, double y, const char* css, const char* anchor) {
    out.element("text", text, {{"x", px(x)}, {"y", px(y)}, {"class", css}, {"text-anchor", anchor}});
}

double largest_se(const Funnel& funnel) {
    double most = 0;
    for (const FunnelPoint& point : funnel.points)
        most = std::max(most, point.se);
    return most > 0 ? most * 1.08 : 1;
}

/// Where the contours stand: no difference, or the pooled estimate of a measure that knows none.
double center_of(const Funnel& funnel) { return funnel.look.null.value_or(funnel.pooled); }

Axis x_axis(const Funnel& funnel) {
    std::vector<double> must{center_of(funnel), funnel.pooled};
    for (const FunnelPoint& point : funnel.points)
        must.push_back(point.y);
    const double half = 1.3 * largest_se(funnel);
    const std::array<Range, 1> wish{{{funnel.pooled - half, funnel.pooled + half}}};
    Axis axis{shown_range(must, wish), plot_left, plot_right - plot_left, {}};
    axis.ticks = ticks_for(funnel.look, axis.range.low, axis.range.high, 6);
    return axis;
}

/// Returns the height the banner took.
double banner(Markup& out, std::size_t k) {
    if (k >= fewest_for_asymmetry) return 0;
    const std::string text = "Fewer than ten studies (" + std::to_string(k) + "): do not interpret asymmetry.";
    out.leaf("rect", {{"x", "0.5"}, {"y", "0.5"}, {"width", px(width - 1)}, {"height", "27"}, {"rx", "4"},
                      {"class", "warnbox"}});
    words(out, text, width / 2, 18, "small", "middle");
    return 38;
}

void legend(Markup& out, double y) {
    struct Item {
        const char *css, *text;
    };
    constexpr std::array<Item, 4> items{
        {{"c10", "p > .10"}, {"c05", ".05 to .10"}, {"c01", ".01 to .05"}, {"out", "p < .01"}}};
    double x = 0;
    for (const Item& item : items) {
        out.leaf("rect", {{"x", px(x + 0.5)}, {"y", px(y - 10)}, {"width", "12"}, {"height", "12"},
                          {"class", std::string(item.css) + " rule"}});
        words(out, item.text, x + 17, y, "soft small", "start");
        x += 86;
    }
}

} // namespace

Funnel funnel_of(const std::string& id, const std::string& name, const std::string& axis_title,
                 const std::vector<model::Effect>& effects, const model::Synthesis& main) {
    Funnel funnel;
    funnel.id = id;
    funnel.title = "Funnel plot: " + name;
    funnel.look = measure_look(main.measure);
    funnel.axis_title = axis_title;
    funnel.pooled = main.estimate;
    int left = 0;
    for (const model::Effect& effect : effects) {
        funnel.points.push_back({effect.label, {}, effect.y, std::sqrt(effect.v)});
        left += effect.y < main.estimate;
    }
    const int k = static_cast<int>(effects.size());
    funnel.sentence = trials(k) + ": " + std::to_string(left) + " left and " + std::to_string(k - left) +
                      " right of the pooled estimate, against their standard errors.";
    if (k < fewest_for_asymmetry)
        funnel.sentence += " With fewer than ten studies asymmetry must not be interpreted.";
    return funnel;
}

Figure funnel_svg(const Funnel& funnel) {
    Markup body;
    const double top = banner(body, funnel.points.size()) + 20;
    const double bottom = top + plot_height;
    const Axis axis = x_axis(funnel);
    const double most = largest_se(funnel), center = center_of(funnel);
    words(body, "Standard error", 0, top - 8, "soft small", "start");
    body.leaf("rect", {{"x", px(plot_left)}, {"y", px(top)}, {"width", px(plot_right - plot_left)},
                       {"height", px(plot_height)}, {"class", "out"}});
    for (const Contour& contour : contours)
        body.leaf("path", {{"d", wedge(contour.p, axis, center, top, bottom, most)}, {"class", contour.css}});
    for (const Tick& tick : linear_ticks(0, most, 5)) {
        const double y = top + plot_height * tick.at / most;
        line(body, plot_left - 4, y, plot_left, y, "axis");
        words(body, tick.label, plot_left - 8, y + 4, "soft small", "end");
    }
    line(body, plot_left, top, plot_left, bottom, "axis");
    line(body, plot_left, bottom, plot_right, bottom, "axis");
    for (const Tick& tick : axis.ticks) {
        const double x = axis.at(tick.at);
        line(body, x, bottom, x, bottom + 5, "axis");
        words(body, with_minus(tick.label), x, bottom + 18, "soft small", "middle");
    }
    line(body, axis.at(center), top, axis.at(center), bottom, "null");
    line(body, axis.at(funnel.pooled), top, axis.at(funnel.pooled), bottom, "ref");
    std::vector<Hit> hits;
    for (const FunnelPoint& point : funnel.points) {
        const double x = axis.at(point.y), y = top + plot_height * point.se / most;
        body.leaf("circle", {{"cx", px(x)}, {"cy", px(y)}, {"r", "4.5"}, {"class", "dot"}});
    }
    double y = bottom + 36;
    const std::string title = funnel.axis_title + (funnel.look.ratio ? " (log scale)" : "");
    for (const std::string& part : wrap_to_width(title, 11.5, plot_right - plot_left)) {
        words(body, part, (plot_left + plot_right) / 2, y, "soft small", "middle");
        y += 16;
    }
    y += 8;
    legend(body, y);
    y += 18;
    words(body, "Shades: p of a study against no difference.", 0, y, "soft small", "start");
    y += 16;
    words(body, "Dashed line: pooled estimate.", 0, y, "soft small", "start");
    const double height = y + 8;

    Markup svg;
    svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"}, {"class", "fig funnel"},
                     {"viewBox", "-2 0 " + px(width + 4) + " " + px(height)}, {"width", px(width + 4)},
                     {"height", px(height)}, {"role", "img"},
                     {"aria-labelledby", funnel.id + "-t " + funnel.id + "-d"}});
    svg.element("title", funnel.title, {{"id", funnel.id + "-t"}});
    svg.element("desc", funnel.sentence, {{"id", funnel.id + "-d"}});
    svg.append(body.take()).close();
    return {svg.take(), width + 4, height, std::move(hits)};
}

} // namespace assay::plot
