// The reporting checklists with a link per item; an item without one is marked as missing, in words.
#include "report/checklists.hpp"

#include "certainty/checklist.hpp"
#include "report/parts.hpp"

#include <algorithm>

namespace assay::report {

namespace {

using model::ChecklistRow;

void where_cell(Page& page, const ChecklistRow& row) {
    page.cell([&] {
        if (row.where.empty()) {
            page.out.element("strong", "not reported", {{"class", "missing"}});
            return;
        }
        const std::string text = row.text.empty() ? row.where : row.text;
        const std::string address = web_address(row.where);
        if (row.where.front() == '#')
            page.link(row.where, text);
        else if (!address.empty())
            page.out.element("a", text, {{"href", address}, {"rel", "noreferrer"}});
        else
            page.out.text("file ").element("code", row.where).text(" of the review folder");
    });
}

void table(Page& page, const certainty::Checklist& list, const std::vector<const ChecklistRow*>& rows) {
    const auto missing =
        std::count_if(rows.begin(), rows.end(), [](const ChecklistRow* row) { return row->where.empty(); });
    page.heading(3, list.title, "checklist-" + std::string(list.id));
    page.out.open("p").text(std::to_string(rows.size() - static_cast<std::size_t>(missing)) + " of " +
                            std::to_string(rows.size()) + " items are linked" +
                            (missing ? "; " + std::to_string(missing) + " are not reported" : "") + ". ");
    page.out.element("a", std::string(list.source), {{"href", std::string(list.link)}, {"rel", "noreferrer"}})
        .close()
        .line();
    page.begin_details("Item by item");
    page.begin_table(list.title,
                     {{"Item"}, {"Section"}, {"What it asks, in our words"}, {"Where"}, {"Note"}});
    for (const ChecklistRow* row : rows) {
        page.row(checklist_anchor(*row));
        page.cell(row->item);
        page.cell(row->section);
        page.cell(row->label);
        where_cell(page, *row);
        page.cell(row->note);
        page.end_row();
    }
    page.end_table();
    page.end_details();
}

} // namespace

std::string checklist_anchor(const ChecklistRow& row) {
    return "check-" + row.checklist + "-" + row.item;
}

void write_checklists(Page& page) {
    if (page.results.checklist.empty()) return;
    page.out.open("section", {{"id", "checklists"}, {"aria-labelledby", "checklists-h"}}).line();
    page.out.element("h2", "Checklists", {{"id", "checklists-h"}}).line();
    page.paragraph("A link says where this review reports what an item asks for. It does not say that it is "
                   "reported well.");
    for (const certainty::Checklist& list : certainty::checklists()) {
        std::vector<const ChecklistRow*> rows;
        for (const ChecklistRow& row : page.results.checklist)
            if (row.checklist == list.id) rows.push_back(&row);
        if (!rows.empty()) table(page, list, rows);
    }
    page.out.close().line();
}

} // namespace assay::report
