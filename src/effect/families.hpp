// The compute functions of all measures, one block per source file; only measures.cpp needs them.
#pragma once

#include "effect/measures.hpp"

namespace assay::effect {

// binary.cpp
Zeros zeros_2x2(const Row&);
Computed risk_ratio(const Row&, const Setting&);
Computed odds_ratio(const Row&, const Setting&);
Computed risk_difference(const Row&, const Setting&);
Computed peto(const Row&, const Setting&);
Computed arcsine_difference(const Row&, const Setting&);
void average_risks(const Row&, const Setting&, Averages&);

// means.cpp
Computed mean_difference(const Row&, const Setting&);
Computed standardised_mean_difference(const Row&, const Setting&);
Computed ratio_of_means(const Row&, const Setting&);
void average_smd(const Row&, const Setting&, Averages&);
void average_cv(const Row&, const Setting&, Averages&);
Computed variability_ratio(const Row&, const Setting&);
Computed coefficient_of_variation_ratio(const Row&, const Setting&);
Computed glass_delta(const Row&, const Setting&);
Computed d_to_odds_normal(const Row&, const Setting&);
Computed d_to_odds_logistic(const Row&, const Setting&);
void average_glass(const Row&, const Setting&, Averages&);
Computed glass_delta_unequal(const Row&, const Setting&);
Computed standardised_unequal(const Row&, const Setting&);
Computed mean_difference_of_percent(const Row&, const Setting&);
Computed point_biserial(const Row&, const Setting&);
Computed z_of_point_biserial(const Row&, const Setting&);
Computed biserial(const Row&, const Setting&);
Computed z_of_biserial(const Row&, const Setting&);
Computed probability_of_superiority(const Row&, const Setting&);
Computed superiority_of_normals(const Row&, const Setting&);

// paired.cpp
Computed mean_change(const Row&, const Setting&);
Computed standardised_change(const Row&, const Setting&);
Computed change_by_raw_sd(const Row&, const Setting&);
Computed log_mean_change(const Row&, const Setting&);
Computed variability_change(const Row&, const Setting&);
Computed mean_change_of_percent(const Row&, const Setting&);
Computed change_by_raw_sd_unequal(const Row&, const Setting&);
Computed change_by_mean_sd(const Row&, const Setting&);
Computed change_by_mean_sd_unequal(const Row&, const Setting&);
Computed superiority_of_change(const Row&, const Setting&);
Computed coefficient_of_variation_change(const Row&, const Setting&);

// association.cpp
Computed phi(const Row&, const Setting&);
Computed z_of_phi(const Row&, const Setting&);
Computed yule_q(const Row&, const Setting&);
Computed yule_y(const Row&, const Setting&);
Computed tetrachoric(const Row&, const Setting&);
Computed z_of_tetrachoric(const Row&, const Setting&);
Computed probit_difference(const Row&, const Setting&);
Computed odds_to_d_normal(const Row&, const Setting&);
Computed odds_to_d_logistic(const Row&, const Setting&);

// rates.cpp
Zeros zeros_rates(const Row&);
Computed rate_ratio(const Row&, const Setting&);
Computed rate_difference(const Row&, const Setting&);
Computed root_rate_difference(const Row&, const Setting&);

// single.cpp
Zeros zeros_single(const Row&);
Zeros zeros_single_rate(const Row&);
void average_proportion(const Row&, const Setting&, Averages&);
Computed proportion(const Row&, const Setting&);
Computed log_proportion(const Row&, const Setting&);
Computed logit_proportion(const Row&, const Setting&);
Computed probit_proportion(const Row&, const Setting&);
Computed arcsine_proportion(const Row&, const Setting&);
Computed double_arcsine_proportion(const Row&, const Setting&);
Computed rate(const Row&, const Setting&);
Computed log_rate(const Row&, const Setting&);
Computed root_rate(const Row&, const Setting&);
Computed double_root_rate(const Row&, const Setting&);
Computed single_mean(const Row&, const Setting&);
Computed standardised_mean(const Row&, const Setting&);
Computed log_mean(const Row&, const Setting&);
Computed log_sd(const Row&, const Setting&);
Computed log_cv(const Row&, const Setting&);
void average_variance(const Row&, const Setting&, Averages&);
void average_variance_of_percent(const Row&, const Setting&, Averages&);
Computed single_mean_of_percent(const Row&, const Setting&);

// correlation.cpp
void average_correlation(const Row&, const Setting&, Averages&);
Computed correlation(const Row&, const Setting&);
Computed fisher_z(const Row&, const Setting&);
Computed partial_correlation(const Row&, const Setting&);
Computed fisher_z_partial(const Row&, const Setting&);
void average_unbiased_correlation(const Row&, const Setting&, Averages&);
Computed unbiased_correlation(const Row&, const Setting&);
void average_partial(const Row&, const Setting&, Averages&);
void average_semi_partial(const Row&, const Setting&, Averages&);
Computed semi_partial_correlation(const Row&, const Setting&);
Computed fisher_z_semi_partial(const Row&, const Setting&);
void average_explained(const Row&, const Setting&, Averages&);
Computed explained_variance(const Row&, const Setting&);
Computed fisher_z_explained(const Row&, const Setting&);
Computed explained_by_f(const Row&, const Setting&);
Computed fisher_z_explained_by_f(const Row&, const Setting&);

// matched.cpp
Zeros zeros_matched(const Row&);
Computed matched_risk_difference(const Row&, const Setting&);
Computed matched_risk_ratio(const Row&, const Setting&);
Computed matched_odds_ratio(const Row&, const Setting&);
Computed conditional_odds_ratio(const Row&, const Setting&);
Computed matched_peto(const Row&, const Setting&);
Computed odds_ratio_of_margins(const Row&, const Setting&);

// reliability.cpp
Computed alpha_raw(const Row&, const Setting&);
Computed alpha_cube_root(const Row&, const Setting&);
Computed alpha_log(const Row&, const Setting&);
Computed intraclass(const Row&, const Setting&);
Computed z_of_intraclass(const Row&, const Setting&);

// genotypes.cpp
Computed excess_heterozygosity(const Row&, const Setting&);

// generic.cpp
Computed generic(const Row&, const Setting&);

} // namespace assay::effect
