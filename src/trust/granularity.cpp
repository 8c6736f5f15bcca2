#include "trust/granularity.hpp"

#include <algorithm>
#include <cmath>

namespace assay::trust {

namespace {

bool whole(double n) {
    return n >= 1 && n == std::floor(n) && n < 1e9;
}

/// Whole numbers in a range, as first and last; empty when last < first.
struct Wholes {
    double first = 0, last = -1;
    bool any() const { return first <= last; }
};

// A little noise: 0.1 * 3 is not 0.3 in binary, and a bound that is a whole number must count as one.
Wholes wholes(double low, double high) {
    const double noise = 1e-9 * std::max({1.0, std::fabs(low), std::fabs(high)}) * 1e-3;
    return {std::ceil(low - noise), std::floor(high + noise)};
}

Wholes sums(const Printed& mean, double n, double step) {
    const Range range = mean.rounded();
    return wholes(range.low * n / step, range.high * n / step);
}

template<class Possible> std::vector<int> sizes(double n, Possible possible) {
    std::vector<int> found;
    if (!whole(n)) return found;
    const double most = std::clamp(std::floor(n / 5), 1.0, 200.0);
    for (double away = 1; away <= most && found.size() < 5; ++away)
        for (const double size : {n - away, n + away})
            if (size >= 1 && found.size() < 5 && possible(size)) found.push_back(static_cast<int>(size));
    return found;
}

} // namespace

bool grim(const Printed& mean, double n, double step) {
    if (!whole(n) || !(step > 0)) return true;
    return sums(mean, n, step).any();
}

bool grim_informative(const Printed& mean, double n, double step) {
    return whole(n) && n / step * mean.unit() < 1;
}

bool grimmer(const Printed& mean, const Printed& sd, double n, double step, bool sample) {
    if (!whole(n) || n < 2 || !(step > 0)) return true;
    const Wholes possible = sums(mean, n, step);
    const Range spread = sd.rounded();
    const double low = std::max(0.0, spread.low) / step, high = spread.high / step;
    const double divisor = sample ? n - 1 : n;
    constexpr int most_sums = 10000; // a coarse mean of very many people: every SD is possible
    if (possible.last - possible.first > most_sums) return true;
    for (double sum = possible.first; sum <= possible.last; ++sum) {
        const double centre = sum * sum / n;
        // The smallest sum of squares: all values at the two whole numbers beside the mean.
        const double below = std::floor(sum / n), above_count = sum - below * n;
        const double least = (n - above_count) * below * below + above_count * (below + 1) * (below + 1);
        const Wholes squares =
            wholes(std::max(least, divisor * low * low + centre), divisor * high * high + centre);
        if (squares.last - squares.first >= 1) return true; // both parities
        if (squares.any() && std::fmod(std::fabs(squares.first - sum), 2) == 0) return true;
    }
    return false;
}

bool debit(const Printed& mean, const Printed& sd, double n) {
    if (!whole(n) || n < 2) return true;
    const Wholes counts = sums(mean, n, 1);
    const Range spread = sd.rounded();
    for (double count = std::max(0.0, counts.first); count <= std::min(n, counts.last); ++count) {
        const double p = count / n, variance = p * (1 - p);
        if (spread.contains(std::sqrt(variance * n / (n - 1))) || spread.contains(std::sqrt(variance)))
            return true;
    }
    return false;
}

bool percent_possible(const Printed& percent, double n) {
    if (!whole(n)) return true;
    const Range range = percent.rounded();
    const Wholes counts = wholes(range.low * n / 100, range.high * n / 100);
    return std::max(0.0, counts.first) <= std::min(n, counts.last);
}

bool percent_of(const Printed& percent, double events, double n) {
    return n <= 0 || percent.rounded().contains(100 * events / n);
}

std::vector<int> sizes_for_mean(const Printed& mean, double n, double step) {
    return sizes(n, [&](double size) { return grim(mean, size, step); });
}

std::vector<int> sizes_for_percent(const Printed& percent, double n) {
    return sizes(n, [&](double size) { return percent_possible(percent, size); });
}

} // namespace assay::trust
