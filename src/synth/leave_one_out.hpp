// The analysis again without each study in turn.
#pragma once

#include "synth/pool.hpp"

#include <vector>

namespace assay::synth {

/// Entry i is the result without effect i, without tau2 intervals. With one effect each entry has k = 0.
std::vector<model::Synthesis> leave_one_out(std::span<const model::Effect> effects, const std::string& measure,
                                            const PoolOptions& options);

} // namespace assay::synth
