#include "person/day_plan.hpp"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <numeric>
#include <optional>
#include <set>

namespace assay::person {

namespace {

constexpr int day = 24 * 60;
constexpr int apart = 4 * 60; ///< doses of one product closer than this cost
constexpr std::size_t most_nodes = 400'000;

int until(int from, int to) {
    return ((to - from) % day + day) % day;
}

double alone(const DayProblem& problem, std::size_t event, int time) {
    const auto& self = problem.events[event];
    if (self.times.size() == 1) return 0;
    if (self.kind == Event::Kind::drug) return 0.01 * (time - self.times.front());
    if (self.kind != Event::Kind::dose || !problem.near_meals) return 0;
    int nearest = day;
    for (const auto& other : problem.events)
        if (other.kind == Event::Kind::meal)
            for (int meal : other.times)
                nearest = std::min(nearest, std::abs(time - meal));
    return nearest == day ? 0 : nearest;
}

double together(const DayProblem& problem, std::size_t a, std::size_t b, int ta, int tb) {
    const auto& left = problem.events[a];
    const auto& right = problem.events[b];
    if (left.kind != Event::Kind::dose || right.kind != Event::Kind::dose) return 0;
    return std::max(0, apart - std::abs(ta - tb));
}

/// Events of a group keep their order, so that equal doses are not tried in every order.
bool ordered(const DayProblem& problem, std::size_t a, std::size_t b, int ta, int tb) {
    if (problem.events[a].group < 0 || problem.events[a].group != problem.events[b].group) return true;
    return a < b ? ta < tb : tb < ta;
}

class Search {
public:
    explicit Search(const DayProblem& problem) : problem_(problem), times_(problem.events.size(), -1) {
        for (const auto& event : problem.events)
            domains_.push_back(event.times);
        rules_of_.resize(problem.events.size());
        for (std::size_t r = 0; r < problem.rules.size(); ++r) {
            rules_of_[problem.rules[r].drug].push_back(r);
            if (problem.rules[r].other != problem.rules[r].drug)
                rules_of_[problem.rules[r].other].push_back(r);
        }
    }

    /// The first plan (any = true) or the best one.
    DayPlan run(bool any) {
        any_ = any;
        for (const auto& rule : problem_.rules)
            if (rule.kind == Separation::Kind::never) return plan_;
        descend(0, 0);
        plan_.proven = nodes_ <= most_nodes;
        return plan_;
    }

private:
    bool compatible(std::size_t a, std::size_t b, int ta, int tb) const {
        if (!ordered(problem_, a, b, ta, tb)) return false;
        for (auto r : rules_of_[a]) {
            const auto& rule = problem_.rules[r];
            if (rule.drug == a && rule.other == b && !holds(rule, ta, tb)) return false;
            if (rule.drug == b && rule.other == a && !holds(rule, tb, ta)) return false;
        }
        return true;
    }

    void descend(std::size_t depth, double spent) {
        if (++nodes_ > most_nodes || (any_ && plan_.feasible)) return;
        if (plan_.feasible && spent >= plan_.cost) return;
        if (depth == times_.size()) {
            plan_.feasible = true;
            plan_.times = times_;
            plan_.cost = spent;
            return;
        }
        const auto event = next();
        const auto domain = domains_[event];
        for (int time : domain) {
            double price = spent + alone(problem_, event, time);
            for (std::size_t other = 0; other < times_.size(); ++other)
                if (times_[other] >= 0) price += together(problem_, event, other, time, times_[other]);
            if (plan_.feasible && price >= plan_.cost) continue;
            const auto saved = domains_;
            times_[event] = time;
            if (prune(event, time)) descend(depth + 1, price);
            times_[event] = -1;
            domains_ = saved;
            if (nodes_ > most_nodes || (any_ && plan_.feasible)) return;
        }
    }

    /// The open event with the fewest times left.
    std::size_t next() const {
        std::size_t best = times_.size();
        for (std::size_t i = 0; i < times_.size(); ++i)
            if (times_[i] < 0 && (best == times_.size() || domains_[i].size() < domains_[best].size()))
                best = i;
        return best;
    }

    bool prune(std::size_t event, int time) {
        for (std::size_t other = 0; other < times_.size(); ++other) {
            if (times_[other] >= 0) continue;
            auto& left = domains_[other];
            left.erase(std::remove_if(left.begin(), left.end(),
                                      [&](int t) { return !compatible(event, other, time, t); }),
                       left.end());
            if (left.empty()) return false;
        }
        return true;
    }

    const DayProblem& problem_;
    std::vector<int> times_;
    std::vector<std::vector<int>> domains_;
    std::vector<std::vector<std::size_t>> rules_of_;
    DayPlan plan_;
    std::size_t nodes_ = 0;
    bool any_ = false;
};

/// Takes rules away one by one as long as the rest still clashes: what is left is a smallest set in the sense
/// that leaving out any one of its rules makes a plan possible.
std::vector<std::string> clashing(const DayProblem& problem) {
    std::vector<std::string> names;
    for (const auto& rule : problem.rules)
        if (std::find(names.begin(), names.end(), rule.rule) == names.end()) names.push_back(rule.rule);
    std::set<std::string> kept(names.begin(), names.end());
    for (const auto& name : names) {
        DayProblem less = problem;
        kept.erase(name);
        less.rules.erase(std::remove_if(less.rules.begin(), less.rules.end(),
                                        [&](const Separation& rule) { return !kept.count(rule.rule); }),
                         less.rules.end());
        const auto plan = Search(less).run(true);
        if (plan.feasible || !plan.proven) kept.insert(name);
    }
    std::vector<std::string> clash;
    for (const auto& name : names)
        if (kept.count(name)) clash.push_back(name);
    return clash;
}

} // namespace

bool holds(const Separation& rule, int drug, int other) {
    switch (rule.kind) {
    case Separation::Kind::both: {
        const int forward = until(drug, other), backward = until(other, drug);
        return forward >= rule.before && backward >= rule.after;
    }
    case Separation::Kind::first:
    case Separation::Kind::fasting:
        return other - drug >= rule.before;
    case Separation::Kind::never:
        break;
    }
    return false;
}

double cost(const DayProblem& problem, const std::vector<int>& times) {
    double total = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
        total += alone(problem, i, times[i]);
        for (std::size_t j = 0; j < i; ++j)
            total += together(problem, i, j, times[i], times[j]);
    }
    return total;
}

DayPlan solve(const DayProblem& problem) {
    for (const auto& event : problem.events)
        if (event.times.empty()) return {};
    auto plan = Search(problem).run(false);
    if (!plan.feasible && plan.proven) plan.clashes = clashing(problem);
    return plan;
}

} // namespace assay::person
