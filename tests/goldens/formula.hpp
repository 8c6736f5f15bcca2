// Design matrices from R formulas of a few plain terms: columns, factor(column), I(column op number).
#pragma once

#include "../support/table.hpp"
#include "num/dense.hpp"

#include <string>
#include <vector>

namespace assay::test {

/// The rows `kept` of the model matrix of "~ a + b"; text columns become dummies of their sorted levels.
/// Throws Unsupported for other terms.
num::Matrix model_matrix(const std::string& formula, const Table& table,
                         const std::vector<std::size_t>& kept);

} // namespace assay::test
