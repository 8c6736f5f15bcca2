// The trial of one person: priors from a review or from the tables, and how plan, schedule, diary and
// analysis are shown.
#pragma once

#include "trial/analyse.hpp"
#include "trial/plan.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace assay::app {

struct PriorRequest {
    std::filesystem::path review; ///< with `analysis`: the predictive distribution of that analysis (a ratio)
    std::string analysis;
    std::string substance, goal = "cramps"; ///< otherwise a row of the table of priors
    double person_spread = 0.4; ///< sd of the log rate ratio between people: no parallel trial can tell it
};

/// Predictive with the spread between people, sceptical (half the spread), and wide, N(0, 1).
std::vector<trial::Prior> trial_priors(const PriorRequest& request, Diagnostics& diagnostics);

std::string plan_text(const trial::PlanRequest& request, const trial::Plan& plan, int width);
std::string plan_json(const trial::PlanRequest& request, const trial::Plan& plan);

std::string schedule_text(const std::vector<trial::Period>& periods);

/// Bars of events per week, with the arm of the schedule where there is one.
std::string diary_text(const trial::Diary& diary, const std::vector<trial::Period>& schedule, bool unicode);

std::string trial_text(const trial::TrialResult& result, int width);
std::string trial_json(const trial::TrialResult& result);
/// A report by the items of CENT 2015 that a program can fill.
std::string trial_html(const trial::TrialResult& result, const std::vector<trial::Period>& schedule);

} // namespace assay::app
