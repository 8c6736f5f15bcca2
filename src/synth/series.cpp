#include "synth/series.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::synth {

namespace {
void infer(MeanRow& row, double critical) {
    row.statistic = row.estimate / row.se;
    row.p = num::two_sided_p(row.statistic, row.df);
    row.ci_low = row.estimate - critical * row.se;
    row.ci_high = row.estimate + critical * row.se;
}
} // namespace

MeanRow mean_row(const Mean& mean, double level) {
    MeanRow row;
    row.k = mean.k;
    row.estimate = mean.estimate;
    row.se = mean.se;
    row.df = mean.df;
    row.tau2 = mean.tau2.value;
    row.converged = mean.tau2.converged;
    infer(row, num::critical_value(level, row.df));
    row.q = mean.q;
    row.q_p = mean.k > 1 ? num::chi_squared_upper(mean.q, mean.k - 1) : 1;
    return row;
}

MeanRow mean_row(const VariantFit& fit, bool common, Test test, double level) {
    const int df = test == Test::z ? 0 : std::max(0, fit.n - 1);
    return mean_row_within(fit, common, test, num::critical_value(level, df));
}

MeanRow mean_row_within(const VariantFit& fit, bool common, Test test, double critical) {
    MeanRow row;
    row.k = fit.n;
    row.estimate = fit.mean;
    row.tau2 = fit.tau2;
    row.converged = fit.converged;
    const int df = fit.n - 1;
    if (df > 0 && test != Test::z) row.df = df;
    double factor = 1;
    if (df > 0 && (test == Test::knha || test == Test::adhoc)) {
        factor = fit.q / df;
        if (test == Test::adhoc) factor = std::max(1.0, factor);
    }
    row.se = std::sqrt(factor / fit.sum_w);
    infer(row, critical);
    row.q = fit.q0;
    row.q_p = df > 0 ? num::chi_squared_upper(fit.q0, df) : 1;
    row.i2 = i2_of(fit, common);
    row.h2 = h2_of(fit, common);
    return row;
}

std::vector<MeanRow> leave_each_out(std::span<const double> y, std::span<const double> v,
                                    const Estimator* estimator, Test test, double level) {
    std::vector<MeanRow> rows;
    if (y.size() < 2) return rows;
    const VariantTable table(y, v, estimator);
    Variant variant(table);
    variant.set_all();
    rows.reserve(y.size());
    const int df = test == Test::z ? 0 : static_cast<int>(y.size()) - 2;
    const double critical = num::critical_value(level, df);
    for (std::size_t i = 0; i < y.size(); ++i) {
        variant.remove(i);
        rows.push_back(mean_row_within(variant.fit(), !estimator, test, critical));
        variant.add(i);
    }
    return rows;
}

std::vector<MeanRow> cumulate(std::span<const double> y, std::span<const double> v,
                              std::span<const std::size_t> order, const Estimator* estimator, Test test,
                              double level) {
    std::vector<MeanRow> rows;
    if (order.empty()) return rows;
    const VariantTable table(y, v, estimator);
    Variant variant(table);
    for (std::size_t study : order) {
        variant.add(study);
        rows.push_back(mean_row(variant.fit(), !estimator, test, level));
    }
    return rows;
}

LeaveSetsOut leave_sets_out(std::span<const double> y, std::span<const double> v, std::size_t left_out,
                            const Estimator* estimator, Test test, double level, std::size_t extremes,
                            std::size_t keep) {
    LeaveSetsOut result;
    const std::size_t k = y.size();
    if (left_out == 0 || left_out >= k) return result;
    const VariantTable table(y, v, estimator);
    Variant variant(table);
    std::vector<double> counts(k, 1.0);
    variant.set(counts);
    const MeanRow full = mean_row(variant.fit(), !estimator, test, level);

    const auto lower = [](const LeftOut& a, const LeftOut& b) { return a.row.estimate < b.row.estimate; };
    const auto higher = [](const LeftOut& a, const LeftOut& b) { return a.row.estimate > b.row.estimate; };
    const auto keep_extreme = [&](std::vector<LeftOut>& list, const LeftOut& one, auto before) {
        if (list.size() == extremes && !before(one, list.back())) return;
        list.insert(std::upper_bound(list.begin(), list.end(), one, before), one);
        if (list.size() > extremes) list.pop_back();
    };

    std::vector<std::size_t> set(left_out);
    std::iota(set.begin(), set.end(), std::size_t{0});
    for (;;) {
        // Sums are taken anew for each set: runs of updates would drift.
        std::fill(counts.begin(), counts.end(), 1.0);
        for (std::size_t study : set)
            counts[study] = 0;
        variant.set(counts);
        const LeftOut one{set, mean_row(variant.fit(), !estimator, test, level)};
        if (result.sets == 0) result.estimate_low = result.estimate_high = one.row.estimate;
        ++result.sets;
        result.estimate_low = std::min(result.estimate_low, one.row.estimate);
        result.estimate_high = std::max(result.estimate_high, one.row.estimate);
        result.sign_changes += (one.row.estimate > 0) != (full.estimate > 0);
        result.significance_changes += (one.row.p < 1 - level) != (full.p < 1 - level);
        keep_extreme(result.lowest, one, lower);
        keep_extreme(result.highest, one, higher);
        if (result.rows.size() < keep) result.rows.push_back(one);
        // The next combination: the last element that can still move up.
        std::size_t i = left_out;
        while (i > 0 && set[i - 1] == k - left_out + (i - 1))
            --i;
        if (i == 0) break;
        ++set[i - 1];
        for (std::size_t j = i; j < left_out; ++j)
            set[j] = set[j - 1] + 1;
    }
    if (result.sets > keep) result.rows.clear();
    return result;
}

} // namespace assay::synth
