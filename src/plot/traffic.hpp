// Judgements as a table of lights and as bars: colour, letter and word together, so that none is needed
// alone.
#pragma once

#include "plot/figure.hpp"

#include <string>
#include <utility>
#include <vector>

namespace assay::plot {

enum class Tone { good, middling, bad, open };

/// Where a judgement stands on its scale of `size`, best first; `index` < 0: not judged.
Tone tone_of(int index, std::size_t size);
/// "good", "middling", ...: for class names.
std::string_view to_string(Tone tone);

struct Light {
    std::string letter, word; ///< "S", "Some concerns"; not judged: "?", "not judged"
    Tone tone = Tone::open;
    bool person = false; ///< a person decided: marked with a ring
};

struct LightRow {
    std::string label;         ///< of the trial and its result
    std::string href;          ///< where the label leads; empty: nowhere
    std::vector<Light> lights; ///< one per column
};

struct Lights {
    std::string id, title;                                    ///< id: for the title of the figure
    std::vector<std::pair<std::string, std::string>> columns; ///< "D1", "randomisation"; the last is overall
    std::vector<LightRow> rows;
    std::vector<Light> legend; ///< every judgement of the tool, best first
};

/// One row per result, one light per column, and what the letters and columns mean.
Figure lights_svg(const Lights& lights);

/// One bar per column: the share of rows with each judgement, with the counts in words.
Figure light_bars_svg(const Lights& lights);

} // namespace assay::plot
