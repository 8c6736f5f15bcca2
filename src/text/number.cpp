#include "text/number.hpp"

#include "base/utf8.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace assay::text {

namespace {

std::optional<double> whole_match(std::string_view text) {
    double value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
        return std::nullopt;
    return value;
}

std::string replace_all(std::string text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

bool one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    std::string lower;
    for (const char c : text)
        lower += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    return std::find(words.begin(), words.end(), lower) != words.end();
}

// Thousands in groups of three: 1,234 or 1,234,567.8
bool grouped(std::string_view text) {
    const std::size_t point = text.find('.');
    const std::string_view whole = text.substr(0, point);
    std::size_t comma = whole.find(',');
    if (comma == std::string_view::npos || comma == 0) return false;
    for (; comma != std::string_view::npos; comma = whole.find(',', comma + 1)) {
        const std::size_t next = std::min(whole.find(',', comma + 1), whole.size());
        if (next - comma != 4) return false;
    }
    return true;
}

// What the typist meant, from the likely to the strange.
void explain(std::string_view text, ParsedNumber& result) {
    const std::string typed(text);
    const auto commas = std::count(text.begin(), text.end(), ',');
    const std::string without = replace_all(typed, ",", ""), pointed = replace_all(typed, ",", ".");
    if (commas > 0 && grouped(text) && whole_match(without)) {
        const bool either = commas == 1 && text.find('.') == std::string_view::npos;
        result.decimal_comma = either;
        result.hint =
            "write " + without + (either ? " (or " + pointed + " if the comma is a decimal comma)" : "");
        return;
    }
    if (commas == 1 && whole_match(pointed)) {
        result.decimal_comma = true;
        result.hint = "write " + pointed;
        return;
    }
    const std::string minus = replace_all(replace_all(typed, "\xE2\x88\x92", "-"), "\xE2\x80\x93", "-");
    const std::string tight =
        replace_all(replace_all(replace_all(typed, " ", ""), "\xC2\xA0", ""), "\xE2\x80\xAF", "");
    if (!text.empty() && text.back() == '%' && whole_match(text.substr(0, text.size() - 1)))
        result.hint = "write the number without the percent sign";
    else if (!text.empty() && text.front() == '+' && whole_match(text.substr(1)))
        result.hint = "write " + typed.substr(1);
    else if (minus != typed && whole_match(minus))
        result.hint = "write " + minus + " with a plain hyphen";
    else if (tight != typed && whole_match(tight))
        result.hint = "write " + tight;
    else if (one_of(text,
                    {"na", "n/a", "nan", "nr", "-", "--", ".", "?", "none", "null", "missing", "unknown"}))
        result.hint = "leave the cell empty when the number is missing";
    else if (one_of(text, {"inf", "+inf", "-inf", "infinity", "-infinity"}))
        result.hint = "only finite numbers can be used";
    else if (!text.empty() &&
             (text.front() == '<' || text.front() == '>' || text.front() == '~' || text.front() == '='))
        result.hint = "write the bare number; put the sign into `note`";
    else if (text.find_first_of("(/") != std::string_view::npos)
        result.hint = "one number per cell";
    else
        result.hint = "write a number such as 12 or 4.6";
}

} // namespace

ParsedNumber parse_number(std::string_view text) {
    ParsedNumber result;
    result.value = whole_match(text);
    if (result.value) return result;
    result.message = "cannot read " + in_quotes(text) + " as a number";
    explain(text, result);
    return result;
}

std::string format_number(double value) {
    if (value == 0) return "0";
    std::array<char, 64> buffer; // the longest fixed form below 1e15 has 17 digits, a point and five zeros
    const double size = std::abs(value);
    const auto format =
        size >= 1e-5 && size < 1e15 ? std::chars_format::fixed : std::chars_format::scientific;
    const auto [end, error] = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, format);
    return error == std::errc() ? std::string(buffer.data(), end) : std::string();
}

} // namespace assay::text
