#include "formula.hpp"

#include "case.hpp"
#include "synth/random_terms.hpp"

#include <cmath>

namespace assay::test {

namespace {

std::vector<std::string> terms_of(const std::string& formula) {
    std::vector<std::string> out;
    std::string term;
    int depth = 0;
    for (const char c : formula.substr(formula.find('~') + 1) + "+") {
        if (c == '(') ++depth;
        if (c == ')') --depth;
        if (c == '+' && depth == 0) {
            if (!term.empty()) out.push_back(term);
            term.clear();
        } else if (c != ' ')
            term += c;
    }
    return out;
}

std::vector<double> arithmetic(const std::string& text, const Table& table,
                               const std::vector<std::size_t>& kept) {
    const auto at = text.find_first_of("+-*/^");
    const std::string name = text.substr(0, at);
    const auto column = table.numbers.find(name);
    if (column == table.numbers.end()) throw Unsupported{"term " + text};
    std::vector<double> out;
    for (std::size_t row : kept)
        out.push_back(column->second[row].value_or(NAN));
    if (at == std::string::npos) return out;
    const auto operand = number_of(text.substr(at + 1));
    if (!operand) throw Unsupported{"term " + text};
    for (double& x : out)
        x = text[at] == '+'   ? x + *operand
            : text[at] == '-' ? x - *operand
            : text[at] == '*' ? x * *operand
            : text[at] == '/' ? x / *operand
                              : std::pow(x, *operand);
    return out;
}

} // namespace

num::Matrix model_matrix(const std::string& formula, const Table& table,
                         const std::vector<std::size_t>& kept) {
    std::vector<std::vector<double>> columns;
    bool intercept = true;
    for (const std::string& term : terms_of(formula))
        if (term == "0" || term == "1-1") intercept = false;
    if (intercept) columns.emplace_back(kept.size(), 1.0);
    for (std::string term : terms_of(formula)) {
        if (term == "1" || term == "0") continue;
        const bool is_factor = term.rfind("factor(", 0) == 0;
        if (is_factor) term = term.substr(7, term.size() - 8);
        if (term.rfind("I(", 0) == 0) {
            columns.push_back(arithmetic(term.substr(2, term.size() - 3), table, kept));
            continue;
        }
        const auto text = table.text.find(term);
        if (text == table.text.end()) throw Unsupported{"term " + term};
        bool numeric = !is_factor;
        for (std::size_t row : kept)
            numeric = numeric && table.numbers.at(term)[row].has_value();
        if (numeric) {
            columns.push_back(arithmetic(term, table, kept));
            continue;
        }
        std::vector<std::string> values;
        for (std::size_t row : kept)
            values.push_back(text->second[row]);
        const synth::Factor factor = synth::factor_of(values);
        for (std::size_t level = columns.empty() ? 0 : 1; level < factor.levels.size(); ++level) {
            std::vector<double> dummy;
            for (std::size_t of_row : factor.of_row)
                dummy.push_back(of_row == level ? 1 : 0);
            columns.push_back(std::move(dummy));
        }
    }
    num::Matrix out(kept.size(), columns.size());
    for (std::size_t j = 0; j < columns.size(); ++j)
        for (std::size_t i = 0; i < kept.size(); ++i)
            out(i, j) = columns[j][i];
    return out;
}

} // namespace assay::test
