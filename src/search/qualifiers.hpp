// The subheadings of MeSH: two-letter codes and names.
#pragma once

#include <span>
#include <string_view>

namespace assay::search {

struct QualifierRow {
    std::string_view code; ///< "DT"
    std::string_view name; ///< "Drug Therapy"
};

std::span<const QualifierRow> qualifier_rows();

/// By code or name, letter case and "and"/"&" aside; null: not one of MeSH's.
const QualifierRow* find_qualifier(std::string_view text);

/// The subheading of Emtree ("dm_dt") for a MeSH code ("dt"), and back; empty: none.
std::string_view emtree_link(std::string_view mesh);
std::string_view mesh_of_link(std::string_view emtree);

} // namespace assay::search
