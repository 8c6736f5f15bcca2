#include "certainty/checklist.hpp"

#include "base/diagnostics.hpp"
#include "base/embedded.hpp"
#include "base/error.hpp"
#include "text/csv.hpp"

namespace assay::certainty {

namespace {

constexpr Checklist all[] = {
    {"prisma2020", "PRISMA 2020", "Page and others, BMJ 2021;372:n71", "https://doi.org/10.1136/bmj.n71"},
    {"abstract", "PRISMA 2020 for abstracts", "Page and others, BMJ 2021;372:n71",
     "https://doi.org/10.1136/bmj.n71"},
    {"prisma-s", "PRISMA-S (searches)", "Rethlefsen and others, Syst Rev 2021;10:39",
     "https://doi.org/10.1186/s13643-020-01542-z"},
};

std::vector<ChecklistItem> read() {
    std::vector<ChecklistItem> items;
    for (const Embedded& file : embedded_methods()) {
        if (file.name != "prisma_items.csv") continue;
        Diagnostics none;
        const text::CsvTable table = text::read_csv(std::string(file.name), file.bytes, none);
        ASSAY_EXPECT(none.items().empty() && table.header().size() == 5);
        for (const text::CsvRow& row : table.rows()) {
            const auto cells = table.cells(row);
            items.push_back({std::string(cells[0].text), std::string(cells[1].text),
                             std::string(cells[2].text), std::string(cells[3].text),
                             std::string(cells[4].text)});
        }
    }
    ASSAY_EXPECT(!items.empty());
    return items;
}

} // namespace

std::span<const Checklist> checklists() {
    return all;
}

const std::vector<ChecklistItem>& checklist_items() {
    static const std::vector<ChecklistItem> items = read();
    return items;
}

} // namespace assay::certainty
