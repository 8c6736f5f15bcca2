#include "trial/diary.hpp"

#include "text/csv.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <span>

namespace assay::trial {

namespace {

/// The columns beside date and outcome, in the order in which they are written. `always`: written even when
/// empty.
struct Field {
    std::string_view name;
    std::string DiaryDay::*text;
    bool always;
};
constexpr std::array<Field, 8> texts{{{"woke", &DiaryDay::woke, true},
                                      {"stool_loose", &DiaryDay::stool_loose, true},
                                      {"note", &DiaryDay::note, true},
                                      {"arm_label", &DiaryDay::arm_label, false},
                                      {"entered_at", &DiaryDay::entered_at, false},
                                      {"other_effects", &DiaryDay::other_effects, false},
                                      {"confounders", &DiaryDay::confounders, false},
                                      {"events", &DiaryDay::events, false}}};

bool yes_or_no(std::string_view name) {
    return name == "woke" || name == "stool_loose";
}

/// Reads the cells of one row, by the place of each column.
class DayReader {
public:
    DayReader(const Diary& diary, Diagnostics& diagnostics) : diary_(diary), diagnostics_(diagnostics) {}
    std::map<std::string, std::size_t, std::less<>> at;

    std::optional<DiaryDay> read(std::span<const text::CsvCell> cells, const Place& place) {
        cells_ = cells;
        place_ = place;
        DiaryDay day;
        const auto date = parse_date(cell("date"));
        if (!date) {
            diagnostics_.add("csv/bad-value", place, "date must be written 2026-03-01");
            return std::nullopt;
        }
        day.day = *date;
        day.count = diary_.values ? measured(diary_.outcome) : whole(diary_.outcome, 1000);
        day.doses = whole("doses_taken", 100);
        const auto status = cell("status");
        day.status = status.empty() ? (cell(diary_.outcome).empty() ? "missing" : "entered") : status;
        if (day.status != "entered" && day.status != "entered_late" && day.status != "missing")
            diagnostics_.add("csv/unknown-value", place, "status is entered, entered_late or missing");
        if (day.status == "missing" && day.count)
            diagnostics_.add("csv/bad-value", place, "a missing day has no number");
        if (day.status != "missing" && cell(diary_.outcome).empty())
            diagnostics_.add("csv/missing-value", place, "a day that was entered needs a number",
                             "write 0 for a day without, or status missing");
        for (const auto& field : texts) {
            day.*(field.text) = cell(field.name);
            const auto& text = day.*(field.text);
            if (yes_or_no(field.name) && !text.empty() && text != "yes" && text != "no")
                diagnostics_.add("csv/unknown-value", place, std::string(field.name) + " is yes or no");
        }
        return day;
    }

private:
    std::string cell(std::string_view name) const {
        const auto found = at.find(name);
        return found != at.end() && found->second < cells_.size() ? std::string(cells_[found->second].text)
                                                                  : std::string();
    }
    std::optional<double> whole(const std::string& name, double most) {
        const auto text = cell(name);
        if (text.empty()) return std::nullopt;
        const auto parsed = text::parse_number(text);
        if (parsed.value && *parsed.value >= 0 && *parsed.value <= most &&
            *parsed.value == std::floor(*parsed.value))
            return parsed.value;
        const bool broken = parsed.value && *parsed.value != std::floor(*parsed.value);
        diagnostics_.add("csv/bad-value", place_,
                         name + " must be a whole number from 0 to " + text::format_number(most) + ", not '" +
                             text + "'",
                         broken ? "--values reads an outcome that is measured, not counted" : "");
        return std::nullopt;
    }
    std::optional<double> measured(const std::string& name) {
        const auto text = cell(name);
        if (text.empty()) return std::nullopt;
        const auto parsed = text::parse_number(text);
        if (parsed.value && std::fabs(*parsed.value) <= 1e9) return parsed.value;
        diagnostics_.add("csv/bad-value", place_,
                         parsed.value ? name + " is outside what it can be" : parsed.message, parsed.hint);
        return std::nullopt;
    }

    const Diary& diary_;
    Diagnostics& diagnostics_;
    std::span<const text::CsvCell> cells_;
    Place place_;
};

void read_days(const text::CsvTable& table, DayReader& reader, Diary& diary, Diagnostics& diagnostics) {
    for (const auto& row : table.rows()) {
        if (row.damaged) continue;
        const Place place{table.file(), row.line, 0};
        const auto day = reader.read(table.cells(row), place);
        if (day && !add_day(diary, *day, false))
            diagnostics.add("id/duplicate", place, date_text(day->day) + " stands twice");
    }
}

std::vector<std::string> known_columns(const std::string& outcome) {
    std::vector<std::string> known = {"date", "status", outcome, "doses_taken"};
    for (const auto& field : texts)
        known.emplace_back(field.name);
    return known;
}

} // namespace

Diary read_diary(const std::string& file, std::string_view bytes, const std::string& outcome,
                 Diagnostics& diagnostics, bool values) {
    Diary diary;
    diary.outcome = outcome;
    diary.values = values;
    const auto table = text::read_csv(file, bytes, diagnostics);
    if (!table.readable()) return diary;
    DayReader reader(diary, diagnostics);
    const auto known = known_columns(outcome);
    for (std::size_t i = 0; i < table.header().size(); ++i) {
        const std::string name(table.header()[i].text);
        reader.at[name] = i;
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const auto near = nearest_name(name, known);
            diagnostics.add("csv/unknown-column", table.place(table.header_row(), table.header()[i]),
                            "no column '" + name + "' in a diary",
                            near.empty() ? "" : "did you mean '" + near + "'?");
        }
    }
    for (const auto& name : {std::string("date"), outcome})
        if (!reader.at.count(name))
            diagnostics.add("csv/missing-column", {file, 1, 0}, "no column '" + name + "'",
                            name == outcome ? "--outcome names the column" : "");
    if (diagnostics.has_errors()) return diary;
    read_days(table, reader, diary, diagnostics);
    return diary;
}

Diary import_diary(const std::string& file, std::string_view bytes, const std::string& outcome, bool values,
                   const std::vector<std::pair<std::string, std::string>>& columns,
                   Diagnostics& diagnostics) {
    Diary diary;
    diary.outcome = outcome;
    diary.values = values;
    const auto table = text::read_csv(file, bytes, diagnostics);
    if (!table.readable()) return diary;
    std::vector<std::string> theirs;
    for (const auto& cell : table.header())
        theirs.emplace_back(cell.text);
    const auto known = known_columns(outcome);
    DayReader reader(diary, diagnostics);
    for (std::size_t i = 0; i < theirs.size(); ++i)
        if (std::find(known.begin(), known.end(), theirs[i]) != known.end()) reader.at[theirs[i]] = i;
    for (const auto& [ours, name] : columns) {
        const auto found = std::find(theirs.begin(), theirs.end(), name);
        if (std::find(known.begin(), known.end(), ours) == known.end()) {
            const auto near = nearest_name(ours, known);
            diagnostics.add("csv/unknown-column", {file, 1, 0}, "no column '" + ours + "' in a diary",
                            near.empty() ? "" : "did you mean '" + near + "'?");
        } else if (found == theirs.end()) {
            const auto near = nearest_name(name, theirs);
            diagnostics.add("csv/missing-column", {file, 1, 0}, "no column '" + name + "' in this file",
                            near.empty() ? "" : "did you mean '" + near + "'?");
        } else {
            reader.at[ours] = static_cast<std::size_t>(found - theirs.begin());
        }
    }
    for (const auto& name : {std::string("date"), outcome})
        if (!reader.at.count(name))
            diagnostics.add("csv/missing-column", {file, 1, 0}, "no column '" + name + "'",
                            "say which one it is: --map " + name + "=COLUMN");
    if (diagnostics.has_errors()) return diary;
    read_days(table, reader, diary, diagnostics);
    return diary;
}

std::string write_diary(const Diary& diary) {
    std::vector<Field> fields;
    for (const auto& field : texts)
        if (field.always || std::any_of(diary.days.begin(), diary.days.end(),
                                        [&](const DiaryDay& day) { return !(day.*(field.text)).empty(); }))
            fields.push_back(field);
    std::string out;
    std::vector<std::string_view> header = {"date", "status", diary.outcome, "doses_taken"};
    for (const auto& field : fields)
        header.push_back(field.name);
    text::write_csv_row(out, header);
    for (const auto& day : diary.days) {
        const std::array<std::string, 4> first = {date_text(day.day), day.status,
                                                  day.count ? text::format_number(*day.count) : "",
                                                  day.doses ? text::format_number(*day.doses) : ""};
        std::vector<std::string_view> cells(first.begin(), first.end());
        for (const auto& field : fields)
            cells.push_back(day.*(field.text));
        text::write_csv_row(out, cells);
    }
    return out;
}

bool add_day(Diary& diary, DiaryDay day, bool replace) {
    const auto place = std::lower_bound(diary.days.begin(), diary.days.end(), day.day,
                                        [](const DiaryDay& d, int key) { return d.day < key; });
    if (place != diary.days.end() && place->day == day.day) {
        if (replace) *place = std::move(day);
        return replace;
    }
    diary.days.insert(place, std::move(day));
    return true;
}

} // namespace assay::trial
