#include "synth/asymmetry.hpp"

#include "num/distributions.hpp"
#include "num/gamma.hpp"
#include "synth/mantel_haenszel.hpp"
#include "synth/rank_test.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace assay::synth {

namespace {

using Numbers = std::vector<double>;

AsymmetryResult from(const SmallStudyTest& test) {
    return {test.slope, test.se, test.statistic, test.p, test.df, test.defined};
}

AsymmetryResult from(const num::Kendall& test) {
    const double z = test.score / test.score_se;
    return {test.score, test.score_se, z, num::two_sided_p(z), 0, test.score_se > 0};
}

/// Weighted least squares of y on a predictor; `v` are inverse weights.
AsymmetryResult regression(std::span<const double> y, const Numbers& v, const Numbers& predictor) {
    return from(egger_classic(y, v, predictor));
}

AsymmetryResult begg(const AsymmetryInput& in) {
    return from(rank_test(in.y, in.v, num::KendallP::normal));
}
AsymmetryResult egger(const AsymmetryInput& in) {
    return from(egger_classic(in.y, in.v));
}
AsymmetryResult thompson(const AsymmetryInput& in) {
    return from(egger_mixed(in.y, in.v, find_estimator("DL"), Test::t));
}

AsymmetryResult harbord(const AsymmetryInput& in) {
    Numbers y, v;
    for (const model::Table2x2& t : in.tables) {
        const double n1 = t.ai + t.bi, n2 = t.ci + t.di, events = t.ai + t.ci, others = t.bi + t.di,
                     n = n1 + n2;
        const double score = t.ai - events * n1 / n;
        const double information = n1 * n2 * events * others / (n * n * (n - 1));
        if (!(information > 0)) continue; // tells nothing about the odds ratio
        y.push_back(score / information);
        v.push_back(1 / information);
    }
    return from(egger_classic(y, v));
}

AsymmetryResult peters(const AsymmetryInput& in) {
    Numbers v, predictor;
    for (const model::Table2x2& t : in.tables) {
        v.push_back(1 / (t.ai + t.ci) + 1 / (t.bi + t.di));
        predictor.push_back(1 / (t.ai + t.bi + t.ci + t.di));
    }
    return regression(in.y, v, predictor);
}

AsymmetryResult macaskill(const AsymmetryInput& in) {
    Numbers predictor;
    for (std::size_t i = 0; i < in.n1.size(); ++i)
        predictor.push_back(in.n1[i] + in.n2[i]);
    return regression(in.y, Numbers(in.v.begin(), in.v.end()), predictor);
}

AsymmetryResult deeks(const AsymmetryInput& in) {
    Numbers v, predictor;
    for (std::size_t i = 0; i < in.n1.size(); ++i) {
        const double effective = 4 * in.n1[i] * in.n2[i] / (in.n1[i] + in.n2[i]);
        v.push_back(1 / effective);
        predictor.push_back(1 / std::sqrt(effective));
    }
    return regression(in.y, v, predictor);
}

AsymmetryResult pustejovsky(const AsymmetryInput& in) {
    Numbers predictor;
    for (std::size_t i = 0; i < in.n1.size(); ++i)
        predictor.push_back(std::sqrt(1 / in.n1[i] + 1 / in.n2[i]));
    return regression(in.y, Numbers(in.v.begin(), in.v.end()), predictor);
}

/// Mean and variance of the number of events in the first group given the margins, for a log odds ratio: the
/// non-central hypergeometric distribution, summed over its support.
struct Moments {
    double mean = 0, variance = 0;
};
Moments noncentral_hypergeometric(const model::Table2x2& t, double log_odds_ratio) {
    const double n1 = t.ai + t.bi, n2 = t.ci + t.di, events = t.ai + t.ci;
    const double low = std::max(0.0, events - n2), high = std::min(n1, events);
    const auto log_choose = [](double n, double x) {
        return num::log_gamma(n + 1) - num::log_gamma(x + 1) - num::log_gamma(n - x + 1);
    };
    Numbers logs;
    double largest = -INFINITY;
    for (double x = low; x <= high; ++x) {
        logs.push_back(log_choose(n1, x) + log_choose(n2, events - x) + x * log_odds_ratio);
        largest = std::max(largest, logs.back());
    }
    double total = 0, first = 0, second = 0;
    for (std::size_t i = 0; i < logs.size(); ++i) {
        const double chance = std::exp(logs[i] - largest), off = static_cast<double>(i);
        total += chance;
        first += chance * off;
        second += chance * off * off;
    }
    const double mean = first / total;
    return {low + mean, second / total - mean * mean};
}

AsymmetryResult schwarzer(const AsymmetryInput& in) {
    const CountPool pooled = pool_mantel_haenszel(in.tables, "OR");
    if (!pooled.problem.empty()) return {};
    Numbers deviations, precision;
    for (const model::Table2x2& t : in.tables) {
        const Moments moments = noncentral_hypergeometric(t, pooled.estimate);
        if (!(moments.variance > 0)) continue;
        deviations.push_back((t.ai - moments.mean) / std::sqrt(moments.variance));
        precision.push_back(1 / moments.variance);
    }
    return from(num::kendall(deviations, precision, num::KendallP::normal));
}

// clang-format off
constexpr AsymmetryTest table[] = {
    {"Begg", "Kendall's score of (y - mean)/sqrt(v - 1/sum(1/v)) with v, normal P",
     "Begg & Mazumdar 1994, Biometrics 50:1088", false, false, true, begg},
    {"Egger", "y on sqrt(v), weights 1/v; t with k - 2 df", "Egger et al. 1997, BMJ 315:629", false, false, false, egger},
    {"Thompson", "y on sqrt(v), weights 1/(v + tau2), tau2 of DL; t with k - 2 df",
     "Thompson & Sharp 1999, Stat Med 18:2693, method 3b", false, false, false, thompson},
    {"Harbord", "Z/V on 1/sqrt(V), weights V; Z the score, V the information of the log odds ratio at 0; t with k - 2 df",
     "Harbord, Egger & Sterne 2006, Stat Med 25:3443, section 3", true, false, false, harbord},
    {"Macaskill", "y on n, weights 1/v; t with k - 2 df", "Macaskill, Walter & Irwig 2001, Stat Med 20:641", false, true, false,
     macaskill},
    {"Peters", "y on 1/n, weights 1/(1/events + 1/others); t with k - 2 df", "Peters et al. 2006, JAMA 295:676", true, true,
     false, peters},
    {"Schwarzer", "Kendall's score of (a - E(a))/sqrt(V(a)) with 1/V(a), moments given the margins and the Mantel-Haenszel odds "
     "ratio; normal P", "Schwarzer, Antes & Schumacher 2007, Stat Med 26:721", true, false, true, schwarzer},
    {"Deeks", "y on 1/sqrt(ESS), weights ESS = 4 n1 n2/(n1 + n2); t with k - 2 df",
     "Deeks, Macaskill & Irwig 2005, J Clin Epidemiol 58:882", false, true, false, deeks},
    {"Pustejovsky", "y on sqrt(1/n1 + 1/n2), weights 1/v; t with k - 2 df",
     "Pustejovsky & Rodgers 2019, Res Synth Methods 10:57", false, true, false, pustejovsky},
};
// clang-format on

} // namespace

std::span<const AsymmetryTest> asymmetry_tests() {
    return table;
}

const AsymmetryTest* find_asymmetry_test(std::string_view id) {
    const auto* found = std::find_if(std::begin(table), std::end(table),
                                     [&](const AsymmetryTest& test) { return test.id == id; });
    return found == std::end(table) ? nullptr : found;
}

} // namespace assay::synth
