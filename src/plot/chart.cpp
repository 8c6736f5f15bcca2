#include "plot/chart.hpp"

#include "plot/markup.hpp"
#include "plot/number.hpp"
#include "plot/text_size.hpp"

#include <algorithm>
#include <cmath>

namespace assay::plot {

namespace {

constexpr double left = 58, right_margin = 14, top = 26, label_size = 11.5;

bool finite(const XY& at) {
    return std::isfinite(at.x) && std::isfinite(at.y);
}

const char* css_of(Stroke stroke) {
    switch (stroke) {
    case Stroke::reference:
        return "ref";
    case Stroke::null:
        return "null";
    case Stroke::interval:
        return "axis";
    default:
        return "ci";
    }
}

void include(Range& range, double value) {
    if (!std::isfinite(value)) return;
    range.low = std::min(range.low, value);
    range.high = std::max(range.high, value);
}

struct Ranges {
    Range x, y;
};

Range widened(Range range) {
    if (!(range.high >= range.low)) return {0, 1};
    const double width = range.high - range.low;
    const double pad = width > 0 ? 0.05 * width : std::max(0.5, 0.1 * std::fabs(range.low));
    return {range.low - pad, range.high + pad};
}

/// Everything drawn, with a margin, unless the chart says what is shown.
Ranges ranges_of(const Chart& chart) {
    Ranges all{{INFINITY, -INFINITY}, {INFINITY, -INFINITY}};
    const auto see = [&](const XY& at) {
        if (!finite(at)) return;
        include(all.x, at.x);
        include(all.y, at.y);
    };
    for (const ChartPoint& point : chart.points)
        see(point.at);
    for (const ChartLine& line : chart.lines)
        for (const XY& at : line.points)
            see(at);
    for (const ChartArea& area : chart.areas)
        for (const XY& at : area.corners)
            see(at);
    return {chart.x_range ? *chart.x_range : widened(all.x), chart.y_range ? *chart.y_range : widened(all.y)};
}

/// Data to pixels.
class Frame {
public:
    explicit Frame(const Chart& chart) : down_(chart.y_down), height_(chart.plot_height) {
        const Ranges ranges = ranges_of(chart);
        x_ = {ranges.x, left, chart.width - left - right_margin, {}};
        y_ = {ranges.y, 0, height_, {}};
        x_.ticks = ticks_for(chart.x_look, ranges.x.low, ranges.x.high, 7);
        y_.ticks = ticks_for(chart.y_look, ranges.y.low, ranges.y.high, 6);
    }

    double x(double value) const { return x_.at(value); }
    double y(double value) const { return top + (down_ ? y_.at(value) : height_ - y_.at(value)); }
    double bottom() const { return top + height_; }
    const Axis& x_axis() const { return x_; }
    const Axis& y_axis() const { return y_; }

private:
    bool down_;
    double height_;
    Axis x_, y_;
};

void words(Markup& out, std::string_view text, double x, double y, const char* css, const char* anchor) {
    out.element("text", with_minus(text),
                {{"x", px(x)}, {"y", px(y)}, {"class", css}, {"text-anchor", anchor}});
}

void line(Markup& out, double x1, double y1, double x2, double y2, const char* css) {
    out.leaf("line", {{"x1", px(x1)}, {"y1", px(y1)}, {"x2", px(x2)}, {"y2", px(y2)}, {"class", css}});
}

std::string path_of(const std::vector<XY>& points, const Frame& frame, bool closed) {
    std::string path;
    for (const XY& at : points) {
        if (!finite(at)) continue;
        path += (path.empty() ? "M" : "L") + px(frame.x(at.x)) + " " + px(frame.y(at.y));
    }
    return path.empty() || !closed ? path : path + "Z";
}

void axes(Markup& out, const Chart& chart, const Frame& frame) {
    const double right = chart.width - right_margin, bottom = frame.bottom();
    line(out, left, top, left, bottom, "axis");
    line(out, left, bottom, right, bottom, "axis");
    for (const Tick& tick : frame.x_axis().ticks) {
        line(out, frame.x(tick.at), bottom, frame.x(tick.at), bottom + 5, "axis");
        words(out, tick.label, frame.x(tick.at), bottom + 18, "soft small", "middle");
    }
    for (const Tick& tick : frame.y_axis().ticks) {
        line(out, left - 4, frame.y(tick.at), left, frame.y(tick.at), "axis");
        words(out, tick.label, left - 8, frame.y(tick.at) + 4, "soft small", "end");
    }
    words(out, chart.y_title, 0, top - 10, "soft small", "start");
}

/// Labels stand to the right or left of their point, where they cover neither another label nor another
/// point; those that find no place are left out (the table holds every name).
void labels(Markup& out, const Chart& chart, const Frame& frame) {
    struct Box {
        double left, right, top, bottom;
        bool meets(const Box& other) const {
            return left < other.right && other.left < right && top < other.bottom && other.top < bottom;
        }
    };
    std::vector<Box> taken, points;
    for (const ChartPoint& point : chart.points) {
        const double x = frame.x(point.at.x), y = frame.y(point.at.y), r = point.radius;
        points.push_back({x - r, x + r, y - r, y + r});
    }
    for (std::size_t i = 0; i < chart.points.size(); ++i) {
        const ChartPoint& point = chart.points[i];
        if (point.label.empty() || !finite(point.at)) continue;
        const double width = text_width(point.label, label_size), y = frame.y(point.at.y) + 4;
        const double gap = point.radius + 3, at = frame.x(point.at.x);
        for (const double x : {at + gap, at - gap - width}) {
            const Box box{x, x + width, y - 10, y + 3};
            bool free = x >= left && box.right <= chart.width;
            for (std::size_t j = 0; free && j < points.size(); ++j)
                free = j == i || !box.meets(points[j]);
            for (std::size_t j = 0; free && j < taken.size(); ++j)
                free = !box.meets(taken[j]);
            if (!free) continue;
            taken.push_back(box);
            words(out, point.label, x, y, "small", "start");
            break;
        }
    }
}

} // namespace

std::vector<double> radii_of(const std::vector<double>& weights) {
    double most = 0;
    for (double weight : weights)
        if (std::isfinite(weight)) most = std::max(most, weight);
    std::vector<double> radii;
    for (double weight : weights)
        radii.push_back(most > 0 && weight > 0 ? std::max(3.0, 12 * std::sqrt(weight / most)) : 3);
    return radii;
}

Figure chart_svg(const Chart& chart) {
    const Frame frame(chart);
    Markup body;
    for (const ChartArea& area : chart.areas)
        body.leaf("path", {{"d", path_of(area.corners, frame, true)}, {"class", "band"}});
    axes(body, chart, frame);
    for (const ChartLine& one : chart.lines)
        body.leaf(
            "path",
            {{"d", path_of(one.points, frame, false)}, {"class", css_of(one.stroke)}, {"fill", "none"}});
    for (const ChartPoint& point : chart.points)
        if (finite(point.at))
            body.leaf("circle", {{"cx", px(frame.x(point.at.x))},
                                 {"cy", px(frame.y(point.at.y))},
                                 {"r", px(point.radius)},
                                 {"class", "dot"}});
    labels(body, chart, frame);
    double y = frame.bottom() + 36;
    words(body, chart.x_title, (left + chart.width - right_margin) / 2, y, "soft small", "middle");
    y += 12;
    for (const std::string& sentence : chart.foot)
        for (const std::string& part : wrap_to_width(sentence, label_size, chart.width - 4))
            words(body, part, 0, y += 16, "soft small", "start");
    const double height = y + 10;
    Markup svg;
    svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"class", "fig chart"},
                     {"viewBox", "-2 0 " + px(chart.width + 4) + " " + px(height)},
                     {"width", px(chart.width + 4)},
                     {"height", px(height)},
                     {"role", "img"},
                     {"aria-labelledby", chart.id + "-t " + chart.id + "-d"}});
    svg.element("title", chart.title, {{"id", chart.id + "-t"}});
    svg.element("desc", chart.sentence, {{"id", chart.id + "-d"}});
    svg.append(body.take()).close();
    return {svg.take(), chart.width + 4, height, {}};
}

} // namespace assay::plot
