// What the commands of `assay trial` share.
#pragma once

#include "app/trial.hpp"
#include "cli/command.hpp"

#include <string>
#include <vector>

namespace assay::cli {

/// The options that name a prior, and the priors that they give.
struct PriorOptions {
    app::PriorRequest request;
    std::string review;
    std::vector<double> own;

    void add(CLI::App& command);
    std::vector<trial::Prior> priors();
};

void add_trial_people(CLI::App& trial_command, Outcome& outcome);
void add_trial_estimate(CLI::App& trial_command, Outcome& outcome);

} // namespace assay::cli
