// flow.csv and prisma.csv row by row: whole numbers, labels where a box has lines, nothing said twice.
// Whether the counts add up is asked by certainty/flow.
#include "base/utf8.hpp"
#include "bundle/check_context.hpp"
#include "model/flow_boxes.hpp"

#include <cmath>
#include <map>
#include <tuple>

namespace assay::bundle {

namespace {

using namespace model;

void check_number(Context& context, const FlowCount& row) {
    constexpr double most = 1e9; // far more records than there are
    if (!row.n || (*row.n >= 0 && *row.n == std::floor(*row.n) && *row.n <= most)) return;
    context.complain("flow/count", row.place, "n", "n: a count of records is a whole number, 0 or more");
}

// A divided box has two names (database_results, database_specific_results) or one for both (dbr_excluded).
void check_label(Context& context, const FlowCount& row) {
    bool whole = false, line = false;
    for (const FlowBoxRow& box : flow_box_table())
        whole |= box.name == row.box, line |= box.parts == row.box;
    if (!whole && !line) return; // an unknown box: said already
    if (!row.label.empty() && !line)
        context.complain("flow/label", row.place, "label",
                         "label: the box " + in_quotes(row.box) + " has no lines of its own",
                         row.box == "database_results" || row.box == "register_results"
                             ? "lines are of the box " + in_quotes(row.box == "database_results"
                                                                       ? "database_specific_results"
                                                                       : "register_specific_results")
                             : "empty the cell");
    if (row.label.empty() && !whole)
        context.complain("flow/label", row.place, "box",
                         "box: " + in_quotes(row.box) + " needs a label: which one it counts");
}

} // namespace

void check_flow(Context& context) {
    std::map<std::pair<std::string, std::string>, const Place*> counts;
    for (const FlowCount& row : context.review.flow) {
        check_number(context, row);
        check_label(context, row);
        const auto [first, fresh] = counts.try_emplace({row.box, row.label}, &row.place);
        if (!fresh)
            context.complain(
                "flow/duplicate", row.place, "box",
                in_quotes(row.box) + (row.label.empty() ? "" : " (" + in_quotes(row.label) + ")") +
                    " is stated twice",
                "the first is at " + first->second->file + ":" + std::to_string(first->second->line));
    }
    std::map<std::pair<std::string, std::string>, const Place*> items;
    for (const ChecklistLink& row : context.review.checklist) {
        const auto [first, fresh] = items.try_emplace({row.checklist, row.item}, &row.place);
        if (!fresh)
            context.complain(
                "checklist/duplicate", row.place, "item", "item " + in_quotes(row.item) + " is linked twice",
                "the first is at " + first->second->file + ":" + std::to_string(first->second->line));
    }
}

} // namespace assay::bundle
