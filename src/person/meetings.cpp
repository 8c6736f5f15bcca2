// Medicines against the table of interactions, and the day plan that keeps their gaps.
#include "base/ascii.hpp"
#include "person/parts.hpp"
#include "person/words.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::person {

namespace {

std::string direction_words(const Interaction& row, const std::string& substance) {
    if (row.direction == "substance_lowers_drug") return substance + " lowers the drug";
    if (row.direction == "substance_raises_drug") return substance + " raises the drug";
    if (row.direction == "drug_lowers_substance") return "the drug lowers " + substance;
    if (row.direction == "drug_raises_substance") return "the drug raises " + substance;
    if (row.direction == "additive") return "the effects add up";
    return "they compete for uptake";
}

Level level(const Interaction& row) {
    if (row.severity == "avoid") return Level::critical;
    return row.severity == "separate" || row.severity == "ask" ? Level::warning : Level::info;
}

std::string hours(double value) {
    return plain(value) == "1" ? "1 hour" : plain(value) + " hours";
}

std::string order_words(const Interaction& row, const std::string& substance) {
    std::string text;
    switch (row.order) {
    case Order::either:
        if (row.hours_before) text = "the drug at least " + hours(*row.hours_before) + " before";
        if (row.hours_after)
            text += (text.empty() ? "the drug at least " : " or ") + hours(*row.hours_after) + " after";
        return text.empty() ? "" : "Timing: " + text + " " + substance + ".";
    case Order::drug_first:
        return row.hours_before ? "Timing: the drug first, at least " + hours(*row.hours_before) +
                                      " before " + substance + "."
                                : "";
    case Order::drug_after:
        return row.hours_after
                   ? "Timing: the drug at least " + hours(*row.hours_after) + " after " + substance + "."
                   : "";
    case Order::never_together:
        return "No gap is stated that would be enough.";
    case Order::ask:
        return "No gap is stated: ask the prescriber.";
    case Order::no_timing:
        break;
    }
    return "Not a question of timing.";
}

void say_meeting(const Case& about, std::size_t medicine, const Interaction& row, Speaker& speaker) {
    const auto& substance = about.tables.substance.name;
    const auto& who = about.medicines[medicine];
    std::vector<Origin> rows = {row.origin};
    rows.insert(rows.end(), who.rows.begin(), who.rows.end());
    std::string text = about.profile.medicines[medicine].text + " (" + row.drug + ", found by " + who.by +
                       "): " + direction_words(row, substance) + ": " + row.effect + ".";
    if (!row.size.empty()) text += " Size: " + row.size + ".";
    text += " " + order_words(row, substance);
    if (!row.management.empty()) text += " Stated: " + row.management + ".";
    if (!row.disagreement.empty()) text += " Sources disagree: " + row.disagreement + ".";
    text += " Evidence: " + row.evidence + ".";
    if (row.forms != "any oral" && row.forms != "-" && !row.forms.empty())
        text += " Studied with: " + row.forms + ".";
    if (row.severity == "separate" || row.severity == "avoid" || row.severity == "ask")
        text += " " + disclaimer();
    speaker.say("P-MEET", level(row), text, rows);
}

bool timed(const Interaction& row) {
    return row.order != Order::no_timing;
}

/// The events of the day and the rules between them; `cautious` takes the widest gaps that any source states.
struct Puzzle {
    DayProblem problem;
    std::vector<Origin> rows;
    std::vector<std::string> assumed, left;
    bool wider = false; ///< some cautious gap is wider than the stated one
};

std::vector<int> window(const Day& day) {
    std::set<int> times;
    for (int t = day.wake; t <= day.bed; t += 30)
        times.insert(t);
    for (const auto& meal : day.meals)
        if (meal.time >= day.wake && meal.time <= day.bed) times.insert(meal.time);
    return {times.begin(), times.end()};
}

int minutes(const std::optional<double>& hours) {
    return hours ? static_cast<int>(std::lround(*hours * 60)) : 0;
}

/// The stated or the widest gaps of a row in minutes; a side that no source states takes the other side's.
std::pair<int, int> gaps(const Interaction& row, bool cautious) {
    auto before = cautious ? minutes(row.cautious_before) : minutes(row.hours_before);
    auto after = cautious ? minutes(row.cautious_after) : minutes(row.hours_after);
    before = std::max(before, minutes(row.hours_before));
    after = std::max(after, minutes(row.hours_after));
    if (row.order == Order::either) {
        if (before == 0) before = after;
        if (after == 0) after = before;
    }
    return {before, after};
}

std::vector<std::size_t> add_doses(const Case& about, Puzzle& puzzle) {
    std::vector<std::size_t> doses;
    for (std::size_t i = 0; i < about.profile.products.size(); ++i) {
        const auto& product = about.profile.products[i];
        if (product.kind == "topical" || about.products[i].basis == "excipient") continue;
        const int count = std::clamp(static_cast<int>(std::ceil(product.doses_per_day - 1e-9)), 1, 6);
        for (int n = 0; n < count; ++n) {
            Event event;
            event.kind = Event::Kind::dose;
            event.name = product.label_text + (count > 1 ? ", dose " + std::to_string(n + 1) : "");
            event.times = static_cast<std::size_t>(n) < product.times.size()
                              ? std::vector<int>{product.times[static_cast<std::size_t>(n)]}
                              : window(about.profile.day);
            if (product.times.empty()) event.group = static_cast<int>(i);
            doses.push_back(puzzle.problem.events.size());
            puzzle.problem.events.push_back(std::move(event));
        }
    }
    return doses;
}

void add_rules(const Case& about, std::size_t medicine, std::size_t drug,
               const std::vector<std::size_t>& doses, bool cautious, Puzzle& puzzle) {
    for (const auto& row : about.tables.interactions) {
        if (!timed(row) || !meets(about.medicines[medicine], row)) continue;
        const auto [before, after] = gaps(row, cautious);
        const auto [stated_before, stated_after] = gaps(row, false);
        puzzle.wider = puzzle.wider || before != stated_before || after != stated_after;
        puzzle.rows.push_back(row.origin);
        Separation rule;
        rule.drug = drug;
        rule.rule = row.origin.id;
        rule.before = before;
        rule.after = after;
        if (row.order == Order::drug_first)
            rule.kind = Separation::Kind::first;
        else if (row.order == Order::never_together || row.order == Order::ask)
            rule.kind = Separation::Kind::never;
        // No source states a gap for the other order of a drug that comes after: the same gap is kept.
        if (row.order == Order::drug_after) rule.before = rule.after;
        for (auto dose : doses) {
            rule.other = dose;
            puzzle.problem.rules.push_back(rule);
        }
    }
}

void add_meals(const Case& about, const std::vector<std::pair<std::size_t, std::size_t>>& drugs,
               Puzzle& puzzle) {
    std::vector<std::size_t> meals;
    for (const auto& meal : about.profile.day.meals) {
        Event event;
        event.kind = Event::Kind::meal;
        event.name = meal.name;
        event.times = {meal.time};
        meals.push_back(puzzle.problem.events.size());
        puzzle.problem.events.push_back(std::move(event));
    }
    for (const auto& [medicine, event] : drugs)
        for (const auto& rule : about.tables.meal_rules) {
            const auto& names = about.medicines[medicine].ingredients;
            if (std::find(names.begin(), names.end(), ascii::to_lower(rule.ingredient)) == names.end())
                continue;
            puzzle.rows.push_back(rule.origin);
            for (auto meal : meals)
                puzzle.problem.rules.push_back(
                    {Separation::Kind::fasting, event, meal, rule.minutes, 0, rule.origin.id});
        }
}

bool has_timed_row(const Case& about, std::size_t medicine) {
    return std::any_of(
        about.tables.interactions.begin(), about.tables.interactions.end(),
        [&](const Interaction& row) { return timed(row) && meets(about.medicines[medicine], row); });
}

Puzzle puzzle_of(const Case& about, bool cautious) {
    Puzzle puzzle;
    puzzle.problem.near_meals = about.tables.substance.with_meals;
    const auto doses = add_doses(about, puzzle);
    std::vector<std::pair<std::size_t, std::size_t>> drugs;
    for (std::size_t i = 0; i < about.profile.medicines.size(); ++i) {
        const auto& medicine = about.profile.medicines[i];
        if (about.medicines[i].is_substance || (!has_timed_row(about, i) && medicine.times.empty())) continue;
        if (medicine.as_needed) {
            if (has_timed_row(about, i))
                puzzle.left.push_back(medicine.text +
                                      " is taken as needed: keep its gap on the days it is taken");
            continue;
        }
        if (medicine.times.empty()) puzzle.assumed.push_back(medicine.text + " once a day");
        const auto count = std::max<std::size_t>(1, medicine.times.size());
        for (std::size_t n = 0; n < count; ++n) {
            Event event;
            event.kind = Event::Kind::drug;
            event.name = medicine.text;
            event.times =
                medicine.times.empty() ? window(about.profile.day) : std::vector<int>{medicine.times[n]};
            const auto index = puzzle.problem.events.size();
            puzzle.problem.events.push_back(std::move(event));
            drugs.emplace_back(i, index);
            add_rules(about, i, index, doses, cautious, puzzle);
        }
    }
    add_meals(about, drugs, puzzle);
    return puzzle;
}

std::vector<Origin> unique_rows(const std::vector<Origin>& rows,
                                const std::vector<std::string>* only = nullptr) {
    std::vector<Origin> made;
    for (const auto& row : rows) {
        if (only && std::find(only->begin(), only->end(), row.id) == only->end()) continue;
        if (std::none_of(made.begin(), made.end(),
                         [&](const Origin& other) { return other.key() == row.key(); }))
            made.push_back(row);
    }
    return made;
}

std::string join(const std::vector<std::string>& words, const std::string& between) {
    std::string text;
    for (const auto& word : words)
        text += (text.empty() ? "" : between) + word;
    return text;
}

void say_no_plan(const Puzzle& puzzle, const DayPlan& plan, Speaker& speaker, Advice& advice) {
    advice.plan_infeasible = plan.proven;
    advice.clashes = plan.clashes;
    if (!plan.proven) {
        speaker.say("P-PLAN-NONE", Level::warning,
                    "No time was found before the search was cut short: too many doses. " + disclaimer(),
                    unique_rows(puzzle.rows));
        return;
    }
    speaker.say("P-PLAN-NONE", Level::critical,
                "No feasible time: every time of the day was tried, and these rules cannot hold together "
                "with the hours given: " +
                    (plan.clashes.empty() ? std::string("doses of one product at the same time")
                                          : join(plan.clashes, ", ")) +
                    ". Ask the prescriber or a pharmacist. " + disclaimer(),
                unique_rows(puzzle.rows, &plan.clashes));
}

} // namespace

void say_interactions(const Case& about, Speaker& speaker) {
    const auto& medicines = about.profile.medicines;
    if (medicines.empty()) {
        speaker.say("P-MEET-NO-LIST", Level::info,
                    "The profile lists no medicines. If you take any, also over the counter, add them: this "
                    "part is then worth reading.");
        return;
    }
    for (std::size_t i = 0; i < medicines.size(); ++i) {
        if (about.medicines[i].is_substance) continue;
        bool found = false;
        for (const auto& row : about.tables.interactions)
            if (meets(about.medicines[i], row)) {
                found = true;
                say_meeting(about, i, row, speaker);
            }
        if (!found)
            speaker.say("P-MEET-NOT-FOUND", about.medicines[i].hint.empty() ? Level::info : Level::warning,
                        medicines[i].text + ": not found in our table of " +
                            std::to_string(about.tables.interactions.size()) +
                            " rows. That is a limit of the table, not a finding: ask a pharmacist." +
                            (about.medicines[i].hint.empty()
                                 ? ""
                                 : " Did you mean '" + about.medicines[i].hint + "'?"));
    }
}

void say_plan(const Case& about, Speaker& speaker, Advice& advice) {
    auto puzzle = puzzle_of(about, true);
    const bool doses = std::any_of(puzzle.problem.events.begin(), puzzle.problem.events.end(),
                                   [](const Event& e) { return e.kind == Event::Kind::dose; });
    if (!doses) return;
    auto plan = solve(puzzle.problem);
    bool stated = false;
    if (!plan.feasible && puzzle.wider) {
        auto narrow = puzzle_of(about, false);
        auto second = solve(narrow.problem);
        if (second.feasible) {
            speaker.say("P-PLAN-STATED", Level::warning,
                        "With the widest gaps that any source states there is no feasible time; the plan "
                        "below keeps the gaps of the labels. Ask whether that is enough.",
                        unique_rows(puzzle.rows));
            stated = true;
        }
        if (second.feasible || second.proven) {
            plan = second;
            puzzle = std::move(narrow);
        }
    }
    for (const auto& left : puzzle.left)
        speaker.say("P-PLAN-LEFT", Level::info, left + ".");
    if (!plan.feasible) return say_no_plan(puzzle, plan, speaker, advice);
    for (std::size_t i = 0; i < plan.times.size(); ++i) {
        const auto& event = puzzle.problem.events[i];
        advice.plan.push_back({event.name,
                               event.kind == Event::Kind::dose   ? "dose"
                               : event.kind == Event::Kind::drug ? "drug"
                                                                 : "meal",
                               plan.times[i]});
    }
    std::stable_sort(advice.plan.begin(), advice.plan.end(),
                     [](const Planned& a, const Planned& b) { return a.time < b.time; });
    std::string text = disclaimer() + " One day that keeps " +
                       (puzzle.rows.empty() ? std::string("the hours given")
                        : stated            ? std::string("the gaps of the labels")
                                            : std::string("the widest gaps of every row named here")) +
                       ":";
    for (const auto& item : advice.plan)
        text += " " + clock(item.time) + " " + item.name + ";";
    text.back() = '.';
    speaker.say("P-PLAN", Level::info, text, unique_rows(puzzle.rows));
    if (!about.profile.day.stated)
        puzzle.assumed.insert(puzzle.assumed.begin(),
                              "waking at 07:00, meals at 07:30, 12:30 and 18:30, bed at 23:00");
    if (!puzzle.assumed.empty())
        speaker.say("P-PLAN-ASSUMED", Level::info,
                    "Assumed: " + join(puzzle.assumed, "; ") + " (fields day and times).");
}

} // namespace assay::person
