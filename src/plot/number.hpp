// Numbers as readers see them: fixed decimals chosen from the interval, independent of locale, the same bytes everywhere.
#pragma once

#include <string>
#include <string_view>

namespace assay::plot {

/// `decimals` places; never "-0.00". Very large values in scientific form, non-finite ones as the infinity sign.
std::string fixed(double value, int decimals);

/// The shortest decimal text that reads back as the same double: for numbers that others printed.
std::string shortest(double value);

/// At most `decimals` places, trailing zeros removed: coordinates in SVG, doses, counts.
std::string trimmed(double value, int decimals);

/// A hyphen in front of a digit becomes the minus sign U+2212.
std::string with_minus(std::string_view text);

/// "= 0.032", "< 0.001": to stand after the letter p.
std::string p_value(double p);

/// 12345 -> "12 345" with a narrow no-break space (U+202F); below 10000 no group is set.
std::string count(double value);

} // namespace assay::plot
