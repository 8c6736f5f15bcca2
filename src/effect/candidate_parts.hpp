// What candidates.cpp is made of: the numbers of one side of a comparison, and reported contrasts. Internal
// to the folder.
#pragma once

#include "effect/candidates.hpp"
#include "effect/combine.hpp"
#include "effect/derive.hpp"

namespace assay::effect {

/// One group's numbers, perhaps combined from several arms.
struct Side {
    std::vector<const model::Result*> rows;
    std::vector<model::ArmId> arms;
    double events = 0;
    Group group; ///< n also for events
    std::vector<std::string> notes;
    std::vector<model::Derived> derived;
    bool clusters = false; ///< n is the effective one
};

bool counts_people(const Measure& measure);

/// Factor from the row's unit and period to the outcome's, or the rejection.
std::optional<Scaling> scaling_of(const Task& task, const model::Result& row, const Reject& reject);

/// Weak spots of a row's numbers that a reader of the effect should see.
std::vector<std::string> trail_notes(const model::Result& row);

/// Adds those that are not there yet.
void add_notes(std::vector<std::string>& to, const std::vector<std::string>& notes);

/// The usable rows of one role, one side per group.
std::vector<Side> sides_of(const Task& task, const std::vector<const model::Result*>& rows,
                           const Reject& reject);

/// Several groups of one role as one.
Side joined(const std::vector<Side>& parts, const std::string& role);

/// A group that serves `parts` comparisons, with its share of the people in each.
Side shared_out(const Side& whole, std::size_t parts);

/// Effects of reported contrasts; `paired`: pairs of groups of this study are there and come first.
std::vector<Candidate> contrasts_of(const Task& task, const std::vector<const model::Result*>& rows,
                                    bool paired, const Reject& reject);

} // namespace assay::effect
