// Small-study effects: do effects change with their precision? Egger's regression in both of its forms.
#pragma once

#include "synth/regression.hpp"

namespace assay::synth {

struct SmallStudyTest {
    int k = 0;
    double slope = 0, se = 0;   ///< of the effect on the predictor
    double statistic = 0, p = 1;
    int df = 0;                 ///< of the t distribution; 0: normal
    /// The intercept: for predictors that vanish with growing precision, the effect of an infinitely precise study.
    double limit = 0, limit_low = 0, limit_high = 0;
    bool defined = false;       ///< false: fewer than three studies, or all equally precise
};

/// Egger et al. 1997, BMJ 315:629: weighted regression of y on its predictor (the standard error, unless another is
/// given) with multiplicative dispersion; t with k - 2 df. Equal to regressing y/se on 1/se and testing the intercept.
SmallStudyTest egger_classic(std::span<const double> y, std::span<const double> v,
                             std::span<const double> predictor = {}, double level = 0.95);

/// Sterne & Egger 2005, in Publication Bias in Meta-Analysis, chapter 6: the same regression as a meta-regression with
/// additive variance between studies.
SmallStudyTest egger_mixed(std::span<const double> y, std::span<const double> v, const Estimator* estimator, Test test,
                           std::span<const double> predictor = {}, double level = 0.95);

} // namespace assay::synth
