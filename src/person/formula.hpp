// Chemical formulae: how heavy a compound is and how much of it is one element.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace assay::person {

struct Composition {
    double molar_mass = 0; ///< g/mol
    double atoms = 0;      ///< of the element asked for
    double fraction = 0;   ///< its share of the mass
};

/// "Mg3(C6H5O7)2.9H2O": symbols, counts, round brackets, parts joined by '.', a count before a part. Nothing
/// when the formula cannot be read or an element has no mass in `masses`.
std::optional<Composition> composition(std::string_view formula, std::string_view element,
                                       const std::map<std::string, double>& masses);

} // namespace assay::person
