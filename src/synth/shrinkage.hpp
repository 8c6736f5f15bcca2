// Best linear unbiased predictions: each study's true effect, drawn towards the model by what tau2 says.
#pragma once

#include "synth/uni.hpp"

namespace assay::synth {

/// Raudenbush & Bryk 1985, J Educ Stat 10:75, equations 10 and 11, with the uncertainty of the coefficients.
struct Shrinkage {
    std::vector<double> effect, effect_se, low, high; ///< of the true effects
    std::vector<double> deviation, deviation_se, deviation_low,
        deviation_high; ///< of these from the fitted values
};
Shrinkage shrink(const UniModel& model, const UniFit& fit);

} // namespace assay::synth
