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
    {"MC", "mean change (paired mean difference)", Family::paired, change, Scale::identity, 0, same, same, Axis::linear,
     "y = m1i - m2i; v = (sd1i^2 + sd2i^2 - 2*ri*sd1i*sd2i)/ni",
     "Cochrane Handbook 6.5, section 23.2.7.1; Morris & DeShon 2002, Psychol Methods 7:105", "paired.md",
     0, mean_change, nullptr, nullptr},
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
