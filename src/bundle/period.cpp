#include "bundle/period.hpp"

#include "text/number.hpp"

#include <algorithm>

namespace assay::bundle {

bool readable_period(std::string_view text) {
    constexpr std::string_view units[] = {"day",   "night",   "week",   "fortnight",
                                          "month", "quarter", "season", "year"};
    const std::size_t space = text.find(' ');
    if (space != std::string_view::npos) {
        const auto number = text::parse_number(text.substr(0, space)).value;
        if (!number || *number <= 0) return false;
        text.remove_prefix(space + 1);
    }
    if (text.ends_with('s')) text.remove_suffix(1);
    return std::find(std::begin(units), std::end(units), text) != std::end(units);
}

} // namespace assay::bundle
