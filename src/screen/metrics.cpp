#include "screen/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace assay::screen {

namespace {

// Position (0-based) at which a random order would have found 1, 2, ... k, when the expected count is rounded
// half to even, as Insights does.
std::vector<std::size_t> random_positions(std::size_t k, std::size_t n) {
    std::vector<std::size_t> positions;
    const double step = n > 1 ? static_cast<double>(k) / static_cast<double>(n - 1) : 0;
    for (std::size_t i = 0; i < n && positions.size() < k; ++i) {
        const double expected = i + 1 == n && n > 1 ? static_cast<double>(k) : static_cast<double>(i) * step;
        const auto rounded = static_cast<std::size_t>(std::nearbyint(expected));
        while (positions.size() < std::min(rounded, k))
            positions.push_back(i);
    }
    while (positions.size() < k)
        positions.push_back(n);
    return positions;
}

} // namespace

Metrics measure(std::span<const char> found, std::size_t total) {
    Metrics m;
    std::vector<std::size_t> at; // 0-based positions of the relevant
    for (std::size_t i = 0; i < found.size(); ++i)
        if (found[i]) at.push_back(i);
    const std::size_t k = at.size();
    if (k == 0 || total == 0) return m;
    const double n = static_cast<double>(total), relevant = static_cast<double>(k);

    // The last position whose share of the list, as a floating-point quotient, is at most `share`.
    const auto recall_after = [&](double share) {
        auto read = static_cast<std::size_t>(share * n) + 2;
        while (read > 0 && static_cast<double>(read) / n > share)
            --read;
        const auto before = std::lower_bound(at.begin(), at.end(), read);
        return static_cast<double>(before - at.begin()) / relevant;
    };
    m.recall_10 = m.rrf_10 = recall_after(0.1);
    m.recall_20 = recall_after(0.2);
    m.recall_50 = recall_after(0.5);

    const auto random = random_positions(k, total);
    std::size_t level =
        k; // the highest recall level j / k that is at most 0.95; one relevant record: that one
    for (std::size_t j = 1; j <= k; ++j)
        if (static_cast<double>(j) / relevant <= 0.95) level = j;
    m.wss_95 = (static_cast<double>(random[level - 1]) - static_cast<double>(at[level - 1])) / n;
    m.read_95 = at[static_cast<std::size_t>(std::ceil(0.95 * relevant)) - 1] + 1;
    m.read_100 = at.back() + 1;
    m.wss_95_classic = (n - static_cast<double>(m.read_95)) / n - 0.05;

    double positions = 0, area = 0, gain = 0, best = 0;
    for (std::size_t j = 0; j < k; ++j) {
        const double position = static_cast<double>(at[j]);
        positions += position + 1;
        area += n - position;
        gain += 1 / std::log2(position + 2);
        best += 1 / std::log2(static_cast<double>(j) + 2);
    }
    m.atd = positions / relevant;
    m.loss = n > relevant ? (relevant * (n - (relevant - 1) / 2) - area) / (relevant * (n - relevant)) : 0;
    m.ndcg = gain / best;
    return m;
}

} // namespace assay::screen
