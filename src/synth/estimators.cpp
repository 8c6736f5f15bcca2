#include "synth/estimators.hpp"

#include "num/distributions.hpp"
#include "synth/likelihood.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

double square(double x) { return x * x; }

/// Standard error of an estimator that solves y'Ay = E(y'Ay) for A = P at fixed weights: y'Ay has variance
/// 2 tr(A S A S) under normality, with S = V + tau2 I and A V A = A for inverse-variance weights.
double moment_se(double divisor, double df, double tau2, double tr_p, double tr_pp) {
    return std::sqrt(2 * df + 4 * tau2 * tr_p + 2 * square(tau2) * tr_pp) / divisor;
}

Tau2 dersimonian_laird(const Problem& problem) {
    const Point point = at_tau2(problem, 0);
    const double df = problem.df();
    Tau2 tau2{std::max(0.0, (point.q - df) / point.tr_p)};
    tau2.se = moment_se(point.tr_p, df, tau2.value, point.tr_p, point.tr_pp);
    tau2.iterations = 1;
    return tau2;
}

Tau2 hedges(const Problem& problem) {
    const Unweighted plain = unweighted(problem);
    const double df = problem.df();
    Tau2 tau2{std::max(0.0, (plain.rss - plain.tr_pv) / df)};
    tau2.se = std::sqrt(2 * plain.tr_pvpv + 4 * tau2.value * plain.tr_pv + 2 * square(tau2.value) * df) / df;
    tau2.iterations = 1;
    return tau2;
}

Tau2 hunter_schmidt(const Problem& problem, double factor) {
    const Point point = at_tau2(problem, 0);
    const double k = static_cast<double>(problem.k());
    Tau2 tau2{std::max(0.0, (factor * point.q - k) / point.sum_w)};
    tau2.se = factor * moment_se(point.sum_w, problem.df(), tau2.value, point.tr_p, point.tr_pp);
    tau2.iterations = 1;
    return tau2;
}
Tau2 hunter_schmidt_plain(const Problem& problem) { return hunter_schmidt(problem, 1); }
Tau2 hunter_schmidt_corrected(const Problem& problem) {
    return hunter_schmidt(problem, static_cast<double>(problem.k()) / problem.df());
}

Tau2 sidik_jonkman(const Problem& problem) {
    // The rough value is the plain variance of the effects, whatever columns explain them.
    const double rough = unweighted({problem.y, problem.v}).rss / static_cast<double>(problem.k());
    Tau2 tau2{0, 0.0, 1, true, false};
    if (!(rough > 0)) return tau2;
    // Weights 1/(v/rough + 1) are rough * 1/(v + rough), so the sums at tau2 = rough serve after scaling.
    const Point point = at_tau2(problem, rough);
    const double df = problem.df();
    tau2.value = rough * point.q / df;
    // y'Py with P at weights 1/(v + rough): S = V + tau2 I = (V + rough I) + (tau2 - rough) I.
    const double extra = tau2.value - rough;
    tau2.se = rough * std::sqrt(2 * df + 4 * extra * point.tr_p + 2 * square(extra) * point.tr_pp) / df;
    tau2.iterations = 2;
    return tau2;
}

Tau2 paule_mandel(const Problem& problem) {
    Tau2 tau2 = solve_generalised_q(problem, problem.df());
    const Point point = at_tau2(problem, tau2.value);
    const double k = static_cast<double>(problem.k());
    tau2.se = std::sqrt(2 * k * k / problem.df()) / point.sum_w;
    return tau2;
}

Tau2 paule_mandel_median(const Problem& problem) {
    Tau2 tau2 = solve_generalised_q(problem, num::chi_squared_quantile(0.5, problem.df()));
    const Point point = at_tau2(problem, tau2.value);
    const double k = static_cast<double>(problem.k());
    tau2.se = std::sqrt(2 * k * k / problem.df()) / point.sum_w;
    return tau2;
}

Tau2 restricted_likelihood(const Problem& problem) { return maximise_likelihood(problem, Likelihood::restricted); }
Tau2 full_likelihood(const Problem& problem) { return maximise_likelihood(problem, Likelihood::full); }

// clang-format off
constexpr Estimator table[] = {
    {"DL", "DerSimonian-Laird", "tau2 = max(0, (Q - (k-1))/(sum(w) - sum(w^2)/sum(w))), w = 1/v",
     "DerSimonian & Laird 1986, Control Clin Trials 7:177, page 183", "tau2.md", false, dersimonian_laird},
    {"HE", "Hedges", "tau2 = max(0, sum((y - mean(y))^2)/(k-1) - sum(v)/k)",
     "Hedges & Olkin 1985, Statistical Methods for Meta-Analysis, chapter 9, equation 10", "tau2.md", false, hedges},
    {"HS", "Hunter-Schmidt", "tau2 = max(0, (Q - k)/sum(w)), w = 1/v",
     "Viechtbauer 2005, J Educ Behav Stat 30:261, equation 4", "tau2.md", false, hunter_schmidt_plain},
    {"HSk", "Hunter-Schmidt with small-sample factor", "tau2 = max(0, (k/(k-1)*Q - k)/sum(w)), w = 1/v",
     "Brannick, Potter, Benitez & Morris 2019, Multivariate Behav Res 54:435, equation 9", "tau2.md", false,
     hunter_schmidt_corrected},
    {"SJ", "Sidik-Jonkman", "tau2 = t0/(k-1)*sum((y - mean_w)^2/(v/t0 + 1)), t0 = sum((y - mean(y))^2)/k",
     "Sidik & Jonkman 2005, J R Stat Soc C 54:367, equation 5", "tau2.md", false, sidik_jonkman},
    {"PM", "Paule-Mandel", "tau2 solves sum((y - mean_w)^2/(v + tau2)) = k - 1; 0 if the sum is smaller at 0",
     "Paule & Mandel 1982, J Res Natl Bur Stand 87:377, equation 8", "tau2.md", true, paule_mandel},
    {"EB", "empirical Bayes (the same equation as Paule-Mandel)",
     "tau2 solves sum((y - mean_w)^2/(v + tau2)) = k - 1; 0 if the sum is smaller at 0",
     "Morris 1983, J Am Stat Assoc 78:47, equation 4.1; Viechtbauer et al. 2015, Psychol Methods 20:360", "tau2.md", true,
     paule_mandel},
    {"DLIT", "DerSimonian-Laird, iterated to its fixed point (the same equation as Paule-Mandel)",
     "tau2 = (Q - sum(w*v) + sum(w^2*v)/sum(w))/(sum(w) - sum(w^2)/sum(w)), w = 1/(v + tau2)",
     "DerSimonian & Kacker 2007, Contemp Clin Trials 28:105", "tau2.md", true, paule_mandel},
    {"SJIT", "Sidik-Jonkman, iterated to its fixed point (the same equation as Paule-Mandel)",
     "tau2 = tau2/(k-1)*sum((y - mean_w)^2/(v/tau2 + 1))",
     "Sidik & Jonkman 2005, J R Stat Soc C 54:367; Viechtbauer et al. 2015, Psychol Methods 20:360", "tau2.md", true,
     paule_mandel},
    {"PMM", "Paule-Mandel, median unbiased",
     "tau2 solves sum((y - mean_w)^2/(v + tau2)) = median of chi-squared with k - 1 df",
     "Viechtbauer 2021, in Handbook of Meta-Analysis (Schmid, Stijnen & White), chapter 6", "tau2.md", true,
     paule_mandel_median},
    {"ML", "maximum likelihood", "tau2 >= 0 maximises -1/2*(sum(log(v + tau2)) + sum((y - mean_w)^2/(v + tau2)))",
     "Hardy & Thompson 1996, Stat Med 15:619, equation 2", "tau2.md", true, full_likelihood},
    {"REML", "restricted maximum likelihood",
     "tau2 >= 0 maximises -1/2*(sum(log(v + tau2)) + log(sum(w)) + sum((y - mean_w)^2/(v + tau2))), w = 1/(v + tau2)",
     "Viechtbauer 2005, J Educ Behav Stat 30:261, equation 11; Raudenbush 2009, Handbook of Research Synthesis, 16",
     "tau2.md", true, restricted_likelihood},
};
// clang-format on
} // namespace

std::span<const Estimator> estimators() { return table; }

const Estimator* find_estimator(std::string_view id) {
    const auto* found = std::find_if(std::begin(table), std::end(table), [&](const Estimator& e) { return e.id == id; });
    return found == std::end(table) ? nullptr : found;
}

Tau2 solve_generalised_q(const Problem& problem, double target) {
    constexpr int most_steps = 500;
    Tau2 tau2;
    for (; tau2.iterations < most_steps; ++tau2.iterations) {
        const Point point = at_tau2(problem, tau2.value);
        const double step = (point.q - target) / point.ypp;
        // Not above the target: at the boundary, or the last step went beyond the root by rounding only.
        if (!(step > 0)) return tau2;
        const double next = tau2.value + step;
        if (next == tau2.value || step <= 2 * std::numeric_limits<double>::epsilon() * next) {
            tau2.value = next;
            return tau2;
        }
        tau2.value = next;
    }
    tau2.converged = false;
    return tau2;
}

} // namespace assay::synth
