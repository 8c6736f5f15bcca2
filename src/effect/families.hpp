// The compute functions of all measures, one block per source file; only measures.cpp needs them.
#pragma once

#include "effect/measures.hpp"

namespace assay::effect {

// binary.cpp
Zeros zeros_2x2(const Row&);
Computed risk_ratio(const Row&, const Setting&);
Computed odds_ratio(const Row&, const Setting&);
Computed risk_difference(const Row&, const Setting&);
Computed peto(const Row&, const Setting&);
Computed arcsine_difference(const Row&, const Setting&);
void average_risks(const Row&, const Setting&, Averages&);

// means.cpp
Computed mean_difference(const Row&, const Setting&);
Computed standardised_mean_difference(const Row&, const Setting&);
Computed ratio_of_means(const Row&, const Setting&);
void average_smd(const Row&, const Setting&, Averages&);
void average_cv(const Row&, const Setting&, Averages&);

// paired.cpp
Computed mean_change(const Row&, const Setting&);

// generic.cpp
Computed generic(const Row&, const Setting&);

} // namespace assay::effect
