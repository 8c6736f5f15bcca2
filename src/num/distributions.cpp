#include "num/distributions.hpp"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_f.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::num {

namespace {
namespace bm = boost::math;

// Boost's default is to throw on overflow and on arguments outside the domain; the results we want there are
// the limits. Evaluation errors keep the best value reached.
using Policy = bm::policies::policy<bm::policies::domain_error<bm::policies::ignore_error>,
                                    bm::policies::pole_error<bm::policies::ignore_error>,
                                    bm::policies::overflow_error<bm::policies::ignore_error>,
                                    bm::policies::underflow_error<bm::policies::ignore_error>,
                                    bm::policies::denorm_error<bm::policies::ignore_error>,
                                    bm::policies::evaluation_error<bm::policies::ignore_error>,
                                    bm::policies::rounding_error<bm::policies::ignore_error>>;
using Normal = bm::normal_distribution<double, Policy>;
using StudentsT = bm::students_t_distribution<double, Policy>;
using ChiSquared = bm::chi_squared_distribution<double, Policy>;
using FisherF = bm::fisher_f_distribution<double, Policy>;
using Beta = bm::beta_distribution<double, Policy>;

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

// Above this many degrees of freedom the t distribution equals the normal to the last digit.
constexpr double normal_df = 1e15;

double clamp01(double p) {
    return std::clamp(p, 0.0, 1.0);
}
} // namespace

double normal_density(double x) {
    constexpr double inverse_sqrt_2pi = 0.3989422804014326779;
    return inverse_sqrt_2pi * std::exp(-0.5 * x * x);
}

double normal_cdf(double x) {
    return 0.5 * std::erfc(-x / std::sqrt(2.0));
}
double normal_upper(double x) {
    return 0.5 * std::erfc(x / std::sqrt(2.0));
}

double normal_quantile(double p) {
    if (std::isnan(p)) return nan;
    p = clamp01(p);
    if (p == 0) return -infinity;
    if (p == 1) return infinity;
    return bm::quantile(Normal(0, 1), p);
}

double t_cdf(double x, double df) {
    return t_upper(-x, df);
}

double t_upper(double x, double df) {
    if (std::isnan(x) || !(df > 0)) return nan;
    if (df > normal_df) return normal_upper(x);
    if (std::isinf(x)) return x > 0 ? 0 : 1;
    return bm::cdf(bm::complement(StudentsT(df), x));
}

double t_quantile(double p, double df) {
    if (std::isnan(p) || !(df > 0)) return nan;
    if (df > normal_df) return normal_quantile(p);
    p = clamp01(p);
    if (p == 0) return -infinity;
    if (p == 1) return infinity;
    return bm::quantile(StudentsT(df), p);
}

double chi_squared_cdf(double x, double df) {
    if (std::isnan(x) || !(df > 0)) return nan;
    if (x <= 0) return 0;
    if (std::isinf(x)) return 1;
    return bm::cdf(ChiSquared(df), x);
}

double chi_squared_upper(double x, double df) {
    if (std::isnan(x) || !(df > 0)) return nan;
    if (x <= 0) return 1;
    if (std::isinf(x)) return 0;
    return bm::cdf(bm::complement(ChiSquared(df), x));
}

double chi_squared_quantile(double p, double df) {
    if (std::isnan(p) || !(df > 0)) return nan;
    p = clamp01(p);
    if (p == 0) return 0;
    if (p == 1) return infinity;
    return bm::quantile(ChiSquared(df), p);
}

double chi_squared_upper_quantile(double p, double df) {
    if (std::isnan(p) || !(df > 0)) return nan;
    p = clamp01(p);
    if (p == 0) return infinity;
    if (p == 1) return 0;
    return bm::quantile(bm::complement(ChiSquared(df), p));
}

double f_upper(double x, double df1, double df2) {
    if (std::isnan(x) || !(df1 > 0) || !(df2 > 0)) return nan;
    if (x <= 0) return 1;
    if (std::isinf(x)) return 0;
    return bm::cdf(bm::complement(FisherF(df1, df2), x));
}

double f_quantile(double p, double df1, double df2) {
    if (std::isnan(p) || !(df1 > 0) || !(df2 > 0)) return nan;
    p = clamp01(p);
    if (p == 0) return 0;
    if (p == 1) return infinity;
    return bm::quantile(FisherF(df1, df2), p);
}

double noncentral_f_density(double x, double df1, double df2, double noncentrality) {
    if (std::isnan(x) || !(df1 > 0) || !(df2 > 0) || !(noncentrality >= 0)) return nan;
    if (x < 0 || std::isinf(x)) return 0;
    return bm::pdf(bm::non_central_f_distribution<double, Policy>(df1, df2, noncentrality), x);
}

double beta_cdf(double x, double a, double b) {
    if (std::isnan(x) || !(a > 0) || !(b > 0)) return nan;
    return bm::cdf(Beta(a, b), clamp01(x));
}

double beta_quantile(double p, double a, double b) {
    if (std::isnan(p) || !(a > 0) || !(b > 0)) return nan;
    p = clamp01(p);
    if (p == 0 || p == 1) return p;
    return bm::quantile(Beta(a, b), p);
}

double two_sided_p(double statistic, double df) {
    const double size = std::fabs(statistic);
    const double tail = df > 0 ? t_upper(size, df) : normal_upper(size);
    return std::min(1.0, 2 * tail);
}

double critical_value(double level, double df) {
    // The lower tail (1 - level)/2 keeps its digits where (1 + level)/2 would round.
    const double tail = (1 - level) / 2;
    return df > 0 ? -t_quantile(tail, df) : -normal_quantile(tail);
}

} // namespace assay::num
