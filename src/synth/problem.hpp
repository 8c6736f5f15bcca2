// The numbers every estimator works on, and what the weighted model gives at one value of tau2. No allocation, so
// that resampling can call it millions of times.
#pragma once

#include <cstddef>
#include <span>

namespace assay::synth {

/// k effects and their sampling variances (finite, > 0), to be pooled into one mean; or, with x, to be explained by
/// the columns of a design matrix.
struct Problem {
    std::span<const double> y, v;
    std::span<const double> x = {}; ///< k rows, p columns, column after column; empty: an intercept only
    std::size_t p = 1;              ///< coefficients
    std::span<double> work = {};    ///< k*p + k numbers of scratch, needed with x

    std::size_t k() const { return y.size(); }
    int df() const { return static_cast<int>(y.size()) - static_cast<int>(p); }
};

/// The most columns a design matrix may have.
constexpr std::size_t most_columns = 32;

/// The model with weights w = 1/(v + tau2). P = W - W X (X'WX)^-1 X'W projects the fit out; traces and forms of P
/// are what tau2 estimators are made of (Viechtbauer 2005, J Educ Behav Stat 30:261).
struct Point {
    double mean = 0;   ///< weighted mean; not set with x
    double sum_w = 0;
    double sum_w2 = 0;
    double q = 0;      ///< y'Py: weighted sum of squared residuals
    double ypp = 0;    ///< y'PPy; -dQ/dtau2
    double yppp = 0;   ///< y'PPPy
    double tr_p = 0;   ///< trace of P
    double tr_pp = 0;  ///< trace of PP
    double log_det = 0; ///< log det(X'WX)
};

/// Everything at weights 1/(v + tau2).
Point at_tau2(const Problem& problem, double tau2);

/// The unweighted model: W the identity, P = I - X (X'X)^-1 X', with the traces that involve the variances.
struct Unweighted {
    double rss = 0;   ///< sum of squared residuals
    double tr_pv = 0; ///< trace of P V, and of P V P
    double tr_pvpv = 0;
};
Unweighted unweighted(const Problem& problem);

} // namespace assay::synth
