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
    std::optional<double> count;    ///< events of the day, or the value measured; unset only when missing
    std::optional<double> doses;    ///< taken that day
    std::string woke, stool_loose;  ///< yes, no or empty
    std::string arm_label;          ///< the blinded label of the period, P1
    std::string entered_at;         ///< when it was written, as the other program said
    std::string other_effects;
    std::string confounders; ///< "exercise=yes; alcohol=2"
    std::string events;      ///< "03:10 calf left 4min s6 woke; ...", parts that are known
    std::string note;
};

struct Diary {
    std::string outcome = "cramps"; ///< name of the column that counts
    bool values = false;            ///< the outcome is measured: any number, not a count
    std::vector<DiaryDay> days;     ///< by date, each date once
};

/// Columns date, status, <outcome>, doses_taken, woke, stool_loose, note and others; only date and the
/// outcome are needed.
Diary read_diary(const std::string& file, std::string_view bytes, const std::string& outcome,
                 Diagnostics& diagnostics, bool values = false);

/// The columns of the form, and of the others those that some day uses.
std::string write_diary(const Diary& diary);

/// Days as other programs exchange them: a JSON list of objects, schemas/diary_day.schema.json.
Diary read_diary_json(const std::string& file, std::string_view bytes, const std::string& outcome,
                      Diagnostics& diagnostics);
std::string diary_json(const Diary& diary);

/// A foreign table: `columns` says which of its columns is ours, "date" -> "Day". Other columns are left out.
Diary import_diary(const std::string& file, std::string_view bytes, const std::string& outcome, bool values,
                   const std::vector<std::pair<std::string, std::string>>& columns, Diagnostics& diagnostics);

/// Adds the day, or takes the place of the one of that date; false when the date is there and `replace` is
/// not set.
bool add_day(Diary& diary, DiaryDay day, bool replace);

} // namespace assay::trial
