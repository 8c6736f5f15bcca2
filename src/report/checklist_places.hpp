// Where the page of a review reports what an item of a checklist asks for: the anchor, and only where the
// page really holds it.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <set>
#include <string>
#include <string_view>

namespace assay::report {

struct ChecklistPlace {
    std::string where; ///< "#methods-outcomes"; empty: this page does not report it
    std::string text;  ///< "Methods: outcomes"
};

/// `find`: a word of data/methods/prisma/prisma_items.csv. An unknown word is a bug.
ChecklistPlace checklist_place(std::string_view find, const model::Review& review,
                               const model::ReviewResults& results);

/// The ids of all elements of a page.
std::set<std::string, std::less<>> page_ids(std::string_view html);

} // namespace assay::report
