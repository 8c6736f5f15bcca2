#include "plot/diary.hpp"

#include "plot/axis.hpp"
#include "plot/markup.hpp"
#include "plot/number.hpp"

#include <algorithm>

namespace assay::plot {

namespace {

constexpr double width = 760, left = 52, right = 752, top = 44, plot_height = 200;

void words(Markup& out, std::string_view text, double x, double y, std::string_view css,
           std::string_view anchor) {
    out.element(
        "text", text,
        {{"x", px(x)}, {"y", px(y)}, {"class", std::string(css)}, {"text-anchor", std::string(anchor)}});
}

void line(Markup& out, double x1, double y1, double x2, double y2, std::string_view css) {
    out.leaf("line",
             {{"x1", px(x1)}, {"y1", px(y1)}, {"x2", px(x2)}, {"y2", px(y2)}, {"class", std::string(css)}});
}

struct Frame {
    int first, last;
    Range values;
    double x(double day) const {
        return left + (right - left) * (day - first) / std::max(1, last + 1 - first);
    }
    double y(double value) const {
        return top + plot_height * (values.high - value) / (values.high - values.low);
    }
};

Range value_range(const DiaryPicture& picture) {
    Range range{0, 1};
    if (!picture.bars && !picture.marks.empty())
        range = {picture.marks.front().value, picture.marks.front().value};
    for (const auto& mark : picture.marks) {
        range.low = std::min(range.low, mark.value);
        range.high = std::max(range.high, mark.value);
    }
    const double room = range.high > range.low ? 0.06 * (range.high - range.low) : 1;
    return {picture.bars ? range.low : range.low - room, range.high + room};
}

/// The band of a period with treatment is hatched, so that it is seen without colour.
void bands(Markup& out, const DiaryPicture& picture, const Frame& frame) {
    out.open("defs");
    out.open("pattern", {{"id", picture.id + "-hatch"},
                         {"width", "6"},
                         {"height", "6"},
                         {"patternUnits", "userSpaceOnUse"},
                         {"patternTransform", "rotate(45)"}});
    out.leaf("rect", {{"width", "6"}, {"height", "6"}, {"class", "band"}});
    out.leaf("line", {{"x1", "0"}, {"y1", "0"}, {"x2", "0"}, {"y2", "6"}, {"class", "rule"}});
    out.close().close().line();
    for (const auto& band : picture.bands) {
        const double from = frame.x(band.first), to = frame.x(band.last + 1);
        if (band.treatment)
            out.leaf("rect", {{"x", px(from)},
                              {"y", px(top)},
                              {"width", px(to - from)},
                              {"height", px(plot_height)},
                              {"fill", "url(#" + picture.id + "-hatch)"}});
        line(out, from, top - 26, from, top + plot_height, "rule");
        words(out, band.label, from + 4, top - 17, "small head", "start");
        words(out, band.treatment ? "with" : "without", from + 4, top - 4, "small soft", "start");
    }
}

void marks(Markup& out, const DiaryPicture& picture, const Frame& frame) {
    const double ground = frame.y(std::max(0.0, frame.values.low));
    for (const auto& mark : picture.marks) {
        if (picture.bars) {
            const double from = frame.x(mark.first) + 1, to = frame.x(mark.last + 1) - 1;
            const double high = frame.y(mark.value);
            out.leaf("rect", {{"x", px(from)},
                              {"y", px(std::min(high, ground - 1))},
                              {"width", px(std::max(1.0, to - from))},
                              {"height", px(std::max(1.0, ground - high))},
                              {"class", "box"}});
        } else {
            out.leaf("circle", {{"cx", px(frame.x(0.5 * (mark.first + mark.last + 1)))},
                                {"cy", px(frame.y(mark.value))},
                                {"r", "2.8"},
                                {"class", "dot"}});
        }
    }
    for (const auto& band : picture.bands)
        if (band.mean)
            line(out, frame.x(band.first), frame.y(*band.mean), frame.x(band.last + 1), frame.y(*band.mean),
                 "ref");
    for (int day : picture.missing) {
        const double x = frame.x(day + 0.5), y = top + plot_height + 7;
        line(out, x - 2, y - 2, x + 2, y + 2, "axis");
        line(out, x - 2, y + 2, x + 2, y - 2, "axis");
    }
}

void axes(Markup& out, const DiaryPicture& picture, const Frame& frame) {
    for (const auto& tick : linear_ticks(frame.values.low, frame.values.high, 6)) {
        line(out, left - 4, frame.y(tick.at), left, frame.y(tick.at), "axis");
        words(out, with_minus(tick.label), left - 8, frame.y(tick.at) + 4, "soft small", "end");
    }
    words(out, picture.axis_title, 0, 12, "soft small", "start");
    line(out, left, top, left, top + plot_height, "axis");
    line(out, left, top + plot_height, right, top + plot_height, "axis");
    double free = -1e9;
    for (const auto& [day, text] : picture.dates) {
        const double x = frame.x(day);
        if (x < free || x > right - 60) continue;
        line(out, x, top + plot_height, x, top + plot_height + 14, "axis");
        words(out, text, x + 3, top + plot_height + 25, "soft small", "start");
        free = x + 78;
    }
}

} // namespace

Figure diary_svg(const DiaryPicture& picture) {
    const Frame frame{picture.first, picture.last, value_range(picture)};
    Markup body;
    bands(body, picture, frame);
    marks(body, picture, frame);
    axes(body, picture, frame);
    double y = top + plot_height + 44;
    if (!picture.bands.empty()) {
        words(body, "Hatched: with the treatment. Dashed line: mean of the period.", 0, y, "soft small",
              "start");
        y += 16;
    }
    if (!picture.missing.empty()) {
        words(body, "Small crosses: days that were not written (missing is not 0).", 0, y, "soft small",
              "start");
        y += 16;
    }
    const double height = y - 6;
    Markup svg;
    svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"class", "fig diary"},
                     {"viewBox", "-2 0 " + px(width + 4) + " " + px(height)},
                     {"width", px(width + 4)},
                     {"height", px(height)},
                     {"role", "img"},
                     {"aria-labelledby", picture.id + "-t " + picture.id + "-d"}});
    svg.element("title", picture.title, {{"id", picture.id + "-t"}});
    svg.element("desc", picture.sentence, {{"id", picture.id + "-d"}});
    svg.append(body.take()).close();
    return {svg.take(), width + 4, height, {}};
}

} // namespace assay::plot
