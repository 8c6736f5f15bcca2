// Plays a finished review again: reads in the order the ranker proposes and takes each decision from the
// labels.
#pragma once

#include "base/progress.hpp"
#include "screen/metrics.hpp"
#include "screen/ranker.hpp"

#include <span>
#include <vector>

namespace assay::screen {

struct Replay {
    std::vector<std::size_t> order; ///< rows in reading order, priors first
    std::size_t priors = 0;         ///< how many of them were given
    std::size_t refits = 0;
    Metrics metrics;
};

/// `relevant`: one per record. `priors`: rows known from the start. `start`: the order in which records are
/// read while no model can be fitted (all rows). Ends when the last relevant record was read; without any,
/// when all were.
Replay replay(const Similarity& similarity, const RankerOptions& options, std::span<const char> relevant,
              std::span<const std::size_t> priors, std::span<const std::size_t> start,
              const Progress& progress = {});
/// The same with a ranker that has seen no decision yet.
Replay replay(Ranker& ranker, std::span<const char> relevant, std::span<const std::size_t> priors,
              std::span<const std::size_t> start, const Progress& progress = {});

} // namespace assay::screen
