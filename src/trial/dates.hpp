// Calendar dates without a clock: days since 1970-01-01 (Gregorian, proleptic) and their ISO form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace assay::trial {

/// Days since 1970-01-01 of "2026-03-01"; nothing when it is not a date between 1900 and 2200.
std::optional<int> parse_date(std::string_view text);

std::string date_text(int day);

/// "20260301", as calendars want it.
std::string compact_date(int day);

} // namespace assay::trial
