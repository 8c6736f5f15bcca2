// Several people's trials of the same treatment together: each person has an effect of their own, the effects
// spread about a mean. Everything is integrated by quadrature, from each person's likelihood of the effect.
#pragma once

#include "trial/counts.hpp"

#include <string>
#include <vector>

namespace assay::trial {

struct PersonCurve {
    std::string name;
    Curve curve; ///< every person on the same grid
};

struct PeoplePrior {
    Prior mean;              ///< of the mean effect
    double spread_scale = 1; ///< the spread between people is half-normal with this scale
};

struct PersonEffect {
    std::string name;
    double alone = 0, alone_low = 0,
           alone_high = 0;              ///< under the prior of the mean only: median and 95 % interval
    double mean = 0, low = 0, high = 0; ///< with the others: median and 95 % interval
    double p_below_0 = 0;
};

struct PeoplePosterior {
    double mean = 0, sd = 0, q025 = 0, q50 = 0, q975 = 0, p_below_0 = 0; ///< mean effect
    double spread = 0, spread_low = 0, spread_high = 0;                  ///< median and 95 % interval
    double next_low = 0, next_high = 0, next_below_0 = 0;                ///< effect of a further person
    double log_ml = 0;
    std::vector<PersonEffect> people;
};

PeoplePosterior together(const std::vector<PersonCurve>& people, const PeoplePrior& prior);

} // namespace assay::trial
