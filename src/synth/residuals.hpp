// How far each study lies from the model: raw, standardised, studentised (from a fit without it) and Pearson
// residuals, what it adds to heterogeneity and to the result (Baujat), and its place in a radial plot.
#pragma once

#include "synth/uni.hpp"

namespace assay::synth {

struct Residuals {
    std::vector<double> raw, fitted;
    std::vector<double> standard_se,
        standardised; ///< Hedges & Olkin 1985, chapter 12: from the fit's hat matrix
    std::vector<double> deleted, deleted_se,
        studentised; ///< Viechtbauer & Cheung 2010, Res Synth Methods 1:112, eq. 9
    std::vector<double> pearson;
};

/// Studies whose removal leaves a model that cannot be fitted have NaN as deleted residual.
Residuals residuals_of(const UniModel& model, const UniFit& fit);

/// A figure's points, one per study.
struct Points {
    std::vector<double> x, y;
};

/// Baujat et al. 2002, Stat Med 21:2641: squared Pearson residual, and the squared change of the study's
/// fitted value without it over the variance of that value.
Points baujat_points(const UniModel& model, const UniFit& fit);

/// Galbraith 1988, Stat Med 7:889: 1/se and y/se with se^2 = v + tau2.
Points radial_points(const UniModel& model, const UniFit& fit);

/// Is tau2 the same for all studies? The score test of a tau2 of its own for each study against the fit's,
/// with k - 1 df; intercept-only models by ML or REML.
struct EqualTau2 {
    double statistic = 0, p = 1;
    int df = 0;
    std::string problem;
};
EqualTau2 test_equal_tau2(const UniModel& model, const UniFit& fit);

} // namespace assay::synth
