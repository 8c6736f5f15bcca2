// The summary of findings of a question on the page of the report; every number leads to how it was made.
#include "plot/anchor.hpp"
#include "report/parts.hpp"
#include "report/sof.hpp"

namespace assay::report {

void write_findings(Page& page, const model::Question& question) {
    const SofTable table = summary_of_findings(page.review, page.results, question);
    if (table.rows.empty()) return;
    page.heading(3, "Summary of findings");
    std::vector<Column> columns;
    const auto heads = sof_heads();
    for (std::size_t i = 0; i < heads.size(); ++i)
        columns.push_back({heads[i], i >= 1 && i <= 4, i == 5 || i == 7});
    page.begin_table(table.intervention + " against " + table.comparator + ", " + table.population, columns,
                     "cards sof");
    for (const SofRow& row : table.rows) {
        const std::string href = "#" + plot::analysis_anchor(row.analysis);
        const auto cells = sof_cells(row);
        page.row();
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const bool linked = i >= 1 && i <= 5 && cells[i] != "\xE2\x80\x93";
            if (linked)
                page.cell([&] { page.number(href, cells[i]); });
            else
                page.cell(cells[i]);
        }
        page.end_row();
    }
    page.end_table();
    if (!table.footnotes.empty()) {
        page.begin_details("Footnotes of the summary");
        for (const std::string& note : table.footnotes)
            page.paragraph(note, "soft");
        page.end_details();
    }
}

} // namespace assay::report
