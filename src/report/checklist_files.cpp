// The checklists as CSV and as one page: the same rows as in the report.
#include "certainty/checklist.hpp"
#include "plot/markup.hpp"
#include "report/checklists.hpp"
#include "report/page.hpp"
#include "text/csv.hpp"

#include <algorithm>
#include <array>

namespace assay::report {

namespace {

constexpr std::string_view style =
    "body{font:16px/1.45 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%;font-size:.9rem}"
    "caption{text-align:left;font-weight:600;padding:.6rem 0}"
    "th,td{border:1px solid #888;padding:.35rem .5rem;text-align:left;vertical-align:top}"
    "thead th{background:#eee;color:#111}.missing{color:#9b2c2c}";

void where(plot::Markup& out, const model::ChecklistRow& row, const std::string& report) {
    out.open("td");
    const std::string text = row.text.empty() ? row.where : row.text, address = web_address(row.where);
    if (row.where.empty())
        out.element("strong", "not reported", {{"class", "missing"}});
    else if (row.where.front() == '#')
        out.element("a", text, {{"href", report + row.where}});
    else if (!address.empty())
        out.element("a", text, {{"href", address}, {"rel", "noreferrer"}});
    else
        out.text("file ").element("code", row.where).text(" of the review folder");
    out.close();
}

} // namespace

std::string checklist_csv(std::span<const model::ChecklistRow> rows) {
    std::string out = "checklist,item,section,label,where,text,note\n";
    for (const model::ChecklistRow& row : rows) {
        const std::array<std::string_view, 7> cells{row.checklist, row.item, row.section, row.label,
                                                    row.where,     row.text, row.note};
        text::write_csv_row(out, cells);
    }
    return out;
}

std::string checklist_html(std::span<const model::ChecklistRow> rows, const std::string& title,
                           const std::string& report) {
    plot::Markup out;
    out.append("<!DOCTYPE html>\n");
    out.open("html", {{"lang", "en"}}).open("head").leaf("meta", {{"charset", "utf-8"}});
    out.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
    out.element("title", "Checklists: " + title).open("style").append(style).close().close().line();
    out.open("body").element("h1", "Checklists: " + title).line();
    out.element("p", "A link says where the review reports what an item asks for. It does not say that it is "
                     "reported well.")
        .line();
    for (const certainty::Checklist& list : certainty::checklists()) {
        if (std::none_of(rows.begin(), rows.end(), [&](const auto& row) { return row.checklist == list.id; }))
            continue;
        out.open("table").element("caption", std::string(list.title) + " (" + std::string(list.source) + ")");
        out.open("thead").open("tr");
        for (const char* head : {"Item", "Section", "What it asks, in our words", "Where", "Note"})
            out.element("th", head, {{"scope", "col"}});
        out.close().close().line().open("tbody");
        for (const model::ChecklistRow& row : rows) {
            if (row.checklist != list.id) continue;
            out.open("tr", {{"id", checklist_anchor(row)}});
            out.element("th", row.item, {{"scope", "row"}})
                .element("td", row.section)
                .element("td", row.label);
            where(out, row, report);
            out.element("td", row.note).close().line();
        }
        out.close().close().line();
    }
    out.close().close().line();
    return out.take();
}

} // namespace assay::report
