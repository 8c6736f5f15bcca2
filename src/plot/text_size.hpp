// How wide a text will be: an estimate for layout in SVG (proportional font) and the number of cells in a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace assay::plot {

/// Width in px at this font size, on the wide side for the common system fonts.
double text_width(std::string_view utf8, double font_size);

/// Terminal cells: one per character, none for combining marks, two for wide East Asian characters.
int cells(std::string_view utf8);

/// Cut with an ellipsis so that it fits.
std::string cut_to_width(std::string_view utf8, double font_size, double width);
std::string cut_to_cells(std::string_view utf8, int width, std::string_view ellipsis);

/// Lines broken at spaces; a word longer than the line stays whole.
std::vector<std::string> wrap_to_width(std::string_view utf8, double font_size, double width);
std::vector<std::string> wrap_to_cells(std::string_view utf8, int width);

} // namespace assay::plot
