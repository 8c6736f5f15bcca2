#include "screen/agreement.hpp"

#include "base/error.hpp"

#include <vector>

namespace assay::screen {

Agreement agreement(std::span<const Pair> pairs, int categories) {
    ASSAY_EXPECT(categories >= 2);
    const auto q = static_cast<std::size_t>(categories);
    std::vector<double> first(q, 0), second(q, 0);
    Agreement result;
    for (const Pair& pair : pairs) {
        ASSAY_EXPECT(pair.first >= 0 && pair.first < categories && pair.second >= 0 &&
                     pair.second < categories);
        ++result.both;
        result.agree += pair.first == pair.second;
        ++first[static_cast<std::size_t>(pair.first)];
        ++second[static_cast<std::size_t>(pair.second)];
    }
    if (result.both == 0) return result;
    const auto n = static_cast<double>(result.both), answers = static_cast<double>(categories);
    const double observed = static_cast<double>(result.agree) / n;
    double by_chance = 0, spread = 0;
    for (std::size_t c = 0; c < q; ++c) {
        by_chance += first[c] / n * (second[c] / n);
        const double share = (first[c] + second[c]) / (2 * n);
        spread += share * (1 - share);
    }
    const double gwet = spread / (answers - 1);
    if (by_chance < 1) result.kappa = (observed - by_chance) / (1 - by_chance);
    result.pabak = (answers * observed - 1) / (answers - 1);
    result.ac1 = (observed - gwet) / (1 - gwet);
    return result;
}

} // namespace assay::screen
