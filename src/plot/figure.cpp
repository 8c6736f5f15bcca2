#include "plot/figure.hpp"

#include "plot/markup.hpp"

namespace assay::plot {

std::string_view figure_css() {
    return R"(svg.fig{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-size:13px;font-variant-numeric:tabular-nums}
.fig text{fill:var(--ink,#1d2327)}
.fig .e{text-anchor:end}
.fig .m{text-anchor:middle}
.fig .soft{fill:var(--soft,#59646d)}
.fig .head{font-weight:600}
.fig.compact .name,.fig.compact .head,.fig.compact .row .e{paint-order:stroke;stroke:var(--paper,#ffffff);stroke-width:4px;stroke-linejoin:round}
.fig .small{font-size:11.5px}
.fig .rule{stroke:var(--line,#c9d0d6);stroke-width:1}
.fig .axis{stroke:var(--soft,#59646d);stroke-width:1}
.fig .null{stroke:var(--ink,#1d2327);stroke-width:1}
.fig .ref{stroke:var(--pool,#8a3d12);stroke-width:1.25;stroke-dasharray:4 3}
.fig .band{fill:var(--band,#e9edf0)}
.fig .ci{stroke:var(--mark,#1f5d8c);stroke-width:1.5;fill:none}
.fig .arrow{fill:var(--mark,#1f5d8c)}
.fig .box{fill:var(--mark,#1f5d8c)}
.fig .diamond{fill:var(--pool,#8a3d12)}
.fig .pi{stroke:var(--pool,#8a3d12);stroke-width:3;stroke-opacity:.75;fill:none}
.fig .piarrow{fill:var(--pool,#8a3d12)}
.fig .c10{fill:var(--fun0,#ffffff)}
.fig .c05{fill:var(--fun1,#e3e8ec)}
.fig .c01{fill:var(--fun2,#c8d1d8)}
.fig .out{fill:var(--fun3,#f3f5f6)}
.fig .dot{fill:var(--mark,#1f5d8c);stroke:var(--paper,#ffffff);stroke-width:1}
.fig .tgood{fill:var(--good,#1d6b45)}
.fig .twarn{fill:var(--warn,#7a5200)}
.fig .tbad{fill:var(--bad,#9b2c2c)}
.fig .topen{fill:none;stroke:var(--soft,#59646d);stroke-dasharray:3 2}
.fig .tletter{fill:var(--paper,#ffffff);font-weight:700}
.fig text.flow{font-size:12.5px}
.fig .flowbox{fill:var(--paper,#ffffff);stroke:var(--soft,#59646d);stroke-width:1}
.fig .flowhead,.fig .flowstage{fill:var(--band,#e9edf0)}
.fig .flowline{fill:none;stroke:var(--soft,#59646d);stroke-width:1.25}
.fig .flowtip{fill:var(--soft,#59646d)}
.fig .warnbox{fill:var(--warnbg,#fdf3dc);stroke:var(--warn,#8a5a00);stroke-width:1}
)";
}

namespace {
/// The rules with each custom property replaced by its fallback: programs that draw SVG files know no var().
std::string plain_css() {
    std::string css(figure_css());
    for (auto at = css.find("var("); at != std::string::npos; at = css.find("var(", at)) {
        const auto comma = css.find(',', at), close = css.find(')', at);
        css = css.substr(0, at) + css.substr(comma + 1, close - comma - 1) + css.substr(close + 1);
    }
    return css;
}
} // namespace

std::string standalone(const Figure& figure) {
    std::string svg = figure.svg;
    const std::size_t end = svg.find('>');
    std::string style = "<style>";
    style += plain_css();
    style += "svg.fig{background:#ffffff}\n</style>";
    svg.insert(end + 1, style);
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + svg + "\n";
}

} // namespace assay::plot
