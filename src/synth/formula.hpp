// Model formulas as R writes them ("~ ablat + factor(alloc)*year - 1") and the design matrix they stand for.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::synth {

/// A column of the user's table. Numbers are NaN where a cell is empty or is no number.
struct Variable {
    std::string name;
    std::vector<std::string> words; ///< the cells as written
    std::vector<double> numbers;
    bool numeric = false; ///< every cell that is not empty is a number; otherwise the column is a factor
};

/// The columns that explain effects; rows with a missing value in any variable of the formula are not among
/// `rows`.
struct DesignMatrix {
    std::vector<std::string>
        names;             ///< as R names coefficients: "intrcpt", "ablat", "factor(alloc)random", "a:b"
    std::vector<double> x; ///< rows.size() numbers for each name, column after column
    std::vector<std::size_t> rows; ///< which rows of the table were kept
    bool intercept = true;
    std::size_t columns() const { return names.size(); }
};

/// The matrix of a one-sided formula. Understood: + - : * ^ and parentheses for terms, 0, 1 and -1 for the
/// intercept, I(...) around arithmetic, factor(...), and the functions log, log2, log10, exp, sqrt, abs,
/// scale. Factors have treatment contrasts against the first level in sorted order; a factor in an
/// interaction whose margin is missing keeps all its levels, as in R (Chambers & Hastie 1992, Statistical
/// Models in S, section 2.4.1). Throws Error with the place in the formula.
DesignMatrix design_matrix(std::string_view formula, std::span<const Variable> variables);

/// The same for new values of the variables: one row of `values` (comma separated "ablat=30,alloc=random")
/// gives one row of columns. Factor levels come from the data. Throws Error.
std::vector<double> design_row(std::string_view formula, std::span<const Variable> variables,
                               std::string_view values);

} // namespace assay::synth
