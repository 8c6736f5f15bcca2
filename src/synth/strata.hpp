// Common effects pooled from the counts of strata with every option: continuity additions to what is pooled,
// tests of no effect and of one odds ratio. mantel_haenszel.hpp is the lean way to the same estimates.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace assay::synth {

/// One study's counts: events and non-events of two groups, or (rates) events and person-time of two groups.
struct Stratum {
    double a = 0, b = 0, c = 0, d = 0;
};

enum class CountMeasure {
    odds_ratio, ///< Mantel & Haenszel 1959; variance of Robins, Breslow & Greenland 1986, Biometrics 42:311
    risk_ratio, ///< Greenland & Robins 1985, Biometrics 41:55
    risk_difference, ///< Greenland & Robins 1985; variance of Sato, Greenland & Robins 1989, Biometrics
                     ///< 45:1323
    rate_ratio,      ///< Rothman, Greenland & Lash 2008, Modern Epidemiology, chapter 15
    rate_difference, ///< Greenland & Robins 1985
    peto             ///< Yusuf et al. 1985, Prog Cardiovasc Dis 27:335
};
std::optional<CountMeasure> count_measure_of(std::string_view name); ///< "OR", ..., "PETO"

enum class AddWhere { nowhere, strata_with_zero, all_if_some_zero, everywhere };

struct StrataOptions {
    double add = 0; ///< to each cell of the strata that `where` names, before pooling
    AddWhere where = AddWhere::nowhere;
    bool drop00 = false; ///< leave out strata without (or with only) events
    bool correct = true; ///< continuity correction of the Cochran-Mantel-Haenszel tests
    /// Risk differences as RevMan and meta pool them: effects from the plain counts, weights and the variance
    /// of Greenland & Robins 1985, equation 12, from those with additions.
    bool plain_differences = false;
    double level = 0.95;
};

struct ChiSquared {
    double statistic = 0, p = 1;
    int df = 1;
};

struct StrataFit {
    int k = 0;                   ///< strata pooled
    std::string problem;         ///< why nothing could be pooled; empty: fine
    double estimate = 0, se = 0; ///< log scale for ratios
    double statistic = 0, p = 1, low = 0, high = 0;
    double q = 0, q_p = 1, i2 = 0,
           h2 = 1; ///< of the studies' own effects around the pooled one (Peto: of O - E)
    int q_df = 0;
    /// No association in any stratum, with n - 1 (Mantel-Haenszel) and n (Cochran) in the variance.
    std::optional<ChiSquared> mantel_haenszel, cochran;
    /// One odds ratio for all strata: Breslow & Day 1980, page 142; with the correction of Tarone 1985,
    /// Biometrika 72:91.
    std::optional<ChiSquared> breslow_day, tarone;
};

/// `y` and `v`: the studies' own effects, for the test of heterogeneity.
StrataFit pool_strata(CountMeasure measure, std::span<const Stratum> strata, std::span<const double> y,
                      std::span<const double> v, const StrataOptions& options = {});

} // namespace assay::synth
