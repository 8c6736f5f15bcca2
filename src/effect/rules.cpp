#include "effect/rules.hpp"

#include "effect/combine.hpp"
#include "effect/convert.hpp"
#include "effect/five_numbers.hpp"
#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace assay::effect {

namespace {

using enum Number;

constexpr std::string_view names[] = {"mean",
                                      "sd",
                                      "n",
                                      "se",
                                      "ci_low",
                                      "ci_high",
                                      "ci_low",
                                      "ci_high",
                                      "ci_level",
                                      "t",
                                      "f",
                                      "df",
                                      "p",
                                      "median",
                                      "q1",
                                      "q3",
                                      "minimum",
                                      "maximum",
                                      "log scale",
                                      "baseline mean",
                                      "final mean",
                                      "baseline sd",
                                      "final sd",
                                      "correlation",
                                      "estimate",
                                      "se of the difference",
                                      "sd of the differences",
                                      "mean 1",
                                      "mean 2",
                                      "sd 1",
                                      "sd 2",
                                      "n 1",
                                      "n 2",
                                      "events",
                                      "icc",
                                      "cluster_size",
                                      "comparisons"};
static_assert(std::size(names) == static_cast<std::size_t>(Number::count));

/// Some number of a paper is not what it can be: the rule makes nothing of it.
Made refuse(std::string problem) {
    return {{}, std::move(problem)};
}

/// Only a finite number is one.
Made finite(double value) {
    if (!std::isfinite(value)) return refuse("the numbers are outside the formula's domain");
    return {value, {}};
}

/// An SD, SE or n: above zero.
Made above_zero(double value) {
    if (!(value > 0)) return refuse("the result would not be above zero");
    return finite(value);
}

// ---- an SD from the precision of the same mean
// ---------------------------------------------------------------

Made sd_of_se(const Numbers& x) {
    if (!(x.at(n) >= 1)) return refuse("the number of people is below one");
    return above_zero(sd_from_se(x.at(se), x.at(n)));
}

bool level_ok(double level) {
    return level > 0 && level < 1;
}

Made sd_of_t_interval(const Numbers& x) {
    if (!(x.at(n) > 1)) return refuse("one person has no interval");
    if (!level_ok(x.at(ci_level))) return refuse("the interval's level is not between 0 and 1");
    if (!x[df]) return above_zero(sd_from_interval(x.at(ci_low), x.at(ci_high), x.at(n), x.at(ci_level)));
    if (!(*x[df] > 0)) return refuse("the degrees of freedom are not above zero");
    const double quantile = num::critical_value(x.at(ci_level), *x[df]);
    return above_zero(std::sqrt(x.at(n)) * (x.at(ci_high) - x.at(ci_low)) / (2 * quantile));
}

Made sd_of_z_interval(const Numbers& x) {
    if (!(x.at(n) >= 1)) return refuse("the number of people is below one");
    if (!level_ok(x.at(ci_level))) return refuse("the interval's level is not between 0 and 1");
    const double quantile = num::critical_value(x.at(ci_level));
    return above_zero(std::sqrt(x.at(n)) * (x.at(z_high) - x.at(z_low)) / (2 * quantile));
}

Made sd_of_t(const Numbers& x) {
    if (x.at(t) == 0 || x.at(mean) == 0) return refuse("a mean or test statistic of zero gives no SD");
    return above_zero(std::fabs(x.at(mean) / x.at(t)) * std::sqrt(x.at(n)));
}

Made sd_of_p(const Numbers& x) {
    if (!(x.at(p) > 0 && x.at(p) < 1)) return refuse("the P value is not between 0 and 1");
    if (!(x.at(n) > 1)) return refuse("one person has no test");
    if (x.at(mean) == 0) return refuse("a mean of zero gives no SD");
    return above_zero(sd_from_p(x.at(mean), x.at(p), x.at(n)));
}

Made sd_of_difference(const Numbers& x) {
    if (!(x.at(n1) >= 1 && x.at(n2) >= 1)) return refuse("the number of people is below one");
    return above_zero(x.at(se_difference) / std::sqrt(1 / x.at(n1) + 1 / x.at(n2)));
}

// ---- means and SDs from medians
// ------------------------------------------------------------------------------

/// The middle of the quartiles or of the range stands for a median that is not printed: the SD does not use
/// it.
FiveNumbers five(const Numbers& x, bool quartiles, bool range) {
    FiveNumbers numbers;
    numbers.n = x[n];
    numbers.median = x[median];
    if (quartiles) numbers.q1 = x[q1], numbers.q3 = x[q3];
    if (range) numbers.minimum = x[minimum], numbers.maximum = x[maximum];
    if (!numbers.median) numbers.median = quartiles ? (*x[q1] + *x[q3]) / 2 : (*x[minimum] + *x[maximum]) / 2;
    return numbers;
}

template<bool quartiles, bool range, bool want_mean, bool logs> Made from_median(const Numbers& x) {
    const MeanAndSd made = mean_and_sd(five(x, quartiles, range), "default", logs, false);
    if (!made.problem.empty()) return refuse(made.problem);
    const auto& value = want_mean ? made.mean : made.sd;
    if (!value) return refuse("these numbers give no result");
    return want_mean ? finite(*value) : above_zero(*value);
}

// ---- changes
// -------------------------------------------------------------------------------------------------

Made mean_of_change(const Numbers& x) {
    return finite(x.at(mean_final) - x.at(mean_baseline));
}

/// SD of the difference of two correlated values.
Made sd_of_correlated(double a, double b, double r) {
    if (!(r >= -1 && r <= 1)) return refuse("the correlation is not between -1 and 1");
    return above_zero(std::sqrt(std::fmax(0.0, a * a + b * b - 2 * r * a * b)));
}
Made sd_of_change(const Numbers& x) {
    return sd_of_correlated(x.at(sd_baseline), x.at(sd_final), x.at(correlation));
}

Made correlation_of(double a, double b, double difference) {
    if (!(a > 0 && b > 0)) return refuse("an SD is not above zero");
    const double r = (a * a + b * b - difference * difference) / (2 * a * b);
    if (!(r >= -1 && r <= 1))
        return refuse("the three SDs do not belong together: no correlation gives them");
    return {r, {}};
}
Made correlation_of_change(const Numbers& x) {
    return correlation_of(x.at(sd_baseline), x.at(sd_final), x.at(sd));
}

// ---- contrasts
// -----------------------------------------------------------------------------------------------

Made se_of(const Converted& converted) {
    return {converted.se, converted.problem};
}
Made se_of_interval(const Numbers& x) {
    return se_of(se_from_interval(x.at(estimate), x.at(ci_low), x.at(ci_high), x.at(ci_level), false, x[df]));
}
Made se_of_t(const Numbers& x) {
    return se_of(se_from_t(x.at(estimate), x.at(t), false));
}
Made se_of_f(const Numbers& x) {
    if (!(x.at(f) > 0)) return refuse("an F statistic of zero gives no standard error");
    if (x.at(estimate) == 0) return refuse("an estimate of zero gives no standard error");
    return above_zero(std::fabs(x.at(estimate)) / std::sqrt(x.at(f)));
}
Made se_of_p(const Numbers& x) {
    return se_of(se_from_p(x.at(estimate), x.at(p), false, x[df]));
}

// ---- crossover trials
// ----------------------------------------------------------------------------------------

Made se_of_differences(const Numbers& x) {
    if (!(x.at(n) >= 1)) return refuse("the number of people is below one");
    return above_zero(x.at(sd_difference) / std::sqrt(x.at(n)));
}
Made sd_of_pair(const Numbers& x) {
    return sd_of_correlated(x.at(sd1), x.at(sd2), x.at(correlation));
}
Made correlation_of_pair(const Numbers& x) {
    return correlation_of(x.at(sd1), x.at(sd2), x.at(sd_difference));
}
Made d_of_pair(const Numbers& x) {
    const double pooled = std::sqrt((x.at(sd1) * x.at(sd1) + x.at(sd2) * x.at(sd2)) / 2);
    if (!(pooled > 0)) return refuse("the SDs are not above zero");
    return finite((x.at(mean1) - x.at(mean2)) / pooled);
}
Made se_of_d(const Numbers& x) {
    if (!(x.at(correlation) >= -1 && x.at(correlation) <= 1))
        return refuse("the correlation is not between -1 and 1");
    if (!(x.at(n) >= 1)) return refuse("the number of people is below one");
    const double d = x.at(estimate);
    return above_zero(std::sqrt((1 / x.at(n) + d * d / (2 * x.at(n))) * 2 * (1 - x.at(correlation))));
}

// ---- clusters and shared groups
// ------------------------------------------------------------------------------

/// Absent where it cannot be.
std::optional<double> design_effect(const Numbers& x) {
    if (!(x.at(icc) >= 0 && x.at(icc) <= 1) || !(x.at(cluster_size) >= 1)) return std::nullopt;
    return 1 + (x.at(cluster_size) - 1) * x.at(icc);
}
template<Number what> Made over_design_effect(const Numbers& x) {
    const auto effect = design_effect(x);
    if (!effect) return refuse("the ICC is not between 0 and 1, or the clusters are smaller than one person");
    return finite(x.at(what) / *effect);
}
Made se_of_clusters(const Numbers& x) {
    const auto effect = design_effect(x);
    if (!effect) return refuse("the ICC is not between 0 and 1, or the clusters are smaller than one person");
    return above_zero(x.at(se) * std::sqrt(*effect));
}
template<Number what> Made shared_out(const Numbers& x) {
    if (!(x.at(parts) >= 1)) return refuse("a group serves at least one comparison");
    return finite(x.at(what) / x.at(parts));
}

Group group(const Numbers& x, Number n_of, Number mean_of, Number sd_of) {
    return {x.at(n_of), x.at(mean_of), x.at(sd_of)};
}
Group both(const Numbers& x) {
    return combined(group(x, n1, mean1, sd1), group(x, n2, mean2, sd2));
}
Made mean_of_both(const Numbers& x) {
    return finite(both(x).mean);
}
Made sd_of_both(const Numbers& x) {
    if (!(x.at(n1) >= 1 && x.at(n2) >= 1)) return refuse("the number of people is below one");
    return above_zero(both(x).sd);
}

constexpr Number by_se[] = {se, n}, by_interval[] = {ci_low, ci_high, ci_level, n},
                 by_z_interval[] = {z_low, z_high, ci_level, n}, by_t[] = {mean, t, n}, by_p[] = {mean, p, n},
                 by_five[] = {median, minimum, q1, q3, maximum, n}, by_iqr[] = {median, q1, q3, n},
                 by_range[] = {median, minimum, maximum, n}, sd_by_iqr[] = {q1, q3, n},
                 sd_by_range[] = {minimum, maximum, n},
                 by_log_five[] = {median, minimum, q1, q3, maximum, n, log_scale},
                 by_log_iqr[] = {median, q1, q3, n, log_scale},
                 by_log_range[] = {median, minimum, maximum, n, log_scale},
                 by_means[] = {mean_baseline, mean_final}, by_r[] = {sd_baseline, sd_final, correlation},
                 by_difference[] = {se_difference, n1, n2}, by_three_sds[] = {sd_baseline, sd_final, sd},
                 contrast_interval[] = {estimate, ci_low, ci_high, ci_level}, contrast_t[] = {estimate, t},
                 contrast_f[] = {estimate, f}, contrast_p[] = {estimate, p},
                 by_sd_difference[] = {sd_difference, n}, by_pair[] = {sd1, sd2, correlation},
                 by_pair_sds[] = {sd1, sd2, sd_difference}, by_pair_means[] = {mean1, mean2, sd1, sd2},
                 by_d[] = {estimate, correlation, n}, cluster_n[] = {n, icc, cluster_size},
                 cluster_events[] = {events, icc, cluster_size}, cluster_se[] = {se, icc, cluster_size},
                 by_both[] = {n1, mean1, sd1, n2, mean2, sd2}, split_n[] = {n, parts},
                 split_events[] = {events, parts};

constexpr std::string_view six2 = "Cochrane Handbook 6.5, 6.5.2.2", six3 = "Cochrane Handbook 6.5, 6.5.2.3",
                           six8 = "Cochrane Handbook 6.5, 6.5.2.8",
                           luo = "Luo, Wan, Liu & Tong 2018, Stat Methods Med Res 27:1785",
                           wan = "Wan, Wang, Liu & Tong 2014, BMC Med Res Methodol 14:135",
                           shi = "Shi, Luo, Weng et al. 2020, Res Synth Methods 11:641, equation 10",
                           shi_log = "Shi, Tong, Wang & Genton 2020, Stat Methods Med Res 29:1338",
                           cross = "Cochrane Handbook 6.5, 23.2.7", cluster = "Cochrane Handbook 6.5, 23.1.4";
constexpr bool yes = true, no = false;

constexpr Rule table[] = {
    {"mean.change", mean, "mean change from the means before and after", "mean = final mean - baseline mean",
     six8, by_means, yes, no, mean_of_change},
    {"mean.log-five", mean, "mean of a log-normal sample from five numbers",
     "mean of the logarithms, transformed back", shi_log, by_log_five, no, no,
     from_median<true, true, true, true>},
    {"mean.log-iqr", mean, "mean of a log-normal sample from median and quartiles",
     "mean of the logarithms, transformed back", shi_log, by_log_iqr, no, no,
     from_median<true, false, true, true>},
    {"mean.log-range", mean, "mean of a log-normal sample from median and range",
     "mean of the logarithms, transformed back", shi_log, by_log_range, no, no,
     from_median<false, true, true, true>},
    {"mean.five", mean, "mean from median, quartiles and range",
     "mean = w1*(minimum + maximum)/2 + w2*(q1 + q3)/2 + (1 - w1 - w2)*median; w1 = 2.2/(2.2 + n^0.75), w2 = "
     "0.7 - "
     "0.72/n^0.55",
     luo, by_five, no, no, from_median<true, true, true, false>},
    {"mean.iqr", mean, "mean from median and quartiles",
     "mean = w*(q1 + q3)/2 + (1 - w)*median; w = 0.7 + 0.39/n", luo, by_iqr, no, no,
     from_median<true, false, true, false>},
    {"mean.range", mean, "mean from median and range",
     "mean = w*(minimum + maximum)/2 + (1 - w)*median; w = 4/(4 + n^0.75)", luo, by_range, no, no,
     from_median<false, true, true, false>},

    {"sd.se", sd, "SD from the standard error of the mean", "sd = se*sqrt(n)", six2, by_se, yes, no,
     sd_of_se},
    {"sd.ci", sd, "SD from an interval of the mean made with t",
     "sd = sqrt(n)*(ci_high - ci_low)/(2*t), t the quantile with n - 1 (or df) degrees of freedom", six2,
     by_interval, yes, no, sd_of_t_interval},
    {"sd.ci-z", sd, "SD from an interval of the mean made with the normal quantile",
     "sd = sqrt(n)*(ci_high - ci_low)/(2*z)", six2, by_z_interval, yes, no, sd_of_z_interval},
    {"sd.t", sd, "SD from the test of a mean against 0", "sd = |mean/t|*sqrt(n)", six8, by_t, yes, no,
     sd_of_t},
    {"sd.p", sd, "SD from the exact P of the test of a mean against 0",
     "sd = |mean|*sqrt(n)/t, t the quantile of P with n - 1 degrees of freedom", six8, by_p, yes, no,
     sd_of_p},
    {"sd.log-five", sd, "SD of a log-normal sample from five numbers",
     "SD of the logarithms, transformed back", shi_log, by_log_five, no, no,
     from_median<true, true, false, true>},
    {"sd.log-iqr", sd, "SD of a log-normal sample from median and quartiles",
     "SD of the logarithms, transformed back", shi_log, by_log_iqr, no, no,
     from_median<true, false, false, true>},
    {"sd.log-range", sd, "SD of a log-normal sample from median and range",
     "SD of the logarithms, transformed back", shi_log, by_log_range, no, no,
     from_median<false, true, false, true>},
    {"sd.five", sd, "SD from median, quartiles and range",
     "sd = w*(maximum - minimum)/(2*z((n - 0.375)/(n + 0.25))) + (1 - w)*(q3 - q1)/(2*z((0.75*n - 0.125)/(n "
     "+ 0.25))); w "
     "= 1/(1 + 0.07*n^0.6)",
     shi, by_five, no, no, from_median<true, true, false, false>},
    {"sd.iqr", sd, "SD from the quartiles", "sd = (q3 - q1)/(2*z((0.75*n - 0.125)/(n + 0.25)))", wan,
     sd_by_iqr, no, no, from_median<true, false, false, false>},
    {"sd.range", sd, "SD from the range", "sd = (maximum - minimum)/(2*z((n - 0.375)/(n + 0.25)))", wan,
     sd_by_range, no, no, from_median<false, true, false, false>},
    {"sd.change", sd, "SD of changes from the SDs before and after",
     "sd = sqrt(baseline sd^2 + final sd^2 - 2*correlation*baseline sd*final sd)", six8, by_r, no, no,
     sd_of_change},
    {"sd.contrast", sd, "SD of both groups from the standard error of their difference",
     "sd = se/sqrt(1/n1 + 1/n2)", six3, by_difference, no, no, sd_of_difference},

    {"r.change", correlation, "correlation of values before and after",
     "correlation = (baseline sd^2 + final sd^2 - sd^2)/(2*baseline sd*final sd)", six8, by_three_sds, yes,
     no, correlation_of_change},
    {"r.crossover", correlation, "correlation of one person's values under the two treatments",
     "correlation = (sd1^2 + sd2^2 - sd of the differences^2)/(2*sd1*sd2)", cross, by_pair_sds, yes, no,
     correlation_of_pair},

    {"se.differences", se, "standard error from the SD of the differences within people",
     "se = sd of the differences/sqrt(n)", cross, by_sd_difference, yes, yes, se_of_differences},
    {"se.ci", se, "standard error of a contrast from its interval", "se = (ci_high - ci_low)/(2*q)",
     "Cochrane Handbook 6.5, 6.3.1", contrast_interval, yes, yes, se_of_interval},
    {"se.t", se, "standard error of a contrast from its test statistic", "se = estimate/t", six3, contrast_t,
     yes, no, se_of_t},
    {"se.f", se, "standard error of a contrast from F with one numerator degree of freedom",
     "se = |estimate|/sqrt(f)", six3, contrast_f, yes, no, se_of_f},
    {"se.p", se, "standard error of a contrast from its exact P", "se = |estimate|/q(p)",
     "Cochrane Handbook 6.5, 6.3.2", contrast_p, yes, no, se_of_p},

    {"pair.sd", sd_difference, "SD of the differences within people from the SDs under the two treatments",
     "sd of the differences = sqrt(sd1^2 + sd2^2 - 2*correlation*sd1*sd2)", cross, by_pair, no, no,
     sd_of_pair},
    {"pair.d", estimate, "standardised mean difference of a crossover trial",
     "d = (mean1 - mean2)/sqrt((sd1^2 + sd2^2)/2)", cross, by_pair_means, yes, yes, d_of_pair},
    {"pair.d-se", se, "standard error of a standardised mean difference of a crossover trial",
     "se = sqrt((1/n + d^2/(2*n))*2*(1 - correlation))", cross, by_d, no, no, se_of_d},

    {"cluster.n", n, "effective number of people", "n/(1 + (cluster_size - 1)*icc)", cluster, cluster_n, no,
     no, over_design_effect<n>},
    {"cluster.events", events, "effective number of events", "events/(1 + (cluster_size - 1)*icc)", cluster,
     cluster_events, no, no, over_design_effect<events>},
    {"cluster.se", se, "standard error with the design effect", "se*sqrt(1 + (cluster_size - 1)*icc)",
     "Cochrane Handbook 6.5, 23.1.5", cluster_se, no, no, se_of_clusters},

    {"combine.mean", mean, "mean of two groups as one", "mean = (n1*mean1 + n2*mean2)/(n1 + n2)",
     "Cochrane Handbook 6.5, table 6.5.2.a", by_both, yes, yes, mean_of_both},
    {"combine.sd", sd, "SD of two groups as one",
     "sd = sqrt(((n1 - 1)*sd1^2 + (n2 - 1)*sd2^2 + n1*n2/(n1 + n2)*(mean1 - mean2)^2)/(n1 + n2 - 1))",
     "Cochrane Handbook 6.5, table 6.5.2.a", by_both, yes, yes, sd_of_both},
    {"split.n", n, "share of a group that serves several comparisons", "n/comparisons",
     "Cochrane Handbook 6.5, 23.3.4", split_n, yes, yes, shared_out<n>},
    {"split.events", events, "share of the events of a group that serves several comparisons",
     "events/comparisons", "Cochrane Handbook 6.5, 23.3.4", split_events, yes, yes, shared_out<events>},
};

} // namespace

std::string_view number_name(Number number) {
    return names[static_cast<std::size_t>(number)];
}

std::span<const Rule> rules() {
    return table;
}

const Rule* find_rule(std::string_view id) {
    const auto found =
        std::find_if(std::begin(table), std::end(table), [&](const Rule& rule) { return rule.id == id; });
    return found == std::end(table) ? nullptr : found;
}

bool applies(const Rule& rule, const Numbers& numbers) {
    return std::all_of(rule.needs.begin(), rule.needs.end(),
                       [&](Number need) { return numbers[need].has_value(); });
}

} // namespace assay::effect
