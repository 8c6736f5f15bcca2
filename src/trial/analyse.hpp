// The analysis of one person's trial: diary and schedule become weeks (counts) or days (measured values),
// these become a posterior under each prior, and the order that was drawn gives a randomisation test that
// needs no model.
#pragma once

#include "trial/counts.hpp"
#include "trial/diary.hpp"
#include "trial/schedule.hpp"
#include "trial/values.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::trial {

struct AnalyseOptions {
    std::vector<Prior> priors; ///< the first decides, the others show how much it matters; for values it may
                               ///< be empty: sceptical and wide ones are made from the spread of the values
    bool values = false;     ///< the outcome is measured each day, not counted
    bool second_half = true; ///< leave out the first half of each period, where the last one still works
    bool order_term = false; ///< counts: a term for the second period of a pair
    bool sensitivity = true; ///< repeat under other choices of days
    double claim = 0.95;
    std::optional<double> matters; ///< values: smallest difference that matters; unset: 0.2 of their spread
};

struct UnderPrior {
    Prior prior;
    CountPosterior posterior; ///< counts
    ValuePosterior value;     ///< measured values
    std::string verdict;      ///< fewer more (counts), lower higher (values), little difference, not settled
};

/// The same analysis of other days, under the first prior.
struct OtherChoice {
    std::string what;
    double estimate = 0, low = 0, high = 0; ///< rate ratio or difference
    double p_below = 0;                     ///< P(RR < 1) or P(difference < 0)
    std::string verdict;
};

/// One period as it went, all its days.
struct PeriodSummary {
    Period period;
    int days = 0;                ///< with a number
    double sum = 0;              ///< of the outcome
    double dosed = 0, known = 0; ///< days with a dose; days that tell
    int loose = 0;               ///< days with loose stools
    int other_effects = 0;       ///< days with a word about other effects
};

struct TrialResult {
    std::string outcome;
    bool values = false;
    double claim = 0.95;
    int days_planned = 0, days_entered = 0, days_missing = 0, days_late = 0, days_used = 0;
    int weeks = 0; ///< blocks of up to seven days in the model
    double events_with = 0, events_without = 0, days_with = 0, days_without = 0; ///< in the days used
    std::vector<double> pair_differences; ///< events a week (values: means), with minus without
    std::optional<double>
        randomisation_p; ///< two-sided, every order of the pairs; absent without a complete pair
    std::optional<double> adherence_with,
        doses_without;  ///< share of days with a dose; days with a dose where there should be none
    double matters = 0; ///< values: the difference the verdict was held against
    std::vector<UnderPrior> under;
    std::vector<OtherChoice> others;
    std::vector<PeriodSummary> periods;
    bool verdict_changes = false;
    std::vector<std::string> notes;
};

TrialResult analyse(const Diary& diary, const std::vector<Period>& schedule, const AnalyseOptions& options);

/// The weeks (counts) or days (values) that the analysis uses.
CountSeries count_series(const Diary& diary, const std::vector<Period>& schedule,
                         const AnalyseOptions& options);
ValueSeries value_series(const Diary& diary, const std::vector<Period>& schedule,
                         const AnalyseOptions& options);

/// Two-sided P over every pattern of signs of the differences (at most 24 of them).
double sign_flip(const std::vector<double>& differences);

} // namespace assay::trial
