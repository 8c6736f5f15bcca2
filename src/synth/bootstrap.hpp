// Bootstrap of a pooled mean: the analysis again on studies drawn with replacement, or on effects drawn from
// the fitted model.
#pragma once

#include "synth/fit.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace assay::synth {

enum class BootstrapKind {
    studies,   ///< nonparametric: studies drawn with replacement
    parametric ///< effects drawn from N(mean, v + tau2) of the fit
};

struct BootstrapOptions {
    BootstrapKind kind = BootstrapKind::studies;
    std::uint64_t draws = 10000;
    std::uint64_t seed = 1;
    unsigned threads = 1;
    double level = 0.95;
};

struct BootstrapInterval {
    double low = 0, high = 0;
};

struct Bootstrap {
    bool defined = false;          ///< false: fewer than two studies
    double estimate = 0, tau2 = 0; ///< of the data as they are
    std::vector<double> estimates, variances,
        tau2s;               ///< one per draw, in order; same for any number of threads
    double bias = 0, se = 0; ///< mean of the draws less the estimate; their standard deviation
    BootstrapInterval percentile, basic, normal, bca; ///< of the mean
    BootstrapInterval tau2_percentile;
    std::uint64_t unsettled = 0;
};

/// Efron & Tibshirani 1993, An Introduction to the Bootstrap, chapters 13 and 14 (BCa: equations 14.9
/// to 14.15); quantiles are of type 7.
Bootstrap bootstrap_mean(std::span<const double> y, std::span<const double> v, const Estimator* estimator,
                         const BootstrapOptions& options = {});

} // namespace assay::synth
