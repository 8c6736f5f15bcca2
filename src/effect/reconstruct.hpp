// Tables and effects rebuilt from what is printed: cells from a margin and a measure of association, an
// effect with its variance from an interval or a test, an effect on another scale by the delta method.
#pragma once

#include "effect/cells.hpp"
#include "num/function_ref.hpp"

#include <optional>

namespace assay::effect {

/// Margins n1i = ai + bi and n2i = ai + ci of ni people, and one of: the odds ratio, phi, or chi-squared with
/// the sign of the association.
struct PrintedTable {
    std::optional<double> n, n1, n2, odds_ratio, phi, chi_squared;
    bool yates = true; ///< chi-squared has the continuity correction
};
/// Whole cells; none where numbers are missing or a cell would be negative. Bonett 2007, Psychol Methods
/// 12:254 (phi); Di Pietrantonj 2006, Stat Med 25:2299 (odds ratio).
std::optional<Cells> table_from_margins(const PrintedTable& printed);

/// An effect as papers print it. `level` in (0, 1).
struct PrintedEffect {
    std::optional<double> estimate, low, high, z, p, y, v;
    double level = 0.95;
};
struct EffectAndVariance {
    std::optional<double> y, v;
};
/// On the scale of `forward` (log for ratios); y and v that are there stay, an interval comes before a test.
EffectAndVariance wald(const PrintedEffect& printed, double (*forward)(double));

/// f(y) with variance f'(y)^2 v; the derivative by extrapolated central differences.
EffectAndVariance delta_method(num::Function f, double y, double v);

} // namespace assay::effect
