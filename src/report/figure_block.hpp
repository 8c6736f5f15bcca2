// A figure on the page: the drawing, the layer of links over it, and its sentence.
#pragma once

#include "plot/figure.hpp"
#include "report/page.hpp"

namespace assay::report {

/// One drawing with its links. `css` tells at which widths it is shown: "wide", "compact", or empty for always.
void write_canvas(Page& page, const plot::Figure& figure, std::string_view css, std::string_view label);

} // namespace assay::report
