#include "trial/series.hpp"

#include "num/distributions.hpp"
#include "trial/autoregressive.hpp"
#include "trial/glm.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>

namespace assay::trial {

namespace {

struct Sample {
    std::vector<double> y;
    double n() const { return static_cast<double>(y.size()); }
    double mean() const { return std::accumulate(y.begin(), y.end(), 0.0) / n(); }
    double squares() const {
        const double m = mean();
        double sum = 0;
        for (double value : y)
            sum += (value - m) * (value - m);
        return sum;
    }
    double variance() const { return squares() / (n() - 1); }
};

void add_two_sample_t(const Sample& with, const Sample& without, const SeriesNames& names,
                      std::vector<Estimate>& out) {
    const double df = with.n() + without.n() - 2;
    const double se = std::sqrt((with.squares() + without.squares()) / df * (1 / with.n() + 1 / without.n()));
    if (!(df > 0 && se > 0)) return;
    out.push_back(with_error("two_sample_t",
                             "mean in group " + names.treatment + " minus mean in group " + names.control,
                             with.mean() - without.mean(), se, df, "takes no account of time"));
}

/// Hedges, Gurevitch and Curtis 1999, Ecology 80:1150, without the correction for few values.
void add_log_response_ratio(const Sample& with, const Sample& without, std::vector<Estimate>& out) {
    const double a = without.mean(), b = with.mean();
    if (!(a > 0 && b > 0) || with.n() < 2 || without.n() < 2) return;
    Estimate made;
    made.method = "log_response_ratio";
    made.term = "treatment";
    made.estimate = std::log(b / a);
    made.se = std::sqrt(without.variance() / (without.n() * a * a) + with.variance() / (with.n() * b * b));
    made.note = "uncorrected, values taken as independent";
    out.push_back(made);
}

/// Parker and Vannest 2009, Behav Ther 40:357: share of the pairs that the treatment wins, ties count half.
void add_overlap(const Sample& with, const Sample& without, std::vector<Estimate>& out) {
    double fewer = 0;
    for (double a : without.y)
        for (double b : with.y)
            fewer += b < a ? 1 : b == a ? 0.5 : 0;
    for (const bool decrease : {true, false}) {
        Estimate made;
        made.method = decrease ? "NAP(decrease)" : "NAP(increase)";
        made.term = "treatment";
        const double share = fewer / (with.n() * without.n());
        made.estimate = decrease ? share : 1 - share;
        out.push_back(made);
    }
}

/// Residuals about the mean of their phase; sum of products of neighbours over the sum of squares.
void add_autocorrelation(const std::vector<SeriesValue>& values, std::vector<Estimate>& out) {
    std::map<std::string, Sample> phases;
    for (const auto& value : values)
        phases[value.phase].y.push_back(value.y);
    double products = 0, squares = 0, last = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const double e = values[i].y - phases[values[i].phase].mean();
        squares += e * e;
        if (i > 0) products += e * last;
        last = e;
    }
    if (!(squares > 0)) return;
    Estimate made;
    made.method = "lag1_autocorr_within_phase";
    made.term = "series";
    made.estimate = products / squares;
    out.push_back(made);
}

void add_count_regressions(const std::vector<SeriesValue>& values, std::vector<Estimate>& out) {
    Dense x(values.size(), 2);
    std::vector<double> y;
    for (std::size_t i = 0; i < values.size(); ++i) {
        x(i, 0) = 1;
        x(i, 1) = values[i].treatment ? 1 : 0;
        y.push_back(values[i].y);
    }
    auto bare = [](Estimate made) {
        made.lower = made.upper = std::nullopt;
        return made;
    };
    const double df = static_cast<double>(values.size()) - 2;
    if (const auto fit = poisson_regression(x, y); fit.converged && df > 0) {
        const double dispersion = fit.pearson / df;
        out.push_back(bare(with_error("poisson_glm", "log RR", fit.beta[1], fit.se[1])));
        auto quasi =
            bare(with_error("quasipoisson", "log RR", fit.beta[1], fit.se[1] * std::sqrt(dispersion), df));
        quasi.df = std::nullopt;
        quasi.extras = {{"dispersion", dispersion}};
        if (dispersion > 0) out.push_back(quasi);
    }
    if (const auto fit = negative_binomial_regression(x, y); fit.converged) {
        auto made = bare(with_error("glm.nb", "log RR", fit.beta[1], fit.se[1]));
        if (fit.theta > 0)
            made.extras = {{"theta", fit.theta}};
        else
            made.note = "no more uneven than Poisson: theta has no top";
        out.push_back(made);
    }
}

/// One value a day: the mean.
struct Daily {
    std::vector<double> time, y;
    std::vector<bool> treatment;
};

Daily daily_means(const std::vector<SeriesValue>& values) {
    Daily made;
    for (std::size_t i = 0; i < values.size();) {
        double sum = 0;
        std::size_t end = i;
        for (; end < values.size() && values[end].time == values[i].time; ++end)
            sum += values[end].y;
        made.time.push_back(values[i].time);
        made.y.push_back(sum / static_cast<double>(end - i));
        made.treatment.push_back(values[i].treatment);
        i = end;
    }
    return made;
}

void add_daily(const Daily& daily, std::vector<Estimate>& out) {
    const std::size_t n = daily.y.size();
    Estimate days;
    days.method = "n_days";
    days.term = "n";
    days.estimate = static_cast<double>(n);
    out.push_back(days);
    Dense plain(n, 2), trend(n, 3);
    for (std::size_t i = 0; i < n; ++i) {
        plain(i, 0) = trend(i, 0) = 1;
        plain(i, 1) = trend(i, 1) = daily.treatment[i] ? 1 : 0;
        trend(i, 2) = daily.time[i] - daily.time[0];
    }
    auto bare = [](Estimate made, bool keep_df) {
        made.lower = made.upper = std::nullopt;
        if (!keep_df) made.df = std::nullopt;
        return made;
    };
    if (n > 3)
        if (const auto fit = least_squares(plain, daily.y); fit.possible && fit.rss > 0) {
            const double df = static_cast<double>(n) - 2;
            out.push_back(bare(with_error("OLS_daily_mean", "treatment", fit.beta[1],
                                          std::sqrt(fit.rss / df * fit.unscaled(1, 1)), df),
                               true));
        }
    if (n < 8) return;
    for (const bool with_trend : {false, true}) {
        const auto fit = autoregressive_reml(with_trend ? trend : plain, daily.y, daily.time);
        if (!fit.converged) continue;
        auto made = bare(with_error(with_trend ? "gls_AR1_trend_REML" : "gls_AR1_REML", "treatment",
                                    fit.beta[1], fit.se[1], fit.df),
                         false);
        made.extras = {{"phi", fit.phi}};
        out.push_back(made);
    }
}

} // namespace

std::vector<Estimate> series_estimates(std::vector<SeriesValue> values, const SeriesNames& names,
                                       bool counts) {
    std::stable_sort(values.begin(), values.end(),
                     [](const SeriesValue& a, const SeriesValue& b) { return a.time < b.time; });
    const bool phased =
        std::all_of(values.begin(), values.end(), [](const SeriesValue& v) { return !v.phase.empty(); });
    if (!phased) {
        int run = 0;
        for (std::size_t i = 0; i < values.size(); ++i) {
            if (i > 0 && values[i].treatment != values[i - 1].treatment) ++run;
            values[i].phase = std::to_string(run);
        }
    }
    Sample with, without;
    for (const auto& value : values)
        (value.treatment ? with : without).y.push_back(value.y);
    std::vector<Estimate> out;
    if (with.y.empty() || without.y.empty()) return out;
    add_two_sample_t(with, without, names, out);
    if (counts) {
        add_log_response_ratio(with, without, out);
        add_count_regressions(values, out);
    }
    add_autocorrelation(values, out);
    add_overlap(with, without, out);
    add_daily(daily_means(values), out);
    return out;
}

} // namespace assay::trial
