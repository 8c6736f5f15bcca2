#include "synth/permutation.hpp"

#include "base/random.hpp"
#include "synth/parallel.hpp"
#include "synth/refit.hpp"
#include "synth/regression.hpp"
#include "synth/series.hpp"
#include "synth/variants.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <string>

namespace assay::synth {

namespace {

constexpr std::uint64_t block_size = 4096;

double statistic_of(const VariantFit& fit, Test test) {
    double factor = 1;
    if (fit.n > 1 && (test == Test::knha || test == Test::adhoc)) {
        factor = fit.q / (fit.n - 1);
        if (test == Test::adhoc) factor = std::max(1.0, factor);
    }
    return fit.mean / std::sqrt(factor / fit.sum_w);
}

PermutationTest flip_signs(std::span<const double> y, std::span<const double> v, const Estimator* estimator,
                           Test test, const PermutationOptions& options) {
    PermutationTest result;
    const std::size_t k = y.size();
    result.exact = options.random == 0;
    if (result.exact && (k > 62 || (1ull << k) > options.most)) {
        result.why = std::to_string(k) + " studies have too many sign flips: take a random sample";
        return result;
    }
    result.defined = true;
    result.count = result.exact ? 1ull << k : options.random;
    const VariantTable table(y, v, estimator, false);
    const unsigned threads = std::max(1u, options.threads);
    std::vector<Variant> variants(threads, Variant(table));
    variants[0].set_all();
    const double observed = std::fabs(statistic_of(variants[0].fit(), test));
    std::vector<std::uint64_t> extreme(threads), unsettled(threads);
    const auto judge = [&](Variant& variant, unsigned thread) {
        const VariantFit fit = variant.fit();
        // A statistic that is not a number (all scatter gone) is as extreme as can be.
        const bool smaller = std::fabs(statistic_of(fit, test)) < observed - options.tolerance;
        extreme[thread] += !smaller;
        unsettled[thread] += !fit.converged;
    };
    const std::uint64_t blocks = (result.count + block_size - 1) / block_size;
    for_blocks(0, blocks, threads, [&](std::uint64_t block, unsigned thread) {
        Variant& variant = variants[thread];
        const std::uint64_t first = block * block_size, last = std::min(result.count, first + block_size);
        variant.set_all();
        if (result.exact) {
            const std::uint64_t signs = first ^ (first >> 1);
            for (std::size_t i = 0; i < k; ++i)
                if (signs >> i & 1) variant.flip(i);
            judge(variant, thread);
            for (std::uint64_t index = first + 1; index < last; ++index) {
                variant.flip(static_cast<std::size_t>(std::countr_zero(index)));
                judge(variant, thread);
            }
            return;
        }
        Random random(options.seed, block);
        for (std::uint64_t index = first; index < last; ++index) {
            variant.set_all();
            if (index > 0) {
                std::uint64_t bits = 0;
                for (std::size_t i = 0; i < k; ++i) {
                    if (i % 64 == 0) bits = random.bits();
                    if (bits >> (i % 64) & 1) variant.flip(i);
                }
            }
            judge(variant, thread);
        }
    });
    std::uint64_t sum = 0;
    for (unsigned t = 0; t < threads; ++t) {
        sum += extreme[t];
        result.unsettled += unsettled[t];
    }
    result.p = {static_cast<double>(sum) / static_cast<double>(result.count)};
    return result;
}

/// The number of distinct arrangements of groups of equal rows; infinity beyond what a double counts.
double arrangements(const std::vector<std::size_t>& group) {
    std::vector<std::size_t> seen(group.size());
    double count = 1;
    for (std::size_t i = 0; i < group.size(); ++i)
        count = count * static_cast<double>(i + 1) / static_cast<double>(++seen[group[i]]);
    return std::round(count);
}

/// The arrangement of groups with this number in lexicographic order.
std::vector<std::size_t> arrangement(std::vector<std::size_t> sorted, std::uint64_t number) {
    std::vector<std::size_t> result;
    const std::size_t n = sorted.size();
    std::vector<double> counts(n);
    for (std::size_t g : sorted)
        counts[g] += 1;
    double total = arrangements(sorted);
    double left = static_cast<double>(n), at = static_cast<double>(number);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t g = 0; g < n; ++g) {
            if (counts[g] == 0) continue;
            const double here = std::round(total * counts[g] / left);
            if (at < here) {
                result.push_back(g);
                counts[g] -= 1;
                total = here;
                break;
            }
            at -= here;
        }
        left -= 1;
    }
    return result;
}

PermutationTest permute_rows(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                             std::size_t p, const Estimator* estimator, Test test,
                             const PermutationOptions& options) {
    PermutationTest result;
    const std::size_t k = y.size();
    result.exact = options.random == 0;
    // Equal rows are one group: exchanging them changes nothing.
    std::vector<std::size_t> group(k), member(k);
    std::vector<std::size_t> representative;
    for (std::size_t i = 0; i < k; ++i) {
        std::size_t g = 0;
        for (; g < representative.size(); ++g) {
            bool equal = true;
            for (std::size_t j = 0; j < p; ++j)
                equal = equal && x[j * k + i] == x[j * k + representative[g]];
            if (equal) break;
        }
        if (g == representative.size()) representative.push_back(i);
        group[i] = g;
    }
    const double all = arrangements(group);
    constexpr double exactly_counted = 9e15;
    if (result.exact && (all > static_cast<double>(options.most) || all > exactly_counted)) {
        result.why = "too many arrangements of the moderators: take a random sample";
        return result;
    }
    const Regression first = regress(y, v, x, p, estimator, test);
    if (!first.full_rank) {
        result.why = "columns of the design matrix depend on one another, or leave no degree of freedom";
        return result;
    }
    result.defined = true;
    result.count = result.exact ? static_cast<std::uint64_t>(all) : options.random;
    const bool fast = p <= refit_most_columns;
    const std::vector<double> none;
    const RefitTable table(y, v, fast ? x : x.subspan(0, k), fast ? p : 1, estimator, test);
    const auto refit = [&](std::span<const std::size_t> order, std::vector<double>& statistics, double& qm,
                           bool& ok) {
        if (fast) {
            const Refit one = table.fit(order);
            ok = one.full_rank;
            qm = one.qm;
            std::copy_n(one.statistic.begin(), p, statistics.begin());
            return one.converged && one.full_rank;
        }
        std::vector<double> moved(x.size());
        for (std::size_t i = 0; i < k; ++i)
            for (std::size_t j = 0; j < p; ++j)
                moved[j * k + i] = x[j * k + order[i]];
        const Regression one = regress(y, v, moved, p, estimator, test);
        ok = one.full_rank;
        if (!ok) return false;
        qm = one.qm;
        for (std::size_t j = 0; j < p; ++j)
            statistics[j] = one.coefficients[j].statistic;
        return one.tau2.converged;
    };
    std::vector<std::size_t> identity(k);
    std::iota(identity.begin(), identity.end(), std::size_t{0});
    std::vector<double> observed(p);
    double observed_qm = 0;
    bool ok = true;
    refit(identity, observed, observed_qm, ok);

    const unsigned threads = std::max(1u, options.threads);
    std::vector<std::vector<std::uint64_t>> extreme(threads, std::vector<std::uint64_t>(p + 1));
    std::vector<std::uint64_t> unsettled(threads);
    std::vector<std::size_t> sorted = group;
    std::sort(sorted.begin(), sorted.end());
    const std::uint64_t blocks = (result.count + block_size - 1) / block_size;
    for_blocks(0, blocks, threads, [&](std::uint64_t block, unsigned thread) {
        const std::uint64_t from = block * block_size, last = std::min(result.count, from + block_size);
        std::vector<double> statistics(p);
        std::vector<std::size_t> order(k), arranged;
        if (result.exact) arranged = arrangement(sorted, from);
        Random random(options.seed, block);
        for (std::uint64_t index = from; index < last; ++index) {
            if (result.exact) {
                for (std::size_t i = 0; i < k; ++i)
                    order[i] = representative[arranged[i]];
            } else {
                order = identity;
                if (index > 0)
                    for (std::size_t i = k; i > 1; --i)
                        std::swap(order[i - 1], order[random.below(i)]);
            }
            double qm = 0;
            bool defined = true;
            unsettled[thread] += !refit(order, statistics, qm, defined);
            auto& mine = extreme[thread];
            for (std::size_t j = 0; j < p; ++j)
                mine[j] +=
                    !defined || !(std::fabs(statistics[j]) < std::fabs(observed[j]) - options.tolerance);
            mine[p] += !defined || !(qm < observed_qm - options.tolerance);
            if (result.exact) std::next_permutation(arranged.begin(), arranged.end());
        }
    });
    std::vector<double> shares(p + 1);
    for (std::size_t j = 0; j <= p; ++j) {
        std::uint64_t sum = 0;
        for (unsigned t = 0; t < threads; ++t)
            sum += extreme[t][j];
        shares[j] = static_cast<double>(sum) / static_cast<double>(result.count);
    }
    for (unsigned t = 0; t < threads; ++t)
        result.unsettled += unsettled[t];
    result.qm_p = shares[p];
    shares.pop_back();
    result.p = shares;
    return result;
}

} // namespace

PermutationTest permutation_test(std::span<const double> y, std::span<const double> v,
                                 std::span<const double> x, std::size_t columns, const Estimator* estimator,
                                 Test test, const PermutationOptions& options) {
    if (y.size() < 2) {
        PermutationTest result;
        result.why = "fewer than two studies";
        return result;
    }
    const bool one_mean =
        x.empty() || (columns == 1 && std::all_of(x.begin(), x.end(), [](double c) { return c == 1; }));
    return one_mean ? flip_signs(y, v, estimator, test, options)
                    : permute_rows(y, v, x, columns, estimator, test, options);
}

} // namespace assay::synth
