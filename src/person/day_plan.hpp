// The day plan: a time for every dose, drug and meal so that all separation rules hold, or the rules that
// cannot hold together. A small constraint problem, solved exactly: backtracking with forward checking, then
// branch and bound.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace assay::person {

/// Something that happens at one time of the day.
struct Event {
    enum class Kind { dose, drug, meal };
    Kind kind = Kind::dose;
    std::string name;
    std::vector<int> times; ///< minutes after midnight it may stand at, ascending; one entry: fixed
    int group = -1; ///< events of one group keep their order and never coincide (doses of one product)
};

/// A rule between a drug and a dose, a drug and a meal. All times are of a day that repeats.
struct Separation {
    enum class Kind {
        both,    ///< drug at least `before` min before the next dose and `after` min after the last one
        first,   ///< drug before every dose of the day, by `before` min
        fasting, ///< drug at least `before` min before the meal, on the same day
        never    ///< cannot be met by any time
    };
    Kind kind = Kind::both;
    std::size_t drug = 0, other = 0; ///< indices into events
    int before = 0, after = 0;       ///< minutes
    std::string rule;                ///< row of the table: "I11"
};

struct DayProblem {
    std::vector<Event> events;
    std::vector<Separation> rules;
    bool near_meals = false; ///< doses are better near a meal
};

struct DayPlan {
    bool feasible = false;
    bool proven = true;     ///< false: the search was cut short
    std::vector<int> times; ///< of each event
    double cost = 0;        ///< lower is better; 0 is nothing to wish for
    std::vector<std::string>
        clashes; ///< rules that cannot hold together; without any one of them a plan exists
};

/// The rule holds for these two times.
bool holds(const Separation& rule, int drug, int other);

/// What a plan leaves to wish for: doses far from meals, doses of one product close together, drugs far from
/// the morning.
double cost(const DayProblem& problem, const std::vector<int>& times);

DayPlan solve(const DayProblem& problem);

} // namespace assay::person
