// The count model of an N-of-1 trial: a negative binomial regression with priors, integrated by deterministic
// quadrature. y_i ~ NB2(mu_i, k), log mu_i = log e_i + a + b x_i + g z_i (+ c w_i), with a ~ N(1, 1.5), g, c
// ~ N(0, 0.5), log k ~ N(log 3, 1), b ~ N(m, s). docs/methods/nof1.md has the formulas and their sources.
#pragma once

#include <span>
#include <string>
#include <vector>

namespace assay::trial {

struct CountSeries {
    std::vector<double> y;        ///< events in the unit, >= 0
    std::vector<double> x;        ///< 1 with the treatment, 0 without
    std::vector<double> z;        ///< time, scaled to a range of 1 about its mean; empty: no time term
    std::vector<double> w;        ///< order within the pair, -0.5 or 0.5; empty: no order term
    std::vector<double> exposure; ///< share of the unit that was observed; empty: 1 each
};

struct Prior {
    std::string name;
    double mean = 0, sd = 1; ///< of the log rate ratio
    std::string source;
};

struct CountPosterior {
    double mean = 0, sd = 0, q025 = 0, q50 = 0, q975 = 0; ///< log rate ratio
    double rr_median = 1;
    double p_below_1 = 0, p_below_075 = 0, p_rope = 0; ///< P(RR < 1), P(RR < 0.75), P(1/1.1 <= RR <= 1.1)
    double log_bf10 = 0, log_ml = 0;                   ///< against b = 0; marginal likelihood with b free
    double difference = 0, difference_low = 0,
           difference_high = 0; ///< events per unit: mean and 95 % interval
    double dispersion = 0;      ///< posterior mean of log k, as k
    bool converged = true;
};

CountPosterior posterior(const CountSeries& series, const Prior& prior);

/// P(RR < 1) under each prior by Laplace's approximation, the curve of the likelihood computed once for all
/// of them: for thousands of simulated trials. Within 0.01 of posterior().p_below_1.
std::vector<double> quick_p_below_1(const CountSeries& series, std::span<const Prior> priors);

/// The log likelihood of the effect on a grid, everything else integrated out.
struct Curve {
    double low = 0, step = 1;
    std::vector<double> value;
};
Curve log_likelihood(const CountSeries& series, double low, double high, double step);

/// (week - mean) / (max - min); empty for fewer than two different weeks.
std::vector<double> scaled_time(const std::vector<double>& week);

} // namespace assay::trial
