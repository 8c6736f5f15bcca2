// Quantities in running text: value or range, unit, what is counted, and the words that bound it.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::claims {

enum class QuantityKind {
    amount,        ///< mg, g, mmol ...
    concentration, ///< mg/dL, mmol/L ...
    percent,
    duration, ///< always in the unit as written
    people,   ///< participants, patients ...
    studies,  ///< trials, reviews ...
    count,    ///< of anything else: "300 reactions"
    year,
    date,
    p_value,
    ratio,    ///< OR, RR, "times", "-fold"
    pressure, ///< mmHg
    bare      ///< a number without anything that says what it is
};

std::string_view to_string(QuantityKind kind);

struct Quantity {
    QuantityKind kind = QuantityKind::bare;
    std::size_t begin = 0, end = 0; ///< bytes, from the bounding word to the last word of what is counted
    double low = 0, high = 0;       ///< equal unless a range
    std::string bound;              ///< "", ">", "<", "~", ">=", "<="
    std::string unit;               ///< as in "mg", "mmol/L", "week"; empty: none
    std::string per;                ///< "day", "kg"; empty: none
    std::string of;         ///< the words counted or dosed: "enzymatic reactions", "elemental magnesium"
    int month = 0, day = 0; ///< of a date; the year is `low`

    bool is_range() const { return high > low; }
};

/// Every number of a stretch of text, in order. Digits inside identifiers, URLs and raised reference numbers
/// are no quantities.
std::vector<Quantity> quantities(std::string_view text, std::size_t begin, std::size_t end);
std::vector<Quantity> quantities(std::string_view text);

/// Value in milligrams when the unit is one of mass; else nothing.
std::optional<double> milligrams(const Quantity& quantity, double value);

/// Length in weeks when the quantity is a duration.
std::optional<double> weeks(const Quantity& quantity);

} // namespace assay::claims
