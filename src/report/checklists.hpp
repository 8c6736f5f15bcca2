// Checklists as files of their own: CSV and one HTML page; the same rows stand in the report.
#pragma once

#include "model/flow.hpp"

#include <span>
#include <string>

namespace assay::report {

/// "check-prisma2020-13d": the row of an item in the report.
std::string checklist_anchor(const model::ChecklistRow& row);

/// Columns checklist, item, section, label, where, text, note; `where` is empty for what is not reported.
std::string checklist_csv(std::span<const model::ChecklistRow> rows);

/// A page of its own; links into the report lead to `report` ("index.html").
std::string checklist_html(std::span<const model::ChecklistRow> rows, const std::string& title,
                           const std::string& report);

} // namespace assay::report
