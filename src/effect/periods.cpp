#include "effect/periods.hpp"

#include <array>
#include <charconv>
#include <utility>

namespace assay::effect {

namespace {
constexpr double year = 365.25;
constexpr std::array<std::pair<std::string_view, double>, 7> lengths = {{{"day", 1},
                                                                         {"night", 1},
                                                                         {"week", 7},
                                                                         {"fortnight", 14},
                                                                         {"month", year / 12},
                                                                         {"quarter", year / 4},
                                                                         {"year", year}}};

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && text.front() == ' ')
        text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ')
        text.remove_suffix(1);
    return text;
}
} // namespace

std::optional<double> period_days(std::string_view period) {
    period = trimmed(period);
    double count = 1;
    const auto [rest, error] = std::from_chars(period.data(), period.data() + period.size(), count);
    if (error == std::errc()) period.remove_prefix(static_cast<std::size_t>(rest - period.data()));
    else count = 1;
    period = trimmed(period);
    if (!(count > 0)) return std::nullopt;
    if (!period.empty() && period.back() == 's') period.remove_suffix(1);
    for (const auto& [name, days] : lengths)
        if (name == period) return count * days;
    return std::nullopt;
}

std::optional<double> period_factor(std::string_view from, std::string_view to) {
    if (trimmed(from) == trimmed(to)) return 1;
    const auto have = period_days(from), want = period_days(to);
    if (!have || !want) return std::nullopt;
    return *want / *have;
}

} // namespace assay::effect
