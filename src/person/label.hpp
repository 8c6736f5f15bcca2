// Label arithmetic: what a label sentence means in mg of the element. Where a label leaves the hydrate or the
// meaning of its number open, the answer is a range and a question, not a number.
#pragma once

#include "person/tables.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::person {

/// One dose of a product as the label or the profile states it.
struct Label {
    std::string text;                ///< the words of the label
    std::string form;                ///< id of a form, when it is known
    std::optional<double> amount;    ///< absent: taken from the text
    std::string unit;                ///< mg g mmol mEq
    std::string meaning = "unknown"; ///< elemental compound unknown
};

struct Elemental {
    double low = 0, high = 0;           ///< mg of the element in one dose under the reading in `basis`
    std::string basis;                  ///< elemental compound unknown product excipient unreadable
    std::optional<double> if_elemental; ///< the other reading of an open number: it already is the element
    std::vector<std::string>
        flags; ///< already_elemental ask buffered amounts_disagree label_figure excipient impossible
    std::vector<std::string> words; ///< sentences that say how the number came about
    std::vector<Origin> rows;
    std::string family; ///< of the form; empty: not recognised

    /// The most the dose can hold under any reading: what a limit is compared with.
    double most() const { return if_elemental && *if_elemental > high ? *if_elemental : high; }
    bool flagged(std::string_view flag) const;
};

Elemental elemental(const Label& label, const Tables& tables);

/// The family of forms that a label names; empty when none is.
std::string family_of(std::string_view label, const Tables& tables);

} // namespace assay::person
