#include "trial/schedule.hpp"

#include "base/random.hpp"
#include "text/csv.hpp"
#include "text/number.hpp"
#include "trial/dates.hpp"

#include <algorithm>
#include <array>
#include <map>

namespace assay::trial {

namespace {

constexpr std::array<std::string_view, 7> columns = {"period", "pair", "first", "last",
                                                     "label",  "arm",  "seed"};

/// RFC 5545: lines of at most 75 octets, folded with a space, CR LF.
void line(std::string& out, std::string text) {
    while (text.size() > 73) {
        std::size_t cut = 73;
        while (cut > 60 && (static_cast<unsigned char>(text[cut]) & 0xC0) == 0x80)
            --cut;
        out += text.substr(0, cut) + "\r\n";
        text = " " + text.substr(cut);
    }
    out += text + "\r\n";
}

} // namespace

std::vector<Period> randomise(const Design& design) {
    Random random(design.seed, 0);
    std::vector<Period> periods;
    int day = design.start;
    for (int pair = 1; pair <= design.pairs; ++pair) {
        const bool first = random.below(2) == 1;
        for (int side = 0; side < 2; ++side) {
            Period period;
            period.number = static_cast<int>(periods.size()) + 1;
            period.pair = pair;
            period.first = day;
            period.last = day + 7 * design.weeks - 1;
            period.label = "P" + std::to_string(period.number);
            period.treatment = (side == 0) == first;
            day = period.last + 1;
            periods.push_back(period);
        }
    }
    return periods;
}

std::string schedule_csv(const std::vector<Period>& periods, std::uint64_t seed) {
    std::string out;
    text::write_csv_row(out, columns);
    for (const auto& period : periods) {
        const std::array<std::string, 7> cells = {std::to_string(period.number),
                                                  std::to_string(period.pair),
                                                  date_text(period.first),
                                                  date_text(period.last),
                                                  period.label,
                                                  period.treatment ? "treatment" : "control",
                                                  std::to_string(seed)};
        std::array<std::string_view, 7> views;
        std::copy(cells.begin(), cells.end(), views.begin());
        text::write_csv_row(out, views);
    }
    return out;
}

std::vector<Period> read_schedule(const std::string& file, std::string_view bytes, Diagnostics& diagnostics) {
    std::vector<Period> periods;
    const auto table = text::read_csv(file, bytes, diagnostics);
    if (!table.readable()) return periods;
    std::map<std::string, std::size_t, std::less<>> at;
    for (std::size_t i = 0; i < table.header().size(); ++i)
        at[std::string(table.header()[i].text)] = i;
    for (const char* name : {"first", "last", "arm", "pair"})
        if (!at.count(name))
            diagnostics.add("csv/missing-column", {file, 1, 0}, std::string("no column ") + name);
    if (diagnostics.has_errors()) return periods;
    for (const auto& row : table.rows()) {
        if (row.damaged) continue;
        const auto cells = table.cells(row);
        auto cell = [&](const char* name) {
            return at.count(name) && at[name] < cells.size() ? std::string(cells[at[name]].text)
                                                             : std::string();
        };
        Period period;
        const Place place{file, row.line, 0};
        const auto first = parse_date(cell("first")), last = parse_date(cell("last"));
        const auto pair = text::parse_number(cell("pair")).value;
        const auto arm = cell("arm");
        if (!first || !last || *last < *first)
            diagnostics.add("csv/bad-value", place,
                            "first and last must be dates in order, such as 2026-03-01");
        else if (!pair || *pair < 1 || *pair > 1000)
            diagnostics.add("csv/bad-value", place, "pair must be a whole number from 1");
        else if (arm != "treatment" && arm != "control")
            diagnostics.add("csv/unknown-value", place, "arm is treatment or control");
        else if (!periods.empty() && *first <= periods.back().last)
            diagnostics.add("csv/bad-value", place, "a period begins before the one above it ends");
        else {
            period.number = static_cast<int>(periods.size()) + 1;
            period.pair = static_cast<int>(*pair);
            period.first = *first;
            period.last = *last;
            period.label = cell("label");
            period.treatment = arm == "treatment";
            periods.push_back(period);
        }
    }
    return periods;
}

std::string schedule_ics(const std::vector<Period>& periods, int minute, bool show_arm) {
    auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    std::string out;
    for (const char* text :
         {"BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//assay//trial schedule//EN", "CALSCALE:GREGORIAN"})
        line(out, text);
    if (periods.empty()) {
        line(out, "END:VCALENDAR");
        return out;
    }
    // No clock: the stamp is the first day of the trial, so that the same schedule gives the same bytes.
    const auto stamp = "DTSTAMP:" + compact_date(periods.front().first) + "T000000Z";
    for (const auto& period : periods) {
        line(out, "BEGIN:VEVENT");
        line(out,
             "UID:period-" + std::to_string(period.number) + "-" + compact_date(period.first) + "@assay");
        line(out, stamp);
        line(out, "DTSTART;VALUE=DATE:" + compact_date(period.first));
        line(out, "DTEND;VALUE=DATE:" + compact_date(period.last + 1));
        line(out, "SUMMARY:Trial period " + period.label +
                      (show_arm ? (period.treatment ? " (with)" : " (without)") : ""));
        line(out, "TRANSP:TRANSPARENT");
        line(out, "END:VEVENT");
    }
    const auto at = "T" + two(minute / 60) + two(minute % 60) + "00";
    line(out, "BEGIN:VEVENT");
    line(out, "UID:diary-" + compact_date(periods.front().first) + "@assay");
    line(out, stamp);
    line(out, "DTSTART:" + compact_date(periods.front().first) + at);
    line(out, "DURATION:PT5M");
    line(out, "RRULE:FREQ=DAILY;COUNT=" + std::to_string(periods.back().last - periods.front().first + 1));
    line(out, "SUMMARY:Write the diary day (a day without is a 0\\, not a blank)");
    line(out, "BEGIN:VALARM");
    line(out, "ACTION:DISPLAY");
    line(out, "DESCRIPTION:Write the diary day");
    line(out, "TRIGGER:PT0M");
    line(out, "END:VALARM");
    line(out, "END:VEVENT");
    line(out, "END:VCALENDAR");
    return out;
}

} // namespace assay::trial
