// Location-scale models: moderators explain the size of the effects (location) and how much they vary
// (scale).
#pragma once

#include "num/optimise.hpp"
#include "synth/fit.hpp"
#include "synth/likelihood.hpp"
#include "synth/multilevel.hpp"

namespace assay::synth {

enum class ScaleLink {
    log,      ///< log tau2_i = z_i' alpha
    identity, ///< tau2_i = z_i' alpha, which must not be negative for any study
};

struct LocationScaleOptions {
    Likelihood likelihood = Likelihood::restricted;
    ScaleLink link = ScaleLink::log;
    Test test = Test::z;
    double level = 0.95;
    std::vector<std::optional<double>> alpha =
        {}; ///< given coefficients of the scale; empty: all are estimated
};

struct Coefficients {
    std::vector<double> estimate, se, statistic, p, ci_low, ci_high;
    double df = 0; ///< of t tests; 0: normal
    num::Matrix covariance;
    std::optional<ModeratorTest> test; ///< of all but the intercept, or of all without one
};

struct LocationScaleFit {
    int k = 0;
    Coefficients location, scale;
    std::vector<double> tau2; ///< of each study
    double factor = 1;        ///< by which knha multiplies the covariance of the location
    double q = 0, q_p = 1;
    int q_df = 0;
    LikelihoodStatistics statistics;
    num::Minimum search;
    std::vector<std::string> notes; ///< with k = 0: why there is no fit
};

/// y_i ~ N(x_i' beta, v_i + tau2_i) by maximum or restricted likelihood (Viechtbauer & Lopez-Lopez 2022, Res
/// Synth Methods 13:697, equations 5 to 8); standard errors of alpha from the observed information.
LocationScaleFit location_scale(std::span<const double> y, std::span<const double> v, const num::Matrix& x,
                                const num::Matrix& z, const LocationScaleOptions& options = {});

} // namespace assay::synth
