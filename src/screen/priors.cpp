#include "screen/priors.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <random>

namespace assay::screen {

std::vector<std::size_t> draw(std::span<const std::size_t> candidates, std::size_t count,
                              std::uint32_t seed) {
    std::mt19937 twister(seed); // the standard fixes its output, and NumPy seeds it in the same way
    std::vector<std::size_t> order(candidates.begin(), candidates.end());
    for (std::size_t i = order.size(); i-- > 1;) {
        // A number in 0..i: the low bits that i needs, drawn again while larger than i.
        const auto mask = static_cast<std::uint32_t>(std::bit_ceil(static_cast<std::uint64_t>(i) + 1) - 1);
        std::uint32_t pick;
        do
            pick = static_cast<std::uint32_t>(twister()) & mask;
        while (pick > i);
        std::swap(order[i], order[pick]);
    }
    order.resize(std::min(count, order.size()));
    return order;
}

std::vector<std::size_t> random_priors(std::span<const char> relevant, std::size_t included,
                                       std::size_t excluded, std::uint32_t seed) {
    std::vector<std::size_t> rows[2];
    for (std::size_t i = 0; i < relevant.size(); ++i)
        rows[relevant[i] != 0].push_back(i);
    auto chosen = draw(rows[1], included, seed);
    const auto others = draw(rows[0], excluded, seed);
    chosen.insert(chosen.end(), others.begin(), others.end());
    return chosen;
}

} // namespace assay::screen
