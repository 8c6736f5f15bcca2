#include "report/flow_csv.hpp"

#include "model/flow_boxes.hpp"
#include "text/csv.hpp"

#include <array>

namespace assay::report {

namespace {

using model::FlowBox;

constexpr int no_box = -1;

/// One row of the template. `box` < 0: a head or a side label without a number.
struct Row {
    std::string_view data, node, place;
    int box = no_box;
    bool parts = false;
    std::string_view text = {}; ///< of rows without a box
};

constexpr int at(FlowBox box) {
    return static_cast<int>(box);
}

constexpr Row rows[] = {
    {"NA", "node4", "prevstud", no_box, false, "Previous studies"},
    {"previous_studies", "node5", "box1", at(FlowBox::previous_studies)},
    {"previous_reports", "NA", "box1", at(FlowBox::previous_reports)},
    {"NA", "node6", "newstud", no_box, false, "Identification of new studies via databases and registers"},
    {"database_results", "node7", "box2", at(FlowBox::database_results)},
    {"database_specific_results", "NA", "box2", at(FlowBox::database_results), true},
    {"register_results", "NA", "box2", at(FlowBox::register_results)},
    {"register_specific_results", "NA", "box2", at(FlowBox::register_results), true},
    {"NA", "node16", "othstud", no_box, false, "Identification of new studies via other methods"},
    {"website_results", "node17", "box11", at(FlowBox::website_results)},
    {"organisation_results", "NA", "box11", at(FlowBox::organisation_results)},
    {"citations_results", "NA", "box11", at(FlowBox::citations_results)},
    {"duplicates", "node8", "box3", at(FlowBox::duplicates)},
    {"excluded_automatic", "NA", "box3", at(FlowBox::excluded_automatic)},
    {"excluded_other", "NA", "box3", at(FlowBox::excluded_other)},
    {"records_screened", "node9", "box4", at(FlowBox::records_screened)},
    {"records_excluded", "node10", "box5", at(FlowBox::records_excluded)},
    {"dbr_sought_reports", "node11", "box6", at(FlowBox::dbr_sought_reports)},
    {"dbr_notretrieved_reports", "node12", "box7", at(FlowBox::dbr_notretrieved_reports)},
    {"other_sought_reports", "node18", "box12", at(FlowBox::other_sought_reports)},
    {"other_notretrieved_reports", "node19", "box13", at(FlowBox::other_notretrieved_reports)},
    {"dbr_assessed", "node13", "box8", at(FlowBox::dbr_assessed)},
    {"dbr_excluded", "node14", "box9", at(FlowBox::dbr_excluded), true},
    {"other_assessed", "node20", "box14", at(FlowBox::other_assessed)},
    {"other_excluded", "node21", "box15", at(FlowBox::other_excluded), true},
    {"new_studies", "node15", "box10", at(FlowBox::new_studies)},
    {"new_reports", "NA", "box10", at(FlowBox::new_reports)},
    {"total_studies", "node22", "box16", at(FlowBox::total_studies)},
    {"total_reports", "NA", "box16", at(FlowBox::total_reports)},
    {"identification", "node1", "identification", no_box, false, "Identification"},
    {"screening", "node2", "screening", no_box, false, "Screening"},
    {"included", "node3", "included", no_box, false, "Included"},
};

/// The package takes lists apart at ", " and "; ", and puts labels between single quotes.
std::string plain(std::string_view label) {
    std::string out;
    for (const char c : label) {
        if (c == ',' || c == ';' || c == '\\')
            out += '/';
        else if (c == '\'')
            out += "\xE2\x80\x99"; // right single quotation mark
        else
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    }
    return out;
}

std::string number(const model::Flow& flow, const Row& row) {
    if (row.box == no_box) return "0";
    const auto box = static_cast<FlowBox>(row.box);
    if (!row.parts) return flow[box] ? std::to_string(*flow[box]) : "NA";
    std::string list;
    for (const model::FlowPart& part : flow.of(box))
        list += (list.empty() ? "" : "; ") + plain(part.label) + ", " + std::to_string(part.n);
    if (!list.empty()) return list;
    const bool only_here = box == FlowBox::dbr_excluded || box == FlowBox::other_excluded;
    if (!only_here || !flow[box]) return "NA";
    return *flow[box] == 0 ? "none, 0" : "reason not stated, " + std::to_string(*flow[box]);
}

} // namespace

std::string flow_csv(const model::Flow& flow, std::string_view page) {
    std::string out = "data,node,box,description,boxtext,tooltips,url,n\n";
    for (const Row& row : rows) {
        std::string text(row.text);
        if (row.box != no_box) text = model::flow_box(static_cast<FlowBox>(row.box)).title;
        const bool other = row.data.starts_with("other_");
        const std::string told = text + (other ? " (other methods)" : "");
        const std::string n = number(flow, row);
        const std::array<std::string_view, 8> cells{row.data, row.node, row.place, told, text, told, page, n};
        text::write_csv_row(out, cells);
    }
    return out;
}

} // namespace assay::report
