#include "plot/forest_text.hpp"

#include "plot/axis.hpp"
#include "plot/forest_svg.hpp"
#include "plot/number.hpp"
#include "plot/text_size.hpp"
#include "plot/words.hpp"

#include <algorithm>
#include <cmath>

namespace assay::plot {

namespace {

/// The characters a plot is made of.
struct Pen {
    const char *line, *left_end, *right_end, *left_arrow, *right_arrow, *null, *band, *axis, *tick, *pool_line, *pool,
        *prediction, *ellipsis;
    const char* box[3]; ///< light, middle, heavy studies
};

constexpr Pen unicode_pen{"\xE2\x94\x80", "\xE2\x94\x9C", "\xE2\x94\xA4", "\xE2\x97\x80", "\xE2\x96\xB6",
                          "\xE2\x94\x82", "\xC2\xB7",     "\xE2\x94\x80", "\xE2\x94\xB4", "\xE2\x95\x90",
                          "\xE2\x97\x86", "\xE2\x94\x84", "\xE2\x80\xA6", {"\xE2\x96\xAA", "\xE2\x97\xBC", "\xE2\x96\xA0"}};
constexpr Pen ascii_pen{"-", "|", "|", "<", ">", ":", ".", "-", "+", "=", "#", "~", "..", {"o", "O", "@"}};

struct TextLine {
    std::string label, data1, data2, weight, value;
    const Estimate* estimate = nullptr;
    const model::Interval* prediction = nullptr;
    bool pool = false, heading = false;
    int size = 1; ///< 0 light, 1 middle, 2 heavy
};

/// Text for the terminal.
std::string plain(std::string text, bool ascii) {
    const auto replace = [&](std::string_view from, std::string_view to) {
        for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
            text.replace(at, from.size(), to);
    };
    replace("\xE2\x88\x92", "-"); // so that a number can be copied from the terminal into a program
    if (!ascii) return text;
    replace("\xC2\xB2", "2");
    replace("\xCF\x84", "tau");
    replace("\xE2\x88\x9E", "inf");
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte < 0x80) out += c;
        if (byte >= 0xC0) out += '?'; // one mark for each character that ASCII lacks
    }
    return out;
}

int size_of(double weight, double heaviest) {
    if (weight < 0 || heaviest <= 0) return 1;
    const double share = std::sqrt(weight / heaviest);
    return share < 0.4 ? 0 : share < 0.75 ? 1 : 2;
}

std::vector<TextLine> text_lines(const Forest& forest) {
    std::vector<TextLine> lines;
    double heaviest = 0;
    for (const ForestGroup& group : forest.groups)
        for (const ForestRow& row : group.rows)
            heaviest = std::max(heaviest, row.weight);
    const auto add_pool = [&](const ForestPool& pool) {
        TextLine line;
        line.label = pool.label;
        line.value = forest.interval_text(pool.estimate);
        line.estimate = &pool.estimate;
        line.pool = true;
        lines.push_back(line);
        if (!pool.prediction) return;
        TextLine prediction;
        prediction.label = trimmed(forest.level * 100, 2) + "% prediction interval";
        prediction.value =
            "[" + forest.number(pool.prediction->low) + ", " + forest.number(pool.prediction->high) + "]";
        prediction.prediction = &*pool.prediction;
        lines.push_back(prediction);
    };
    for (const ForestGroup& group : forest.groups) {
        if (!group.title.empty()) {
            TextLine title;
            title.label = group.title;
            title.heading = true;
            lines.push_back(title);
        }
        for (const ForestRow& row : group.rows) {
            TextLine line;
            line.label = row.label;
            line.data1 = row.data1;
            line.data2 = row.data2;
            line.weight = row.weight >= 0 ? fixed(row.weight, 1) + "%" : "";
            line.value = forest.interval_text(row.estimate);
            line.estimate = &row.estimate;
            line.size = size_of(row.weight, heaviest);
            lines.push_back(line);
        }
        if (group.pool) add_pool(*group.pool);
    }
    if (forest.pool) add_pool(*forest.pool);
    return lines;
}

/// Column widths in cells; 0: not shown.
struct Widths {
    int label = 0, data1 = 0, data2 = 0, plot = 0, weight = 0, value = 0;

    int total() const {
        int sum = label + plot + value;
        int columns = 3;
        for (int extra : {data1, data2, weight}) {
            sum += extra;
            columns += extra > 0;
        }
        return sum + 2 * (columns - 1);
    }
};

std::string head_of(const Forest& forest) { return std::string(forest.look.id) + " [" + ci_name(forest.level) + "]"; }

Widths widths_of(const Forest& forest, const std::vector<TextLine>& lines, int width) {
    constexpr int least_plot = 17, most_label = 30, least_label = 8, most_plot = 61;
    Widths w;
    w.label = cells(forest.row_head);
    w.value = cells(head_of(forest));
    for (const TextLine& line : lines) {
        if (!line.heading && !line.pool) w.label = std::max(w.label, cells(line.label));
        w.data1 = std::max(w.data1, cells(line.data1));
        w.data2 = std::max(w.data2, cells(line.data2));
        w.weight = std::max(w.weight, cells(line.weight));
        w.value = std::max(w.value, cells(line.value));
    }
    if (w.data1 > 0) w.data1 = std::max(w.data1, cells(forest.head1));
    if (w.data2 > 0) w.data2 = std::max(w.data2, cells(forest.head2));
    if (w.weight > 0) w.weight = std::max(w.weight, 6);
    w.label = std::min(w.label, most_label);
    w.plot = least_plot;
    if (w.total() > width) w.data1 = w.data2 = 0;
    if (w.total() > width) w.weight = 0;
    if (w.total() > width) w.label = std::max(least_label, w.label - (w.total() - width));
    if (w.total() > width) w.plot = std::max(5, w.plot - (w.total() - width));
    w.plot = std::min(most_plot, w.plot + std::max(0, width - w.total()));
    return w;
}

std::string padded(std::string text, int width, bool right) {
    const int missing = std::max(0, width - cells(text));
    const std::string space(static_cast<std::size_t>(missing), ' ');
    return right ? space + text : text + space;
}

/// One row of the plot column.
class Strip {
public:
    Strip(const Axis& axis, const Pen& pen, int width)
        : axis_(axis), pen_(pen), cells_(static_cast<std::size_t>(width), " ") {}

    std::size_t at(double value) const {
        const double x = axis_.at(value);
        return static_cast<std::size_t>(
            std::clamp(std::lround(x), 0L, static_cast<long>(cells_.size()) - 1));
    }
    void put(double value, const char* mark) { cells_[at(value)] = mark; }
    void band(const model::Interval& interval) {
        for (std::size_t i = at(interval.low); i <= at(interval.high); ++i)
            cells_[i] = pen_.band;
    }
    void interval(double low, double high, const char* line, bool ends) {
        const std::size_t first = at(low), last = at(high);
        for (std::size_t i = first; i <= last; ++i)
            cells_[i] = line;
        if (ends) {
            cells_[first] = pen_.left_end;
            cells_[last] = pen_.right_end;
        }
        if (axis_.below(low)) cells_[first] = pen_.left_arrow;
        if (axis_.above(high)) cells_[last] = pen_.right_arrow;
    }
    std::string text() const {
        std::string out;
        for (const std::string& cell : cells_)
            out += cell;
        return out;
    }
    std::vector<std::string>& raw() { return cells_; }

private:
    const Axis& axis_;
    const Pen& pen_;
    std::vector<std::string> cells_;
};

std::string strip_of(const Forest& forest, const TextLine& line, const Axis& axis, const Pen& pen, int width) {
    Strip strip(axis, pen, width);
    if (forest.band) strip.band(*forest.band);
    if (forest.look.null) strip.put(*forest.look.null, pen.null);
    if (line.prediction) strip.interval(line.prediction->low, line.prediction->high, pen.prediction, true);
    if (line.estimate) {
        const Estimate& e = *line.estimate;
        strip.interval(e.low, e.high, line.pool ? pen.pool_line : pen.line, !line.pool);
        if (!axis.below(e.at) && !axis.above(e.at)) strip.put(e.at, line.pool ? pen.pool : pen.box[line.size]);
    }
    return strip.text();
}

/// The axis line and the labels under it, as two strips. Labels that would touch are left out.
std::pair<std::string, std::string> axis_strips(const Axis& axis, const Pen& pen, int width) {
    Strip line(axis, pen, width);
    for (std::string& cell : line.raw())
        cell = pen.axis;
    std::string labels(static_cast<std::size_t>(width), ' ');
    int free_from = 0;
    for (const Tick& tick : axis.ticks) {
        const int middle = static_cast<int>(line.at(tick.at));
        const int size = static_cast<int>(tick.label.size());
        const int start = std::clamp(middle - size / 2, 0, std::max(0, width - size));
        if (start < free_from || size > width) continue;
        line.put(tick.at, pen.tick);
        labels.replace(static_cast<std::size_t>(start), static_cast<std::size_t>(size), tick.label);
        free_from = start + size + 1;
    }
    return {line.text(), labels};
}

std::string favours_strip(const Forest& forest, const Pen& pen, int width, bool ascii) {
    const std::string left = plain(forest.favours_left, ascii), right = plain(forest.favours_right, ascii);
    if (left.empty() && right.empty()) return {};
    const int half = width / 2 - 2;
    const std::string first = cut_to_cells(left, half, pen.ellipsis), second = cut_to_cells(right, half, pen.ellipsis);
    return first + std::string(static_cast<std::size_t>(std::max(1, width - cells(first) - cells(second))), ' ') + second;
}

void end_line(std::string& out) {
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    out += '\n';
}

} // namespace

std::string forest_text(const Forest& forest, const TextStyle& style) {
    const Pen& pen = style.ascii ? ascii_pen : unicode_pen;
    std::vector<TextLine> lines = text_lines(forest);
    for (TextLine& line : lines)
        for (std::string* text : {&line.label, &line.data1, &line.data2, &line.value})
            *text = plain(*text, style.ascii);
    const int width = std::max(40, style.width);
    const Widths w = widths_of(forest, lines, width);
    const Axis axis = forest_axis(forest, 0, w.plot - 1, std::max(2, w.plot / 8));
    const int before_plot = w.label + 2 + (w.data1 > 0 ? w.data1 + 2 : 0) + (w.data2 > 0 ? w.data2 + 2 : 0);

    std::string out;
    const auto row = [&](const std::string& label, const std::string& data1, const std::string& data2,
                         const std::string& plot, const std::string& weight, const std::string& value) {
        std::string text;
        const bool runs_on = data1.empty() && data2.empty();
        const int label_room = runs_on ? before_plot - 2 : w.label;
        text += padded(cut_to_cells(label, label_room, pen.ellipsis), label_room, false) + "  ";
        if (!runs_on && w.data1 > 0) text += padded(data1, w.data1, true) + "  ";
        if (!runs_on && w.data2 > 0) text += padded(data2, w.data2, true) + "  ";
        text += padded(plot, w.plot, false) + "  ";
        if (w.weight > 0) text += padded(weight, w.weight, true) + "  ";
        text += padded(value, w.value, true);
        end_line(text);
        out += text;
    };
    row(forest.row_head, plain(forest.head1, style.ascii), plain(forest.head2, style.ascii), "",
        "Weight", plain(head_of(forest), style.ascii));
    for (const TextLine& line : lines) {
        if (line.heading) {
            row(line.label, "", "", strip_of(forest, line, axis, pen, w.plot), "", "");
        } else {
            row(line.label, line.data1, line.data2, strip_of(forest, line, axis, pen, w.plot), line.weight, line.value);
        }
    }
    const auto [axis_line, labels] = axis_strips(axis, pen, w.plot);
    row("", "", "", axis_line, "", "");
    row("", "", "", labels, "", "");
    const std::string sides = favours_strip(forest, pen, w.plot, style.ascii);
    if (!sides.empty()) row("", "", "", sides, "", "");
    out += '\n';
    std::vector<std::string> foot = forest.foot;
    if (!forest.group_test.empty()) foot.push_back(forest.group_test);
    if (forest.band)
        foot.push_back("Dotted: differences too small to matter (" + forest.band_label + ").");
    for (const std::string& text : foot)
        for (const std::string& part : wrap_to_cells(plain(text, style.ascii), width))
            out += part + "\n";
    return out;
}

} // namespace assay::plot
