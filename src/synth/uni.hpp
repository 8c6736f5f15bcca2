// The model with one effect per study in full: any estimator, weights of the user, columns of a design
// matrix, fit statistics, intervals of tau2 and predictions. pool.hpp and regression.hpp are the lean ways to
// the same numbers.
#pragma once

#include "synth/fit.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::synth {

struct UniModel {
    std::span<const double> y, v;
    std::span<const double> x = {}; ///< k rows, p columns, column after column; empty: an intercept only
    std::size_t p = 1;
    std::string_view method =
        "REML"; ///< an estimator, "GENQ", "GENQM", or "EE" (also "FE", "CE"): common effect
    Test test = Test::z;
    double level = 0.95;
    std::optional<double> tau2 = {};      ///< instead of an estimate
    std::span<const double> weights = {}; ///< of the user; empty: inverse variances
    bool weighted = true;                 ///< false: ordinary least squares
};

/// With all constants; REML with half of log det(X'X) added, as metafor has it.
struct FitStatistics {
    double log_likelihood = 0, deviance = 0;
    double aic = 0, bic = 0, aicc = 0;
};

struct UniFit {
    bool defined = false; ///< false: see `problem`
    std::string problem;
    int k = 0, p = 0;
    int residual_df = 0;
    int df = 0; ///< of the t distribution; 0: normal
    double level = 0.95;
    bool common = false; ///< no variance between studies is assumed
    bool tau2_given = false;
    std::vector<double> beta, se, statistic, p_value, low, high;
    std::vector<double> covariance; ///< p x p
    double factor = 1;              ///< by which Hartung-Knapp multiplied the covariance
    Tau2 tau2;                      ///< se as large-sample theory has it for the estimator
    double typical_variance = 0;    ///< of sampling: Higgins & Thompson 2002, Stat Med 21:1539, equation 9
    double i2 = 0, h2 = 1;          ///< i2 in percent
    double q = 0, q_p = 1;          ///< residual heterogeneity with residual_df
    double qm = 0, qm_p = 1;        ///< all coefficients but the intercept: chi-squared, or F under t tests
    int qm_df = 0;
    std::optional<double>
        r2; ///< percent of tau2 explained; common effects: adjusted R^2 of the weighted regression
    FitStatistics ml, reml;
    int parameters = 0; ///< coefficients, and tau2 where it is estimated
    std::vector<double> weights_percent;
    std::vector<double> fitted, residual; ///< per study
    std::vector<std::string> notes;
};

/// Fits the model. Data that cannot be fitted (no study, fewer studies than columns, dependent columns) give
/// a result that is not defined and says why; names that do not exist throw Error.
UniFit fit_uni(const UniModel& model);

/// The tau2 at which a model is fitted, for loops that need no more. `model.tau2` is returned where given.
Tau2 estimate_tau2(const UniModel& model);

/// Tests L b = 0 for rows of L (each of p numbers): estimates, and all rows together.
struct Contrasts {
    std::vector<double> estimate, se, statistic, p_value, low, high;
    double qm = 0, qm_p = 1;
    int qm_df = 0;
};
Contrasts contrasts(const UniFit& fit, std::span<const std::vector<double>> rows);

/// The mean at the row of the design matrix, with the interval of the mean and that of a new study's true
/// effect.
struct Predicted {
    double mean = 0, se = 0, low = 0, high = 0;
    std::optional<double> new_low, new_high; ///< absent for common effects
};
/// `new_df`: of the interval for a new study; absent: the test's own distribution; infinite: normal.
Predicted predict(const UniFit& fit, std::span<const double> row, std::optional<double> new_df = {});
/// k - p - 1 degrees of freedom (k - p where tau2 was given), at least 1: Riley, Higgins & Deeks 2011, BMJ
/// 342:d549.
double riley_df(const UniFit& fit);

/// An interval of tau2 with I2 and H2 at its ends.
struct Tau2Interval {
    model::Interval tau2, i2, h2;
    bool empty = false;  ///< no tau2 >= 0 fits: the data scatter less than chance explains
    std::string problem; ///< why there is none
};
/// Viechtbauer 2007, Stat Med 26:37, equation 6.
Tau2Interval q_profile_interval(const UniModel& model, const UniFit& fit);
/// All tau2 whose (restricted for REML) log-likelihood is within half a chi-squared quantile of the fit's:
/// Hardy & Thompson 1996, Stat Med 15:619.
Tau2Interval profile_likelihood_interval(const UniModel& model, const UniFit& fit);
/// Jackson 2013, Res Synth Methods 4:220, with the model's weights (1/v: Biggerstaff & Jackson 2008, Stat Med
/// 27:6093).
Tau2Interval generalised_q_interval(const UniModel& model, const UniFit& fit);

/// Log-likelihood at a tau2, restricted unless the method is ML.
double profile_log_likelihood(const UniModel& model, double tau2);

/// Likelihood-ratio test of two fits on the same data. Under REML both must have the same columns.
struct LikelihoodRatio {
    double statistic = 0, p = 1;
    int df = 0;
};
LikelihoodRatio likelihood_ratio(const UniFit& full, const UniFit& reduced, bool restricted);

/// Variance inflation factors of all coefficients but the intercept, from their covariance.
std::vector<double> variance_inflation(const UniModel& model, const UniFit& fit);

} // namespace assay::synth
