#include "plot/forest_svg.hpp"

#include "plot/axis.hpp"
#include "plot/markup.hpp"
#include "plot/number.hpp"
#include "plot/text_size.hpp"
#include "plot/words.hpp"

#include <algorithm>
#include <cmath>

namespace assay::plot {

namespace {

constexpr double font = 13;
constexpr double small_font = 11.5;
constexpr double largest_box = 13;  ///< side of the square of the heaviest study
constexpr double smallest_box = 3;
constexpr double arrow = 7;

/// Where the columns stand, in px. Columns with width 0 are not shown.
struct Columns {
    double total = 900;
    double label = 0, data1 = 0, data2 = 0, plot = 0, weight = 0, estimate = 0; ///< widths
    double x_data1 = 0, x_data2 = 0, x_plot = 0, x_weight = 0, x_estimate = 0;  ///< left edges
};

/// What every line of the figure can be.
enum class Kind { group, study, pool, prediction };

struct Line {
    Kind kind = Kind::study;
    const ForestRow* row = nullptr;
    const ForestPool* pool = nullptr;
    std::string text;
    bool overall = false; ///< of the whole figure, not of a subgroup
};

bool has_weights(const Forest& forest) {
    for (const ForestGroup& group : forest.groups)
        for (const ForestRow& row : group.rows)
            if (row.weight >= 0) return true;
    return false;
}

double heaviest(const Forest& forest) {
    double most = 0;
    for (const ForestGroup& group : forest.groups)
        for (const ForestRow& row : group.rows)
            most = std::max(most, row.weight);
    return most;
}

std::string prediction_label(const Forest& forest) {
    return trimmed(forest.level * 100, 2) + "% prediction interval";
}

void add_pool(std::vector<Line>& lines, const ForestPool& pool, const Forest& forest, bool overall) {
    lines.push_back({Kind::pool, nullptr, &pool, pool.label, overall});
    if (pool.prediction) lines.push_back({Kind::prediction, nullptr, &pool, prediction_label(forest), overall});
}

std::vector<Line> lines_of(const Forest& forest) {
    std::vector<Line> lines;
    for (const ForestGroup& group : forest.groups) {
        if (!group.title.empty()) lines.push_back({Kind::group, nullptr, nullptr, group.title, false});
        for (const ForestRow& row : group.rows)
            lines.push_back({Kind::study, &row, nullptr, row.label, false});
        if (group.pool) add_pool(lines, *group.pool, forest, false);
    }
    if (forest.pool) add_pool(lines, *forest.pool, forest, true);
    return lines;
}

std::string value_of(const Forest& forest, const Line& line) {
    if (line.kind == Kind::study) return forest.interval_text(line.row->estimate);
    if (line.kind == Kind::pool) return forest.interval_text(line.pool->estimate);
    if (line.kind == Kind::prediction)
        return with_minus("[" + forest.number(line.pool->prediction->low) + ", " +
                          forest.number(line.pool->prediction->high) + "]");
    return {};
}

std::string weight_of(const Line& line) {
    return line.kind == Kind::study && line.row->weight >= 0 ? fixed(line.row->weight, 1) + "%" : std::string();
}

std::string estimate_head(const Forest& forest) {
    return std::string(forest.look.id) + " [" + ci_name(forest.level) + "]";
}

Columns wide_columns(const Forest& forest, const std::vector<Line>& lines) {
    Columns c;
    double label = text_width(forest.row_head, font), beside = 0, data1 = 0, data2 = 0;
    double estimate = text_width(estimate_head(forest), font) * 1.08;
    for (const Line& line : lines) {
        if (line.kind == Kind::study) label = std::max(label, text_width(line.text, font) + 10);
        // Labels that run on over the data columns, where there are any.
        if (line.kind != Kind::study) beside = std::max(beside, text_width(line.text, font) * 1.08);
        estimate = std::max(estimate, text_width(value_of(forest, line), font) * (line.kind == Kind::pool ? 1.08 : 1));
        if (line.kind != Kind::study) continue;
        data1 = std::max(data1, text_width(line.row->data1, font));
        data2 = std::max(data2, text_width(line.row->data2, font));
    }
    c.weight = has_weights(forest) ? 64 : 0;
    c.label = std::clamp(label + 16, 110.0, c.weight > 0 ? 250.0 : 330.0);
    const auto without_data = [&] {
        c.data1 = c.data2 = 0;
        c.label = std::clamp(std::max(label, beside) + 16, 110.0, 330.0);
        c.plot = c.total - 28 - c.label - c.weight - c.estimate;
    };
    c.estimate = estimate + 8;
    if (data1 > 0) c.data1 = std::max(data1, text_width(forest.head1, font) * 1.08) + 16;
    if (data2 > 0) c.data2 = std::max(data2, text_width(forest.head2, font) * 1.08) + 16;
    constexpr double gaps = 28, least_plot = 210;
    c.plot = c.total - gaps - c.label - c.data1 - c.data2 - c.weight - c.estimate;
    if (c.plot < least_plot) {
        const double spare = std::min(c.label - 140, least_plot - c.plot);
        if (spare > 0) {
            c.label -= spare;
            c.plot += spare;
        }
    }
    // The table twin keeps what the figure has no room for.
    if (c.plot < least_plot || c.data1 + c.data2 == 0) without_data();
    c.x_data1 = c.label;
    c.x_data2 = c.x_data1 + c.data1;
    c.x_plot = c.x_data2 + c.data2 + 14;
    c.x_weight = c.x_plot + c.plot + 14;
    c.x_estimate = c.x_weight + c.weight;
    return c;
}

Columns compact_columns() {
    Columns c;
    c.total = 340;
    c.plot = 332;
    c.x_plot = 4;
    return c;
}

/// Draws one figure; holds what all parts need.
class Drawing {
public:
    Drawing(const Forest& forest, Layout layout)
        : forest_(forest), compact_(layout == Layout::compact), lines_(lines_of(forest)),
          columns_(compact_ ? compact_columns() : wide_columns(forest, lines_)),
          axis_(forest_axis(forest, columns_.x_plot, columns_.plot, compact_ ? 6 : 7)),
          heaviest_(heaviest(forest)) {}

    Figure draw();

private:
    double line_height(const Line& line) const;
    void head();
    void body();
    void foot();
    void backdrop(double top, double bottom);
    void group_line(const Line& line, double y);
    void start_row(const ForestRow& row);
    void row_text(const Line& line, double y);
    void mark(const Line& line, double y);
    void study_mark(const ForestRow& row, double y);
    void pool_mark(const ForestPool& pool, double y);
    void prediction_mark(const model::Interval& interval, double y);
    void interval_line(double low, double high, double y, const char* line_class, const char* arrow_class);
    void hit(const Line& line, double y, double height);
    void say(std::string_view text, double x, double y, const char* css, const char* anchor = nullptr);
    void segment(double x1, double y1, double x2, double y2, const char* css);

    const Forest& forest_;
    bool compact_;
    std::vector<Line> lines_;
    Columns columns_;
    Axis axis_;
    double heaviest_;
    Markup out_;
    std::vector<Hit> hits_;
    double y_ = 0; ///< the next free pixel row
};

void Drawing::say(std::string_view text, double x, double y, const char* css, const char* anchor) {
    if (text.empty()) return;
    std::string classes = css;
    if (anchor) classes += (classes.empty() ? "" : " ") + std::string(anchor);
    out_.element("text", text, {{"x", px(x)}, {"y", px(y)}, {classes.empty() ? "" : "class", classes}});
}

void Drawing::segment(double x1, double y1, double x2, double y2, const char* css) {
    out_.leaf("line", {{"x1", px(x1)}, {"y1", px(y1)}, {"x2", px(x2)}, {"y2", px(y2)}, {"class", css}});
}

double Drawing::line_height(const Line& line) const {
    if (!compact_) return line.kind == Kind::group ? 28 : 24; // 24 px: the smallest target of WCAG 2.2
    return line.kind == Kind::group ? 28 : 40;
}

void Drawing::head() {
    if (compact_) {
        say(forest_.row_head, 0, 14, "head");
        say(estimate_head(forest_), columns_.total, 14, "head", "e");
    } else {
        say(forest_.row_head, 0, 16, "head");
        if (columns_.data1 > 0) say(forest_.head1, columns_.x_data1 + columns_.data1 - 8, 16, "head", "e");
        if (columns_.data2 > 0) say(forest_.head2, columns_.x_data2 + columns_.data2 - 8, 16, "head", "e");
        if (columns_.weight > 0) say("Weight", columns_.x_weight + columns_.weight - 14, 16, "head", "e");
        say(estimate_head(forest_), columns_.total, 16, "head", "e");
    }
    y_ = compact_ ? 22 : 25;
    segment(0, y_, columns_.total, y_, "rule");
    y_ += 4;
}

void Drawing::backdrop(double top, double bottom) {
    if (forest_.band) {
        const double left = axis_.at(forest_.band->low), right = axis_.at(forest_.band->high);
        out_.leaf("rect", {{"x", px(left)}, {"y", px(top)}, {"width", px(std::max(right - left, 0.5))},
                           {"height", px(bottom - top)}, {"class", "band"}});
    }
    if (forest_.reference) {
        const double x = axis_.at(forest_.reference->at);
        segment(x, top, x, bottom, "ref");
    } else if (forest_.pool) {
        const double x = axis_.at(forest_.pool->estimate.at);
        segment(x, top, x, bottom, "ref");
    }
    if (!forest_.look.null) return;
    const double zero = axis_.at(*forest_.look.null);
    segment(zero, top, zero, bottom, "null");
}

/// A study's marks form one group, which the page can move when the reader sorts.
void Drawing::start_row(const ForestRow& row) {
    const bool sortable = row.weight >= 0;
    out_.open("g", {{"class", "row"},
                    {sortable ? "data-at" : "", trimmed(row.estimate.at, 4)},
                    {sortable ? "data-weight" : "", trimmed(row.weight, 2)}});
}

void Drawing::row_text(const Line& line, double y) {
    const bool pool = line.kind == Kind::pool;
    const char* strong = pool ? "head" : line.kind == Kind::prediction ? "soft" : compact_ ? "name" : "";
    const std::string value = value_of(forest_, line);
    if (compact_) {
        const double size = font * (pool ? 1.15 : 1);
        const double room = columns_.total - text_width(value, size) - 12;
        say(cut_to_width(line.text, size, room), 0, y + 15, strong);
        say(value, columns_.total, y + 15, strong, "e");
        return;
    }
    const bool may_run_on = line.kind != Kind::study && columns_.data1 > 0;
    const double room = may_run_on ? columns_.x_plot - 14 : columns_.label - 10;
    const double indent = forest_.groups.size() > 1 && !line.overall && line.kind == Kind::study ? 10 : 0;
    say(cut_to_width(line.text, font * (pool ? 1.08 : 1), room - indent), indent, y + 16, strong);
    if (line.kind == Kind::study) {
        if (columns_.data1 > 0) say(line.row->data1, columns_.x_data1 + columns_.data1 - 8, y + 16, "", "e");
        if (columns_.data2 > 0) say(line.row->data2, columns_.x_data2 + columns_.data2 - 8, y + 16, "", "e");
    }
    if (columns_.weight > 0) say(weight_of(line), columns_.x_weight + columns_.weight - 14, y + 16, "", "e");
    say(value, columns_.total, y + 16, strong, "e");
}

void Drawing::interval_line(double low, double high, double y, const char* line_class, const char* arrow_class) {
    const bool cut_left = axis_.below(low), cut_right = axis_.above(high);
    double left = axis_.at(low), right = axis_.at(high);
    const double start = left, end = right;
    if (cut_left) left += arrow - 1;
    if (cut_right) right -= arrow - 1;
    segment(left, y, std::max(left, right), y, line_class);
    const auto head = [&](double tip, double back) {
        out_.leaf("path", {{"d", "M" + px(tip) + " " + px(y) + "L" + px(back) + " " + px(y - 4) + "V" + px(y + 4) + "Z"},
                           {"class", arrow_class}});
    };
    if (cut_left) head(start, start + arrow);
    if (cut_right) head(end, end - arrow);
}

void Drawing::study_mark(const ForestRow& row, double y) {
    interval_line(row.estimate.low, row.estimate.high, y, "ci", "arrow");
    if (axis_.below(row.estimate.at) || axis_.above(row.estimate.at)) return;
    // The area, not the side, is proportional to the weight.
    const double side = row.weight < 0 || heaviest_ <= 0
                            ? 7
                            : std::max(smallest_box, largest_box * std::sqrt(row.weight / heaviest_));
    const double x = axis_.at(row.estimate.at);
    const std::string length = trimmed(side, 2); // finer than other lengths: the area is what counts
    out_.leaf("rect", {{"x", trimmed(x - side / 2, 2)}, {"y", trimmed(y - side / 2, 2)}, {"width", length},
                       {"height", length}, {"class", "box"}});
}

void Drawing::pool_mark(const ForestPool& pool, double y) {
    constexpr double half = 6;
    const double left = axis_.at(pool.estimate.low), right = axis_.at(pool.estimate.high);
    const double x = axis_.at(pool.estimate.at);
    out_.leaf("path", {{"d", "M" + px(std::min(left, x - 2)) + " " + px(y) + "L" + px(x) + " " + px(y - half) + "L" +
                                 px(std::max(right, x + 2)) + " " + px(y) + "L" + px(x) + " " + px(y + half) + "Z"},
                       {"class", "diamond"}});
}

void Drawing::prediction_mark(const model::Interval& interval, double y) {
    interval_line(interval.low, interval.high, y, "pi", "piarrow");
    if (!axis_.below(interval.low)) segment(axis_.at(interval.low), y - 4, axis_.at(interval.low), y + 4, "pi");
    if (!axis_.above(interval.high)) segment(axis_.at(interval.high), y - 4, axis_.at(interval.high), y + 4, "pi");
}

void Drawing::mark(const Line& line, double y) {
    const double middle = compact_ ? y + 28 : y + 12;
    if (line.kind == Kind::study) study_mark(*line.row, middle);
    if (line.kind == Kind::pool) pool_mark(*line.pool, middle);
    if (line.kind == Kind::prediction) prediction_mark(*line.pool->prediction, middle);
}

void Drawing::hit(const Line& line, double y, double height) {
    std::string href;
    if (line.kind == Kind::study) href = line.row->href;
    if (line.kind == Kind::pool || line.kind == Kind::prediction) href = line.pool->href;
    if (href.empty()) return;
    hits_.push_back({0, y, columns_.total, height, href, line.text + ": " + value_of(forest_, line)});
}

void Drawing::group_line(const Line& line, double y) {
    say(cut_to_width(line.text, font * 1.08, compact_ ? columns_.total : columns_.x_plot - 14), 0, y + 19, "head");
}

void Drawing::body() {
    double bottom = y_;
    for (const Line& line : lines_)
        bottom += line_height(line) + (line.overall && line.kind == Kind::pool ? 6 : 0);
    backdrop(y_, bottom + 4);
    for (const Line& line : lines_) {
        if (line.overall && line.kind == Kind::pool) y_ += 6;
        const double height = line_height(line);
        if (line.kind == Kind::group) {
            group_line(line, y_);
        } else {
            const bool study = line.kind == Kind::study;
            if (study) start_row(*line.row);
            row_text(line, y_);
            mark(line, y_);
            if (study) out_.close();
            hit(line, y_, height);
        }
        y_ += height;
    }
    y_ += 4;
}

void Drawing::foot() {
    segment(columns_.x_plot, y_, columns_.x_plot + columns_.plot, y_, "axis");
    for (const Tick& tick : axis_.ticks) {
        const double x = axis_.at(tick.at);
        segment(x, y_, x, y_ + 5, "axis");
        say(with_minus(tick.label), x, y_ + 18, "soft small", "m");
    }
    y_ += 34;
    const double left = columns_.x_plot, right = columns_.x_plot + columns_.plot;
    const std::string first = forest_.favours_left.empty() ? "" : "\xE2\x86\x90 " + forest_.favours_left;
    const std::string second = forest_.favours_right.empty() ? "" : forest_.favours_right + " \xE2\x86\x92";
    const bool stack = text_width(first, small_font) + text_width(second, small_font) + 12 > columns_.plot;
    say(first, left, y_, "small");
    if (stack) y_ += 16;
    say(second, right, y_, "small", "e");
    if (!first.empty() || !second.empty()) y_ += 17;
    std::string axis_title = forest_.axis_title + (forest_.look.ratio ? " (log scale)" : "");
    for (const std::string& part : wrap_to_width(axis_title, small_font, columns_.plot)) {
        say(part, (left + right) / 2, y_, "soft small", "m");
        y_ += 16;
    }
    y_ += 8;
    std::vector<std::string> foot = forest_.foot;
    if (!forest_.group_test.empty()) foot.push_back(forest_.group_test);
    if (forest_.band) foot.push_back("Grey band: differences too small to matter (" + forest_.band_label + ").");
    for (const std::string& text : foot) {
        for (const std::string& part : wrap_to_width(text, small_font, columns_.total)) {
            say(with_minus(part), 0, y_, "soft small");
            y_ += 16;
        }
    }
}

Figure Drawing::draw() {
    head();
    body();
    foot();
    const std::string inner = out_.take();
    const double height = std::ceil(y_);
    const std::string id = (forest_.id.empty() ? "forest" : forest_.id) + (compact_ ? "-c" : "-w");
    Markup svg;
    svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"class", compact_ ? "fig compact" : "fig wide"},
                     {"viewBox", "-2 0 " + px(columns_.total + 4) + " " + px(height)},
                     {"width", px(columns_.total + 4)},
                     {"height", px(height)},
                     {"role", "img"},
                     {"aria-labelledby", id + "-t " + id + "-d"}});
    svg.element("title", forest_.title, {{"id", id + "-t"}});
    svg.element("desc", forest_.sentence, {{"id", id + "-d"}});
    svg.append(inner).close();
    return {svg.take(), columns_.total + 4, height, std::move(hits_)};
}

} // namespace

Figure forest_svg(const Forest& forest, Layout layout) { return Drawing(forest, layout).draw(); }

Axis forest_axis(const Forest& forest, double left, double width, int most_ticks) {
    std::vector<double> must;
    if (forest.look.null) must.push_back(*forest.look.null);
    std::vector<Range> wish;
    const auto pool = [&](const ForestPool& p) {
        must.insert(must.end(), {p.estimate.low, p.estimate.at, p.estimate.high});
        if (p.prediction) wish.push_back({p.prediction->low, p.prediction->high});
    };
    for (const ForestGroup& group : forest.groups) {
        for (const ForestRow& row : group.rows) {
            must.push_back(row.estimate.at);
            wish.push_back({row.estimate.low, row.estimate.high});
        }
        if (group.pool) pool(*group.pool);
    }
    if (forest.pool) pool(*forest.pool);
    if (forest.reference) must.insert(must.end(), {forest.reference->low, forest.reference->high});
    if (forest.band) wish.push_back({forest.band->low, forest.band->high});
    Axis axis{shown_range(must, wish), left, width, {}};
    axis.ticks = ticks_for(forest.look, axis.range.low, axis.range.high, most_ticks);
    return axis;
}

} // namespace assay::plot
