// What each study does to the result: the analysis without it, and measures of how far the result moves.
#pragma once

#include "synth/regression.hpp"

#include <span>
#include <vector>

namespace assay::synth {

/// One entry per study. NaN where the model without the study cannot be fitted.
struct Influence {
    std::vector<double> rstudent; ///< standardised distance from the prediction without the study
    std::vector<double> dffits;   ///< standardised change of the study's fitted value
    std::vector<double>
        cook_d;                ///< distance of the coefficients with and without, not divided by their number
    std::vector<double> cov_r; ///< ratio of determinants of their covariances
    std::vector<double> tau2_del, qe_del; ///< of the model without the study
    std::vector<double> hat;              ///< leverage
    std::vector<double> weight_pct;
    std::vector<double> dfbetas;      ///< k x p, study after study
    std::vector<char> is_influential; ///< by the rule of thumb below
    std::size_t columns = 1;
    bool defined = false; ///< false: fewer than two studies, or columns depend on one another
};

/// Viechtbauer & Cheung 2010, Res Synth Methods 1:112, sections 3 and 4. `x` as in regress(), empty: one
/// mean. A study is flagged when |dffits| > 3 sqrt(p/(k - p)), the chi-squared probability of cook_d with p
/// df is above one half, the leverage above 3 p/k, or any |dfbetas| above 1.
Influence influence(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                    std::size_t columns, const Estimator* estimator, Test test);

} // namespace assay::synth
