#include "trial/diary.hpp"

#include "text/csv.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

namespace assay::trial {

Diary read_diary(const std::string& file, std::string_view bytes, const std::string& outcome,
                 Diagnostics& diagnostics) {
    Diary diary;
    diary.outcome = outcome;
    const auto table = text::read_csv(file, bytes, diagnostics);
    if (!table.readable()) return diary;
    std::map<std::string, std::size_t, std::less<>> at;
    const std::vector<std::string> known = {"date", "status",      outcome, "doses_taken",
                                            "woke", "stool_loose", "note"};
    for (std::size_t i = 0; i < table.header().size(); ++i) {
        const std::string name(table.header()[i].text);
        at[name] = i;
        if (std::find(known.begin(), known.end(), name) == known.end()) {
            const auto near = nearest_name(name, known);
            diagnostics.add("csv/unknown-column", table.place(table.header_row(), table.header()[i]),
                            "no column '" + name + "' in a diary",
                            near.empty() ? "" : "did you mean '" + near + "'?");
        }
    }
    for (const auto& name : {std::string("date"), outcome})
        if (!at.count(name)) diagnostics.add("csv/missing-column", {file, 1, 0}, "no column '" + name + "'");
    if (diagnostics.has_errors()) return diary;
    for (const auto& row : table.rows()) {
        if (row.damaged) continue;
        const auto cells = table.cells(row);
        auto cell = [&](const std::string& name) {
            return at.count(name) && at[name] < cells.size() ? std::string(cells[at[name]].text)
                                                             : std::string();
        };
        const Place place{file, row.line, 0};
        auto whole = [&](const std::string& name, double most) -> std::optional<double> {
            const auto text = cell(name);
            if (text.empty()) return std::nullopt;
            const auto parsed = text::parse_number(text);
            if (parsed.value && *parsed.value >= 0 && *parsed.value <= most &&
                *parsed.value == std::floor(*parsed.value))
                return parsed.value;
            diagnostics.add("csv/bad-value", place,
                            name + " must be a whole number from 0 to " + text::format_number(most) +
                                ", not '" + text + "'");
            return std::nullopt;
        };
        DiaryDay day;
        const auto date = parse_date(cell("date"));
        if (!date) {
            diagnostics.add("csv/bad-value", place, "date must be written 2026-03-01");
            continue;
        }
        day.day = *date;
        day.count = whole(outcome, 1000);
        day.doses = whole("doses_taken", 100);
        const auto status = cell("status");
        day.status = status.empty() ? (cell(outcome).empty() ? "missing" : "entered") : status;
        if (day.status != "entered" && day.status != "entered_late" && day.status != "missing")
            diagnostics.add("csv/unknown-value", place, "status is entered, entered_late or missing");
        if (day.status == "missing" && day.count)
            diagnostics.add("csv/bad-value", place, "a missing day has no number");
        if (day.status != "missing" && cell(outcome).empty())
            diagnostics.add("csv/missing-value", place, "a day that was entered needs a number",
                            "write 0 for a day without, or status missing");
        auto yes_no = [&](const std::string& name) {
            const auto text = cell(name);
            if (!text.empty() && text != "yes" && text != "no")
                diagnostics.add("csv/unknown-value", place, name + " is yes or no");
            return text;
        };
        day.woke = yes_no("woke");
        day.stool_loose = yes_no("stool_loose");
        day.note = cell("note");
        if (!add_day(diary, day, false))
            diagnostics.add("id/duplicate", place, date_text(day.day) + " stands twice");
    }
    return diary;
}

std::string write_diary(const Diary& diary) {
    std::string out;
    const std::array<std::string_view, 7> header = {"date", "status",      diary.outcome, "doses_taken",
                                                    "woke", "stool_loose", "note"};
    text::write_csv_row(out, header);
    for (const auto& day : diary.days) {
        const std::array<std::string, 7> cells = {date_text(day.day),
                                                  day.status,
                                                  day.count ? text::format_number(*day.count) : "",
                                                  day.doses ? text::format_number(*day.doses) : "",
                                                  day.woke,
                                                  day.stool_loose,
                                                  day.note};
        std::array<std::string_view, 7> views;
        std::copy(cells.begin(), cells.end(), views.begin());
        text::write_csv_row(out, views);
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
