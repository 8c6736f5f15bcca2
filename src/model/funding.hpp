// Who can pay for a study, in classes: the list of the format, and which of them count as independent of
// those who sell what is tested. "Not reported" is a class of its own and never independent.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::model {

struct FundingClass {
    std::string_view id;
    std::string_view words;   ///< after "paid by ..." or standing alone, for readers
    bool independent = false; ///< stated to be free of money from sellers
    bool seller = false;      ///< a seller paid, at least in part
};

inline constexpr FundingClass funding_table[] = {{"industry", "paid by industry", false, true},
                                                 {"mixed", "paid by industry and others", false, true},
                                                 {"product-only", "product given by its maker", false, true},
                                                 {"public", "public money", true, false},
                                                 {"foundation", "a foundation or charity", true, false},
                                                 {"university", "a university or hospital", true, false},
                                                 {"independent", "independent funding", true, false},
                                                 {"none", "no funding", true, false},
                                                 {"unclear", "funding unclear", false, false},
                                                 {"not-reported", "funding not reported", false, false}};

inline std::span<const FundingClass> funding_classes() {
    return funding_table;
}

/// The row of a class; that of "unclear" for an unknown name.
inline const FundingClass& funding_class(std::string_view id) {
    const FundingClass* unclear = nullptr;
    for (const FundingClass& row : funding_table) {
        if (row.id == id) return row;
        if (row.id == "unclear") unclear = &row;
    }
    return *unclear;
}

/// The ids of the classes that count as independent.
inline std::vector<std::string> independent_funding() {
    std::vector<std::string> ids;
    for (const FundingClass& row : funding_table)
        if (row.independent) ids.emplace_back(row.id);
    return ids;
}

} // namespace assay::model
