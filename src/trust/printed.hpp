// A number as it was printed: its digits tell how far it was rounded, and every check has to allow for that.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::trust {

struct Range {
    double low = 0, high = 0;

    bool contains(double x) const { return low <= x && x <= high; }
    bool meets(const Range& other) const { return low <= other.high && other.low <= high; }
};

struct Printed {
    double value = 0;
    int decimals = 0; ///< digits after the point; negative: rounded to tens, hundreds, ...

    double unit() const;      ///< one in the last printed digit
    Range rounded() const;    ///< every number that rounds to it, whichever way halves are rounded
    std::string text() const; ///< the digits again
};

/// "5.00" is 5 with two decimals; "1.20e-3" has five. Relation signs and spaces in front are skipped.
std::optional<Printed> read_printed(std::string_view text);

/// A number without its text: the fewest digits that give it back, hence the widest rounding interval.
Printed as_printed(double value);

} // namespace assay::trust
