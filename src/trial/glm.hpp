// Regressions of counts by maximum likelihood: Poisson and negative binomial with log link, alone or with a
// random intercept for each person (Laplace's approximation). Counts may have decimals, as those read off a
// figure do.
#pragma once

#include "trial/dense.hpp"

#include <vector>

namespace assay::trial {

struct CountFit {
    std::vector<double> beta, se;
    double pearson = 0;    ///< sum of squared Pearson residuals
    double theta = 0;      ///< size of the negative binomial, variance mu + mu^2/theta; 0: Poisson
    double sd_subject = 0; ///< of the random intercept
    bool converged = false;
};

/// Poisson regression by iteratively weighted least squares (McCullagh and Nelder 1989, section 2.5).
CountFit poisson_regression(const Dense& x, const std::vector<double>& y);

/// Negative binomial regression, theta by maximum likelihood in turn with the coefficients (Venables and
/// Ripley 2002, section 7.4); standard errors at that theta.
CountFit negative_binomial_regression(const Dense& x, const std::vector<double>& y);

/// With a normal random intercept per subject: the likelihood by Laplace's approximation, standard errors
/// from the curvature over all parameters. `subject[i]` is 0 .. subjects - 1.
CountFit random_intercept(const Dense& x, const std::vector<double>& y,
                          const std::vector<std::size_t>& subject, std::size_t subjects,
                          bool negative_binomial);

} // namespace assay::trial
