// The same analysis under other choices: one row per variant, with a line for the main result.
#pragma once

#include "plot/forest.hpp"

namespace assay::plot {

/// A forest whose rows are variants, grouped by kind, without the standard sets; variants without a result have no row. `main` must be present
/// in `result`.
Forest sensitivity_of(const Forest& main_forest, const model::AnalysisResult& result);

/// Does the answer change? The standard sets alone (who paid, risk of bias, trust in the numbers, size), with the main result.
/// Sets that leave nothing to pool are told under the figure.
Forest standard_sets_of(const Forest& main_forest, const model::AnalysisResult& result);

/// "Leaving out one study at a time", "Named sets", "Other models", "Sets of the whole review".
std::string variant_kind_in_words(std::string_view kind);

/// Kinds in the order in which they are shown.
std::vector<std::string> variant_kinds(const model::AnalysisResult& result);

} // namespace assay::plot
