#include "report/figure_block.hpp"

namespace assay::report {

void write_canvas(Page& page, const plot::Figure& figure, std::string_view css, std::string_view label) {
    const std::string name = css.empty() ? "canvas" : "canvas " + std::string(css);
    page.out.open("div", {{"class", name}}).append(figure.svg);
    if (!figure.hits.empty()) {
        page.out.line();
        page.out.open("svg", {{"class", "hits"},
                              {"viewBox", "-2 0 " + plot::px(figure.width) + " " + plot::px(figure.height)},
                              {"role", "group"},
                              {"aria-label", "Rows of: " + std::string(label)}});
        for (const plot::Hit& hit : figure.hits) {
            page.out.open("a", {{"href", hit.href}, {"aria-label", hit.label}});
            page.out.leaf("rect", {{"x", plot::px(hit.x)}, {"y", plot::px(hit.y)}, {"width", plot::px(hit.width)},
                                   {"height", plot::px(hit.height)}, {"rx", "3"}});
            page.out.close();
        }
        page.out.close();
    }
    page.out.close().line();
}

} // namespace assay::report
