// Numbers in cells: read whole or not at all, with a word on what is wrong; printed so that they read back
// exactly.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::text {

struct ParsedNumber {
    std::optional<double> value; ///< absent: `message` says why
    bool decimal_comma = false;  ///< the fault is a comma used as decimal point
    std::string message;         ///< "cannot read '4,6'"
    std::string hint;            ///< "write 4.6"
};

/// A decimal number with a point, optional sign and exponent: 4.6, -0.2, .59, 1e-3. No infinities.
ParsedNumber parse_number(std::string_view text);

/// The shortest digits that read back as the same number; without exponent between 1e-5 and 1e15.
std::string format_number(double value);

} // namespace assay::text
