// Two treatments in every person, AB/BA: estimates by named methods. Carry-over is not tested: choosing the
// analysis by such a test gives wrong error rates (Freeman 1989, Stat Med 8:1421), and the design cannot tell
// carry-over from an interaction; long enough periods are the remedy.
#pragma once

#include "trial/estimate.hpp"

#include <string>
#include <vector>

namespace assay::trial {

struct CrossoverValue {
    std::string subject;
    int period = 0; ///< 1 or 2; 0: not known
    bool treatment = false;
    double y = 0;
};

struct CrossoverNames {
    std::string treatment = "treatment", control = "control";
};

/// Estimates for people with one value of each treatment; with periods also the ones that allow for them.
/// `counts` adds the methods for counts (values must not be negative).
std::vector<Estimate> crossover_estimates(const std::vector<CrossoverValue>& values,
                                          const CrossoverNames& names, bool counts);

/// Two-sided exact P that heads and tails of a fair coin fell so.
double coin_p(double with, double without);

/// Wilcoxon's rank sum of the first sample as Mann and Whitney count it, two-sided P: exact without ties and
/// below 50 each, else normal with corrections for ties and continuity.
Estimate rank_sum(const std::vector<double>& first, const std::vector<double>& second);

} // namespace assay::trial
