// What the tables say for one person: sentences in a fixed order, each with the rule that made it and the
// rows it rests on.
#pragma once

#include "person/day_plan.hpp"
#include "person/profile.hpp"
#include "person/tables.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::person {

/// The three words of CDS Hooks cards.
enum class Level { info, warning, critical };
std::string_view to_string(Level level);

/// A rule that can make a sentence; docs/methods/person.md lists the same.
struct Rule {
    std::string_view id;
    std::string_view
        section; ///< purpose flags causes gates limits label interactions plan evidence foods ask
    std::string_view does;
};
std::span<const Rule> rules();

struct Section {
    std::string_view id, title;
};
std::span<const Section> sections();

struct Sentence {
    std::string rule;
    Level level = Level::info;
    std::string text;
    std::vector<Origin> rows; ///< empty only for sentences about the program itself or the person's own words
};

/// What the review says about the complaint; made by app from the review's results.
struct Evidence {
    std::string question, population, headline, text, certainty, certainty_source;
    std::string pooled;   ///< "-0.18 cramps per week (-0.84 to 0.49), 5 trials"; empty: nothing pooled
    std::string analysis; ///< id, so that the number can be looked up in results.json
    std::string matters;  ///< the smallest difference that matters, in words; empty: none given
    bool benefit = false; ///< the interval lies on the side of benefit
    bool important = false;
    bool single = false; ///< one trial, or nothing pooled
};

struct Planned {
    std::string name, kind; ///< dose drug meal
    int time = 0;
};

enum class Outcome { advice, asks, refused, emergency };
std::string_view to_string(Outcome outcome);

struct Advice {
    Outcome outcome = Outcome::advice;
    std::string substance;
    std::vector<Sentence> sentences; ///< in the order of sections()
    std::optional<double> limit_mg, intake_low, intake_high;
    std::vector<Planned> plan; ///< by time; empty: none
    bool plan_infeasible = false;
    std::vector<std::string> clashes;

    /// A gate stopped it: the program exits 2.
    bool gated() const { return outcome != Outcome::advice; }
};

/// Stands beside every action.
std::string disclaimer();

/// Applies every rule to one person. `evidence` may be empty; `review` names where it came from.
Advice advise(const Profile& profile, const Tables& tables, std::span<const Evidence> evidence,
              const std::string& review);

} // namespace assay::person
