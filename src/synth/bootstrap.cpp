#include "synth/bootstrap.hpp"

#include "base/random.hpp"
#include "num/distributions.hpp"
#include "num/sums.hpp"
#include "synth/parallel.hpp"
#include "synth/variants.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {

constexpr std::uint64_t block_size = 1024;

double quantile(const std::vector<double>& sorted, double p) {
    const double h = static_cast<double>(sorted.size() - 1) * std::clamp(p, 0.0, 1.0);
    const auto low = static_cast<std::size_t>(h);
    const std::size_t high = std::min(sorted.size() - 1, low + 1);
    return sorted[low] + (h - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

/// Bias-corrected and accelerated limits; the acceleration from the jackknife.
BootstrapInterval bca(const std::vector<double>& sorted, double estimate,
                      const std::vector<double>& jackknife, double level) {
    const double n = static_cast<double>(sorted.size());
    const double below =
        static_cast<double>(std::lower_bound(sorted.begin(), sorted.end(), estimate) - sorted.begin());
    const double correction = num::normal_quantile(std::clamp(below / n, 0.5 / n, 1 - 0.5 / n));
    const double mean = num::sum(jackknife) / static_cast<double>(jackknife.size());
    double squares = 0, cubes = 0;
    for (double one : jackknife) {
        squares += (mean - one) * (mean - one);
        cubes += (mean - one) * (mean - one) * (mean - one);
    }
    const double acceleration = squares > 0 ? cubes / (6 * std::pow(squares, 1.5)) : 0;
    const auto limit = [&](double p) {
        const double z = correction + num::normal_quantile(p);
        return quantile(sorted, num::normal_cdf(correction + z / (1 - acceleration * z)));
    };
    return {limit((1 - level) / 2), limit((1 + level) / 2)};
}

} // namespace

Bootstrap bootstrap_mean(std::span<const double> y, std::span<const double> v, const Estimator* estimator,
                         const BootstrapOptions& options) {
    Bootstrap result;
    const std::size_t k = y.size();
    if (k < 2 || options.draws == 0) return result;
    result.defined = true;
    const VariantTable table(y, v, estimator);
    const unsigned threads = std::max(1u, options.threads);
    std::vector<Variant> variants(threads, Variant(table));
    std::vector<double> jackknife;
    variants[0].set_all();
    const VariantFit full = variants[0].fit();
    result.estimate = full.mean;
    result.tau2 = full.tau2;
    for (std::size_t i = 0; i < k; ++i) {
        variants[0].remove(i);
        jackknife.push_back(variants[0].fit().mean);
        variants[0].add(i);
    }

    result.estimates.resize(options.draws);
    result.variances.resize(options.draws);
    result.tau2s.resize(options.draws);
    std::vector<std::uint64_t> unsettled(threads);
    std::vector<std::vector<double>> scratch(threads, std::vector<double>(k));
    const std::uint64_t blocks = (options.draws + block_size - 1) / block_size;
    for_blocks(0, blocks, threads, [&](std::uint64_t block, unsigned thread) {
        Random random(options.seed, block);
        std::vector<double>& draw = scratch[thread];
        const std::uint64_t last = std::min(options.draws, (block + 1) * block_size);
        for (std::uint64_t index = block * block_size; index < last; ++index) {
            VariantFit fit;
            if (options.kind == BootstrapKind::studies) {
                std::fill(draw.begin(), draw.end(), 0.0);
                for (std::size_t i = 0; i < k; ++i)
                    draw[random.below(k)] += 1;
                variants[thread].set(draw);
                fit = variants[thread].fit();
            } else {
                for (std::size_t i = 0; i < k; ++i)
                    draw[i] = full.mean + std::sqrt(v[i] + full.tau2) * random.normal();
                const VariantTable own(draw, v, estimator);
                Variant variant(own);
                variant.set_all();
                fit = variant.fit();
            }
            result.estimates[index] = fit.mean;
            result.variances[index] = 1 / fit.sum_w;
            result.tau2s[index] = fit.tau2;
            unsettled[thread] += !fit.converged;
        }
    });
    for (std::uint64_t one : unsettled)
        result.unsettled += one;

    const double n = static_cast<double>(options.draws), mean = num::sum(result.estimates) / n;
    num::Sum squares;
    for (double one : result.estimates)
        squares += (one - mean) * (one - mean);
    result.bias = mean - full.mean;
    result.se = n > 1 ? std::sqrt(squares.value() / (n - 1)) : 0;
    std::vector<double> sorted = result.estimates;
    std::sort(sorted.begin(), sorted.end());
    const double low = (1 - options.level) / 2, high = (1 + options.level) / 2;
    result.percentile = {quantile(sorted, low), quantile(sorted, high)};
    result.basic = {2 * full.mean - result.percentile.high, 2 * full.mean - result.percentile.low};
    const double critical = num::critical_value(options.level);
    result.normal = {full.mean - result.bias - critical * result.se,
                     full.mean - result.bias + critical * result.se};
    result.bca = bca(sorted, full.mean, jackknife, options.level);
    sorted = result.tau2s;
    std::sort(sorted.begin(), sorted.end());
    result.tau2_percentile = {quantile(sorted, low), quantile(sorted, high)};
    return result;
}

} // namespace assay::synth
