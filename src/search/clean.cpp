#include "search/clean.hpp"

#include "base/utf8.hpp"

#include <algorithm>

namespace assay::search {

namespace {

struct Plain {
    char32_t value;
    char sign;
};

constexpr Plain plain_signs[] = {
    {0x00A0, ' '},  {0x00AD, 0},    {0x2002, ' '}, {0x2003, ' '},  {0x2009, ' '},  {0x200B, 0},
    {0x200C, 0},    {0x200D, 0},    {0x200E, 0},   {0x200F, 0},    {0x2010, '-'},  {0x2011, '-'},
    {0x2012, '-'},  {0x2013, '-'},  {0x2014, '-'}, {0x2015, '-'},  {0x2018, '\''}, {0x2019, '\''},
    {0x201A, '\''}, {0x201B, '\''}, {0x201C, '"'}, {0x201D, '"'},  {0x201E, '"'},  {0x201F, '"'},
    {0x2028, '\n'}, {0x2029, '\n'}, {0x202F, ' '}, {0x2032, '\''}, {0x2033, '"'},  {0x2212, '-'},
    {0x2217, '*'},  {0x3000, ' '},  {0xFEFF, 0},   {0xFF02, '"'},  {0xFF08, '('},  {0xFF09, ')'},
    {0xFF0A, '*'},
};

const Plain* plain_sign(char32_t value) {
    const auto found = std::lower_bound(std::begin(plain_signs), std::end(plain_signs), value,
                                        [](const Plain& row, char32_t c) { return row.value < c; });
    return found != std::end(plain_signs) && found->value == value ? found : nullptr;
}

} // namespace

Cleaned clean(std::string file, std::string source, Diagnostics& diagnostics) {
    Cleaned out;
    out.file = std::move(file);
    out.source = std::move(source);
    std::size_t smart = 0;
    std::uint32_t first = 0;
    const auto add = [&](char c, std::size_t at) {
        out.text += c;
        out.origin.push_back(static_cast<std::uint32_t>(at));
    };
    for (std::size_t at = 0; at < out.source.size();) {
        const auto c = static_cast<unsigned char>(out.source[at]);
        if (c < 0x80) {
            if (c == '\r') {
                if (at + 1 >= out.source.size() || out.source[at + 1] != '\n') add('\n', at);
            } else if (c == '\n' || c == '\t') {
                add(static_cast<char>(c), at);
            } else {
                add(c < 0x20 || c == 0x7F ? ' ' : static_cast<char>(c), at);
            }
            ++at;
            continue;
        }
        const CodePoint point = decode_code_point(out.source, at);
        const Plain* sign = point.valid ? plain_sign(point.value) : nullptr;
        if (!point.valid) {
            add(' ', at);
        } else if (!sign) {
            for (int i = 0; i < point.bytes; ++i)
                add(out.source[at + static_cast<std::size_t>(i)], at);
        } else if (sign->sign != 0) {
            if (sign->sign == '"' && smart++ == 0) first = static_cast<std::uint32_t>(out.text.size());
            add(sign->sign, at);
        }
        at += static_cast<std::size_t>(point.bytes);
    }
    out.origin.push_back(static_cast<std::uint32_t>(out.source.size()));
    if (smart > 0)
        out.report(diagnostics, "search/smart-quotes", first, first + 1,
                   smart == 1 ? "a typographic quote" : std::to_string(smart) + " typographic quotes",
                   "most databases take only the straight quote; it was read as one");
    return out;
}

Place Cleaned::place(std::uint32_t at) const {
    const std::size_t byte = origin[std::min<std::size_t>(at, origin.size() - 1)];
    const std::string_view before = std::string_view(source).substr(0, byte);
    const std::size_t line_start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    return {file, 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
            1 + static_cast<int>(count_code_points(before.substr(line_start)))};
}

Diagnostic& Cleaned::report(Diagnostics& to, std::string_view code, std::uint32_t begin, std::uint32_t end,
                            std::string message, std::string hint) const {
    Diagnostic& item = to.add(code, place(begin), std::move(message), std::move(hint));
    const std::size_t from = origin[std::min<std::size_t>(begin, origin.size() - 1)];
    const std::size_t until = std::max<std::size_t>(
        from,
        origin[std::min<std::size_t>(std::max(begin, end), origin.size() - 1)]); // lines may have been turned
    const std::size_t start = source.rfind('\n', from == 0 ? std::string::npos : from - 1);
    const std::size_t line_start = from == 0 || start == std::string::npos ? 0 : start + 1;
    const std::size_t line_end = std::min(source.find('\n', from), source.size());
    item.span = std::max(1, static_cast<int>(count_code_points(
                                std::string_view(source).substr(from, std::min(until, line_end) - from))));
    std::string_view line = std::string_view(source).substr(line_start, line_end - line_start);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    show_line(item, line);
    return item;
}

} // namespace assay::search
