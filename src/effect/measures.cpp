#include "base/error.hpp"
#include "effect/families.hpp"
#include "effect/scales.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace assay::effect {

namespace {
constexpr std::array cells = {Role::ai, Role::bi, Role::ci, Role::di};
constexpr std::array moments = {Role::m1i, Role::sd1i, Role::n1i, Role::m2i, Role::sd2i, Role::n2i};
constexpr std::array change = {Role::m1i, Role::m2i, Role::sd1i, Role::sd2i, Role::ni, Role::ri};
constexpr std::array change_one_sd = {Role::m1i, Role::m2i, Role::sd1i, Role::ni, Role::ri};
constexpr std::array person_time = {Role::x1i, Role::t1i, Role::x2i, Role::t2i};
constexpr std::array part = {Role::xi, Role::ni};
constexpr std::array exposure = {Role::xi, Role::ti};
constexpr std::array sample = {Role::mi, Role::sdi, Role::ni};
constexpr std::array spread = {Role::sdi, Role::ni};
constexpr std::array pairs_of_values = {Role::ri, Role::ni};
constexpr std::array coefficient = {Role::ti, Role::ni, Role::mi};
constexpr std::array items = {Role::ai, Role::mi, Role::ni};
constexpr std::array given = {Role::yi, Role::vi};

// clang-format off
constexpr Measure table[] = {
    {"RR", "risk ratio", Family::binary, cells, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log((ai/n1i)/(ci/n2i)); v = 1/ai - 1/n1i + 1/ci - 1/n2i",
     "Katz et al. 1978, Biometrics 34:469; Cochrane Handbook 6.5, section 6.4.1.1", "binary.md",
     0.5, risk_ratio, zeros_2x2, average_risks},
    {"OR", "odds ratio", Family::binary, cells, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(ai*di/(bi*ci)); v = 1/ai + 1/bi + 1/ci + 1/di",
     "Woolf 1955, Ann Hum Genet 19:251; Cochrane Handbook 6.5, section 6.4.1.1", "binary.md",
     0.5, odds_ratio, zeros_2x2, average_risks},
    {"RD", "risk difference", Family::binary, cells, Scale::identity, 0, same, same, Axis::linear,
     "y = ai/n1i - ci/n2i; v = ai*bi/n1i^3 + ci*di/n2i^3",
     "Newcombe 1998, Stat Med 17:873, method 1; Cochrane Handbook 6.5, section 6.4.1.3", "binary.md",
     0.5, risk_difference, zeros_2x2, average_risks},
    {"PETO", "Peto odds ratio", Family::binary, cells, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = (ai - E)/V, v = 1/V; E = (ai+ci)*n1i/N, V = (ai+ci)*(bi+di)*n1i*n2i/(N^2*(N-1)), N = n1i+n2i",
     "Yusuf et al. 1985, Prog Cardiovasc Dis 27:335, appendix; Cochrane Handbook 6.5, section 10.4.2", "binary.md",
     0.5, peto, zeros_2x2, nullptr},
    {"AS", "arcsine difference", Family::binary, cells, Scale::arcsine, 0, same, same, Axis::linear,
     "y = asin(sqrt(ai/n1i)) - asin(sqrt(ci/n2i)); v = 1/(4*n1i) + 1/(4*n2i)",
     "Ruecker, Schwarzer, Carpenter & Olkin 2009, Stat Med 28:721, section 2", "binary.md",
     0, arcsine_difference, zeros_2x2, nullptr},
    {"MD", "mean difference", Family::means, moments, Scale::identity, 0, same, same, Axis::linear,
     "y = m1i - m2i; v = sd1i^2/n1i + sd2i^2/n2i",
     "Cochrane Handbook 6.5, section 6.5.1.1; Deeks & Higgins 2010, statistical algorithms in RevMan 5", "means.md",
     0, mean_difference, nullptr, nullptr},
    {"SMD", "standardised mean difference (Hedges' g)", Family::means, moments, Scale::identity, 0, same, same, Axis::linear,
     "y = J(n1i+n2i-2)*(m1i-m2i)/sp; v = 1/n1i + 1/n2i + y^2/(2*(n1i+n2i)); "
     "sp^2 = ((n1i-1)*sd1i^2 + (n2i-1)*sd2i^2)/(n1i+n2i-2)",
     "Hedges 1981, J Educ Stat 6:107, equations 6e and 8; Hedges 1982, Psychol Bull 92:490, equation 8", "means.md",
     0, standardised_mean_difference, nullptr, average_smd},
    {"ROM", "ratio of means", Family::means, moments, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(m1i/m2i) + (sd1i^2/(n1i*m1i^2) - sd2i^2/(n2i*m2i^2))/2; v = sd1i^2/(n1i*m1i^2) + sd2i^2/(n2i*m2i^2)",
     "Hedges, Gurevitch & Curtis 1999, Ecology 80:1150, equation 1; Lajeunesse 2015, Ecology 96:2056, equation 8", "means.md",
     0, ratio_of_means, nullptr, average_cv},
    {"VR", "ratio of standard deviations", Family::means, moments, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(sd1i/sd2i) + 1/(2*(n1i-1)) - 1/(2*(n2i-1)); v = 1/(2*(n1i-1)) + 1/(2*(n2i-1))",
     "Nakagawa et al. 2015, Methods Ecol Evol 6:143, equations 9 and 10", "means.md",
     0, variability_ratio, nullptr, nullptr},
    {"CVR", "ratio of coefficients of variation", Family::means, moments, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log((sd1i/m1i)/(sd2i/m2i)) + 1/(2*(n1i-1)) - 1/(2*(n2i-1)) - (c1 - c2)/2, c = sd^2/(n*m^2); "
     "v = 1/(2*(n1i-1)) + 1/(2*(n2i-1)) + sd1i^2/(n1i*m1i^2) + sd2i^2/(n2i*m2i^2)",
     "Nakagawa et al. 2015, Methods Ecol Evol 6:143, equations 11 and 12", "means.md",
     0, coefficient_of_variation_ratio, nullptr, nullptr},
    {"SMD1", "standardised mean difference by the SD of group 2 (Glass)", Family::means, moments, Scale::identity, 0, same, same,
     Axis::linear, "y = J(n2i-1)*(m1i-m2i)/sd2i; v = 1/n1i + 1/n2i + y^2/(2*n2i)",
     "Glass 1976, Educ Res 5:3; Hedges 1981, J Educ Stat 6:107, equation 6", "means.md", 0, glass_delta, nullptr, nullptr},
    {"D2ORN", "standardised mean difference as odds ratio (normal)", Family::means, moments, Scale::log, 1, exponential, logarithm,
     Axis::log, "y = 1.65*d; v = 1.65^2*(1/n1i + 1/n2i + d^2/(2*(n1i+n2i)))",
     "Cox & Snell 1989, Analysis of Binary Data; Sanchez-Meca et al. 2003, Psychol Methods 8:448", "means.md",
     0, d_to_odds_normal, nullptr, nullptr},
    {"D2ORL", "standardised mean difference as odds ratio (logistic)", Family::means, moments, Scale::log, 1, exponential, logarithm,
     Axis::log, "y = pi/sqrt(3)*d; v = pi^2/3*(1/n1i + 1/n2i + d^2/(2*(n1i+n2i)))",
     "Chinn 2000, Stat Med 19:3127", "means.md", 0, d_to_odds_logistic, nullptr, nullptr},
    {"MC", "mean change (paired mean difference)", Family::paired, change, Scale::identity, 0, same, same, Axis::linear,
     "y = m1i - m2i; v = (sd1i^2 + sd2i^2 - 2*ri*sd1i*sd2i)/ni",
     "Cochrane Handbook 6.5, section 23.2.7.1; Morris & DeShon 2002, Psychol Methods 7:105", "paired.md",
     0, mean_change, nullptr, nullptr},
    {"SMCC", "standardised mean change by the SD of changes", Family::paired, change, Scale::identity, 0, same, same, Axis::linear,
     "y = J(ni-1)*(m1i-m2i)/sd, sd^2 = sd1i^2 + sd2i^2 - 2*ri*sd1i*sd2i; v = 1/ni + y^2/(2*ni)",
     "Gibbons, Hedeker & Davis 1993, J Educ Stat 18:271, equation 21", "paired.md", 0, standardised_change, nullptr, nullptr},
    {"SMCR", "standardised mean change by a raw SD", Family::paired, change_one_sd, Scale::identity, 0, same, same, Axis::linear,
     "y = J(ni-1)*(m1i-m2i)/sd1i; v = 2*(1-ri)/ni + y^2/(2*ni)",
     "Becker 1988, Br J Math Stat Psychol 41:257, equations 5 and 13", "paired.md", 0, change_by_raw_sd, nullptr, nullptr},
    {"ROMC", "ratio of means, paired", Family::paired, change, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(m1i/m2i) + (cv1^2 - cv2^2)/(2*ni); v = (cv1^2 + cv2^2 - 2*ri*cv1*cv2)/ni, cv = sd/m",
     "Lajeunesse 2011, Ecology 92:2049, equation 6; Lajeunesse 2015, Ecology 96:2056", "paired.md",
     0, log_mean_change, nullptr, nullptr},
    {"VRC", "ratio of standard deviations, paired", Family::paired, change, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(sd1i/sd2i); v = (1 - ri^2)/(ni-1)", "Nakagawa et al. 2015, Methods Ecol Evol 6:143, supplement", "paired.md",
     0, variability_change, nullptr, nullptr},
    {"IRR", "rate ratio", Family::rates, person_time, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log((x1i/t1i)/(x2i/t2i)); v = 1/x1i + 1/x2i", "Rothman, Greenland & Lash 2008, Modern Epidemiology, chapter 14", "rates.md",
     0.5, rate_ratio, zeros_rates, nullptr},
    {"IRD", "rate difference", Family::rates, person_time, Scale::identity, 0, same, same, Axis::linear,
     "y = x1i/t1i - x2i/t2i; v = x1i/t1i^2 + x2i/t2i^2", "Rothman, Greenland & Lash 2008, Modern Epidemiology, chapter 14", "rates.md",
     0.5, rate_difference, zeros_rates, nullptr},
    {"IRSD", "difference of square-root rates", Family::rates, person_time, Scale::square_root, 0, same, same, Axis::linear,
     "y = sqrt(x1i/t1i) - sqrt(x2i/t2i); v = 1/(4*t1i) + 1/(4*t2i)", "Bartlett 1936, J R Stat Soc Suppl 3:68", "rates.md",
     0, root_rate_difference, zeros_rates, nullptr},
    {"PHI", "phi coefficient", Family::association, cells, Scale::identity, 0, same, same, Axis::linear,
     "y = (ai*di - bi*ci)/sqrt((ai+bi)*(ci+di)*(ai+ci)*(bi+di)); v by the delta method from four cell probabilities (vtype ST: from two risks)",
     "Bonett & Price 2007, Psychol Methods 12:438; Yule 1912, J R Stat Soc 75:579", "association.md",
     0, phi, zeros_2x2, nullptr},
    {"ZPHI", "Fisher's z of phi", Family::association, cells, Scale::fisher_z, 0, hyperbolic_tangent, inverse_hyperbolic_tangent,
     Axis::linear, "y = atanh(phi); v = v(phi)/(1 - phi^2)^2", "Fisher 1921, Metron 1:3; Yule 1912", "association.md",
     0, z_of_phi, zeros_2x2, nullptr},
    {"YUQ", "Yule's Q", Family::association, cells, Scale::identity, 0, same, same, Axis::linear,
     "y = (OR - 1)/(OR + 1); v = (1 - y^2)^2/4*(1/ai + 1/bi + 1/ci + 1/di)", "Yule 1900, Philos Trans R Soc A 194:257", "association.md",
     0.5, yule_q, zeros_2x2, nullptr},
    {"YUY", "Yule's Y", Family::association, cells, Scale::identity, 0, same, same, Axis::linear,
     "y = (sqrt(OR) - 1)/(sqrt(OR) + 1); v = (1 - y^2)^2/16*(1/ai + 1/bi + 1/ci + 1/di)", "Yule 1912, J R Stat Soc 75:579",
     "association.md", 0.5, yule_y, zeros_2x2, nullptr},
    {"PBIT", "difference of probits", Family::association, cells, Scale::probit, 0, same, same, Axis::linear,
     "y = probit(p1) - probit(p2); v = p1*(1-p1)/(n1i*f(z1)^2) + p2*(1-p2)/(n2i*f(z2)^2), f the normal density",
     "Sanchez-Meca et al. 2003, Psychol Methods 8:448, equations 15 and 16", "association.md", 0.5, probit_difference, zeros_2x2, nullptr},
    {"OR2DN", "odds ratio as standardised mean difference (normal)", Family::association, cells, Scale::identity, 0, same, same,
     Axis::linear, "y = log(OR)/1.65; v = v(log OR)/1.65^2",
     "Cox & Snell 1989; Sanchez-Meca et al. 2003, Psychol Methods 8:448", "association.md", 0.5, odds_to_d_normal, zeros_2x2, nullptr},
    {"OR2DL", "odds ratio as standardised mean difference (logistic)", Family::association, cells, Scale::identity, 0, same, same,
     Axis::linear, "y = log(OR)*sqrt(3)/pi; v = v(log OR)*3/pi^2", "Chinn 2000, Stat Med 19:3127", "association.md",
     0.5, odds_to_d_logistic, zeros_2x2, nullptr},
    {"MPRD", "risk difference, matched pairs", Family::matched, cells, Scale::identity, 0, same, same, Axis::linear,
     "y = (bi - ci)/n; v = ((bi + ci)/n - y^2)/n", "Newcombe 1998, Stat Med 17:2635", "matched.md",
     0.5, matched_risk_difference, zeros_matched, nullptr},
    {"MPRR", "risk ratio, matched pairs", Family::matched, cells, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log((ai+bi)/(ai+ci)); v = (bi + ci)/((ai+bi)*(ai+ci))", "Bonett & Price 2006, Biometrics 62:1178", "matched.md",
     0.5, matched_risk_ratio, zeros_matched, nullptr},
    {"MPOR", "marginal odds ratio, matched pairs", Family::matched, cells, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = logit(p1) - logit(p2); v = (1/u1 + 1/u2 - 2*c/(u1*u2))/n, u = p*(1-p), c = (ai*di - bi*ci)/n^2",
     "Becker & Balagtas 1993, Biometrics 49:997", "matched.md", 0.5, matched_odds_ratio, zeros_matched, nullptr},
    {"MPORC", "conditional odds ratio, matched pairs", Family::matched, cells, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(bi/ci); v = 1/bi + 1/ci", "Curtin, Elbourne & Altman 2002, Stat Med 21:2131", "matched.md",
     0.5, conditional_odds_ratio, zeros_matched, nullptr},
    {"MPPETO", "conditional odds ratio by Peto's method, matched pairs", Family::matched, cells, Scale::log, 1, exponential, logarithm,
     Axis::log, "y = 2*(bi - ci)/(bi + ci); v = 4/(bi + ci)", "Curtin, Elbourne & Altman 2002, Stat Med 21:2131", "matched.md",
     0.5, matched_peto, zeros_matched, nullptr},
    {"COR", "correlation", Family::correlation, pairs_of_values, Scale::identity, 0, same, same, Axis::linear,
     "y = ri; v = (1 - ri^2)^2/(ni - 1)", "Olkin & Pratt 1958, Ann Math Stat 29:201; Hedges 1989, J Appl Psychol 74:469",
     "correlation.md", 0, correlation, nullptr, average_correlation},
    {"ZCOR", "Fisher's z of a correlation", Family::correlation, pairs_of_values, Scale::fisher_z, 0, hyperbolic_tangent,
     inverse_hyperbolic_tangent, Axis::linear, "y = atanh(ri); v = 1/(ni - 3)", "Fisher 1921, Metron 1:3", "correlation.md",
     0, fisher_z, nullptr, nullptr},
    {"PCOR", "partial correlation", Family::regression, coefficient, Scale::identity, 0, same, same, Axis::linear,
     "y = ti/sqrt(ti^2 + df), df = ni - mi - 1; v = (1 - y^2)^2/(df + 1)", "Aloe & Thompson 2013, J Soc Social Work Res 4:390", "correlation.md",
     0, partial_correlation, nullptr, nullptr},
    {"ZPCOR", "Fisher's z of a partial correlation", Family::regression, coefficient, Scale::fisher_z, 0, hyperbolic_tangent,
     inverse_hyperbolic_tangent, Axis::linear, "y = atanh(r), r as PCOR; v = 1/(df - 1)",
     "Fisher 1924, Metron 3:329; Aloe & Thompson 2013, J Soc Social Work Res 4:390", "correlation.md", 0, fisher_z_partial, nullptr, nullptr},
    {"PR", "proportion", Family::single, part, Scale::identity, 0, same, same, Axis::linear,
     "y = xi/ni; v = y*(1-y)/ni", "Newcombe 1998, Stat Med 17:857, method 1", "single.md",
     0.5, proportion, zeros_single, average_proportion},
    {"PLN", "log proportion", Family::single, part, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(xi/ni); v = 1/xi - 1/ni", "Agresti 2013, Categorical Data Analysis, section 3.1", "single.md",
     0.5, log_proportion, zeros_single, nullptr},
    {"PLO", "logit of a proportion", Family::single, part, Scale::logit, 0.5, logistic, logit, Axis::linear,
     "y = log(xi/(ni - xi)); v = 1/xi + 1/(ni - xi)", "Stijnen, Hamza & Ozdemir 2010, Stat Med 29:3046, section 3", "single.md",
     0.5, logit_proportion, zeros_single, nullptr},
    {"PRZ", "probit of a proportion", Family::single, part, Scale::probit, 0.5, normal_probability, probit, Axis::linear,
     "y = probit(xi/ni); v = p*(1-p)/(ni*f(y)^2), f the normal density", "Finney 1971, Probit Analysis, chapter 3", "single.md",
     0.5, probit_proportion, zeros_single, nullptr},
    {"PAS", "arcsine of a proportion", Family::single, part, Scale::arcsine, 0, sine_squared, arcsine_root, Axis::linear,
     "y = asin(sqrt(xi/ni)); v = 1/(4*ni)", "Bartlett 1936, J R Stat Soc Suppl 3:68", "single.md",
     0, arcsine_proportion, zeros_single, nullptr},
    {"PFT", "double arcsine of a proportion", Family::single, part, Scale::double_arcsine, 0, sine_squared, arcsine_root, Axis::linear,
     "y = (asin(sqrt(xi/(ni+1))) + asin(sqrt((xi+1)/(ni+1))))/2; v = 1/(4*ni + 2)",
     "Freeman & Tukey 1950, Ann Math Stat 21:607; back-transform without Miller's n (see the page)", "single.md",
     0, double_arcsine_proportion, zeros_single, nullptr},
    {"IR", "rate", Family::single, exposure, Scale::identity, 0, same, same, Axis::linear, "y = xi/ti; v = xi/ti^2",
     "Rothman, Greenland & Lash 2008, Modern Epidemiology, chapter 14", "single.md", 0.5, rate, zeros_single_rate, nullptr},
    {"IRLN", "log rate", Family::single, exposure, Scale::log, 1, exponential, logarithm, Axis::log, "y = log(xi/ti); v = 1/xi",
     "Rothman, Greenland & Lash 2008, Modern Epidemiology, chapter 14", "single.md", 0.5, log_rate, zeros_single_rate, nullptr},
    {"IRS", "square root of a rate", Family::single, exposure, Scale::square_root, 0, square, square_root, Axis::linear,
     "y = sqrt(xi/ti); v = 1/(4*ti)", "Bartlett 1936, J R Stat Soc Suppl 3:68", "single.md", 0, root_rate, zeros_single_rate, nullptr},
    {"IRFT", "Freeman-Tukey square root of a rate", Family::single, exposure, Scale::square_root, 0, square, square_root, Axis::linear,
     "y = (sqrt(xi/ti) + sqrt((xi+1)/ti))/2; v = 1/(4*ti)", "Freeman & Tukey 1950, Ann Math Stat 21:607", "single.md",
     0, double_root_rate, zeros_single_rate, nullptr},
    {"MN", "mean", Family::single, sample, Scale::identity, 0, same, same, Axis::linear, "y = mi; v = sdi^2/ni",
     "Cochrane Handbook 6.5, section 6.5.1", "single.md", 0, single_mean, nullptr, nullptr},
    {"SMN", "standardised mean", Family::single, sample, Scale::identity, 0, same, same, Axis::linear,
     "y = J(ni-1)*mi/sdi; v = 1/ni + y^2/(2*ni)", "Gibbons, Hedeker & Davis 1993, J Educ Stat 18:271", "single.md",
     0, standardised_mean, nullptr, nullptr},
    {"MNLN", "log mean", Family::single, sample, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(mi); v = sdi^2/(ni*mi^2)", "Hedges, Gurevitch & Curtis 1999, Ecology 80:1150", "single.md", 0, log_mean, nullptr, nullptr},
    {"SDLN", "log standard deviation", Family::single, spread, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(sdi) + 1/(2*(ni-1)); v = 1/(2*(ni-1))", "Nakagawa et al. 2015, Methods Ecol Evol 6:143, equations 7 and 8", "single.md",
     0, log_sd, nullptr, nullptr},
    {"CVLN", "log coefficient of variation", Family::single, sample, Scale::log, 1, exponential, logarithm, Axis::log,
     "y = log(sdi/mi) + 1/(2*(ni-1)); v = 1/(2*(ni-1)) + sdi^2/(ni*mi^2)", "Nakagawa et al. 2015, Methods Ecol Evol 6:143", "single.md",
     0, log_cv, nullptr, nullptr},
    {"ARAW", "Cronbach's alpha", Family::reliability, items, Scale::identity, 0, same, same, Axis::linear,
     "y = ai; v = 2*mi*(1-ai)^2/((mi-1)*(ni-2))", "Bonett 2010, Psychol Methods 15:368, equation 4", "reliability.md",
     0, alpha_raw, nullptr, nullptr},
    {"AHW", "cube root of 1 - alpha", Family::reliability, items, Scale::other, 0, one_minus_cube, one_minus_cube_root, Axis::linear,
     "y = 1 - (1-ai)^(1/3); v = 18*mi*(ni-1)*(1-ai)^(2/3)/((mi-1)*(9*ni-11)^2)", "Hakstian & Whalen 1976, Psychometrika 41:219",
     "reliability.md", 0, alpha_cube_root, nullptr, nullptr},
    {"ABT", "log of 1 - alpha", Family::reliability, items, Scale::log_complement, 0, one_minus_exp, minus_log_complement, Axis::linear,
     "y = -log(1-ai); v = 2*mi/((mi-1)*(ni-2))", "Bonett 2002, J Educ Behav Stat 27:335", "reliability.md", 0, alpha_log, nullptr, nullptr},
    {"GEN", "effect as given", Family::generic, given, Scale::identity, 0, same, same, Axis::linear,
     "y = yi; v = vi, or sei^2",
     "Cochrane Handbook 6.5, section 10.3", "generic.md",
     0, generic, nullptr, nullptr},
};
// clang-format on
} // namespace

std::span<const Measure> measures() { return table; }

const Measure* find_measure(std::string_view id) {
    const auto* found = std::find_if(std::begin(table), std::end(table), [&](const Measure& m) { return m.id == id; });
    return found == std::end(table) ? nullptr : found;
}

const Measure& measure(std::string_view id) {
    if (const Measure* found = find_measure(id)) return *found;
    throw Error("effect/measure", fmt::format("no effect measure called '{}'", id), Exit::input);
}

bool is_ratio(const Measure& measure) { return measure.scale == Scale::log; }

} // namespace assay::effect
