// Properties of the day plan and of the profile reader: a plan keeps every rule and is the best one; "no
// feasible time" is proven by trying everything; no profile, however broken, crashes.
#include "base/embedded.hpp"
#include "person/advice.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>

using namespace assay;

namespace {

/// A small generator of its own, so that a failing seed means the same everywhere.
struct Random {
    std::uint64_t state;
    std::uint64_t next() {
        state += 0x9e3779b97f4a7c15u;
        std::uint64_t z = state;
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
};

person::DayProblem random_problem(Random& random) {
    person::DayProblem problem;
    problem.near_meals = random.below(2) == 1;
    const int doses = 1 + random.below(2), drugs = 1 + random.below(2), meals = random.below(3);
    auto times = [&](int most) {
        std::vector<int> made;
        for (int t = 6 * 60; t <= 22 * 60; t += 120)
            if (random.below(3) > 0) made.push_back(t);
        while (static_cast<int>(made.size()) > most)
            made.pop_back();
        if (made.empty()) made.push_back(8 * 60);
        return made;
    };
    for (int i = 0; i < doses; ++i)
        problem.events.push_back({person::Event::Kind::dose, "dose", times(8), random.below(2) ? 0 : -1});
    for (int i = 0; i < drugs; ++i)
        problem.events.push_back({person::Event::Kind::drug, "drug", times(random.below(2) ? 1 : 6), -1});
    for (int i = 0; i < meals; ++i)
        problem.events.push_back({person::Event::Kind::meal, "meal", {6 * 60 + 240 * i}, -1});
    for (int d = 0; d < drugs; ++d) {
        const auto drug = static_cast<std::size_t>(doses + d);
        for (int s = 0; s < doses; ++s) {
            person::Separation rule;
            rule.kind =
                random.below(4) == 0 ? person::Separation::Kind::first : person::Separation::Kind::both;
            rule.drug = drug;
            rule.other = static_cast<std::size_t>(s);
            rule.before = 60 * random.below(9);
            rule.after = 60 * random.below(9);
            rule.rule = "R" + std::to_string(d);
            problem.rules.push_back(rule);
        }
        for (int m = 0; m < meals && random.below(3) == 0; ++m)
            problem.rules.push_back({person::Separation::Kind::fasting, drug,
                                     static_cast<std::size_t>(doses + drugs + m), 30, 0,
                                     "M" + std::to_string(d)});
    }
    return problem;
}

/// The rules as the words say them, written apart from the solver.
bool keeps_all(const person::DayProblem& problem, const std::vector<int>& times) {
    for (const auto& rule : problem.rules) {
        const int drug = times[rule.drug], other = times[rule.other];
        if (rule.kind == person::Separation::Kind::never) return false;
        if (rule.kind == person::Separation::Kind::both) {
            int next_dose = other, last_dose = other;
            while (next_dose < drug)
                next_dose += 1440;
            while (last_dose > drug)
                last_dose -= 1440;
            if (next_dose - drug < rule.before || drug - last_dose < rule.after) return false;
        } else if (drug + rule.before > other) {
            return false;
        }
    }
    for (std::size_t i = 0; i < times.size(); ++i)
        for (std::size_t j = i + 1; j < times.size(); ++j)
            if (problem.events[i].group >= 0 && problem.events[i].group == problem.events[j].group &&
                times[i] >= times[j])
                return false;
    return true;
}

/// Tries every combination.
double best_by_hand(const person::DayProblem& problem, std::vector<int>& times, std::size_t event = 0) {
    if (event == problem.events.size())
        return keeps_all(problem, times) ? person::cost(problem, times)
                                         : std::numeric_limits<double>::infinity();
    double best = std::numeric_limits<double>::infinity();
    for (int time : problem.events[event].times) {
        times[event] = time;
        best = std::min(best, best_by_hand(problem, times, event + 1));
    }
    return best;
}

} // namespace

TEST_CASE("day plans: feasible ones keep every rule and are best, infeasible ones are so by exhaustion") {
    int feasible = 0, infeasible = 0;
    for (std::uint64_t seed = 1; seed <= 600; ++seed) {
        CAPTURE(seed);
        Random random{seed};
        const auto problem = random_problem(random);
        const auto plan = person::solve(problem);
        std::vector<int> times(problem.events.size());
        const double best = best_by_hand(problem, times);
        REQUIRE(plan.proven);
        REQUIRE(plan.feasible == std::isfinite(best));
        if (plan.feasible) {
            ++feasible;
            REQUIRE(keeps_all(problem, plan.times));
            REQUIRE(std::fabs(plan.cost - best) < 1e-9);
        } else {
            ++infeasible;
            // The clash is a clash, and no part of it is idle.
            auto only = [&](const std::vector<std::string>& names) {
                auto less = problem;
                std::erase_if(less.rules, [&](const auto& r) {
                    return std::find(names.begin(), names.end(), r.rule) == names.end();
                });
                return less;
            };
            REQUIRE_FALSE(std::isfinite(best_by_hand(only(plan.clashes), times)));
            for (std::size_t i = 0; i < plan.clashes.size(); ++i) {
                auto names = plan.clashes;
                names.erase(names.begin() + static_cast<std::ptrdiff_t>(i));
                REQUIRE(std::isfinite(best_by_hand(only(names), times)));
            }
        }
    }
    CHECK(feasible > 100);
    CHECK(infeasible > 50);
}

TEST_CASE("profiles: mutated bytes give messages or advice, never a crash") {
    std::vector<person::TableFile> files;
    for (const auto& file : embedded_data()) {
        const auto dot = file.name.find('.');
        files.push_back({std::string(file.name.substr(dot + 1)), file.bytes});
    }
    Diagnostics table_diagnostics;
    const auto tables = person::read_tables("magnesium", files, table_diagnostics);
    person::ProfileTerms terms{"magnesium", 24.305, 2, {"oxide"}, {"RF01", "RF06"}};
    const std::string seed_json =
        "{\"schema_version\":\"1\",\"age_years\":45,\"sex_for_reference_values\":\"male\",\"region\":\"US\","
        "\"egfr\":{\"value\":90,\"unit\":\"mL/min/1.73m2\"},"
        "\"conditions\":[{\"text\":\"diabetes\"}],\"medicines\":[{\"text\":\"levothyroxine\",\"times\":[\"06:"
        "30\"]},{\"text\":\"x\",\"atc\":\"J05AR20\"}],"
        "\"products\":[{\"label_text\":\"Magnesium oxide 400 mg "
        "(50%)\",\"amount\":400,\"amount_unit\":\"mg\",\"amount_meaning\":\"unknown\",\"doses_per_day\":2}],"
        "\"red_flags\":{\"RF01\":\"no\"},\"goal\":\"cramps\",\"day\":{\"wake\":\"06:00\",\"bed\":\"22:00\","
        "\"meals\":[{\"name\":\"b\",\"time\":\"07:00\"}]}}";
    const std::string seed_toml = "schema_version = \"1\"\nage_years = 45\nsex_for_reference_values = "
                                  "\"male\"\n[egfr]\nvalue = 90\nunit = \"mL/min/1.73m2\"\n";
    const std::string alphabet = "{}[]\",:0123456789eE+-.truefalsn\\\n\xff\xc3 %";
    int advised = 0;
    for (std::uint64_t seed = 1; seed <= 1500; ++seed) {
        Random random{seed};
        const bool toml = seed % 3 == 0;
        auto bytes = toml ? seed_toml : seed_json;
        for (int n = random.below(4); n >= 0; --n) {
            const auto at = static_cast<std::size_t>(random.below(static_cast<int>(bytes.size())));
            if (seed % 2 == 0) { // other numbers only, so that many profiles stay readable
                if (bytes[at] >= '0' && bytes[at] <= '9')
                    bytes[at] = static_cast<char>('0' + random.below(10));
                continue;
            }
            const int kind = random.below(3);
            if (kind == 0)
                bytes[at] =
                    alphabet[static_cast<std::size_t>(random.below(static_cast<int>(alphabet.size())))];
            else if (kind == 1)
                bytes.erase(at, static_cast<std::size_t>(1 + random.below(6)));
            else
                bytes.insert(
                    at,
                    bytes.substr(static_cast<std::size_t>(random.below(static_cast<int>(bytes.size()))), 12));
            if (bytes.empty()) bytes = "{";
        }
        CAPTURE(seed);
        Diagnostics diagnostics;
        const auto profile = person::read_profile(toml ? "p.toml" : "p.json", bytes, terms, diagnostics);
        REQUIRE((profile.has_value() || diagnostics.has_errors()));
        if (profile) {
            ++advised;
            const auto advice = person::advise(*profile, tables, {}, "");
            REQUIRE_FALSE(advice.sentences.empty());
        }
    }
    CHECK(advised > 100);
    Diagnostics diagnostics;
    CHECK_FALSE(person::read_profile("p.json", std::string(100000, '['), terms, diagnostics).has_value());
}
