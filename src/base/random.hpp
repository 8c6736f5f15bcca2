// The one generator of random numbers. A stream is a function of (seed, index), so that work split over any number of
// threads draws the same numbers; the standard library's distributions are not used because they differ between
// libraries.
#pragma once

#include <array>
#include <cstdint>

namespace assay {

/// xoshiro256** (Blackman and Vigna 2021, ACM Trans Math Softw 47:36), its state filled by SplitMix64.
class Random {
public:
    explicit Random(std::uint64_t seed, std::uint64_t stream = 0);

    std::uint64_t bits();
    double uniform();                        ///< in (0, 1), never 0 or 1
    double normal();                         ///< mean 0, variance 1 (polar method, Marsaglia and Bray 1964)
    std::uint64_t below(std::uint64_t size); ///< 0 .. size - 1, each equally likely; size > 0

private:
    std::array<std::uint64_t, 4> state_{};
    double spare_ = 0;
    bool has_spare_ = false;
};

} // namespace assay
