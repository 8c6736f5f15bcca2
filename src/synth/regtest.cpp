#include "synth/regtest.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {
/// Columns: intercept, predictor (standard errors when none is given).
std::vector<double> columns_of(std::span<const double> v, std::span<const double> predictor) {
    std::vector<double> x(v.size(), 1.0);
    if (!predictor.empty()) x.insert(x.end(), predictor.begin(), predictor.end());
    else
        std::transform(v.begin(), v.end(), std::back_inserter(x), [](double one) { return std::sqrt(one); });
    return x;
}

SmallStudyTest report(const Regression& fit) {
    SmallStudyTest test;
    test.k = fit.k;
    if (!fit.full_rank) return test;
    test.defined = true;
    test.df = fit.df;
    const Coefficient& intercept = fit.coefficients[0];
    const Coefficient& slope = fit.coefficients[1];
    test.slope = slope.estimate;
    test.se = slope.se;
    test.statistic = slope.statistic;
    test.p = slope.p;
    test.limit = intercept.estimate;
    test.limit_low = intercept.ci_low;
    test.limit_high = intercept.ci_high;
    return test;
}
} // namespace

SmallStudyTest egger_classic(std::span<const double> y, std::span<const double> v, std::span<const double> predictor,
                             double level) {
    // Weighted least squares: the residual variance multiplies the covariance, exactly what the Hartung-Knapp factor
    // does at tau2 = 0.
    return report(regress(y, v, columns_of(v, predictor), 2, nullptr, Test::knha, level));
}

SmallStudyTest egger_mixed(std::span<const double> y, std::span<const double> v, const Estimator* estimator, Test test,
                           std::span<const double> predictor, double level) {
    return report(regress(y, v, columns_of(v, predictor), 2, estimator, test, level));
}

} // namespace assay::synth
