#include "plot/traffic.hpp"

#include "plot/markup.hpp"
#include "plot/text_size.hpp"

#include <algorithm>
#include <cmath>

namespace assay::plot {

namespace {

constexpr double font = 13, row_height = 30, radius = 10.5, step = 44, width = 720, longest_label = 300;

std::string_view css(Tone tone) {
    switch (tone) {
    case Tone::good:
        return "tgood";
    case Tone::middling:
        return "twarn";
    case Tone::bad:
        return "tbad";
    case Tone::open:
        break;
    }
    return "topen";
}

void light(Markup& out, const Light& what, double x, double y) {
    out.leaf("circle",
             {{"cx", px(x)}, {"cy", px(y)}, {"r", px(radius)}, {"class", std::string(css(what.tone))}});
    if (what.person)
        out.leaf("circle",
                 {{"cx", px(x)}, {"cy", px(y)}, {"r", px(radius + 3)}, {"class", "null"}, {"fill", "none"}});
    out.element("text", what.letter,
                {{"x", px(x)},
                 {"y", px(y + 4)},
                 {"class", what.tone == Tone::open ? "small" : "tletter small"},
                 {"text-anchor", "middle"}});
}

Markup begin(const Lights& lights, const std::string& id, double height, const std::string& sentence) {
    Markup out;
    out.open("svg", {{"xmlns", "http://www.w3.org/2000/svg"},
                     {"class", "fig"},
                     {"viewBox", "-2 0 " + px(width) + " " + px(height)},
                     {"width", px(width)},
                     {"height", px(height)},
                     {"role", "img"},
                     {"aria-labelledby", id + "-t " + id + "-d"}});
    out.element("title", lights.title, {{"id", id + "-t"}});
    out.element("desc", sentence, {{"id", id + "-d"}}).line();
    return out;
}

/// What the columns and letters mean; returns the height it takes.
double explain(Markup* out, const Lights& lights, double top, bool columns) {
    double y = top, x = 4;
    for (const Light& each : lights.legend) {
        const double wide = 2 * radius + 10 + text_width(each.word, font) + 18;
        if (x > 4 && x + wide > width) x = 4, y += row_height;
        if (out) {
            light(*out, each, x + radius, y + radius);
            out->element("text", each.word, {{"x", px(x + 2 * radius + 6)}, {"y", px(y + radius + 4)}});
        }
        x += wide;
    }
    y += row_height;
    if (columns) {
        std::string text;
        for (const auto& [name, label] : lights.columns)
            if (name != label) text += (text.empty() ? "" : "; ") + name + " " + label;
        const bool ring = std::any_of(lights.rows.begin(), lights.rows.end(), [](const LightRow& row) {
            return std::any_of(row.lights.begin(), row.lights.end(),
                               [](const Light& each) { return each.person; });
        });
        if (ring) text += ". A ring: a person decided";
        for (const std::string& line : wrap_to_width(text, font, width - 8)) {
            if (out) out->element("text", line, {{"x", "4"}, {"y", px(y + font)}, {"class", "soft"}});
            y += 18;
        }
    }
    return y - top;
}

} // namespace

Tone tone_of(int index, std::size_t size) {
    if (index < 0) return Tone::open;
    if (index == 0) return Tone::good;
    return static_cast<std::size_t>(index) >= (size + 1) / 2 ? Tone::bad : Tone::middling;
}

std::string_view to_string(Tone tone) {
    switch (tone) {
    case Tone::good:
        return "low";
    case Tone::middling:
        return "some";
    case Tone::bad:
        return "high";
    case Tone::open:
        break;
    }
    return "open";
}

Figure lights_svg(const Lights& lights) {
    const double columns = static_cast<double>(lights.columns.size());
    const double room = std::max(120.0, std::min(longest_label, width - columns * step - 20));
    const double head = 34, below = head + row_height * static_cast<double>(lights.rows.size()) + 10;
    const double height = below + explain(nullptr, lights, 0, true) + 6;
    std::string sentence =
        std::to_string(lights.rows.size()) + (lights.rows.size() == 1 ? " result" : " results");
    for (const LightRow& row : lights.rows)
        sentence += "; " + row.label + ": " + (row.lights.empty() ? "" : row.lights.back().word);
    Figure figure;
    figure.width = width;
    figure.height = height;
    Markup out = begin(lights, lights.id, height, sentence);
    const double first = room + 30;
    for (std::size_t i = 0; i < lights.columns.size(); ++i)
        out.element("text", lights.columns[i].first,
                    {{"x", px(first + step * static_cast<double>(i))},
                     {"y", "20"},
                     {"class", "head"},
                     {"text-anchor", "middle"}});
    out.leaf("line", {{"x1", "0"},
                      {"x2", px(first + step * columns)},
                      {"y1", px(head - 6)},
                      {"y2", px(head - 6)},
                      {"class", "rule"}})
        .line();
    for (std::size_t r = 0; r < lights.rows.size(); ++r) {
        const LightRow& row = lights.rows[r];
        const double y = head + row_height * (static_cast<double>(r) + 0.5);
        out.element("text", cut_to_width(row.label, font, room),
                    {{"x", "4"}, {"y", px(y + 4)}, {"class", "name"}});
        for (std::size_t i = 0; i < row.lights.size(); ++i)
            light(out, row.lights[i], first + step * static_cast<double>(i), y);
        out.line();
        if (!row.href.empty())
            figure.hits.push_back(
                {0, y - row_height / 2, first + step * columns, row_height, row.href, row.label});
    }
    explain(&out, lights, below, true);
    out.close();
    figure.svg = out.take();
    return figure;
}

Figure light_bars_svg(const Lights& lights) {
    const double bar = 20, line = 46, left = 4, full = width - 2 * left;
    const double below = 6 + line * static_cast<double>(lights.columns.size()) + 8;
    const double height = below + explain(nullptr, lights, 0, false) + 6;
    std::vector<Light> words = lights.legend;
    Light open;
    open.letter = "?";
    open.word = "not judged";
    words.push_back(open);
    std::string sentence;
    struct Bar {
        std::string text;
        std::vector<std::size_t> counts;
    };
    std::vector<Bar> bars;
    for (std::size_t c = 0; c < lights.columns.size(); ++c) {
        Bar made;
        made.counts.assign(words.size(), 0);
        for (const LightRow& row : lights.rows)
            for (std::size_t i = 0; i < words.size(); ++i)
                if (c < row.lights.size() && row.lights[c].word == words[i].word) ++made.counts[i];
        for (std::size_t i = 0; i < words.size(); ++i)
            if (made.counts[i] > 0)
                made.text +=
                    (made.text.empty() ? "" : ", ") + std::to_string(made.counts[i]) + " " + words[i].word;
        const auto& [name, label] = lights.columns[c];
        made.text = (name == label ? name : name + " " + label) + ": " + made.text;
        sentence += (sentence.empty() ? "" : "; ") + made.text;
        bars.push_back(std::move(made));
    }
    Markup out = begin(lights, lights.id + "-bars", height, sentence);
    for (std::size_t c = 0; c < bars.size(); ++c) {
        const double y = 6 + line * static_cast<double>(c);
        out.element("text", cut_to_width(bars[c].text, font, full), {{"x", px(left)}, {"y", px(y + font)}});
        double x = left;
        for (std::size_t i = 0; i < words.size(); ++i) {
            if (bars[c].counts[i] == 0) continue;
            const double wide =
                full * static_cast<double>(bars[c].counts[i]) / static_cast<double>(lights.rows.size());
            out.leaf("rect", {{"x", px(x)},
                              {"y", px(y + 18)},
                              {"width", px(std::max(1.0, wide - 2))},
                              {"height", px(bar)},
                              {"class", std::string(css(words[i].tone))}});
            if (wide > 24)
                out.element("text", words[i].letter,
                            {{"x", px(x + wide / 2)},
                             {"y", px(y + 18 + 15)},
                             {"class", words[i].tone == Tone::open ? "small" : "tletter small"},
                             {"text-anchor", "middle"}});
            x += wide;
        }
        out.line();
    }
    explain(&out, lights, below, false);
    out.close();
    Figure figure;
    figure.width = width;
    figure.height = height;
    figure.svg = out.take();
    return figure;
}

} // namespace assay::plot
