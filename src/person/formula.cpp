#include "person/formula.hpp"

#include "base/ascii.hpp"

namespace assay::person {

namespace {

using Counts = std::map<std::string, double>;

using ascii::digit;
using ascii::lower;
using ascii::upper;

struct Parser {
    std::string_view text;
    std::size_t at = 0;
    bool good = true;

    double count() {
        if (at >= text.size() || !digit(text[at])) return 1;
        double value = 0;
        for (int digits = 0; at < text.size() && digit(text[at]); ++at, ++digits) {
            if (digits == 4) good = false;
            value = value * 10 + (text[at] - '0');
        }
        if (value == 0) good = false;
        return value;
    }

    Counts group(int depth) {
        Counts counts;
        if (depth > 8) good = false;
        while (good && at < text.size() && text[at] != ')' && text[at] != '.') {
            if (text[at] == '(') {
                ++at;
                const auto inner = group(depth + 1);
                if (at >= text.size() || text[at] != ')') {
                    good = false;
                    break;
                }
                ++at;
                const double times = count();
                for (const auto& [symbol, n] : inner)
                    counts[symbol] += n * times;
            } else if (upper(text[at])) {
                std::string symbol(1, text[at++]);
                if (at < text.size() && lower(text[at])) symbol += text[at++];
                counts[symbol] += count();
            } else {
                good = false;
            }
        }
        return counts;
    }

    Counts whole() {
        Counts counts;
        while (good && at < text.size()) {
            const double times = count();
            const auto start = at;
            for (const auto& [symbol, n] : group(0))
                counts[symbol] += n * times;
            if (at == start) good = false;
            if (at < text.size()) {
                if (text[at] != '.' || at + 1 == text.size()) good = false;
                ++at;
            }
        }
        return counts;
    }
};

} // namespace

std::optional<Composition> composition(std::string_view formula, std::string_view element,
                                       const std::map<std::string, double>& masses) {
    Parser parser{formula};
    const auto counts = parser.whole();
    if (!parser.good || counts.empty()) return std::nullopt;
    Composition made;
    double of_element = 0;
    for (const auto& [symbol, n] : counts) {
        const auto mass = masses.find(symbol);
        if (mass == masses.end()) return std::nullopt;
        made.molar_mass += n * mass->second;
        if (symbol == element) {
            made.atoms = n;
            of_element = n * mass->second;
        }
    }
    made.fraction = of_element / made.molar_mass;
    return made;
}

} // namespace assay::person
