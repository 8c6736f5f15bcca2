// Reporting checklists as data: PRISMA 2020 (Page MJ et al., BMJ 2021;372:n71), its abstract checklist (the
// same paper) and PRISMA-S (Rethlefsen ML et al., Syst Rev 2021;10:39). Item numbers are theirs, labels our
// own words (data/methods/prisma/prisma_items.csv).
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::certainty {

struct ChecklistItem {
    std::string checklist; ///< prisma2020 | abstract | prisma-s
    std::string item;      ///< "13d"
    std::string section;   ///< "Methods"
    std::string label;     ///< what it asks, in our words
    std::string find;      ///< what assay looks for in its report; empty: only people can say where it stands
};

struct Checklist {
    std::string_view id, title, source, link;
};

/// The three checklists in the order of the page.
std::span<const Checklist> checklists();

/// All items of all checklists, in their order.
const std::vector<ChecklistItem>& checklist_items();

} // namespace assay::certainty
