// Begg and Mazumdar's rank correlation test: do effects change with their variances?
#pragma once

#include "num/kendall.hpp"

#include <span>

namespace assay::synth {

/// Kendall's tau of the deviations from the common effect, each divided by its standard deviation, with the
/// variances: Begg & Mazumdar 1994, Biometrics 50:1088, equation 1. With `normal` P is from the normal
/// distribution even without ties.
num::Kendall rank_test(std::span<const double> y, std::span<const double> v,
                       num::KendallP how = num::KendallP::automatic);

} // namespace assay::synth
