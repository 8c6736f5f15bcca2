#include "screen/liblinear.hpp"

#include "screen/vector_ops.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::screen {

namespace {

// Lemire, Fast random integer generation in an interval (2019), as used by scikit-learn's liblinear.
std::uint32_t below(std::mt19937& twister, std::uint32_t range) {
    auto product = std::uint64_t{static_cast<std::uint32_t>(twister())} * range;
    if (static_cast<std::uint32_t>(product) < range) {
        const std::uint32_t threshold = (0u - range) % range;
        while (static_cast<std::uint32_t>(product) < threshold)
            product = std::uint64_t{static_cast<std::uint32_t>(twister())} * range;
    }
    return static_cast<std::uint32_t>(product >> 32);
}

} // namespace

std::uint32_t FitSeeds::next() {
    constexpr std::uint32_t largest = 0x7FFFFFFF - 1;
    std::uint32_t value;
    do
        value = static_cast<std::uint32_t>(twister_()) & 0x7FFFFFFF;
    while (value > largest);
    return value;
}

std::vector<double> liblinear_dual(const LiblinearProblem& problem, std::uint32_t seed) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    std::mt19937 twister(seed);
    const std::size_t n = problem.similarity.size();
    std::vector<std::size_t> order; // the classes one after the other, the excluded first
    for (const double side : {-1.0, 1.0})
        for (std::size_t j = 0; j < n; ++j)
            if (problem.y[j] == side) order.push_back(j);
    std::vector<double> a(n, 0), decision(n, 0); // decision without the intercept
    double intercept = 0;
    double highest_before = infinity;
    std::size_t active = n;
    for (int sweep = 0; sweep < problem.most_sweeps; ++sweep) {
        double highest = -infinity, lowest = infinity;
        for (std::size_t i = 0; i < active; ++i)
            std::swap(order[i], order[i + below(twister, static_cast<std::uint32_t>(active - i))]);
        for (std::size_t s = 0; s < active; ++s) {
            const std::size_t j = order[s];
            const double g = (decision[j] + intercept) * problem.y[j] - 1 + a[j] * problem.half_cost[j];
            double projected = g;
            if (a[j] == 0) {
                if (g > highest_before) { // shrink: this one will stay at zero
                    --active;
                    std::swap(order[s], order[active]);
                    --s;
                    continue;
                }
                projected = std::min(g, 0.0);
            }
            highest = std::max(highest, projected);
            lowest = std::min(lowest, projected);
            if (std::abs(projected) <= 1e-12) continue;
            const double curvature = static_cast<double>(problem.self[j]) + 1 + problem.half_cost[j];
            const double before = a[j];
            a[j] = std::max(before - g / curvature, 0.0);
            const double step = (a[j] - before) * problem.y[j];
            intercept += step;
            add_scaled(decision.data(), problem.similarity[j].data(), step, n);
        }
        if (highest - lowest <= problem.tolerance) {
            if (active == n) break;
            active = n; // look at everything once more before believing it
            highest_before = infinity;
            continue;
        }
        highest_before = highest > 0 ? highest : infinity;
    }
    return a;
}

} // namespace assay::screen
