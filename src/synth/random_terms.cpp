#include "synth/random_terms.hpp"

#include <algorithm>
#include <charconv>
#include <numeric>

namespace assay::synth {

namespace {

constexpr StructureInfo intercept_info{Structure::intercept, "1", "sigma2", false, false};

constexpr StructureInfo table[] = {
    {Structure::cs, "CS", "tau2 rho", false, true},
    {Structure::hcs, "HCS", "tau_a tau_b rho", true, true},
    {Structure::un, "UN", "tau_a tau_b rho_ab", true, true},
    {Structure::id, "ID", "0", false, false},
    {Structure::diag, "DIAG", "0", true, false},
    {Structure::ar, "AR", "tau2 rho^|a - b|, a and b counted in order", false, true},
    {Structure::har, "HAR", "tau_a tau_b rho^|a - b|, a and b counted in order", true, true},
    {Structure::car, "CAR", "tau2 rho^|t_a - t_b|", false, true},
};

std::optional<double> number(const std::string& text) {
    double x = 0;
    const char* const end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, x);
    if (error != std::errc() || stop != end) return std::nullopt;
    return x;
}

/// Where a character stands in the root collation of Unicode (ASCII part): spaces and punctuation, symbols,
/// digits, letters without regard to case.
int rank_of(char c) {
    constexpr std::string_view order =
        " _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789abcdefghijklmnopqrstuvwxyz";
    const char lower = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const auto at = order.find(lower);
    return at == std::string_view::npos ? 256 + static_cast<unsigned char>(c) : static_cast<int>(at);
}

/// Text in that order; lower case first where nothing else differs.
bool before_text(const std::string& a, const std::string& b) {
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i)
        if (rank_of(a[i]) != rank_of(b[i])) return rank_of(a[i]) < rank_of(b[i]);
    if (a.size() != b.size()) return a.size() < b.size();
    return a > b; // in ASCII lower case follows upper case
}

std::string_view trimmed(std::string_view text) {
    const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\n'; };
    while (!text.empty() && blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && blank(text.back()))
        text.remove_suffix(1);
    return text;
}

/// Parts between separators that are outside brackets.
std::vector<std::string_view> split(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == separator && depth == 0)) {
            parts.push_back(trimmed(text.substr(from, i - from)));
            from = i + 1;
        } else if (text[i] == '(')
            ++depth;
        else if (text[i] == ')')
            --depth;
    }
    return parts;
}

std::optional<RandomFormula> parse_one(std::string_view text) {
    text = trimmed(text);
    if (text.empty() || text.front() != '~') return std::nullopt;
    const auto sides = split(text.substr(1), '|');
    if (sides.size() != 2 || sides[0].empty()) return std::nullopt;
    RandomFormula formula{std::string(sides[0]), {}};
    for (const auto group : split(sides[1], '/')) {
        if (group.empty()) return std::nullopt;
        formula.groups.emplace_back(group);
    }
    if (formula.inner != "1" && formula.groups.size() > 1) return std::nullopt;
    return formula;
}

} // namespace

std::span<const StructureInfo> structures() {
    return table;
}

const StructureInfo& info_of(Structure structure) {
    for (const auto& row : table)
        if (row.structure == structure) return row;
    return intercept_info;
}

const StructureInfo* find_structure(std::string_view id) {
    for (const auto& row : table)
        if (row.id == id) return &row;
    return nullptr;
}

Factor factor_of(std::span<const std::string> values) {
    Factor out;
    out.levels.assign(values.begin(), values.end());
    const bool numbers =
        std::all_of(values.begin(), values.end(), [](const std::string& v) { return number(v).has_value(); });
    std::sort(out.levels.begin(), out.levels.end(), [&](const std::string& a, const std::string& b) {
        return numbers ? *number(a) < *number(b) : before_text(a, b);
    });
    out.levels.erase(std::unique(out.levels.begin(), out.levels.end()), out.levels.end());
    const auto before = [&](const std::string& a, const std::string& b) {
        return numbers ? *number(a) < *number(b) : before_text(a, b);
    };
    for (const std::string& value : values)
        out.of_row.push_back(static_cast<std::size_t>(
            std::lower_bound(out.levels.begin(), out.levels.end(), value, before) - out.levels.begin()));
    return out;
}

Factor nested(const Factor& outer, const Factor& inner) {
    const std::size_t k = outer.of_row.size(), width = inner.levels.size();
    std::vector<std::size_t> codes(k);
    for (std::size_t i = 0; i < k; ++i)
        codes[i] = outer.of_row[i] * width + inner.of_row[i];
    std::vector<std::size_t> kinds = codes;
    std::sort(kinds.begin(), kinds.end());
    kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
    Factor out;
    for (std::size_t code : kinds)
        out.levels.push_back(outer.levels[code / width] + "/" + inner.levels[code % width]);
    for (std::size_t code : codes)
        out.of_row.push_back(
            static_cast<std::size_t>(std::lower_bound(kinds.begin(), kinds.end(), code) - kinds.begin()));
    return out;
}

std::optional<std::vector<RandomFormula>> parse_random(std::string_view text) {
    text = trimmed(text);
    std::vector<std::string_view> parts{text};
    if (text.rfind("list(", 0) == 0 && text.back() == ')')
        parts = split(text.substr(5, text.size() - 6), ',');
    std::vector<RandomFormula> formulas;
    for (const auto part : parts) {
        auto formula = parse_one(part);
        if (!formula) return std::nullopt;
        formulas.push_back(std::move(*formula));
    }
    return formulas;
}

std::size_t variances_of(const RandomTerm& term) {
    return info_of(term.structure).own_variances ? term.inner.levels.size() : 1;
}

std::size_t correlations_of(const RandomTerm& term) {
    if (!info_of(term.structure).correlated) return 0;
    const std::size_t m = term.inner.levels.size();
    if (term.structure != Structure::un || m < 2) return 1;
    return m * (m - 1) / 2;
}

} // namespace assay::synth
