// Several people's trials of the same treatment: a list of diaries and schedules becomes one hierarchical
// result.
#pragma once

#include "app/trial.hpp"
#include "trial/people.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace assay::app {

struct PeopleRequest {
    std::filesystem::path
        list; ///< CSV with the columns person, diary, schedule; paths from the list's folder
    std::string outcome = "cramps";
    bool values = false, second_half = true;
    std::vector<trial::Prior> priors; ///< of the mean effect; the first decides
    double spread_scale = 0.4;        ///< of the half-normal prior of the spread between people
};

struct PeopleUnder {
    trial::Prior prior;
    trial::PeoplePosterior posterior;
};

struct PeopleResult {
    std::string outcome;
    bool values = false;
    double spread_scale = 0;
    std::vector<PeopleUnder> under;
    std::vector<std::string> notes;
};

PeopleResult several_people(const PeopleRequest& request, Diagnostics& diagnostics);

std::string people_text(const PeopleResult& result, int width);
std::string people_json(const PeopleResult& result);

} // namespace assay::app
