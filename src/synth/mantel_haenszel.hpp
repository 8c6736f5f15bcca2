// Common effects pooled from 2x2 counts, without continuity corrections: Mantel-Haenszel for OR, RR and RD, and
// Peto's one-step odds ratio.
#pragma once

#include "model/effect.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::synth {

struct CountPool {
    int k = 0;                 ///< studies, those without weight included
    int uninformative = 0;     ///< of these, without (or with only) events in both groups, for OR, RR and Peto
    double estimate = 0, se = 0; ///< log scale for OR, RR, Peto
    double q = 0;              ///< Peto only
    int q_df = 0;
    std::vector<double> weights; ///< percent, one per table
    std::string problem;       ///< why nothing could be pooled; empty: fine
};

/// Does a table have events and non-events? Others tell nothing about a ratio.
bool informative(const model::Table2x2& table);

/// measure: "OR" (variance of Robins, Breslow & Greenland 1986), "RR" (Greenland & Robins 1985) or
/// "RD" (Sato, Greenland & Robins 1989).
CountPool pool_mantel_haenszel(std::span<const model::Table2x2> tables, std::string_view measure);

/// Yusuf et al. 1985: sum of O - E over sum of hypergeometric variances.
CountPool pool_peto(std::span<const model::Table2x2> tables);


} // namespace assay::synth
