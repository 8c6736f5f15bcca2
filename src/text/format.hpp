// Numbers as a reader sees them: fixed decimals, a true minus sign, no locale, the same bytes everywhere.
#pragma once

#include <string>

namespace assay::text {

/// `decimals` digits after the point, rounded half to even on the exact binary value; "-0.00" is printed as "0.00".
/// Infinite or undefined values print as "inf", "-inf", "not defined". ASCII hyphen for minus.
std::string fixed(double value, int decimals);

/// Two decimals for most numbers, more for small ones, fewer for large ones: 1234, 123.4, 12.35, 1.23, 0.123, 0.0123.
std::string readable(double value);

/// "<0.001", "0.012", "0.43".
std::string p_value(double p);

/// Decimals that show an interval of this half-width to two or three significant digits (0 to 4).
int decimals_for(double half_width);

/// "-3.77 (-7.19 to -0.35)": the three numbers with the decimals that suit the interval's width.
std::string with_interval(double value, double low, double high);

} // namespace assay::text
