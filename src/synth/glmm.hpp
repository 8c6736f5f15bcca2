// Generalised linear mixed models of counts: events themselves are modelled, so no continuity correction and
// no normal approximation within studies is needed.
#pragma once

#include "num/dense.hpp"
#include "synth/multilevel.hpp"

namespace assay::synth {

/// What the counts of a study are.
enum class CountKind {
    proportion,      ///< x events in n
    rate,            ///< x events in time t
    two_proportions, ///< x1 of n1 against x2 of n2: log odds ratio
    two_rates,       ///< x1 in t1 against x2 in t2: log rate ratio
};

/// The four models of two groups (Jackson et al. 2018, Stat Med 37:1059). Kinds of one group have one model.
enum class GlmmModel {
    um_fs, ///< unconditional, an effect of each study: their model 4
    um_rs, ///< unconditional, studies at random: their model 5
    cm_al, ///< conditional on the events of both groups, approximate: binomial
    cm_el, ///< exact: non-central hypergeometric (their model 7); for rates binomial, which is exact there
};
std::optional<GlmmModel> glmm_model_of(std::string_view metafor_name);

/// One study. One-group kinds use x1 and size1 (n or time).
struct Counts {
    double x1 = 0, size1 = 0, x2 = 0, size2 = 0;
};

struct GlmmOptions {
    GlmmModel model = GlmmModel::um_fs;
    bool random = true;   ///< false: a common effect ("EE")
    bool t_tests = false; ///< t with k - p degrees of freedom
    int quadrature =
        7; ///< nodes of adaptive Gauss-Hermite quadrature; UM.RS with random effects uses 1 (Laplace)
    double coding =
        0.5; ///< of the groups in the random effect: 0.5 gives +-1/2, 1 (0) puts it in group 1 (2) only
    double level = 0.95;
    /// metafor reports, for models fitted by lme4, the likelihood given the predicted random effects (UM.FS,
    /// CM.AL, one group) or relative to the saturated model (UM.RS EE with quadrature); false: always the
    /// marginal likelihood.
    bool metafor_likelihood = true;
    /// Held instead of estimated: coefficients (all or none) and variances; for profiles and for comparing
    /// with where another program stopped.
    std::vector<double> given_beta = {};
    std::optional<double> given_tau2 = {}, given_sigma2 = {};
};

struct GlmmFit {
    int k = 0, p = 0;
    std::vector<double> beta, se, statistic, p_value, ci_low, ci_high;
    num::Matrix covariance;
    double df = 0; ///< of t tests; 0: normal
    double tau2 = 0;
    std::optional<double> sigma2; ///< UM.RS: variance between studies
    double i2 = 0, h2 = 1;        ///< with the typical variance of the approximate effects
    std::optional<double> q_wald, q_lrt, q_wald_p,
        q_lrt_p; ///< of the saturated model against a common effect
    int q_df = 0;
    std::optional<ModeratorTest> moderators;
    LikelihoodStatistics statistics;
    double marginal_log_likelihood = 0;
    num::Minimum search;            ///< of the model reported
    std::vector<std::string> notes; ///< with k = 0: why there is no fit
};

/// Rows of x are studies. Studies without events (or with events only) in both groups tell nothing about a
/// ratio of odds or rates and must be left out before. `v` are approximate sampling variances, for I2 only
/// (may be empty). Stijnen, Hamza & Ozdemir 2010, Stat Med 29:3046, equations 3 to 9.
GlmmFit glmm(CountKind kind, std::span<const Counts> counts, const num::Matrix& x, std::span<const double> v,
             const GlmmOptions& options = {});

} // namespace assay::synth
