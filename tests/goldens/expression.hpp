// Arithmetic as R writes it, over the columns of a table: "sqrt(tpos + tneg)", "1/vi".
#pragma once

#include <functional>
#include <string>

namespace assay::test {

/// The value of the expression; `variable` gives the values of names. Throws std::runtime_error on what it
/// cannot read.
double evaluate(const std::string& expression, const std::function<double(const std::string&)>& variable);

} // namespace assay::test
