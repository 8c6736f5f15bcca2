// Probability distributions: cumulative probability, upper tail and quantile of the normal, t, chi-square and
// F. Arguments are clamped to where the functions are defined, so that no caller has to guard and nothing
// throws: a probability outside [0, 1] is moved to its end, a quantile at 0 or 1 is the end of the
// distribution's support.
#pragma once

namespace assay::num {

double normal_density(double x);
double normal_cdf(double x);
double normal_upper(double x); ///< P(Z > x), accurate far out in the tail
double normal_quantile(double p);

double t_cdf(double x, double df);
double t_upper(double x, double df);
double t_quantile(double p, double df);

double chi_squared_cdf(double x, double df);
double chi_squared_upper(double x, double df);
double chi_squared_quantile(double p, double df);
double chi_squared_upper_quantile(double p, double df); ///< the x with P(X > x) = p

double f_upper(double x, double df1, double df2);
double f_quantile(double p, double df1, double df2);

/// The density of a non-central F.
double noncentral_f_density(double x, double df1, double df2, double noncentrality);

double beta_cdf(double x, double a, double b);
double beta_quantile(double p, double a, double b);

/// Two-sided P of a standard normal or (df > 0) a t statistic. A NaN statistic gives NaN.
double two_sided_p(double statistic, double df = 0);

/// The factor of a two-sided interval of this level: normal, or t when df > 0. level in (0, 1).
double critical_value(double level, double df = 0);

} // namespace assay::num
