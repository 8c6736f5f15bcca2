// The trial of one person: priors from a review or from the tables, and how plan, schedule, diary and
// analysis are shown.
#pragma once

#include "plot/diary.hpp"
#include "trial/analyse.hpp"
#include "trial/plan.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace assay::app {

struct PriorRequest {
    std::filesystem::path review; ///< with `analysis`: the predictive distribution of that analysis (a ratio)
    std::string analysis;
    std::string substance, goal = "cramps"; ///< otherwise a row of the table of priors
    double person_spread = 0.4; ///< sd of the log rate ratio between people: no parallel trial can tell it
    bool values = false;        ///< differences of means, not ratios of rates; `person_spread` in their unit
};

/// Predictive with the spread between people, sceptical (half the spread), and wide, N(0, 1). For values
/// without an analysis: none.
std::vector<trial::Prior> trial_priors(const PriorRequest& request, Diagnostics& diagnostics);

std::string plan_text(const trial::PlanRequest& request, const trial::Plan& plan, int width);
std::string plan_json(const trial::PlanRequest& request, const trial::Plan& plan);

std::string schedule_text(const std::vector<trial::Period>& periods);

/// Bars of events per week, with the arm of the schedule where there is one.
std::string diary_text(const trial::Diary& diary, const std::vector<trial::Period>& schedule, bool unicode);

/// The result in one sentence.
std::string trial_sentence(const trial::TrialResult& result);
std::string trial_text(const trial::TrialResult& result, int width);
std::string trial_json(const trial::TrialResult& result);

/// The report after CENT 2015; `own` are the person's words on its items, by id.
std::string trial_html(const trial::TrialResult& result, const std::vector<trial::Period>& schedule,
                       const trial::Diary& diary, const std::map<std::string, std::string>& own);
/// The items of CENT 2015: id and what it asks for.
std::vector<std::pair<std::string, std::string>> cent_item_names();

plot::DiaryPicture diary_picture(const trial::Diary& diary, const std::vector<trial::Period>& schedule,
                                 const std::string& id);

} // namespace assay::app
