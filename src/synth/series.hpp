// The pooled mean along a series of sets of studies: leaving each out, leaving each k out, adding one after
// another.
#pragma once

#include "synth/fit.hpp"
#include "synth/variants.hpp"

#include <span>
#include <vector>

namespace assay::synth {

/// The result for one set of studies.
struct MeanRow {
    int k = 0;
    double estimate = 0, se = 0;
    double statistic = 0, p = 1; ///< NaN where the standard error is 0 and so is the estimate
    double ci_low = 0, ci_high = 0;
    int df = 0; ///< of the t distribution; 0: normal (always with one study)
    double q = 0, q_p = 1;
    double tau2 = 0, i2 = 0, h2 = 1;
    bool converged = true;
};

/// Test and interval of a fitted variant. With one study the test is normal.
MeanRow mean_row(const VariantFit& fit, bool common, Test test, double level);
/// The same with the factor of the interval given, where many variants share it.
MeanRow mean_row_within(const VariantFit& fit, bool common, Test test, double critical);

/// The same for a mean from fit.hpp, without I2 and H2.
MeanRow mean_row(const Mean& mean, double level);

/// Row i is the result without study i.
std::vector<MeanRow> leave_each_out(std::span<const double> y, std::span<const double> v,
                                    const Estimator* estimator, Test test, double level = 0.95);

/// Row i is the result of the studies order[0] to order[i].
std::vector<MeanRow> cumulate(std::span<const double> y, std::span<const double> v,
                              std::span<const std::size_t> order, const Estimator* estimator, Test test,
                              double level = 0.95);

/// Results without each set of `left_out` studies, in lexicographic order of the sets.
struct LeftOut {
    std::vector<std::size_t> studies;
    MeanRow row;
};
struct LeaveSetsOut {
    std::vector<LeftOut> lowest, highest; ///< the sets that move the estimate most, most extreme first
    std::vector<LeftOut> rows;            ///< all, while there are not more than `keep`
    std::uint64_t sets = 0;
    double estimate_low = 0, estimate_high = 0;
    std::uint64_t sign_changes = 0;         ///< sets without which the estimate has the other sign
    std::uint64_t significance_changes = 0; ///< sets without which P crosses 1 - level
};
LeaveSetsOut leave_sets_out(std::span<const double> y, std::span<const double> v, std::size_t left_out,
                            const Estimator* estimator, Test test, double level = 0.95,
                            std::size_t extremes = 10, std::size_t keep = 10000);

} // namespace assay::synth
