#include "trust/parts.hpp"

#include "base/ascii.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>

namespace assay::trust {

namespace {

using ascii::digit;
using ascii::to_lower;

Finding at(const model::StudyId& study, const std::string& row, const Place& place, std::string_view field,
           Possible possible) {
    Finding made;
    made.study = study;
    made.row = row;
    made.field = field;
    made.place = place;
    made.possible = possible;
    return made;
}

} // namespace

Finding finding(const model::Result& row, std::string_view field, Possible possible) {
    return at(row.study, row.id.value, row.place, field, possible);
}

Finding finding(const model::Published& row, std::string_view field, Possible possible) {
    return at({}, row.id.value, row.place, field, possible);
}

Finding finding(const model::Arm& row, std::string_view field, Possible possible) {
    return at(row.study, row.id.value, row.place, field, possible);
}

Finding finding(const model::Study& row, std::string_view field, Possible possible) {
    return at(row.id, row.id.value, row.place, field, possible);
}

void input(Finding& finding, std::string name, std::string value) {
    NamedText made;
    made.name = std::move(name);
    made.value = std::move(value);
    finding.inputs.push_back(std::move(made));
}

void input(Finding& finding, std::string name, const Printed& value) {
    input(finding, std::move(name), value.text());
}

std::string p_words(double p) {
    if (p < 1e-12) return "below 1e-12";
    return p < 0.0001 ? fmt::format("{:.1e}", p) : fmt::format("{:.2g}", p);
}

std::string p_words(const Range& range) {
    const std::string low = p_words(range.low), high = p_words(range.high);
    return low == high ? low : low + " to " + high;
}

std::string number_words(double value) {
    return fmt::format("{:.4g}", value);
}

std::string subject(const Cell& cell) {
    std::string words = cell.study->label + ", " + cell.outcome->label;
    if (!cell.timepoint.empty()) words += ", " + cell.timepoint;
    return words;
}

Symmetry symmetry(std::string_view measure) {
    // Published tables write "MD %", "WMD", "aOR", "OR (random)": the first word decides.
    std::string word;
    for (const char c : measure) {
        if ((c < 'A' || c > 'Z') && (c < 'a' || c > 'z')) break;
        word += to_lower(c);
    }
    constexpr std::array<std::string_view, 12> ratios{"or",  "rr",  "hr",  "irr", "rom", "por",
                                                      "aor", "ahr", "sir", "smr", "dor", "ratio"};
    constexpr std::array<std::string_view, 10> differences{"md", "wmd", "smd", "rd",   "arr",
                                                           "es", "d",   "g",   "mean", "ard"};
    for (const auto name : ratios)
        if (word == name) return Symmetry::ratio;
    for (const auto name : differences)
        if (word == name) return Symmetry::difference;
    return Symmetry::unknown;
}

std::string plain(std::string_view text) {
    std::string words;
    for (const char c : text) {
        const char small = to_lower(c);
        const bool keep =
            (small >= 'a' && small <= 'z') || digit(small) || static_cast<unsigned char>(small) >= 0x80;
        if (keep)
            words += small;
        else if (!words.empty() && words.back() != ' ')
            words += ' ';
    }
    while (!words.empty() && words.back() == ' ')
        words.pop_back();
    return words;
}

std::vector<Printed> percentages(std::string_view text) {
    std::vector<Printed> found;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (!digit(text[at]) || (at > 0 && (digit(text[at - 1]) || text[at - 1] == '.'))) continue;
        std::size_t end = at;
        while (end < text.size() &&
               (digit(text[end]) || (text[end] == '.' && end + 1 < text.size() && digit(text[end + 1]))))
            ++end;
        std::size_t sign = end;
        while (sign < text.size() && text[sign] == ' ')
            ++sign;
        if (sign >= text.size() || text[sign] != '%') continue;
        if (const auto number = read_printed(text.substr(at, end - at))) found.push_back(*number);
        at = sign;
    }
    return found;
}

bool printed_status(const std::string& status) {
    return status == "printed" || status == "secondary";
}

} // namespace assay::trust
