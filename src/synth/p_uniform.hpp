// p-uniform*: mean and variance of effects from the distribution of P values given that a study was
// significant, or given that it was not; corrects for publication that depends on significance.
#pragma once

#include "synth/excess.hpp"

#include <optional>
#include <span>
#include <string>

namespace assay::synth {

struct PUniformOptions {
    Alternative side = Alternative::greater; ///< the direction in which significant studies are published
    double alpha = 0.025;                    ///< one-sided; studies are tested against 0
    double level = 0.95;
};

struct PUniform {
    bool defined = false; ///< false: `why` tells
    std::string why;
    int k = 0, significant = 0;
    double estimate = 0, tau2 = 0;
    std::optional<double> ci_low, ci_high; ///< profile likelihood; unset: no bound found
    std::optional<double> tau2_low, tau2_high;
    double log_likelihood = 0;
    double lrt_effect = 0, lrt_effect_p = 1; ///< of mean 0
    double lrt_tau2 = 0, lrt_tau2_p = 1;     ///< of tau2 0; P halved, as 0 is at the boundary
    double lrt_bias = 0, lrt_bias_p = 1;     ///< of no publication bias: both kinds of study estimated alone
};

/// van Aert & van Assen 2021 (preprint, doi 10.31222/osf.io/zqjr9): the likelihood of each effect is a normal
/// density truncated at the critical value, on the side where the effect lies (their equations 3 and 4).
PUniform p_uniform_star(std::span<const double> y, std::span<const double> v,
                        const PUniformOptions& options = {});

} // namespace assay::synth
