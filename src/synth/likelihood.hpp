// The likelihood of tau2 under the random-effects model, full and restricted, and its highest maximum.
#pragma once

#include "synth/estimators.hpp"

namespace assay::synth {

enum class Likelihood { full, restricted };

/// Log-likelihood of tau2 at the best mean, without constants.
double log_likelihood(const Problem& problem, double tau2, Likelihood kind);

/// The tau2 >= 0 with the highest likelihood. Never fails: the score is scanned for all its sign changes, each is
/// refined inside its bracket, and the candidates (with the boundary 0) are compared by likelihood; scoring alone can
/// oscillate or stop at a lower maximum.
Tau2 maximise_likelihood(const Problem& problem, Likelihood kind);

} // namespace assay::synth
