// The diary: one line per calendar day in a CSV file. A day without events is an explicit 0; a day that was
// not written is missing, never 0.
#pragma once

#include "base/diagnostics.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::trial {

struct DiaryDay {
    int day = 0;                    ///< since 1970-01-01; the key
    std::string status = "entered"; ///< entered entered_late missing
    std::optional<double> count;    ///< events of the day; unset only when missing
    std::optional<double> doses;    ///< taken that day
    std::string woke, stool_loose;  ///< yes, no or empty
    std::string note;
};

struct Diary {
    std::string outcome = "cramps"; ///< name of the column that counts
    std::vector<DiaryDay> days;     ///< by date, each date once
};

/// Columns date, status, <outcome>, doses_taken, woke, stool_loose, note; only date and the outcome are
/// needed.
Diary read_diary(const std::string& file, std::string_view bytes, const std::string& outcome,
                 Diagnostics& diagnostics);

std::string write_diary(const Diary& diary);

/// Adds the day, or takes the place of the one of that date; false when the date is there and `replace` is
/// not set.
bool add_day(Diary& diary, DiaryDay day, bool replace);

} // namespace assay::trial
