// The reporting checklists of a review with a link per item: those that assay finds in its report, and those
// that prisma.csv names. A link that leads nowhere counts as none.
#pragma once

#include "app/flow.hpp"
#include "base/progress.hpp"
#include "model/results.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace assay::app {

/// Items that do not exist; links that are neither an anchor, a file of the folder nor a web address. Places
/// are rows of prisma.csv.
void check_checklist_links(const model::Review& review, const std::filesystem::path& folder,
                           Diagnostics& diagnostics);

/// All items; `results.flow` must be set.
std::vector<model::ChecklistRow> checklist_rows(const model::Review& review,
                                                const model::ReviewResults& results);

/// Takes away links to anchors that `html` does not have; returns how many. A link that assay made itself and
/// that leads nowhere is a bug.
int drop_broken_links(std::vector<model::ChecklistRow>& rows, std::string_view html);

struct ChecklistFound {
    std::vector<model::ChecklistRow> rows;
    Diagnostics diagnostics; ///< with errors there are no rows
    std::string title;
    int missing = 0;
};

/// Builds the report in memory and looks for every item.
ChecklistFound find_checklist(const std::filesystem::path& folder, const Progress& progress = {});

/// For a terminal; `all`: also the items that are linked.
std::string checklist_text(const ChecklistFound& found, bool all);

} // namespace assay::app
