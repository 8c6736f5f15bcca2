// Fail-safe N: how many unpublished studies without effect would overturn the result.
#pragma once

#include "synth/fit.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace assay::synth {

enum class FailSafe { rosenthal, orwin, rosenberg, general };
std::optional<FailSafe> fail_safe_of(std::string_view name);

struct FailSafeOptions {
    FailSafe type = FailSafe::rosenthal;
    double alpha = 0.05;
    std::optional<double>
        target; ///< Orwin, General: the effect that would no longer matter; Orwin: half the mean when unset
    bool weighted = true;                 ///< Orwin: by inverse variances
    const Estimator* estimator = nullptr; ///< General; null: common effect
    Test test = Test::z;                  ///< General
};

struct FailSafeN {
    double n = 0;               ///< whole; infinity: no number is enough up to 10^7
    std::optional<double> mean; ///< of the observed studies; Rosenthal's has none
    std::optional<double> p;    ///< of the observed studies; one-sided for Rosenthal, none for Orwin
    std::optional<double> target, tau2;
    std::optional<double> mean_with, tau2_with, p_with; ///< General: with the unpublished studies
    bool defined = false;                               ///< false: no study
};

/// Rosenthal 1979, Psychol Bull 86:638; Orwin 1983, J Educ Stat 8:157; Rosenberg 2005, Evolution 59:464,
/// equation 7. General: studies with effect 0 and the harmonic mean of the variances are added and the model
/// refitted.
FailSafeN fail_safe_n(std::span<const double> y, std::span<const double> v,
                      const FailSafeOptions& options = {});

} // namespace assay::synth
