// The transformations between the analysis scale and the displayed scale; each pair inverts the other.
#pragma once

namespace assay::effect {

double same(double x);
double exponential(double x);
double logarithm(double x);
double logistic(double x);
double logit(double p);
double normal_probability(double x);
double probit(double p);
double sine_squared(double x); ///< of an angle in [0, pi/2]
double arcsine_root(double p);
double square(double x); ///< of a number not below 0
double square_root(double x);
double hyperbolic_tangent(double x);
double inverse_hyperbolic_tangent(double r);
double one_minus_exp(double x); ///< 1 - exp(-x)
double minus_log_complement(double x);
double one_minus_cube(double x); ///< 1 - (1 - x)^3
double one_minus_cube_root(double x);

double square_of_tanh(double x); ///< R^2 from Fisher's z of R
double atanh_of_root(double r2);

} // namespace assay::effect
