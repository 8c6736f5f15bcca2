// Henmi and Copas's interval: the common-effect mean, which gives small studies little weight, with an
// uncertainty that allows for differences between studies.
#pragma once

#include <span>

namespace assay::synth {

struct HenmiCopas {
    double estimate = 0, se = 0, ci_low = 0, ci_high = 0;
    double tau2 = 0;      ///< DerSimonian-Laird
    double factor = 0;    ///< half the interval in standard errors
    bool defined = false; ///< false: fewer than two studies
    bool converged = true;
};

/// Henmi & Copas 2010, Stat Med 29:2969: the pivot is the mean over its standard error with tau2 of DL; given
/// the mean, Q is approximated by a gamma distribution of the same mean and variance (their section 3 and
/// appendix).
HenmiCopas henmi_copas(std::span<const double> y, std::span<const double> v, double level = 0.95);

} // namespace assay::synth
