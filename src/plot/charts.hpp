// The plots of a meta-analysis that are points over two axes. Each takes plain numbers on the analysis scale
// and says in its sentence what it shows.
#pragma once

#include "model/effect.hpp"
#include "plot/chart.hpp"

#include <span>
#include <string>
#include <vector>

namespace assay::plot {

/// What a chart needs to know about the analysis.
struct Studies {
    std::vector<std::string> labels;
    std::vector<double> y, v;
    std::vector<double> weights; ///< percent; may be empty
    MeasureLook look;
    std::string axis_title; ///< of the effect
    double pooled = 0, tau2 = 0, level = 0.95;
};

/// Effects against standard errors with the pseudo-interval of this level (Light & Pillemer 1984; Sterne &
/// Egger 2001, J Clin Epidemiol 54:1046), without contours.
Chart plain_funnel_chart(const Studies& studies);

/// z against precision, 1/sqrt(v + tau2): Galbraith 1988, Stat Med 7:889.
Chart radial_chart(const Studies& studies);

/// Risk with the intervention against risk with the comparator: L'Abbe, Detsky & O'Rourke 1987, Ann Intern
/// Med 107:224. `tables`, one per study. `with` gives the risk that the pooled effect implies for a
/// comparator's risk.
Chart labbe_chart(const Studies& studies, std::span<const model::Table2x2> tables,
                  double (*with)(double risk, double effect));
double risk_by_odds_ratio(double risk, double log_or);
double risk_by_risk_ratio(double risk, double log_rr);
double risk_by_difference(double risk, double rd);

/// Contribution to heterogeneity against influence on the result: Baujat et al. 2002, Stat Med 21:2641.
Chart baujat_chart(const Studies& studies, std::span<const double> x, std::span<const double> influence);

/// Standardised residuals against normal quantiles (Wang & Bushman 1998, Psychol Methods 3:46), positions (i
/// - 1/2)/k.
Chart normal_qq_chart(const Studies& studies, std::span<const double> residuals);

/// Log-likelihood against tau2.
Chart profile_chart(std::span<const double> tau2, std::span<const double> log_likelihood, double estimate);

/// Effects against one moderator, the fitted line and its interval.
struct FittedLine {
    std::vector<double> x, mean, low, high;
};
Chart bubble_chart(const Studies& studies, const std::string& moderator, std::span<const double> x,
                   const FittedLine& line);

/// One point per subset: I2 (percent) against the pooled estimate (Olkin, Dahabreh & Trikalinos 2012, Res
/// Synth Methods 3:214). At most 4000 points are drawn, evenly spaced among those given.
Chart gosh_chart(const Studies& studies, std::span<const double> estimates, std::span<const double> i2);

/// Results of all analysis choices, sorted by estimate, with their intervals (Simonsohn, Simmons & Nelson
/// 2020, Nat Hum Behav 4:1208).
Chart specification_chart(const Studies& studies, std::span<const double> estimates,
                          std::span<const double> low, std::span<const double> high);

} // namespace assay::plot
