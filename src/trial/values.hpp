// The model of an N-of-1 trial with measured values (pain 0 to 10, hours of sleep): a regression whose errors
// have a t distribution and remember the day before, integrated by deterministic quadrature.
// docs/methods/nof1.md has the formulas and their sources.
#pragma once

#include "trial/counts.hpp"

#include <span>
#include <vector>

namespace assay::trial {

struct ValueSeries {
    std::vector<double> y;
    std::vector<double> x;   ///< 1 with the treatment, 0 without
    std::vector<double> day; ///< whole numbers, increasing; a gap of d days is remembered as phi^d
    std::vector<double> z;   ///< time, scaled to a range of 1 about its mean; empty: no time term
};

struct ValuePosterior {
    double mean = 0, sd = 0, q025 = 0, q50 = 0,
           q975 = 0; ///< difference with - without, in the outcome's unit
    double p_below_0 = 0;
    double p_below_matters = 0, p_above_matters = 0; ///< P(difference < -matters), P(difference > matters)
    double p_rope = 0;                               ///< P(-matters <= difference <= matters)
    double log_bf10 = 0, log_ml = 0;
    double phi = 0, sigma = 0; ///< posterior means: memory of one day, scale of the errors
    double heavy = 0;          ///< P(degrees of freedom of the errors <= 5)
    bool converged = true;
};

/// Standard deviation of the values within the two arms: the unit in which the vague priors of this model are
/// stated.
double within_sd(const ValueSeries& series);

/// One posterior per prior; the likelihood is integrated once. `matters`: smallest difference that matters, >
/// 0.
std::vector<ValuePosterior> posteriors(const ValueSeries& series, std::span<const Prior> priors,
                                       double matters);

/// The log likelihood of the difference on a grid, everything else integrated out.
Curve log_likelihood(const ValueSeries& series, double low, double high, double step);

} // namespace assay::trial
