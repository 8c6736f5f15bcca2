#include "report/parts.hpp"

#include <array>

namespace assay::report {

namespace {

struct Level {
    std::string_view word, circles;
};
constexpr std::array<Level, 4> levels{{
    {"high", "\xE2\x8A\x95\xE2\x8A\x95\xE2\x8A\x95\xE2\x8A\x95"},
    {"moderate", "\xE2\x8A\x95\xE2\x8A\x95\xE2\x8A\x95\xE2\x97\xAF"},
    {"low", "\xE2\x8A\x95\xE2\x8A\x95\xE2\x97\xAF\xE2\x97\xAF"},
    {"very low", "\xE2\x8A\x95\xE2\x97\xAF\xE2\x97\xAF\xE2\x97\xAF"},
}};

} // namespace

void write_certainty(Page& page, const model::Verdict& verdict) {
    if (verdict.certainty.empty()) {
        page.out.element("span", "not graded", {{"class", "soft"}});
        return;
    }
    for (const Level& level : levels)
        if (level.word == verdict.certainty)
            page.out.element("span", level.circles, {{"class", "circles"}, {"aria-hidden", "true"}}).text(" ");
    page.out.text(verdict.certainty);
    if (!verdict.certainty_source.empty())
        page.out.text(" ").element("span", verdict.certainty_source, {{"class", "by"}});
}

} // namespace assay::report
