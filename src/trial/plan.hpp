// Before the first diary day: how long a trial has to be, how often it would find an effect or claim one that
// is not there, and what it cannot learn because the effect comes and goes slowly.
#pragma once

#include "base/progress.hpp"
#include "trial/counts.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace assay::trial {

struct PlanRequest {
    double rate = 3;           ///< events a week without the treatment
    double rr = 0.5;           ///< rate ratio worth finding
    double half_life_days = 3; ///< of the effect, coming and going
    int pairs = 3, weeks = 4;  ///< weeks per period
    bool second_half = true;   ///< analyse the second half of each period only
    bool every_pair = false;   ///< look after each pair from `first_look` on, instead of once at the end
    int first_look = 2;        ///< pairs
    double claim = 0.95;       ///< P(RR < 1) that is called a claim
    std::vector<Prior> priors; ///< the first is the one that decides
    std::vector<double> sizes = {0, 5, 2, 1}; ///< negative binomial sizes k; 0 stands for infinity (Poisson)
    int trials = 400;                         ///< simulated per cell
    std::uint64_t seed = 1;
    unsigned threads = 0; ///< 0: as many as the machine has; the numbers are the same for any
};

struct PlanCell {
    double size = 0;                        ///< k; 0: infinity
    double weeks_80 = 0;                    ///< total weeks for 80 % power, closed form, without carry-over
    std::vector<double> power, false_claim; ///< per prior: "fewer" is claimed, with the effect and without
    std::vector<double> false_more;         ///< "more" is claimed without an effect
    std::vector<double> false_looking; ///< either is, after some pair from `first_look` on, without an effect
    double poisson_false = 0;          ///< two-sided conditional Poisson at 0.05 on the same null trials
};

struct Plan {
    std::vector<PlanCell> cells;
    double seen_all = 1,
           seen_second =
               1; ///< rate ratio that shows through carry-over: all days, second half of the periods
    double steady_rr = 1;
    int simulated = 0;
    std::string recommendation;
};

/// Standard deviation of one person's log rate ratio before the trial: that of a new study's mean and the
/// spread between people together.
double person_sd(double se, double tau_study, double tau_person);

/// Total weeks in both arms for two-sided 5 % and 80 % power: per arm 7.85 [(1/l + 1/k) + (1/(l RR) + 1/k)] /
/// (ln RR)^2.
double weeks_for_power(double rate, double size, double rr);

/// The rate ratio that a comparison of arms would show on average, when the effect on the log rate moves
/// towards its steady value with this half-life: mean over all orders of the pairs.
void carry_over(double rr, double half_life_days, int period_days, int pairs, double& all,
                double& second_half);

Plan plan(const PlanRequest& request, const Progress& progress = {});

} // namespace assay::trial
