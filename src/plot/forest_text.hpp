// Draws a forest plot with characters, for a terminal of a given width.
#pragma once

#include "plot/forest.hpp"

#include <string>

namespace assay::plot {

struct TextStyle {
    int width = 80;     ///< cells; below 40 it is taken as 40
    bool ascii = false; ///< no characters beyond ASCII
};

/// Lines ended by '\n', none wider than the style's width. Columns give way in this order: data, weights; the
/// estimate always stays.
std::string forest_text(const Forest& forest, const TextStyle& style = {});

} // namespace assay::plot
