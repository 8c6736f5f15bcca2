// Where the records came from and what became of them: the diagram, the sources, the full texts that were
// excluded. What is not known is said, never drawn.
#include "certainty/flow.hpp"

#include "model/flow_boxes.hpp"
#include "plot/flow_svg.hpp"
#include "plot/number.hpp"
#include "report/figure_block.hpp"
#include "report/parts.hpp"

namespace assay::report {

namespace {

using model::Flow;
using model::FlowOrigin;

std::string counted(std::size_t n, const char* one, const char* many) {
    return plot::count(static_cast<double>(n)) + " " + (n == 1 ? one : many);
}

void nothing_known(Page& page) {
    page.paragraph(
        "The searching and screening of this review were not done with assay, and the review states no "
        "counts. So there is no flow diagram: how many records were found, screened and excluded is not "
        "known here.",
        "marked");
    page.paragraph(page.review.search_note);
    page.paragraph("What the review does hold: " + counted(page.review.studies.size(), "study", "studies") +
                   " from " + counted(page.review.reports.size(), "source", "sources") +
                   ". That is no count of what was searched.");
}

void figure(Page& page, const Flow& flow) {
    const std::string waiting = certainty::waiting_text(flow);
    page.out.open("figure", {{"class", "plot flow"}, {"id", "fig-flow"}}).line();
    write_canvas(page, plot::flow_svg(flow, plot::Layout::wide, waiting), "wide", "Flow of records");
    write_canvas(page, plot::flow_svg(flow, plot::Layout::compact, waiting), "compact", "Flow of records");
    page.out.element("figcaption", plot::flow_sentence(flow)).close().line();
    page.begin_details("The same as a table");
    page.begin_table("Boxes of the flow diagram", {{"Box"}, {"Number", true}, {"Made up of"}});
    for (const model::FlowBoxRow& box : model::flow_box_table()) {
        const auto& n = flow[box.box];
        if (!n) continue;
        std::string parts;
        for (const model::FlowPart& part : flow.of(box.box))
            parts +=
                (parts.empty() ? "" : "; ") + part.label + " " + plot::count(static_cast<double>(part.n));
        page.row();
        const bool other = box.name.starts_with("other_") && box.template_box;
        page.cell(std::string(box.title) + (other ? " (other methods)" : ""));
        page.cell(plot::count(static_cast<double>(*n)));
        page.cell(parts);
        page.end_row();
    }
    page.end_table();
    page.end_details();
}

void sources(Page& page, const Flow& flow) {
    if (flow.sources.empty()) return;
    const bool counted_here = flow.origin == FlowOrigin::events;
    page.heading(3, "Sources", "flow-sources");
    std::vector<Column> columns{{"Source"}, {"Kind"}, {"Records", true}};
    if (counted_here) columns.insert(columns.end(), {{"Only there", true}, {"Brought in"}});
    page.begin_table("Where the records came from", columns);
    for (const model::FlowSource& source : flow.sources) {
        page.row();
        page.cell(source.label);
        page.cell(source.kind);
        page.cell(plot::count(static_cast<double>(source.records)));
        if (counted_here) {
            page.cell(plot::count(static_cast<double>(source.only_here)));
            page.cell(source.when.substr(0, 10));
        }
        page.end_row();
    }
    page.end_table();
}

void excluded(Page& page, const Flow& flow) {
    if (flow.excluded.empty()) return;
    page.out.open("div", {{"id", "flow-excluded"}}).line();
    page.begin_details("Full texts excluded: " + std::to_string(flow.excluded.size()));
    page.begin_table("Full texts that were read and excluded", {{"Title"}, {"Year"}, {"Reason"}});
    for (const model::FlowExcluded& row : flow.excluded) {
        page.row();
        page.cell(row.title.empty() ? "record " + std::to_string(row.record) : row.title);
        page.cell(row.year);
        page.cell(row.why.empty() ? "no reason given" : row.why);
        page.end_row();
    }
    page.end_table();
    page.end_details();
    page.out.close().line();
}

void how(Page& page, const Flow& flow) {
    if (flow.origin == FlowOrigin::stated) {
        page.paragraph(
            "These counts are what the review states (flow.csv). Assay did not count them; it checked "
            "whether they fit one another.");
        return;
    }
    page.heading(3, "How the records were read", "flow-how");
    page.paragraph(
        "Every count follows from the log of the review's records: who brought in which file, which "
        "records are copies of one another, who decided what about each and why. Nobody typed a count.");
    for (const std::string& note : flow.notes)
        page.paragraph(note);
}

} // namespace

void write_flow(Page& page) {
    const Flow& flow = page.results.flow;
    page.out.open("section", {{"id", "flow"}, {"aria-labelledby", "flow-h"}}).line();
    page.out.element("h2", "Records and flow", {{"id", "flow-h"}}).line();
    if (flow.origin == FlowOrigin::none) {
        nothing_known(page);
    } else {
        figure(page, flow);
        how(page, flow);
        sources(page, flow);
        excluded(page, flow);
    }
    page.out.close().line();
}

} // namespace assay::report
