#include "synth/gosh.hpp"

#include "base/error.hpp"
#include "base/random.hpp"
#include "num/sums.hpp"
#include "synth/parallel.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace assay::synth {

namespace {

// Values are binned by the upper 16 bits of their order-preserving bit pattern: no range has to be known.
// Exact zeros and ones, of which there may be very many (tau2 = 0, H2 = 1), have bins of their own.
constexpr std::size_t plain_bins = 1u << 16;
constexpr std::size_t zero_bin = plain_bins, one_bin = plain_bins + 1, bins = plain_bins + 2;

std::uint64_t ordered_bits(double x) {
    std::uint64_t bits = 0;
    std::memcpy(&bits, &x, sizeof bits);
    constexpr std::uint64_t sign = 1ull << 63;
    return bits & sign ? ~bits : bits | sign;
}
std::size_t bin_of(double x) {
    if (x == 0) return zero_bin;
    if (x == 1) return one_bin;
    return static_cast<std::size_t>(ordered_bits(x) >> 48);
}

struct One {
    std::array<double, gosh_numbers> numbers;
    bool converged;
};

One describe(const VariantFit& fit, const GoshPlan& plan) {
    const bool common = !plan.estimator;
    return {{fit.mean, fit.tau2, i2_of(fit, common), h2_of(fit, common || plan.h2_from_q), fit.q0},
            fit.converged};
}

/// Calls visit(index, variant, result) for each subset of one block.
template<class Visit> void walk(const GoshPlan& plan, Variant& variant, std::uint64_t block, Visit visit) {
    const std::size_t k = plan.y.size();
    const std::uint64_t total = plan.subsets(), first = block * gosh_block;
    const std::uint64_t last = std::min(total, first + gosh_block);
    std::vector<double> counts(k);
    if (plan.sample > 0) {
        Random random(plan.seed, block);
        for (std::uint64_t index = first; index < last; ++index) {
            bool any = false;
            while (!any) { // each non-empty subset is equally likely
                std::uint64_t bits = 0;
                for (std::size_t i = 0; i < k; ++i) {
                    if (i % 64 == 0) bits = random.bits();
                    counts[i] = static_cast<double>(bits >> (i % 64) & 1);
                    any = any || counts[i] > 0;
                }
            }
            variant.set(counts);
            visit(index, counts, describe(variant.fit(), plan));
        }
        return;
    }
    std::uint64_t members = gosh_members(first);
    for (std::size_t i = 0; i < k; ++i)
        counts[i] = static_cast<double>(members >> i & 1);
    variant.set(counts);
    for (std::uint64_t index = first;;) {
        visit(index, counts, describe(variant.fit(), plan));
        if (++index == last) return;
        const auto study = static_cast<std::size_t>(std::countr_zero(index + 1));
        if (counts[study] > 0)
            variant.remove(study);
        else
            variant.add(study);
        counts[study] = 1 - counts[study];
    }
}

void expect_walkable(const GoshPlan& plan) {
    if (plan.y.empty()) throw Error("gosh/empty", "no study: there are no subsets", Exit::input);
    if (plan.sample == 0 && plan.y.size() > gosh_most_studies)
        throw Error("gosh/size",
                    "all subsets of " + std::to_string(plan.y.size()) + " studies are too many: sample them",
                    Exit::input);
}

constexpr std::size_t fixed_sums = 1 + gosh_numbers + 3;

struct Centre {
    double estimate, i2;
};
Centre centre_of(const GoshPlan& plan) {
    return {at_tau2({plan.y, plan.v}, 0).mean, 0};
}

struct Range {
    double low, high;
};
Range range_of(const GoshPlan& plan) {
    const auto [low, high] = std::minmax_element(plan.y.begin(), plan.y.end());
    return {*low, *high};
}

} // namespace

std::uint64_t GoshPlan::subsets() const {
    return sample > 0 ? sample : (1ull << y.size()) - 1;
}
std::uint64_t GoshPlan::blocks() const {
    return (subsets() + gosh_block - 1) / gosh_block;
}

std::uint64_t gosh_members(std::uint64_t index) {
    const std::uint64_t n = index + 1; // the empty set comes first in the code and is left out
    return n ^ (n >> 1);
}

void gosh_subsets(const GoshPlan& plan, std::uint64_t first, std::uint64_t size, const GoshArrays& out) {
    expect_walkable(plan);
    ASSAY_EXPECT(first % gosh_block == 0 && first + size <= plan.subsets());
    const VariantTable table(plan.y, plan.v, plan.estimator);
    std::vector<Variant> variants(std::max(1u, plan.threads), Variant(table));
    const std::array<std::span<double>, gosh_numbers> arrays{out.estimate, out.tau2, out.i2, out.h2, out.q};
    const std::uint64_t first_block = first / gosh_block,
                        last_block = (first + size + gosh_block - 1) / gosh_block;
    for_blocks(first_block, last_block, plan.threads, [&](std::uint64_t block, unsigned thread) {
        walk(plan, variants[thread], block,
             [&](std::uint64_t index, const std::vector<double>&, const One& one) {
                 if (index >= first + size) return;
                 for (std::size_t n = 0; n < gosh_numbers; ++n)
                     if (!arrays[n].empty()) arrays[n][index - first] = one.numbers[n];
             });
    });
}

GoshPart gosh_part(const GoshPlan& plan, std::uint64_t first_block, std::uint64_t last_block) {
    expect_walkable(plan);
    const std::size_t k = plan.y.size();
    const VariantTable table(plan.y, plan.v, plan.estimator);
    const unsigned threads = std::max(1u, plan.threads);
    std::vector<Variant> variants(threads, Variant(table));
    const Centre centre = centre_of(plan);
    const Range range = range_of(plan);
    const double width = range.high - range.low;

    GoshPart part;
    part.block_length = fixed_sums + 2 * k;
    part.block_sums.assign((last_block - first_block) * part.block_length, 0.0);
    std::vector<std::vector<std::uint64_t>> histograms(threads,
                                                       std::vector<std::uint64_t>(gosh_numbers * bins));
    std::vector<std::vector<std::uint64_t>> grids(threads,
                                                  std::vector<std::uint64_t>(gosh_columns * gosh_rows));
    std::vector<std::uint64_t> several(threads);
    for_blocks(first_block, last_block, threads, [&](std::uint64_t block, unsigned thread) {
        double* sums = &part.block_sums[(block - first_block) * part.block_length];
        std::uint64_t* histogram = histograms[thread].data();
        std::uint64_t* grid = grids[thread].data();
        walk(plan, variants[thread], block,
             [&](std::uint64_t, const std::vector<double>& counts, const One& one) {
                 sums[0] += 1;
                 for (std::size_t n = 0; n < gosh_numbers; ++n) {
                     sums[1 + n] += one.numbers[n];
                     ++histogram[n * bins + bin_of(one.numbers[n])];
                 }
                 const double estimate = one.numbers[0], i2 = one.numbers[2];
                 const double a = estimate - centre.estimate, b = i2 - centre.i2;
                 sums[6] += a * a;
                 sums[7] += b * b;
                 sums[8] += a * b;
                 double* with = sums + fixed_sums;
                 for (std::size_t i = 0; i < k; ++i) {
                     with[2 * i] += counts[i];
                     with[2 * i + 1] += counts[i] * a;
                 }
                 const double x = width > 0 ? (estimate - range.low) / width : 0.5;
                 const auto column =
                     static_cast<std::size_t>(std::clamp(x * gosh_columns, 0.0, gosh_columns - 1.0));
                 const auto row =
                     static_cast<std::size_t>(std::clamp(i2 / 100 * gosh_rows, 0.0, gosh_rows - 1.0));
                 ++grid[row * gosh_columns + column];
                 several[thread] += !one.converged;
             });
    });
    part.histogram.assign(gosh_numbers * bins, 0);
    part.grid.assign(gosh_columns * gosh_rows, 0);
    for (unsigned t = 0; t < threads; ++t) {
        for (std::size_t i = 0; i < part.histogram.size(); ++i)
            part.histogram[i] += histograms[t][i];
        for (std::size_t i = 0; i < part.grid.size(); ++i)
            part.grid[i] += grids[t][i];
        part.several += several[t];
    }
    return part;
}

void join(GoshPart& left, const GoshPart& right) {
    left.block_sums.insert(left.block_sums.end(), right.block_sums.begin(), right.block_sums.end());
    for (std::size_t i = 0; i < left.histogram.size(); ++i)
        left.histogram[i] += right.histogram[i];
    for (std::size_t i = 0; i < left.grid.size(); ++i)
        left.grid[i] += right.grid[i];
    left.several += right.several;
}

namespace {

/// Calls visit(bin, count) for the filled bins of one number, from the smallest values to the largest.
template<class Visit> void in_order(const std::uint64_t* histogram, Visit visit) {
    const std::size_t at_zero = ordered_bits(0.0) >> 48, at_one = ordered_bits(1.0) >> 48;
    for (std::size_t bin = 0; bin < plain_bins; ++bin) {
        // 0 and 1 are the smallest values that their plain bins could hold.
        if (bin == at_zero && histogram[zero_bin] > 0) visit(zero_bin, histogram[zero_bin]);
        if (bin == at_one && histogram[one_bin] > 0) visit(one_bin, histogram[one_bin]);
        if (histogram[bin] > 0) visit(bin, histogram[bin]);
    }
}

/// The two order statistics (from 0) around a type 7 quantile, and the weight of the second.
struct Rank {
    std::uint64_t low, high;
    double share;
};
Rank rank_of(double probability, std::uint64_t n) {
    const double h = static_cast<double>(n - 1) * probability, floor = std::floor(h + 4e-16 * h);
    const auto low = static_cast<std::uint64_t>(floor);
    return {low, std::min(n - 1, low + 1), std::max(0.0, h - floor)};
}

std::uint64_t count_of(const GoshPart& part) {
    std::uint64_t n = 0;
    for (std::size_t i = 0; i < bins; ++i)
        n += part.histogram[i];
    return n;
}

} // namespace

GoshWanted gosh_wanted(const GoshPart& all, std::vector<double> probabilities) {
    GoshWanted wanted{std::move(probabilities), std::vector<std::uint8_t>(gosh_numbers * bins)};
    const std::uint64_t n = count_of(all);
    for (std::size_t number = 0; number < gosh_numbers; ++number) {
        std::uint64_t before = 0;
        in_order(&all.histogram[number * bins], [&](std::size_t bin, std::uint64_t count) {
            for (double probability : wanted.probabilities) {
                const Rank rank = rank_of(probability, n);
                for (std::uint64_t r : {rank.low, rank.high})
                    if (r >= before && r < before + count) wanted.bins[number * bins + bin] = 1;
            }
            before += count;
        });
    }
    return wanted;
}

std::array<std::vector<double>, gosh_numbers> gosh_collect(const GoshPlan& plan, const GoshWanted& wanted,
                                                           std::uint64_t first_block,
                                                           std::uint64_t last_block) {
    const VariantTable table(plan.y, plan.v, plan.estimator);
    const unsigned threads = std::max(1u, plan.threads);
    std::vector<Variant> variants(threads, Variant(table));
    std::vector<std::array<std::vector<double>, gosh_numbers>> found(threads);
    for_blocks(first_block, last_block, threads, [&](std::uint64_t block, unsigned thread) {
        auto& mine = found[thread];
        walk(plan, variants[thread], block, [&](std::uint64_t, const std::vector<double>&, const One& one) {
            for (std::size_t n = 0; n < gosh_numbers; ++n) {
                const std::size_t bin = bin_of(one.numbers[n]);
                if (bin < plain_bins && wanted.bins[n * bins + bin]) mine[n].push_back(one.numbers[n]);
            }
        });
    });
    for (unsigned t = 1; t < threads; ++t)
        for (std::size_t n = 0; n < gosh_numbers; ++n)
            found[0][n].insert(found[0][n].end(), found[t][n].begin(), found[t][n].end());
    for (auto& values : found[0])
        std::sort(values.begin(), values.end());
    return std::move(found[0]);
}

GoshSummary gosh_summary(const GoshPlan& plan, const GoshPart& all, const GoshWanted& wanted,
                         const std::array<std::vector<double>, gosh_numbers>& collected) {
    GoshSummary summary;
    summary.probabilities = wanted.probabilities;
    const std::size_t k = plan.y.size(), length = all.block_length;
    std::vector<num::Sum> sums(length);
    for (std::size_t at = 0; at < all.block_sums.size(); at += length)
        for (std::size_t i = 0; i < length; ++i)
            sums[i] += all.block_sums[at + i];
    const double n = sums[0].value();
    summary.subsets = static_cast<std::uint64_t>(n);
    for (std::size_t i = 0; i < gosh_numbers; ++i)
        summary.mean[i] = sums[1 + i].value() / n;
    const Centre centre = centre_of(plan);
    const double a = summary.mean[0] - centre.estimate, b = summary.mean[2] - centre.i2;
    const double saa = std::max(0.0, sums[6].value() - n * a * a),
                 sbb = std::max(0.0, sums[7].value() - n * b * b);
    const double sab = sums[8].value() - n * a * b;
    summary.estimate_sd = n > 1 ? std::sqrt(saa / (n - 1)) : 0;
    constexpr double rounding = 1e-12;
    if (saa > 0 && sbb > rounding * sums[7].value()) summary.correlation = sab / std::sqrt(saa * sbb);
    for (std::size_t i = 0; i < k; ++i) {
        const double count = sums[fixed_sums + 2 * i].value(), sum = sums[fixed_sums + 2 * i + 1].value();
        summary.mean_with.push_back(centre.estimate + sum / count);
        summary.mean_without.push_back(centre.estimate + (n * a - sum) / (n - count));
    }
    for (std::size_t number = 0; number < gosh_numbers; ++number) {
        const auto& values = collected[number];
        const auto value_at = [&](std::uint64_t rank) {
            double result = 0;
            std::uint64_t before = 0, stored = 0;
            in_order(&all.histogram[number * bins], [&](std::size_t bin, std::uint64_t count) {
                const bool kept = bin < plain_bins && wanted.bins[number * bins + bin];
                if (rank >= before && rank < before + count)
                    result = bin == zero_bin ? 0 : bin == one_bin ? 1 : values[stored + (rank - before)];
                if (kept) stored += count;
                before += count;
            });
            return result;
        };
        for (double probability : wanted.probabilities) {
            const Rank rank = rank_of(probability, summary.subsets);
            const double low = value_at(rank.low);
            summary.quantiles[number].push_back(
                rank.share == 0 ? low : low + rank.share * (value_at(rank.high) - low));
        }
    }
    const Range range = range_of(plan);
    summary.estimate_low = range.low;
    summary.estimate_high = range.high;
    summary.grid = all.grid;
    summary.unsettled = all.several;
    return summary;
}

GoshSummary gosh(const GoshPlan& plan, std::vector<double> probabilities) {
    const GoshPart part = gosh_part(plan, 0, plan.blocks());
    const GoshWanted wanted = gosh_wanted(part, std::move(probabilities));
    return gosh_summary(plan, part, wanted, gosh_collect(plan, wanted, 0, plan.blocks()));
}

} // namespace assay::synth
