// One study's usable rows turned into possible effects: pairs of groups, or reported contrasts.
#pragma once

#include "effect/measures.hpp"
#include "model/effect.hpp"
#include "model/review.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay::effect {

class Deriver;

/// What the analysis asks for, looked up once.
struct Task {
    const model::Review& review;
    const model::Analysis& analysis;
    const model::Outcome& outcome;
    const Measure& measure;
    const Deriver& derive;
    bool without_derived = false; ///< rows whose numbers rules would have to make are turned away
};

/// What every crossover trial is read with.
inline constexpr std::string_view no_carry_over =
    "crossover trial: read as if nothing of the first treatment lasted into the second period";

/// A possible effect. Numbers are in the outcome's unit and period.
struct Candidate {
    Row numbers;                 ///< inputs of the measure, or yi and vi of a contrast
    bool contrast = false;       ///< numbers hold yi and vi
    bool split = false;          ///< its comparator was shared out among the candidates of this time and basis
    std::vector<const model::Result*> rows;
    std::string basis;           ///< final, change, ...
    std::vector<model::ArmId> arms, versus;
    model::Effect effect;        ///< everything but y and v
};

/// How a row is turned away: row, stable code, sentence.
using Reject = std::function<void(const model::Result&, std::string code, std::string reason)>;

/// Factor to the outcome's unit and period; a missing factor is a rejection. Scale-free measures need none.
struct Scaling {
    double factor = 1;
    std::vector<std::string> notes;
};

/// The candidates of one study in file order, pairs of groups before contrasts; rows that serve none are rejected.
std::vector<Candidate> candidates_of(const Task& task, const model::Study& study,
                                     const std::vector<const model::Result*>& rows, const Reject& reject);

} // namespace assay::effect
