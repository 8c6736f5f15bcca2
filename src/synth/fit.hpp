// Pooling y and v into one mean: tau2, the mean with its standard error, and what follows from them. Plain numbers
// without allocation; pool.hpp wraps it for effects and adds words.
#pragma once

#include "model/synthesis.hpp"
#include "synth/estimators.hpp"

#include <optional>
#include <string_view>

namespace assay::synth {

/// How the interval and test of the mean are made.
enum class Test {
    z,    ///< normal
    t,    ///< t with k - 1 df, the same standard error
    knha, ///< Hartung & Knapp 2001, Stat Med 20:3875; Sidik & Jonkman 2002, Stat Med 21:3153
    adhoc ///< the same with the variance factor not below 1: Knapp & Hartung 2003, Stat Med 22:2693
};
std::optional<Test> test_of(std::string_view name);
std::string_view to_string(Test test);

struct Mean {
    int k = 0;
    double estimate = 0, se = 0;
    int df = 0;       ///< of the t distribution; 0: normal
    Tau2 tau2;        ///< 0 for the common-effect model
    double factor = 1; ///< by which Hartung-Knapp multiplies the variance
    double q = 0;     ///< Cochran's Q at weights 1/v
    double tr_p = 0;  ///< trace of P at weights 1/v; (k - 1)/tr_p is the typical sampling variance
};

/// The mean for k >= 1. `estimator` null: common effect. With one study tau2 is 0 and the test falls back to z.
Mean fit_mean(const Problem& problem, const Estimator* estimator, Test test);

/// The same at a given tau2.
Mean fit_mean_at(const Problem& problem, double tau2, Test test);

/// y'Py of `point`, the model at `tau2`; exactly 0 where what is left is only rounding.
double fit_mean_q(const Problem& problem, const Point& point, double tau2 = 0);

/// Heterogeneity measures from tau2 and the typical variance (random effects) or from Q (common effect), as in
/// Higgins & Thompson 2002, Stat Med 21:1539, equations 8 to 11.
struct Heterogeneity {
    double i2 = 0, h2 = 1; ///< i2 in percent
};
Heterogeneity heterogeneity_from_tau2(double tau2, double tr_p, int df);
Heterogeneity heterogeneity_from_q(double q, int df);

/// The Q-profile interval of tau2: all tau2 at which the generalised Q is between the chi-squared quantiles.
/// Viechtbauer 2007, Stat Med 26:37, equation 6.
struct Profile {
    model::Interval interval;
    bool empty = false; ///< Q is below its lower quantile even at 0: no tau2 fits
};
Profile q_profile(const Problem& problem, double level);

} // namespace assay::synth
