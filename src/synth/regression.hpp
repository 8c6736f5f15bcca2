// Meta-regression: effects explained by columns of a design matrix, with the variance between studies that remains.
#pragma once

#include "synth/fit.hpp"

#include <vector>

namespace assay::synth {

/// at_tau2 and unweighted for problems with a design matrix; problem.cpp calls them.
Point at_tau2_with_columns(const Problem& problem, double tau2);
Unweighted unweighted_with_columns(const Problem& problem);

struct Coefficient {
    double estimate = 0, se = 0;
    double statistic = 0, p = 1; ///< z, or t with Regression::df
    double ci_low = 0, ci_high = 0;
};

struct Regression {
    int k = 0, columns = 0;
    int df = 0;          ///< of the t distribution; 0: normal
    int residual_df = 0;
    std::vector<Coefficient> coefficients;
    std::vector<double> covariance; ///< columns x columns
    Tau2 tau2;
    double i2 = 0, h2 = 1;
    double q = 0, q_p = 1;          ///< residual heterogeneity
    double qm = 0, qm_p = 1;        ///< all coefficients but the intercept: chi-squared, or F under t tests
    int qm_df = 0;
    std::optional<double> r2;       ///< percent of tau2 explained (Raudenbush 2009); common effects: adjusted share of Q
    bool full_rank = true;          ///< false: columns depend on one another, nothing else is set
};

/// Explains y by the columns of x (column after column; the first is the intercept where the model has one).
/// `estimator` null: no variance between studies is assumed. Needs more studies than columns.
Regression regress(std::span<const double> y, std::span<const double> v, std::span<const double> x, std::size_t columns,
                   const Estimator* estimator, Test test, double level = 0.95);

/// The same at a given tau2.
Regression regress_at(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                      std::size_t columns, double tau2, Test test, double level = 0.95);

} // namespace assay::synth
