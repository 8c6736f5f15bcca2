// Subgroups pooled on their own, with a test of whether their means differ.
#pragma once

#include "model/results.hpp"
#include "synth/pool.hpp"

namespace assay::synth {

/// Groups by Effect::subgroup, in order of first appearance; each group has its own tau2. Q between compares the
/// groups' estimates by their inverse variances with a chi-squared of (groups - 1) df: Borenstein & Higgins 2013,
/// Prev Sci 14:134, page 139. Groups where nothing could be pooled do not take part in the test.
model::SubgroupTest subgroups(std::span<const model::Effect> effects, const std::string& measure,
                              const PoolOptions& options, const std::string& column);

} // namespace assay::synth
