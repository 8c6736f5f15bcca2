#include "plot/flow_svg.hpp"

#include "model/flow_boxes.hpp"
#include "plot/markup.hpp"
#include "plot/number.hpp"
#include "plot/text_size.hpp"

#include <algorithm>

namespace assay::plot {

namespace {

using model::Flow;
using model::FlowBox;

constexpr double font = 12.5, line_height = 16, pad = 8, gap_y = 26, gap_x = 26, stage_width = 24;
/// Rows of the wide diagram.
enum Row { heads, identification, screening, retrieval, eligibility, included, total, row_count };

/// "(n = 40)" in one piece: with no-break spaces (U+00A0).
std::string number(std::int64_t n) {
    return "(n\xC2\xA0=\xC2\xA0" + count(static_cast<double>(n)) + ")";
}

std::string n_of(const std::optional<std::int64_t>& n) {
    return n ? number(*n) : "(n not stated)";
}

std::string titled(const Flow& flow, FlowBox box) {
    return std::string(model::flow_box(box).title) + " " + n_of(flow[box]);
}

/// One box: its paragraphs, and where it stands.
struct Box {
    int column = 0, row = 0;
    std::vector<std::string> text; ///< paragraphs; the first character '\t' sets one in
    bool head = false, side = false;
    // Filled by the layout.
    std::vector<std::string> lines = {};
    double x = 0, y = 0, width = 0, height = 0;
};

void lines_of_parts(const Flow& flow, FlowBox box, std::vector<std::string>& text) {
    for (const model::FlowPart& part : flow.of(box))
        text.push_back("\t" + part.label + " " + number(part.n));
}

std::vector<std::string> sources_text(const Flow& flow, std::initializer_list<FlowBox> boxes) {
    std::vector<std::string> text{"Records identified from:"};
    for (const FlowBox box : boxes) {
        if (!flow[box] || (*flow[box] == 0 && flow.of(box).empty() && boxes.size() > 1)) continue;
        text.push_back(titled(flow, box));
        lines_of_parts(flow, box, text);
    }
    if (text.size() == 1) text.push_back(number(0));
    return text;
}

std::vector<std::string> removed_text(const Flow& flow) {
    std::vector<std::string> text{"Records removed before screening:"};
    for (const FlowBox box : {FlowBox::duplicates, FlowBox::excluded_automatic, FlowBox::excluded_other}) {
        if (!flow[box]) continue;
        text.push_back(titled(flow, box));
        lines_of_parts(flow, box, text);
    }
    if (text.size() == 1) text.push_back("(n not stated)");
    return text;
}

std::vector<std::string> excluded_text(const Flow& flow, FlowBox box) {
    std::vector<std::string> text{titled(flow, box)};
    lines_of_parts(flow, box, text);
    return text;
}

bool has_other(const Flow& flow) {
    return flow[FlowBox::website_results] || flow[FlowBox::organisation_results] ||
           flow[FlowBox::citations_results];
}

bool has_previous(const Flow& flow) {
    return flow[FlowBox::previous_studies] || flow[FlowBox::previous_reports];
}

struct Columns {
    int previous = -1, main = 0, side = 1, other = -1, other_side = -1, count = 2;
};

Columns columns_of(const Flow& flow) {
    Columns c;
    int next = 0;
    if (has_previous(flow)) c.previous = next++;
    c.main = next++, c.side = next++;
    if (has_other(flow)) c.other = next++, c.other_side = next++;
    c.count = next;
    return c;
}

std::vector<Box> boxes_of(const Flow& flow, const Columns& c) {
    std::vector<Box> all;
    if (c.previous >= 0) {
        all.push_back({c.previous, heads, {"Previous studies"}, true, false});
        std::vector<std::string> text;
        for (const FlowBox box : {FlowBox::previous_studies, FlowBox::previous_reports})
            if (flow[box]) text.push_back(titled(flow, box));
        all.push_back({c.previous, identification, text, false, false});
    }
    all.push_back({c.main, heads, {"New studies via databases and registers"}, true, false});
    all.push_back({c.main, identification,
                   sources_text(flow, {FlowBox::database_results, FlowBox::register_results}), false, false});
    all.push_back({c.side, identification, removed_text(flow), false, true});
    all.push_back({c.main, screening, {titled(flow, FlowBox::records_screened)}, false, false});
    all.push_back({c.side, screening, {titled(flow, FlowBox::records_excluded)}, false, true});
    all.push_back({c.main, retrieval, {titled(flow, FlowBox::dbr_sought_reports)}, false, false});
    all.push_back({c.side, retrieval, {titled(flow, FlowBox::dbr_notretrieved_reports)}, false, true});
    all.push_back({c.main, eligibility, {titled(flow, FlowBox::dbr_assessed)}, false, false});
    all.push_back({c.side, eligibility, excluded_text(flow, FlowBox::dbr_excluded), false, true});
    if (c.other >= 0) {
        all.push_back({c.other, heads, {"New studies via other methods"}, true, false});
        auto text = sources_text(
            flow, {FlowBox::website_results, FlowBox::organisation_results, FlowBox::citations_results});
        if (flow[FlowBox::other_left_out].value_or(0) > 0)
            text.push_back(titled(flow, FlowBox::other_left_out));
        all.push_back({c.other, identification, text, false, false});
        all.push_back({c.other, retrieval, {titled(flow, FlowBox::other_sought_reports)}, false, false});
        all.push_back(
            {c.other_side, retrieval, {titled(flow, FlowBox::other_notretrieved_reports)}, false, true});
        all.push_back({c.other, eligibility, {titled(flow, FlowBox::other_assessed)}, false, false});
        all.push_back({c.other_side, eligibility, excluded_text(flow, FlowBox::other_excluded), false, true});
    }
    all.push_back({c.main,
                   included,
                   {titled(flow, FlowBox::new_studies), titled(flow, FlowBox::new_reports)},
                   false,
                   false});
    if (c.previous >= 0)
        all.push_back({c.main,
                       total,
                       {titled(flow, FlowBox::total_studies), titled(flow, FlowBox::total_reports)},
                       false,
                       false});
    return all;
}

void wrap(Box& box) {
    box.lines.clear();
    for (const std::string& paragraph : box.text) {
        const bool inset = paragraph.starts_with('\t');
        const std::string text = inset ? paragraph.substr(1) : paragraph;
        const double room = box.width - 2 * pad - (inset ? 10 : 0);
        for (const std::string& line : wrap_to_width(text, font, room))
            box.lines.push_back((inset ? "\t" : "") + cut_to_width(line, font, room));
    }
    box.height = static_cast<double>(box.lines.size()) * line_height + 2 * pad;
}

void draw(Markup& out, const Box& box) {
    out.leaf("rect", {{"class", box.head ? "flowhead" : "flowbox"},
                      {"x", px(box.x)},
                      {"y", px(box.y)},
                      {"width", px(box.width)},
                      {"height", px(box.height)},
                      {"rx", box.head ? "6" : "2"}});
    double y = box.y + pad + line_height - 4;
    for (const std::string& line : box.lines) {
        const bool inset = line.starts_with('\t');
        out.element("text", inset ? line.substr(1) : line,
                    {{"x", px(box.x + pad + (inset ? 10 : 0))},
                     {"y", px(y)},
                     {"class", box.head ? "flow head"
                               : inset  ? "flow soft"
                                        : "flow"}});
        y += line_height;
    }
    out.line();
}

/// A line through the points, an arrow head at its end.
void arrow(Markup& out, const std::vector<std::pair<double, double>>& points) {
    std::string path;
    for (const auto& [x, y] : points)
        path += (path.empty() ? "M" : "L") + px(x) + " " + px(y);
    out.leaf("path", {{"class", "flowline"}, {"d", path}});
    const auto [x, y] = points.back();
    const auto [from_x, from_y] = points[points.size() - 2];
    constexpr double size = 5;
    const double dx = x > from_x ? 1 : x < from_x ? -1 : 0, dy = y > from_y ? 1 : y < from_y ? -1 : 0;
    out.leaf("path", {{"class", "flowtip"},
                      {"d", "M" + px(x) + " " + px(y) + "L" + px(x - size * (dx + dy * .7)) + " " +
                                px(y - size * (dy + dx * .7)) + "L" + px(x - size * (dx - dy * .7)) + " " +
                                px(y - size * (dy - dx * .7)) + "Z"}})
        .line();
}

const Box* at(const std::vector<Box>& boxes, int column, int row) {
    const auto found = std::find_if(boxes.begin(), boxes.end(),
                                    [&](const Box& b) { return b.column == column && b.row == row; });
    return found == boxes.end() ? nullptr : &*found;
}

double middle(const Box& box) {
    return box.x + box.width / 2;
}

void down(Markup& out, const Box& from, const Box& to) {
    arrow(out, {{middle(from), from.y + from.height}, {middle(from), to.y}});
}

void aside(Markup& out, const Box& from, const Box& to) {
    const double y = from.y + std::min(from.height, to.height) / 2;
    arrow(out, {{from.x + from.width, y}, {to.x, y}});
}

void stage(Markup& out, const char* name, double top, double bottom) {
    const double x = stage_width / 2, y = (top + bottom) / 2;
    out.leaf("rect", {{"class", "flowstage"},
                      {"x", "0"},
                      {"y", px(top)},
                      {"width", px(stage_width - 4)},
                      {"height", px(bottom - top)},
                      {"rx", "4"}});
    out.element("text", name,
                {{"class", "flow m head"},
                 {"x", px(x - 2)},
                 {"y", px(y + 4)},
                 {"transform", "rotate(-90 " + px(x - 2) + " " + px(y) + ")"}})
        .line();
}

/// Boxes in a grid: each row as high as its highest box. Returns the bottom.
double wide(Markup& out, std::vector<Box>& boxes, const Columns& c, double width) {
    const double column =
        (width - stage_width - gap_x * static_cast<double>(c.count - 1)) / static_cast<double>(c.count);
    double heights[row_count] = {};
    for (Box& box : boxes) {
        box.x = stage_width + box.column * (column + gap_x);
        const bool over_two = box.head && box.column != c.previous;
        box.width = over_two ? 2 * column + gap_x : column;
        wrap(box);
        heights[box.row] = std::max(heights[box.row], box.height);
    }
    double tops[row_count + 1] = {}, y = 4;
    for (int row = 0; row < row_count; ++row) {
        tops[row] = y;
        if (heights[row] > 0) y += heights[row] + (row == heads ? 12 : gap_y);
    }
    tops[row_count] = y;
    for (Box& box : boxes)
        box.y = tops[box.row];
    const auto link = [&](int column_, int from, int to) {
        const Box *a = at(boxes, column_, from), *b = at(boxes, column_, to);
        if (a && b) down(out, *a, *b);
    };
    const auto side = [&](int main, int beside, int row) {
        const Box *a = at(boxes, main, row), *b = at(boxes, beside, row);
        if (a && b) aside(out, *a, *b);
    };
    for (const int row : {identification, screening, retrieval, eligibility}) {
        side(c.main, c.side, row);
        link(c.main, row, row + 1);
    }
    link(c.main, included, total);
    if (c.other >= 0) {
        link(c.other, identification, retrieval);
        link(c.other, retrieval, eligibility);
        side(c.other, c.other_side, retrieval);
        side(c.other, c.other_side, eligibility);
        const Box *from = at(boxes, c.other, eligibility), *to = at(boxes, c.main, included);
        const double end = to->y + to->height / 2;
        arrow(out, {{middle(*from), from->y + from->height}, {middle(*from), end}, {to->x + to->width, end}});
    }
    if (c.previous >= 0) {
        const Box *from = at(boxes, c.previous, identification), *to = at(boxes, c.main, total);
        const double end = to->y + to->height / 2;
        arrow(out, {{middle(*from), from->y + from->height}, {middle(*from), end}, {to->x, end}});
    }
    stage(out, "Identification", tops[identification], tops[identification] + heights[identification]);
    stage(out, "Screening", tops[screening], tops[eligibility] + heights[eligibility]);
    const int last = heights[total] > 0 ? total : included;
    stage(out, "Included", tops[included], tops[last] + heights[last]);
    for (const Box& box : boxes)
        draw(out, box);
    return tops[last] + heights[last];
}

/// One box below the other, column group by column group; what leaves is set in.
double compact(Markup& out, std::vector<Box>& boxes, const Columns& c, double width) {
    constexpr double inset = 30, small_gap = 10;
    std::vector<Box*> order;
    const auto take = [&](int column, int first, int last) {
        for (int row = first; row <= last; ++row)
            for (Box& box : boxes)
                if (box.row == row && (box.column == column || (box.side && box.column == column + 1)))
                    order.push_back(&box);
    };
    if (c.previous >= 0) take(c.previous, heads, identification);
    take(c.main, heads, eligibility);
    if (c.other >= 0) take(c.other, heads, eligibility);
    take(c.main, included, total);
    double y = 4;
    const Box* before = nullptr; // the last box of the main line
    for (Box* box : order) {
        box->x = box->side ? inset : 0;
        box->width = width - box->x;
        wrap(*box);
        const bool flows = before && !before->head && !box->head && !box->side;
        box->y = y + (flows ? small_gap : 0);
        if (flows) arrow(out, {{12, before->y + before->height}, {12, box->y}});
        if (box->side && before)
            arrow(out, {{12, before->y + before->height}, {12, box->y + 16}, {box->x, box->y + 16}});
        if (!box->side) before = box->head ? nullptr : box;
        draw(out, *box);
        y = box->y + box->height + small_gap;
    }
    return y - small_gap;
}

} // namespace

std::string flow_sentence(const Flow& flow) {
    const auto n = [&](FlowBox box) {
        return flow[box] ? count(static_cast<double>(*flow[box])) : std::string("an unstated number of");
    };
    const auto sum = [&](std::initializer_list<FlowBox> boxes) {
        std::int64_t all = 0;
        for (const FlowBox box : boxes)
            all += flow[box].value_or(0);
        return count(static_cast<double>(all));
    };
    std::string text = sum({FlowBox::database_results, FlowBox::register_results}) +
                       " records from databases and registers; " +
                       sum({FlowBox::duplicates, FlowBox::excluded_automatic, FlowBox::excluded_other}) +
                       " removed before screening; " + n(FlowBox::records_screened) + " screened, " +
                       n(FlowBox::records_excluded) + " excluded; " + n(FlowBox::dbr_sought_reports) +
                       " reports sought, " + n(FlowBox::dbr_notretrieved_reports) + " not retrieved; " +
                       n(FlowBox::dbr_assessed) + " assessed, " + n(FlowBox::dbr_excluded) + " excluded";
    if (has_other(flow))
        text += "; from other methods " +
                sum({FlowBox::website_results, FlowBox::organisation_results, FlowBox::citations_results}) +
                " records, " + n(FlowBox::other_assessed) + " reports assessed, " +
                n(FlowBox::other_excluded) + " excluded";
    return text + "; " + n(FlowBox::new_studies) + " studies in " + n(FlowBox::new_reports) +
           " reports included.";
}

std::vector<std::string> flow_footnotes(const Flow& flow) {
    std::vector<std::string> notes;
    for (const model::FlowProblem& problem : flow.problems) {
        const std::string what = problem.check + ": " + problem.text + ".";
        if (problem.accepted)
            notes.push_back(what + " Accepted by " + problem.accepted->who + ", " + problem.accepted->when +
                            ": " + problem.accepted->why);
        else
            notes.push_back("Does not add up. " + what);
    }
    notes.insert(notes.end(), flow.notes.begin(), flow.notes.end());
    return notes;
}

Figure flow_svg(const Flow& flow, Layout layout, const std::string& waiting) {
    if (flow.origin == model::FlowOrigin::none) return {};
    const Columns c = columns_of(flow);
    const double width = layout == Layout::compact ? 338 : c.count > 3 ? 980 : 900;
    std::vector<Box> boxes = boxes_of(flow, c);
    Markup body;
    double y = layout == Layout::compact ? compact(body, boxes, c, width) : wide(body, boxes, c, width);
    std::vector<std::string> notes = flow_footnotes(flow);
    if (!waiting.empty()) notes.insert(notes.begin(), "Not finished: " + waiting + ".");
    y += 8;
    for (const std::string& note : notes) {
        for (const std::string& line : wrap_to_width(note, font, width)) {
            y += line_height;
            body.element("text", cut_to_width(line, font, width),
                         {{"x", "0"}, {"y", px(y)}, {"class", "flow"}});
        }
        y += 4;
        body.line();
    }
    const double height = y + 8;
    const std::string id = layout == Layout::compact ? "flowfig-c" : "flowfig-w";
    Markup svg;
    svg.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"class", layout == Layout::compact ? "fig flow compact" : "fig flow"},
                     {"viewBox", "-2 0 " + px(width + 4) + " " + px(height)},
                     {"width", px(width + 4)},
                     {"height", px(height)},
                     {"role", "img"},
                     {"aria-labelledby", id + "-t " + id + "-d"}});
    svg.element("title", "Flow of records through the review (PRISMA 2020)", {{"id", id + "-t"}});
    svg.element("desc", flow_sentence(flow) + (waiting.empty() ? "" : " Not finished: " + waiting + "."),
                {{"id", id + "-d"}});
    svg.append(body.take()).close();
    return {svg.take(), width + 4, height, {}};
}

} // namespace assay::plot
