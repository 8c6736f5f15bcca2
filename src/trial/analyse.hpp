// The analysis of one person's trial: diary and schedule become weeks, weeks become a posterior under each
// prior, and the order that was drawn gives a randomisation test that needs no model.
#pragma once

#include "trial/counts.hpp"
#include "trial/diary.hpp"
#include "trial/schedule.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::trial {

struct AnalyseOptions {
    std::vector<Prior> priors; ///< the first decides, the others show how much it matters
    bool second_half = true;   ///< leave out the first half of each period, where the last one still works
    bool order_term = false;   ///< a term for the second period of a pair
    double claim = 0.95;
};

struct UnderPrior {
    Prior prior;
    CountPosterior posterior;
    std::string verdict; ///< fewer, more, little difference, not settled
};

struct TrialResult {
    std::string outcome;
    int days_planned = 0, days_entered = 0, days_missing = 0, days_late = 0, days_used = 0;
    int weeks = 0; ///< blocks of up to seven days in the model
    double events_with = 0, events_without = 0, days_with = 0, days_without = 0; ///< in the days used
    std::vector<double> pair_differences; ///< events a week, with minus without
    std::optional<double>
        randomisation_p; ///< two-sided, every order of the pairs; absent without a complete pair
    std::optional<double> adherence_with,
        doses_without; ///< share of days with a dose; days with a dose where there should be none
    std::vector<UnderPrior> under;
    bool verdict_changes = false;
    std::vector<std::string> notes;
};

TrialResult analyse(const Diary& diary, const std::vector<Period>& schedule, const AnalyseOptions& options);

/// Two-sided P over every pattern of signs of the differences (at most 24 of them).
double sign_flip(const std::vector<double>& differences);

} // namespace assay::trial
