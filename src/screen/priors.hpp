// Picks the records a simulation starts from, the same ones as ASReview for the same seed.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace assay::screen {

/// `count` different ones of `candidates`, in random order: NumPy's RandomState(seed).choice(replace=False),
/// that is the front of a shuffle driven by the Mersenne Twister MT19937. Fewer where there are fewer.
std::vector<std::size_t> draw(std::span<const std::size_t> candidates, std::size_t count, std::uint32_t seed);

/// `included` relevant rows, then `excluded` others; each class is drawn with a generator of its own, as
/// `asreview simulate --prior-seed` does.
std::vector<std::size_t> random_priors(std::span<const char> relevant, std::size_t included,
                                       std::size_t excluded, std::uint32_t seed);

} // namespace assay::screen
