// Pooling effects that are correlated, e.g. contrasts of one trial with the same control group: generalised least
// squares with the whole covariance matrix.
#pragma once

#include <span>
#include <vector>

namespace assay::synth {

struct GlsMean {
    double estimate = 0, se = 0, q = 0;
    int q_df = 0;
    bool defined = false; ///< false: the matrix is not positive definite
    std::vector<double> weights; ///< percent; may be negative under strong correlation
};

/// The common effect (1'V^-1 1)^-1 1'V^-1 y of Gleser & Olkin 2009, Handbook of Research Synthesis, chapter 19,
/// equation 19.12. `covariance` is k x k, symmetric, row after row.
GlsMean pool_correlated(std::span<const double> y, std::span<const double> covariance);

} // namespace assay::synth
