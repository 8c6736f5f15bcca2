#include "effect/transform.hpp"

#include "num/distributions.hpp"
#include "num/integral.hpp"

#include <algorithm>
#include <cmath>

namespace assay::effect {

namespace {
using With = TransformArguments;
constexpr double pi = 3.14159265358979323846;

double square(double x) {
    return x * x;
}
double logistic(double x) {
    return 1 / (1 + std::exp(-x));
}

double double_arcsine(double p, double n) {
    const double x = p * n;
    return (std::asin(std::sqrt(x / (n + 1))) + std::asin(std::sqrt((x + 1) / (n + 1)))) / 2;
}

double harmonic_mean(std::span<const double> sizes) {
    double sum = 0;
    for (double n : sizes)
        sum += 1 / n;
    return static_cast<double>(sizes.size()) / sum;
}

double root_rate(double rate, double time) {
    return (std::sqrt(rate) + std::sqrt(rate + 1 / time)) / 2;
}

double inverse_root_rate(double x, double time) {
    if (x < root_rate(0, time)) return 0;
    const double rate = (1 / time - 8 * x * x + 16 * time * square(x * x)) / (16 * x * x * time);
    return rate <= 2.220446049250313e-16 ? 0 : rate;
}

double arcsine_back(double x) {
    return x < 0 ? 0 : x > pi / 2 ? 1 : square(std::sin(x));
}
double cube_back(double x) {
    return x > 1 ? 1 : x < 0 ? 0 : 1 - (1 - x) * square(1 - x);
}
double complement_back(double x) {
    return x < 0 ? 0 : -std::expm1(-x);
}

/// The mean of f over a normal distribution at x with variance tau2, cut to [low, high].
template<class F> double mean_over(F f, double x, double tau2, double low, double high) {
    if (!(tau2 > 2.220446049250313e-16)) return f(x);
    constexpr double reach = 10;
    const double tau = std::sqrt(tau2);
    const double mass = (std::isinf(high) ? 1 : num::normal_cdf((high - x) / tau)) -
                        (std::isinf(low) ? 0 : num::normal_cdf((low - x) / tau));
    const auto integrand = [&](double z) { return f(z) * num::normal_density((z - x) / tau) / (tau * mass); };
    // Split at the centre, where the density turns.
    const double from = std::max(low, x - reach * tau), to = std::min(high, x + reach * tau);
    const double middle = std::clamp(x, from, std::max(from, to));
    return num::integral(integrand, from, middle) + num::integral(integrand, middle, to);
}

/// (N - 2)(1/n1 + 1/n2), or 4 for large equal groups.
double biserial_h(const With& w) {
    return w.n1 > 0 && w.n2 > 0 ? (w.n1 + w.n2 - 2) * (1 / w.n1 + 1 / w.n2) : 4;
}
double share_of(const With& w) {
    return w.n1 > 0 && w.n2 > 0 ? w.n1 / (w.n1 + w.n2) : 0.5;
}
double biserial_factor(double share) {
    return std::sqrt(share * (1 - share)) / num::normal_density(num::normal_quantile(share));
}

constexpr double infinite = HUGE_VAL;

// clang-format off
constexpr Transformation table[] = {
    {"log", "exp", "log(x)", "", [](double x, const With&) { return std::log(x); }},
    {"exp", "log", "exp(x)", "", [](double x, const With&) { return std::exp(x); }},
    {"sqrt", "isqrt", "sqrt(x)", "", [](double x, const With&) { return std::sqrt(x); }},
    {"rtoz", "ztor", "atanh(x)", "Fisher 1921, Metron 1:3", [](double x, const With&) { return std::atanh(std::clamp(x, -1.0, 1.0)); }},
    {"ztor", "rtoz", "tanh(x)", "Fisher 1921, Metron 1:3", [](double x, const With&) { return std::tanh(x); }},
    {"r2toz", "ztor2", "atanh(sqrt(x))", "Olkin & Finn 1995, Psychol Bull 118:155", [](double x, const With&) { return std::atanh(std::sqrt(std::clamp(x, 0.0, 1.0))); }},
    {"ztor2", "r2toz", "tanh(x)^2", "Olkin & Finn 1995, Psychol Bull 118:155", [](double x, const With&) { return square(std::tanh(x)); }},
    {"logit", "ilogit", "log(x/(1-x))", "", [](double x, const With&) { return std::log(x / (1 - x)); }},
    {"ilogit", "logit", "1/(1+exp(-x))", "", [](double x, const With&) { return logistic(x); }},
    {"probit", "iprobit", "normal quantile of x", "", [](double x, const With&) { return num::normal_quantile(x); }},
    {"iprobit", "probit", "normal probability below x", "", [](double x, const With&) { return num::normal_cdf(x); }},
    {"arcsin", "iarcsin", "asin(sqrt(x))", "", [](double x, const With&) { return std::asin(std::sqrt(x)); }},
    {"iarcsin", "arcsin", "sin(x)^2; 0 and 1 beyond the ends", "", [](double x, const With&) { return arcsine_back(x); }},
    {"pft", "ipft", "(asin(sqrt(xn/(n+1))) + asin(sqrt((xn+1)/(n+1))))/2", "Freeman & Tukey 1950, Ann Math Stat 21:607", [](double x, const With& w) { return double_arcsine(x, w.n); }},
    {"ipft", "pft", "the proportion of n people with this double arcsine", "Miller 1978, Am Stat 32:138", [](double x, const With& w) { return inverse_double_arcsine(x, w.n); }},
    {"ipft.hm", "", "ipft with the harmonic mean of all n", "Miller 1978, Am Stat 32:138; a warning in Schwarzer et al. 2019", [](double x, const With& w) { return inverse_double_arcsine(x, harmonic_mean(w.sizes)); }},
    {"isqrt", "sqrt", "x^2; 0 below 0", "", [](double x, const With&) { return x < 0 ? 0 : x * x; }},
    {"irft", "iirft", "(sqrt(x) + sqrt(x + 1/t))/2", "Freeman & Tukey 1950, Ann Math Stat 21:607", [](double x, const With& w) { return root_rate(x, w.n); }},
    {"iirft", "irft", "the rate in time t with this transform", "Freeman & Tukey 1950, Ann Math Stat 21:607", [](double x, const With& w) { return inverse_root_rate(x, w.n); }},
    {"ahw", "iahw", "1 - (1-x)^(1/3)", "Hakstian & Whalen 1976, Psychometrika 41:219", [](double x, const With&) { return 1 - std::cbrt(1 - x); }},
    {"iahw", "ahw", "1 - (1-x)^3", "Hakstian & Whalen 1976, Psychometrika 41:219", [](double x, const With&) { return cube_back(x); }},
    {"abt", "iabt", "-log(1-x)", "Bonett 2002, J Educ Behav Stat 27:335", [](double x, const With&) { return -std::log1p(-x); }},
    {"iabt", "abt", "1 - exp(-x)", "Bonett 2002, J Educ Behav Stat 27:335", [](double x, const With&) { return complement_back(x); }},
    {"exp.int", "", "mean of exp over N(x, tau2)", "", [](double x, const With& w) { return std::exp(x + w.tau2 / 2); }},
    {"exp.mode", "", "mode of exp over N(x, tau2)", "", [](double x, const With& w) { return std::exp(x - w.tau2); }},
    {"ztor.int", "", "mean of tanh over N(x, tau2)", "Hafdahl 2009, Br J Math Stat Psychol 62:233", [](double x, const With& w) { return mean_over([](double z) { return std::tanh(z); }, x, w.tau2, -infinite, infinite); }},
    {"ilogit.int", "", "mean of ilogit over N(x, tau2)", "", [](double x, const With& w) { return mean_over(logistic, x, w.tau2, -infinite, infinite); }},
    {"iprobit.int", "", "mean of iprobit over N(x, tau2)", "", [](double x, const With& w) { return num::normal_cdf(x / std::sqrt(1 + w.tau2)); }},
    {"iarcsin.int", "", "mean of iarcsin over N(x, tau2) cut to its domain", "", [](double x, const With& w) { return mean_over(arcsine_back, x, w.tau2, 0, pi / 2); }},
    {"iahw.int", "", "mean of iahw over N(x, tau2) cut to its domain", "", [](double x, const With& w) { return mean_over(cube_back, x, w.tau2, 0, 1); }},
    {"iabt.int", "", "mean of iabt over N(x, tau2) cut to its domain", "", [](double x, const With& w) { return mean_over(complement_back, x, w.tau2, 0, infinite); }},
    {"dtocles.int", "", "mean of dtocles over N(x, tau2)", "", [](double x, const With& w) { return num::normal_cdf(x / std::sqrt(2 + w.tau2)); }},
    {"dtou1", "", "share that does not overlap", "Cohen 1988, Statistical Power Analysis, table 2.2.1", [](double x, const With&) { const double u2 = num::normal_cdf(std::fabs(x) / 2); return (2 * u2 - 1) / u2; }},
    {"dtou2", "", "share of one group beyond the same share of the other", "Cohen 1988, table 2.2.1", [](double x, const With&) { return num::normal_cdf(x / 2); }},
    {"dtou3", "", "share of group 1 above the mean of group 2", "Cohen 1988, table 2.2.1", [](double x, const With&) { return num::normal_cdf(x); }},
    {"dtoovl", "", "overlap of two normal curves", "", [](double x, const With&) { return 2 * num::normal_cdf(-std::fabs(x) / 2); }},
    {"dtocles", "clestod", "normal probability below x/sqrt(2)", "McGraw & Wong 1992, Psychol Bull 111:361", [](double x, const With&) { return num::normal_cdf(x / std::sqrt(2.0)); }},
    {"clestod", "dtocles", "sqrt(2) times the normal quantile", "McGraw & Wong 1992, Psychol Bull 111:361", [](double x, const With&) { return std::sqrt(2.0) * num::normal_quantile(x); }},
    {"dtocliffd", "", "2*dtocles - 1", "Cliff 1993, Psychol Bull 114:494", [](double x, const With&) { return 2 * num::normal_cdf(x / std::sqrt(2.0)) - 1; }},
    {"dtobesd", "", "binomial effect size display: 0.5 + r/2", "Rosenthal & Rubin 1982, J Educ Psychol 74:166", [](double x, const With&) { return 0.5 + x / std::sqrt(x * x + 4) / 2; }},
    {"dtomd", "", "x*sd", "", [](double x, const With& w) { return x * w.sd; }},
    {"dtorpb", "rpbtod", "x/sqrt(x^2 + h), h = (N-2)(1/n1+1/n2)", "Soper 1914, Biometrika 10:384", [](double x, const With& w) { return x / std::sqrt(x * x + biserial_h(w)); }},
    {"rpbtod", "dtorpb", "sqrt(h)*x/sqrt(1 - x^2)", "Soper 1914, Biometrika 10:384", [](double x, const With& w) { return std::sqrt(biserial_h(w)) * x / std::sqrt(1 - x * x); }},
    {"dtorbis", "rtod", "dtorpb as biserial correlation", "Soper 1914, Biometrika 10:384", [](double x, const With& w) { return biserial_factor(share_of(w)) * x / std::sqrt(x * x + biserial_h(w)); }},
    {"rtod", "dtorbis", "a biserial correlation as d", "Soper 1914, Biometrika 10:384", [](double x, const With& w) { const double r = x / biserial_factor(share_of(w)); return std::sqrt(biserial_h(w)) * r / std::sqrt(1 - r * r); }},
    {"rpbtorbis", "rtorpb", "x*sqrt(p(1-p))/f(probit p)", "Soper 1914, Biometrika 10:384", [](double x, const With& w) { return biserial_factor(w.share) * x; }},
    {"rtorpb", "rpbtorbis", "x*f(probit p)/sqrt(p(1-p))", "Soper 1914, Biometrika 10:384", [](double x, const With& w) { return x / biserial_factor(w.share); }},
    {"lnortord", "", "risk difference at a control risk", "Cochrane Handbook 6.5, section 15.4.4.3", [](double x, const With& w) { const double odds = std::exp(x) * w.control_risk; return odds / (1 - w.control_risk + odds) - w.control_risk; }},
    {"lnortorr", "", "risk ratio at a control risk", "Cochrane Handbook 6.5, section 6.4.1.2", [](double x, const With& w) { return std::exp(x) / (w.control_risk * std::expm1(x) + 1); }},
    {"lnortod.norm", "dtolnor.norm", "x/1.65", "Cox & Snell 1989, Analysis of Binary Data", [](double x, const With&) { return x / 1.65; }},
    {"lnortod.logis", "dtolnor.logis", "x*sqrt(3)/pi", "Chinn 2000, Stat Med 19:3127", [](double x, const With&) { return x * std::sqrt(3.0) / pi; }},
    {"dtolnor.norm", "lnortod.norm", "1.65*x", "Cox & Snell 1989, Analysis of Binary Data", [](double x, const With&) { return x * 1.65; }},
    {"dtolnor.logis", "lnortod.logis", "x*pi/sqrt(3)", "Chinn 2000, Stat Med 19:3127", [](double x, const With&) { return x / std::sqrt(3.0) * pi; }},
    {"lnortortet.pearson", "", "cos(pi/(1 + sqrt(OR)))", "Pearson 1900, Philos Trans R Soc A 195:1", [](double x, const With&) { return std::cos(pi / (1 + std::exp(x / 2))); }},
    {"lnortortet.digby", "", "(OR^(3/4) - 1)/(OR^(3/4) + 1)", "Digby 1983, Biometrics 39:753", [](double x, const With&) { return std::tanh(0.375 * x); }},
};
// clang-format on
} // namespace

std::span<const Transformation> transformations() {
    return table;
}

const Transformation* find_transformation(std::string_view name) {
    const auto* found =
        std::find_if(std::begin(table), std::end(table), [&](const auto& t) { return t.name == name; });
    return found == std::end(table) ? nullptr : found;
}

double inverse_double_arcsine(double x, double n) {
    if (x > double_arcsine(1, n)) return 1;
    if (x < double_arcsine(0, n)) return 0;
    const double s = std::sin(2 * x), inner = s + (s - 1 / s) / n;
    return (1 - std::copysign(1.0, std::cos(2 * x)) * std::sqrt(1 - inner * inner)) / 2;
}

} // namespace assay::effect
