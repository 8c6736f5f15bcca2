#include "app/checklist.hpp"

#include "app/report.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"
#include "certainty/checklist.hpp"
#include "report/checklist_places.hpp"
#include "report/html.hpp"
#include "report/page.hpp"

#include <algorithm>

namespace assay::app {

namespace {

/// A file inside the folder: a relative path that does not climb out.
bool is_file_of(const std::filesystem::path& folder, const std::string& name) {
    const std::filesystem::path path(name);
    if (path.empty() || path.is_absolute()) return false;
    for (const auto& part : path)
        if (part == "..") return false;
    std::error_code ignored;
    return std::filesystem::is_regular_file(folder / path, ignored);
}

std::string items_of(const std::string& checklist) {
    std::string list;
    for (const auto& item : certainty::checklist_items())
        if (item.checklist == checklist) list += (list.empty() ? "" : " ") + item.item;
    return list;
}

} // namespace

void check_checklist_links(const model::Review& review, const std::filesystem::path& folder,
                           Diagnostics& diagnostics) {
    const auto& items = certainty::checklist_items();
    for (const model::ChecklistLink& row : review.checklist) {
        const bool known_list = std::any_of(
            items.begin(), items.end(), [&](const auto& item) { return item.checklist == row.checklist; });
        if (!known_list) continue; // said already
        const bool known = std::any_of(items.begin(), items.end(), [&](const auto& item) {
            return item.checklist == row.checklist && item.item == row.item;
        });
        if (!known)
            diagnostics.add("checklist/unknown-item", row.place,
                            "item: " + row.checklist + " has no item " + in_quotes(row.item),
                            "its items: " + items_of(row.checklist));
        const bool anchor = row.where.size() > 1 && row.where.front() == '#';
        if (row.where.empty() || anchor || !report::web_address(row.where).empty() ||
            is_file_of(folder, row.where))
            continue;
        diagnostics.add("checklist/link", row.place,
                        "where: " + in_quotes(row.where) + " is no file of this folder",
                        "write #anchor of the report, a file of the folder or an address (https://...)");
    }
}

std::vector<model::ChecklistRow> checklist_rows(const model::Review& review,
                                                const model::ReviewResults& results) {
    std::vector<model::ChecklistRow> rows;
    for (const certainty::ChecklistItem& item : certainty::checklist_items()) {
        model::ChecklistRow& row = rows.emplace_back();
        row.checklist = item.checklist, row.item = item.item, row.section = item.section,
        row.label = item.label;
        const auto found = report::checklist_place(item.find, review, results);
        row.where = found.where, row.text = found.text;
        for (const model::ChecklistLink& link : review.checklist) {
            if (link.checklist != item.checklist || link.item != item.item) continue;
            row.note = link.note;
            if (!link.where.empty()) row.where = link.where, row.text.clear(), row.given = true;
        }
    }
    return rows;
}

int drop_broken_links(std::vector<model::ChecklistRow>& rows, std::string_view html) {
    const auto ids = report::page_ids(html);
    int dropped = 0;
    for (model::ChecklistRow& row : rows) {
        if (row.where.empty() || row.where.front() != '#' || ids.contains(row.where.substr(1))) continue;
        ASSAY_EXPECT(row.given);
        row.note = "the report has no place " + row.where + (row.note.empty() ? "" : "; " + row.note);
        row.where.clear();
        ++dropped;
    }
    return dropped;
}

ChecklistFound find_checklist(const std::filesystem::path& folder, const Progress& progress) {
    ChecklistFound found;
    const Computed computed = compute_review(folder, progress);
    found.diagnostics = computed.checked.diagnostics;
    if (found.diagnostics.has_errors()) return found;
    found.rows = computed.results.checklist;
    found.title = computed.checked.review.title;
    found.missing = static_cast<int>(std::count_if(found.rows.begin(), found.rows.end(),
                                                   [](const auto& row) { return row.where.empty(); }));
    return found;
}

std::string checklist_text(const ChecklistFound& found, bool all) {
    std::string out;
    for (const certainty::Checklist& list : certainty::checklists()) {
        int items = 0, linked = 0;
        std::string lines;
        for (const model::ChecklistRow& row : found.rows) {
            if (row.checklist != list.id) continue;
            ++items, linked += row.where.empty() ? 0 : 1;
            if (!all && !row.where.empty()) continue;
            std::string line = "  " + row.item +
                               std::string(5 - std::min<std::size_t>(4, row.item.size()), ' ') +
                               (row.where.empty() ? "not reported  " : "") + row.label;
            if (!row.where.empty()) line += ": " + row.where;
            if (!row.note.empty()) line += " (" + row.note + ")";
            lines += safe_text(line) + "\n";
        }
        out += std::string(list.title) + ": " + std::to_string(linked) + " of " + std::to_string(items) +
               " items linked\n" + lines;
    }
    return out;
}

} // namespace assay::app
