// How much of an element a salt holds, from its formula: the table data/methods/trust/salts.csv names formulas, the
// fractions are computed.
#pragma once

#include "trust/printed.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::trust {

/// Mass of the element per mass of the compound, 0 to 1: "MgCl2.6H2O", "Mg". Absent: the formula cannot be
/// read or the element is not in it. Standard atomic weights: IUPAC 2021 (abridged values).
std::optional<double> elemental_fraction(std::string_view formula, std::string_view element);

struct Salt {
    std::string element, symbol, form, formula;
    double fraction = 0;
};

/// The table, read once per call; rows of the embedded file.
std::vector<Salt> salts();

/// Every salt of `element` that a form's name may mean ("chloride": with and without water). Longest name
/// first wins: "oxide monohydrate" is not "oxide".
std::vector<Salt> salts_of_form(std::span<const Salt> table, std::string_view element, std::string_view form);

} // namespace assay::trust
