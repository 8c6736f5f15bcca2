// Pooling effects into a Synthesis: the one entry for everything that is not resampling.
#pragma once

#include "model/effect.hpp"
#include "model/synthesis.hpp"

#include <optional>
#include <span>
#include <string>

namespace assay::synth {

struct PoolOptions {
    std::string model = "random"; ///< "random" | "common"
    std::string method = "REML";  ///< random: an estimator of tau2; common: "IV" | "MH" | "Peto"
    std::string test = "knha";    ///< "z" | "t" | "knha" | "adhoc"; MH and Peto always use z
    double level = 0.95;          ///< of every interval
    std::optional<double> tau2;   ///< random: this value instead of an estimate
    bool intervals_of_tau2 = true; ///< false: leave out the Q-profile (leave-one-out does)
};

/// One pooled result. Nothing about the data throws: with no usable effect `k` is 0, the estimate is NaN and a note
/// tells why. Unknown names in the options throw Error.
model::Synthesis pool(std::span<const model::Effect> effects, const std::string& measure, const PoolOptions& options);

} // namespace assay::synth
