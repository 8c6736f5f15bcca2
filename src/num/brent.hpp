// Brent's root finder with a stated tolerance, for where another program's early stop is to be repeated; for
// roots to machine precision see roots.hpp.
#pragma once

#include "num/roots.hpp"

namespace assay::num {

/// Brent 1973, Algorithms for Minimization without Derivatives, chapter 4 (procedure zero): stops when the
/// bracket is narrower than 2*(2*epsilon*|b| + tolerance/2). f must change sign between low and high.
Root brent(Function f, double low, double high, double tolerance, int most_steps = 1000);

} // namespace assay::num
