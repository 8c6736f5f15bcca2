// A drawn figure: SVG text, its size, and the places a reader may click.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::plot {

/// A rectangle over the figure that leads somewhere. Kept apart from the SVG, which is an image (role="img") and
/// must not hold links.
struct Hit {
    double x = 0, y = 0, width = 0, height = 0;
    std::string href, label;
};

struct Figure {
    std::string svg; ///< one <svg> element without a style of its own
    double width = 0, height = 0;
    std::vector<Hit> hits;
};

/// Wide: all columns side by side. Compact: for 340 px, the numbers of a row above its bar.
enum class Layout { wide, compact };

/// Style rules for the classes used in figures. Colours are custom properties with fallbacks, so the same SVG is
/// light in print and dark where the page says so.
std::string_view figure_css();

/// A file of its own: the figure with its style, for README pictures, slides and editors.
std::string standalone(const Figure& figure);

} // namespace assay::plot
