// Units that are not known, and counts that look as if they belong to another period.
#include "trust/parts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace assay::trust {

namespace {

struct Span {
    std::string_view word;
    double days;
};
constexpr std::array<Span, 5> spans{
    {{"day", 1}, {"week", 7}, {"month", 30.4375}, {"season", 91.3125}, {"year", 365.25}}};

/// "4 weeks" is 28 days. Absent: not a period we know.
std::optional<double> days_in(std::string_view period) {
    double factor = 1;
    if (!period.empty() && period.front() >= '0' && period.front() <= '9') {
        std::size_t end = 0;
        while (end < period.size() && ((period[end] >= '0' && period[end] <= '9') || period[end] == '.'))
            ++end;
        const auto number = read_printed(period.substr(0, end));
        if (!number) return std::nullopt;
        factor = number->value;
        period.remove_prefix(end);
    }
    while (!period.empty() && period.front() == ' ')
        period.remove_prefix(1);
    if (!period.empty() && period.back() == 's') period.remove_suffix(1);
    for (const Span& span : spans)
        if (period == span.word) return factor * span.days;
    return std::nullopt;
}

/// A study's typical count per day before treatment or without it, and a row that shows it.
struct Level {
    const model::Result* row = nullptr;
    double per_day = 0;
};

std::map<std::string_view, std::map<std::string_view, Level>> levels(const Context& context) {
    std::map<std::string_view, std::map<std::string_view, Level>> by_outcome;
    for (const ArmMoments& group : context.data.moments()) {
        const auto& outcome = *context.data.outcome(group.row->outcome);
        if (outcome.kind != model::OutcomeKind::count || group.mean.value <= 0) continue;
        const bool untreated = group.row->basis == "baseline" ||
                               (group.arm && group.arm->role == "control" && group.row->basis == "final");
        const auto days = days_in(group.row->period.empty() ? outcome.period : group.row->period);
        if (!untreated || !days) continue;
        auto& level = by_outcome[outcome.id.value][group.row->study.value];
        const double per_day = group.mean.value / *days;
        if (!level.row || per_day > level.per_day) level = {group.row, per_day};
    }
    return by_outcome;
}

double middle_of(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    const std::size_t half = values.size() / 2;
    return values.size() % 2 ? values[half] : (values[half - 1] + values[half]) / 2;
}

// Ratios of the periods in which people count: week and day, month and week, ...
constexpr std::array<double, 7> factors{4, 4.345, 7, 12, 28, 30.4, 52.2};
constexpr double near = 0.25; // on the log scale
constexpr double spread = 3;  // the other studies must lie closer together than this
constexpr std::size_t fewest = 3;

} // namespace

void run_units(const Context& context, Sink& sink) {
    for (const model::Result& row : context.data.review().results) {
        const auto* outcome = context.data.outcome(row.outcome);
        if (!outcome || outcome->kind == model::OutcomeKind::binary ||
            std::holds_alternative<model::Statement>(row.data))
            continue;
        sink.examined(row.place);
        const bool unit = row.unit == "unknown" || (row.unit.empty() && outcome->unit == "unknown");
        const bool period = row.period == "unknown" || (row.period.empty() && outcome->period == "unknown");
        if (!unit && !period) continue;
        Finding made = finding(row, unit ? "unit" : "period", Possible::yes);
        made.says = fmt::format("The {} of these numbers is not known; they are kept out of pools.",
                                unit ? "unit" : "period");
        made.remedy = "The methods of the paper or its registry entry say it.";
        sink.add(std::move(made));
    }
}

void run_periods(const Context& context, Sink& sink) {
    for (const auto& [outcome, studies] : levels(context)) {
        for (const auto& [name, level] : studies) {
            std::vector<double> others;
            for (const auto& [other, value] : studies)
                if (other != name) others.push_back(value.per_day);
            if (others.size() < fewest) continue;
            sink.examined(level.row->place);
            const auto [least, most] = std::minmax_element(others.begin(), others.end());
            if (*most > spread * *least)
                continue; // the outcome itself varies too much between studies to tell
            const double typical = middle_of(others), ratio = level.per_day / typical;
            for (const double factor : factors) {
                if (std::fabs(std::fabs(std::log(ratio)) - std::log(factor)) > near) continue;
                Finding made = finding(*level.row, "period", Possible::unlikely);
                input(made, "per_week", number_words(7 * level.per_day));
                input(made, "others_per_week", number_words(7 * typical));
                made.says = fmt::format("The count is {} times that of the other studies, about the ratio of "
                                        "two counting periods.",
                                        number_words(ratio));
                made.remedy = "Look whether it was counted per week, per four weeks or per day. It is "
                              "possible if these people "
                              "were affected that differently.";
                sink.add(std::move(made));
                break;
            }
        }
    }
}

} // namespace assay::trust
