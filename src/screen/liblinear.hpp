// Retraces the steps of scikit-learn's LinearSVC on a small problem, up to where it stops.
//
// LinearSVC stops at a tolerance, and where it stands then depends on random numbers. When two records score
// almost the same, only the same path gives the same order. So the compatible mode follows that path for such
// steps: the dual coordinate descent of Hsieh et al. (ICML 2008, algorithm 3, with shrinking and random
// permutations), the generator MT19937, and its bounded integers by Lemire's method.
#pragma once

#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <vector>

namespace assay::screen {

struct LiblinearProblem {
    std::span<const std::vector<float>>
        similarity; ///< among the decided records in the order of the decisions
    std::span<const float> self;
    std::span<const double> y;         ///< +1 or -1
    std::span<const double> half_cost; ///< 1 / (2 C_i)
    double tolerance = 1e-4;
    int most_sweeps = 1000;
};

/// The dual variables where the descent stops.
std::vector<double> liblinear_dual(const LiblinearProblem& problem, std::uint32_t seed);

/// The seeds that scikit-learn draws for one fit after another from NumPy's global generator.
class FitSeeds {
public:
    explicit FitSeeds(std::uint32_t seed) : twister_(seed) {}
    /// The seed of the next fit: an integer below 2^31 - 1.
    std::uint32_t next();

private:
    std::mt19937 twister_;
};

} // namespace assay::screen
