#include "trial/dates.hpp"

namespace assay::trial {

namespace {

// Days from civil and back: the year begins in March, so that the leap day is its last (Hinnant,
// "chrono-compatible low-level date algorithms").
int from_civil(int year, int month, int day) {
    year -= month <= 2;
    const int era = (year >= 0 ? year : year - 399) / 400;
    const int of_era = year - era * 400;
    const int of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

struct Civil {
    int year, month, day;
};

Civil to_civil(int days) {
    days += 719468;
    const int era = (days >= 0 ? days : days - 146096) / 146097;
    const int of_era = days - era * 146097;
    const int year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    const int of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const int shifted = (5 * of_year + 2) / 153;
    const int month = shifted < 10 ? shifted + 3 : shifted - 9;
    return {year_of_era + era * 400 + (month <= 2), month, of_year - (153 * shifted + 2) / 5 + 1};
}

std::string two(int n) {
    return (n < 10 ? "0" : "") + std::to_string(n);
}

} // namespace

std::optional<int> parse_date(std::string_view text) {
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
    auto number = [&](std::size_t at, std::size_t length) {
        int value = 0;
        for (std::size_t i = at; i < at + length; ++i) {
            if (text[i] < '0' || text[i] > '9') return -1;
            value = value * 10 + (text[i] - '0');
        }
        return value;
    };
    const int year = number(0, 4), month = number(5, 2), day = number(8, 2);
    if (year < 1900 || year > 2200 || month < 1 || month > 12 || day < 1) return std::nullopt;
    const int days = from_civil(year, month, day);
    const auto back = to_civil(days);
    if (back.month != month || back.day != day) return std::nullopt; // 31 April
    return days;
}

std::string date_text(int day) {
    const auto civil = to_civil(day);
    return std::to_string(civil.year) + "-" + two(civil.month) + "-" + two(civil.day);
}

std::string compact_date(int day) {
    const auto civil = to_civil(day);
    return std::to_string(civil.year) + two(civil.month) + two(civil.day);
}

} // namespace assay::trial
