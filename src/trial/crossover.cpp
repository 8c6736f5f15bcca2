#include "trial/crossover.hpp"

#include "num/distributions.hpp"
#include "trial/analyse.hpp"
#include "trial/dense.hpp"
#include "trial/glm.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <numeric>

namespace assay::trial {

namespace {

/// One person: the value with and without the treatment, and which came first (0: not known).
struct Pair {
    double with = 0, without = 0;
    int first = 0; ///< 1: treatment first, 2: control first
};

std::vector<Pair> complete_pairs(const std::vector<CrossoverValue>& values) {
    std::map<std::string, std::array<const CrossoverValue*, 2>> people;
    std::vector<std::string> order;
    for (const auto& value : values) {
        auto& sides = people.try_emplace(value.subject).first->second;
        if (!sides[0] && !sides[1]) order.push_back(value.subject);
        sides[value.treatment ? 1 : 0] = &value;
    }
    std::vector<Pair> made;
    for (const auto& subject : order) {
        const auto& sides = people[subject];
        if (!sides[0] || !sides[1]) continue;
        Pair pair;
        pair.with = sides[1]->y;
        pair.without = sides[0]->y;
        if (sides[0]->period > 0 && sides[1]->period > 0 && sides[0]->period != sides[1]->period)
            pair.first = sides[1]->period < sides[0]->period ? 1 : 2;
        made.push_back(pair);
    }
    return made;
}

double mean_of(const std::vector<double>& x) {
    return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double squares_about_mean(const std::vector<double>& x) {
    const double mean = mean_of(x);
    double sum = 0;
    for (double value : x)
        sum += (value - mean) * (value - mean);
    return sum;
}

void add_paired(const std::vector<Pair>& pairs, const CrossoverNames& names, std::vector<Estimate>& out) {
    std::vector<double> d;
    for (const auto& pair : pairs)
        d.push_back(pair.with - pair.without);
    const double n = static_cast<double>(d.size());
    if (d.size() < 2) return;
    const double se = std::sqrt(squares_about_mean(d) / (n - 1) / n);
    if (se > 0)
        out.push_back(with_error("paired_t", names.treatment + " minus " + names.control, mean_of(d), se,
                                 n - 1, "takes no account of the period"));
    if (d.size() <= 24) {
        Estimate flip;
        flip.method = "sign_flip_exact";
        flip.term = "mean diff";
        flip.estimate = mean_of(d);
        flip.p = sign_flip(d);
        out.push_back(flip);
    }
}

/// Differences period 1 - period 2 in the two orders.
struct Orders {
    std::vector<double> treatment_first, control_first;
};

Orders by_order(const std::vector<Pair>& pairs) {
    Orders orders;
    for (const auto& pair : pairs) {
        if (pair.first == 1) orders.treatment_first.push_back(pair.with - pair.without);
        if (pair.first == 2) orders.control_first.push_back(pair.without - pair.with);
    }
    return orders;
}

/// Hills and Armitage 1979, Br J Clin Pharmacol 8:7; Senn 2002, Cross-over Trials, section 3.5: half the
/// difference, and half the sum, of the mean period differences of the two orders.
void add_period_adjusted(const Orders& orders, std::vector<Estimate>& out) {
    const auto &a = orders.treatment_first, &b = orders.control_first;
    if (a.empty() || b.empty() || a.size() + b.size() < 3) return;
    const double n1 = static_cast<double>(a.size()), n2 = static_cast<double>(b.size()), df = n1 + n2 - 2;
    const double pooled = (squares_about_mean(a) + squares_about_mean(b)) / df;
    const double se = 0.5 * std::sqrt(pooled * (1 / n1 + 1 / n2));
    if (!(se > 0)) return;
    out.push_back(with_error("CROS_period_adjusted", "treatment", 0.5 * (mean_of(a) - mean_of(b)), se, df));
    out.push_back(
        with_error("CROS_period_adjusted", "period (P1 minus P2)", 0.5 * (mean_of(a) + mean_of(b)), se, df));
}

/// Koch 1972, Biometrics 28:577: rank sum of the period differences of the two orders. The order whose name
/// stands first in the alphabet is the first sample.
void add_koch(const Orders& orders, const CrossoverNames& names, std::vector<Estimate>& out) {
    if (orders.treatment_first.empty() || orders.control_first.empty()) return;
    const bool swap = names.control + names.treatment < names.treatment + names.control;
    auto made = swap ? rank_sum(orders.control_first, orders.treatment_first)
                     : rank_sum(orders.treatment_first, orders.control_first);
    made.method = "Koch_rank_sum_on_half_diffs";
    made.term = "treatment";
    out.push_back(made);
}

/// Linear mixed model with a random intercept per person, treatment and period fixed, by restricted maximum
/// likelihood: with both values of every person it has a closed form. Within people the differences, between
/// them the sums carry the two mean squares; a between-people variance below 0 is 0, and then both are
/// pooled.
void add_mixed(const Orders& orders, const std::vector<Pair>& pairs, std::vector<Estimate>& out) {
    const auto &a = orders.treatment_first, &b = orders.control_first;
    if (a.empty() || b.empty() || a.size() + b.size() < 3) return;
    const double n1 = static_cast<double>(a.size()), n2 = static_cast<double>(b.size()), n = n1 + n2;
    std::vector<double> sums;
    for (const auto& pair : pairs)
        if (pair.first != 0) sums.push_back(pair.with + pair.without);
    const double ss_within = 0.5 * (squares_about_mean(a) + squares_about_mean(b)), df_within = n - 2;
    const double ss_between = 0.5 * squares_about_mean(sums), df_between = n - 1;
    double residual = ss_within / df_within, df = df_within;
    double subject = 0.5 * (ss_between / df_between - residual);
    if (!(subject > 0)) {
        subject = 0;
        df = df_within + df_between;
        residual = (ss_within + ss_between) / df;
    }
    const double se = 0.5 * std::sqrt(2 * residual * (1 / n1 + 1 / n2));
    if (!(se > 0)) return;
    auto made = with_error("lmer_REML", "treatment", 0.5 * (mean_of(a) - mean_of(b)), se, df);
    made.lower = made.upper = std::nullopt;
    made.extras = {{"sd_subject", std::sqrt(subject)}, {"sd_resid", std::sqrt(residual)}};
    out.push_back(made);
}

void add_ratio_of_totals(const std::vector<Pair>& pairs, std::vector<Estimate>& out) {
    double with = 0, without = 0;
    for (const auto& pair : pairs) {
        with += pair.with;
        without += pair.without;
    }
    if (!(with > 0 && without > 0) || pairs.size() < 2) return;
    // Variance of the log of a ratio of sums, people as clusters (delta method).
    double sum = 0;
    for (const auto& pair : pairs) {
        const double part = pair.with / with - pair.without / without;
        sum += part * part;
    }
    Estimate made;
    made.method = "log_ratio_of_totals";
    made.term = "log RR";
    made.estimate = std::log(with / without);
    made.se = std::sqrt(sum);
    made.note = "delta method, people as clusters";
    out.push_back(made);
    // Given the total of both, Poisson counts split like coins: exact interval (Clopper and Pearson 1934) and
    // P.
    auto exact =
        with_error("conditional_poisson", "log RR", *made.estimate, std::sqrt(1 / with + 1 / without), 0,
                   "holds only without uneven counts in a person; takes no account of the period");
    exact.statistic = std::nullopt;
    const double low = num::beta_quantile(0.025, with, without + 1),
                 high = num::beta_quantile(0.975, with + 1, without);
    exact.lower = std::log(low / (1 - low));
    exact.upper = std::log(high / (1 - high));
    exact.p = coin_p(with, without);
    out.push_back(exact);
}

void add_regressions(const std::vector<Pair>& pairs, std::vector<Estimate>& out) {
    std::vector<Pair> known;
    for (const auto& pair : pairs)
        if (pair.first != 0) known.push_back(pair);
    const std::size_t n = known.size();
    if (n < 3) return;
    // Columns: treatment, period, then people (fixed) or one intercept (random).
    Dense fixed(2 * n, 2 + n), random(2 * n, 3);
    std::vector<double> y(2 * n);
    std::vector<std::size_t> subject(2 * n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t side = 0; side < 2; ++side) {
            const auto r = 2 * i + side;
            const bool treated = side == 1;
            const double second = treated == (known[i].first == 2) ? 1 : 0;
            y[r] = treated ? known[i].with : known[i].without;
            subject[r] = i;
            fixed(r, 0) = random(r, 0) = treated ? 1 : 0;
            fixed(r, 1) = random(r, 1) = second;
            fixed(r, 2 + i) = 1;
            random(r, 2) = 1;
        }
    if (const auto fit = poisson_regression(fixed, y); fit.converged) {
        auto made = with_error("poisson_fixed_subject", "log RR", fit.beta[0], fit.se[0]);
        made.lower = made.upper = std::nullopt;
        const double df = static_cast<double>(2 * n) - static_cast<double>(n + 2);
        const double dispersion = fit.pearson / df;
        made.extras = {{"Pearson dispersion", dispersion}};
        out.push_back(made);
        auto quasi = with_error("quasipoisson_fixed_subject", "log RR", fit.beta[0],
                                fit.se[0] * std::sqrt(dispersion), df);
        quasi.lower = quasi.upper = std::nullopt;
        out.push_back(quasi);
    }
    for (const bool negative_binomial : {false, true}) {
        const auto fit = random_intercept(random, y, subject, n, negative_binomial);
        if (!fit.converged) continue;
        auto made = with_error(negative_binomial ? "nbinom2_random_intercept" : "poisson_random_intercept",
                               "log RR", fit.beta[0], fit.se[0]);
        made.lower = made.upper = std::nullopt;
        made.extras = {{"sd_subject", fit.sd_subject}};
        if (negative_binomial) made.extras.emplace_back("theta", fit.theta);
        out.push_back(made);
    }
}

/// How many of the choose(n1 + n2, n1) orders give each rank sum (Mann and Whitney 1947).
double exact_below(std::size_t n1, std::size_t n2, double statistic) {
    const std::size_t most = n1 * n2;
    std::vector<std::vector<double>> ways(n1 + 1, std::vector<double>(most + 1, 0));
    ways[0][0] = 1;
    // Adding the values of the second sample one at a time would count each order once.
    for (std::size_t placed = 1; placed <= n1 + n2; ++placed)
        for (std::size_t taken = std::min(placed, n1); taken >= 1; --taken) {
            const std::size_t above = placed - taken; // of the second sample, below this one
            if (above > n2) continue;
            for (std::size_t u = most + 1; u-- > above;)
                ways[taken][u] += ways[taken - 1][u - above];
        }
    double below = 0, all = 0;
    for (std::size_t u = 0; u <= most; ++u) {
        all += ways[n1][u];
        if (static_cast<double>(u) <= statistic + 1e-9) below += ways[n1][u];
    }
    return below / all;
}

} // namespace

double coin_p(double with, double without) {
    const double total = std::round(with + without), k = std::round(with);
    std::vector<double> mass;
    double log_mass = -total * std::log(2.0);
    for (double i = 0; i <= total; ++i) {
        mass.push_back(std::exp(log_mass));
        log_mass += std::log((total - i) / (i + 1));
    }
    const double seen = mass[static_cast<std::size_t>(k)] * (1 + 1e-7);
    double p = 0;
    for (double m : mass)
        if (m <= seen) p += m;
    return std::min(1.0, p);
}

Estimate with_error(std::string method, std::string term, double estimate, double se, double df,
                    std::string note) {
    Estimate made;
    made.method = std::move(method);
    made.term = std::move(term);
    made.estimate = estimate;
    made.se = se;
    made.statistic = estimate / se;
    if (df > 0) made.df = df;
    const double factor = num::critical_value(0.95, df);
    made.lower = estimate - factor * se;
    made.upper = estimate + factor * se;
    made.p = num::two_sided_p(estimate / se, df);
    made.note = std::move(note);
    return made;
}

Estimate rank_sum(const std::vector<double>& first, const std::vector<double>& second) {
    Estimate made;
    made.method = "rank_sum";
    double u = 0, ties = 0;
    for (double a : first)
        for (double b : second)
            u += a > b ? 1 : a == b ? 0.5 : 0;
    std::map<double, double> counts;
    for (const auto* sample : {&first, &second})
        for (double value : *sample)
            ++counts[value];
    for (const auto& [value, count] : counts)
        ties += count * count * count - count;
    const double n1 = static_cast<double>(first.size()), n2 = static_cast<double>(second.size()), n = n1 + n2;
    made.statistic = u;
    if (ties == 0 && n1 < 50 && n2 < 50) {
        const double below = exact_below(first.size(), second.size(), u),
                     above = exact_below(first.size(), second.size(), n1 * n2 - u);
        made.p = std::min(1.0, 2 * std::min(below, above));
        made.note = "exact";
        return made;
    }
    const double variance = n1 * n2 / 12 * ((n + 1) - ties / (n * (n - 1)));
    const double off = u - n1 * n2 / 2;
    const double z = variance > 0 ? (off - (off > 0 ? 0.5 : off < 0 ? -0.5 : 0)) / std::sqrt(variance) : 0;
    made.p = num::two_sided_p(z);
    made.note = "normal, with ties and continuity";
    return made;
}

std::vector<Estimate> crossover_estimates(const std::vector<CrossoverValue>& values,
                                          const CrossoverNames& names, bool counts) {
    std::vector<Estimate> out;
    const auto pairs = complete_pairs(values);
    const auto orders = by_order(pairs);
    add_paired(pairs, names, out);
    add_period_adjusted(orders, out);
    add_mixed(orders, pairs, out);
    add_koch(orders, names, out);
    if (!counts) return out;
    add_ratio_of_totals(pairs, out);
    add_regressions(pairs, out);
    return out;
}

} // namespace assay::trial
