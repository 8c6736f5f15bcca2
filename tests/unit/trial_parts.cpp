// Parts of the trial of one person: dates, schedule, calendar, diary, closed forms, the analysis of a made
// diary, and the error rates of the default analysis.
#include "trial/analyse.hpp"
#include "trial/dates.hpp"
#include "trial/plan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <set>

using namespace assay;

TEST_CASE("dates: there and back, and what is no date") {
    CHECK(trial::parse_date("1970-01-01") == 0);
    CHECK(trial::parse_date("2000-03-01") == 11017);
    for (int day = -20000; day < 60000; day += 37)
        CHECK(trial::parse_date(trial::date_text(day)) == day);
    for (const char* bad :
         {"2026-02-29", "2026-13-01", "2026-1-01", "26-01-01", "2026-04-31", "2026-00-10", "", "2026-01-0x"})
        CHECK_FALSE(trial::parse_date(bad));
}

TEST_CASE("schedules: one of each arm in a pair, both orders happen, the file reads back") {
    std::set<bool> first;
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        const auto periods = trial::randomise({*trial::parse_date("2026-03-01"), 4, 4, seed});
        REQUIRE(periods.size() == 8);
        for (std::size_t i = 0; i < 8; i += 2)
            CHECK(periods[i].treatment != periods[i + 1].treatment);
        for (std::size_t i = 1; i < 8; ++i)
            CHECK(periods[i].first == periods[i - 1].last + 1);
        CHECK(periods[0].last - periods[0].first == 27);
        first.insert(periods[0].treatment);
        Diagnostics diagnostics;
        const auto back = trial::read_schedule("s.csv", trial::schedule_csv(periods, seed), diagnostics);
        CHECK(diagnostics.items().empty());
        REQUIRE(back.size() == 8);
        for (std::size_t i = 0; i < 8; ++i)
            CHECK((back[i].first == periods[i].first && back[i].last == periods[i].last &&
                   back[i].treatment == periods[i].treatment));
    }
    CHECK(first.size() == 2);
    const auto ics = trial::schedule_ics(trial::randomise({0, 1, 4, 1}), 20 * 60, false);
    CHECK(ics.find("DTSTART:19700101T200000\r\n") != std::string::npos);
    CHECK(ics.find("COUNT=56") != std::string::npos);
    CHECK(ics.find("(with)") == std::string::npos);
    for (std::size_t at = 0, end; (end = ics.find("\r\n", at)) != std::string::npos; at = end + 2)
        CHECK(end - at <= 75);
}

TEST_CASE("diary: zero is not missing, dates are keys, faults have a line") {
    Diagnostics diagnostics;
    auto diary = trial::read_diary("d.csv", "date,status,cramps\n2026-03-02,entered,0\n2026-03-01,missing,\n",
                                   "cramps", diagnostics);
    CHECK(diagnostics.items().empty());
    REQUIRE(diary.days.size() == 2);
    CHECK_FALSE(diary.days[0].count.has_value());
    CHECK(*diary.days[1].count == 0);
    CHECK_FALSE(trial::add_day(diary, diary.days[1], false));
    CHECK(trial::add_day(diary, diary.days[1], true));
    Diagnostics again;
    CHECK(trial::read_diary("d.csv", trial::write_diary(diary), "cramps", again).days.size() == 2);
    CHECK(again.items().empty());
    Diagnostics bad;
    trial::read_diary("d.csv",
                      "date,status,cramps\n2026-03-02,entered,\n2026-03-02,missing,3\n2026-02-30,entered,"
                      "1\n2026-03-04,entered,1.5\n2026-03-04,entered,-1\n",
                      "cramps", bad);
    std::set<int> lines;
    for (const auto& item : bad.items())
        lines.insert(item.place.line);
    CHECK(lines == std::set<int>{2, 3, 4, 5, 6});
}

TEST_CASE("closed forms: weeks for 80 % power and what shows through carry-over") {
    // Tables of the design notes: total weeks, and the ratio that all days or second halves show (there by
    // simulation).
    struct Case {
        double rate, size, rr;
        int weeks;
    };
    for (const auto& c : {Case{1, 2, .7, 424}, Case{1, 2, .5, 131}, Case{1, 2, .3, 58}, Case{3, 0, .7, 100},
                          Case{3, 0, .5, 33}, Case{3, 2, .7, 224}, Case{3, 2, .3, 27}, Case{7, 2, .5, 47},
                          Case{14, 5, .5, 21}})
        CHECK(std::fabs(trial::weeks_for_power(c.rate, c.size, c.rr) - c.weeks) <= 1.0);
    struct Carry {
        double half;
        int days;
        double all, second;
    };
    for (const auto& c : {Carry{.5, 7, .525, .501}, Carry{3, 7, .767, .662}, Carry{3, 28, .579, .506},
                          Carry{7, 28, .694, .569}, Carry{14, 28, .822, .696}, Carry{42, 56, .895, .784}}) {
        double all = 0, second = 0;
        trial::carry_over(0.5, c.half, c.days, 4, all, second);
        CHECK(std::fabs(all - c.all) < 0.008);
        CHECK(std::fabs(second - c.second) < 0.008);
    }
}

TEST_CASE("sign flips: known exact values") {
    CHECK(trial::sign_flip({1, 2, 3, 4, 5, 6}) == doctest::Approx(2.0 / 64));
    CHECK(trial::sign_flip({1, -1}) == 1);
    // Student's sleep data, drug 2 minus drug 1: exact P 0.00390625.
    CHECK(trial::sign_flip({1.2, 2.4, 1.3, 1.3, 0.0, 1.0, 1.8, 0.8, 4.6, 1.4}) ==
          doctest::Approx(0.00390625));
}

TEST_CASE("analysis: a clear effect is found, missing days are not zeros, the prior matters little then") {
    const auto schedule = trial::randomise({0, 6, 4, 3});
    trial::Diary diary;
    for (const auto& period : schedule)
        for (int day = period.first; day <= period.last; ++day) {
            trial::DiaryDay entry;
            entry.day = day;
            entry.count = period.treatment ? (day % 7 == 0 ? 1 : 0) : (day % 2 == 0 ? 1 : 0);
            entry.doses = period.treatment ? 1 : 0;
            if (day % 10 == 9) {
                entry.status = "missing";
                entry.count.reset();
            }
            trial::add_day(diary, entry, false);
        }
    trial::AnalyseOptions options;
    options.priors = {{"predictive", -0.1, 0.42, ""}, {"sceptical", -0.1, 0.24, ""}, {"wide", 0, 1, ""}};
    const auto result = trial::analyse(diary, schedule, options);
    REQUIRE(result.under.size() == 3);
    CHECK(result.under[0].verdict == "fewer");
    CHECK(
        result.under[2].posterior.rr_median ==
        doctest::Approx(result.events_with / result.days_with / (result.events_without / result.days_without))
            .epsilon(0.1));
    CHECK(result.under[0].posterior.difference < 0);
    CHECK(result.under[0].posterior.difference_low < result.under[0].posterior.difference);
    CHECK(*result.randomisation_p == doctest::Approx(2.0 / 64));
    CHECK(result.days_planned == 336);
    CHECK(result.days_missing == 33);
    CHECK(result.weeks == 24);
    CHECK(*result.adherence_with == 1);
    CHECK(*result.doses_without == 0);
    options.second_half = false;
    options.order_term = true;
    const auto all = trial::analyse(diary, schedule, options);
    CHECK(all.weeks == 48);
    CHECK(all.under[0].posterior.converged);
    // Nothing written in one arm: nothing estimated, and said.
    trial::Diary half;
    for (const auto& day : diary.days)
        if (!schedule[0].treatment == (day.day <= schedule[0].last)) trial::add_day(half, day, false);
    const auto none = trial::analyse(half, {schedule[0], schedule[1]}, options);
    CHECK(none.under.empty() == (none.days_with == 0 || none.days_without == 0));
}

TEST_CASE("default analysis: false claims at most 0.05 where Poisson's are about 0.19; same numbers for any "
          "thread count") {
    trial::PlanRequest request;
    request.pairs = 6;
    request.weeks = 2;
    request.rate = 3;
    request.rr = 0.5;
    request.half_life_days = 0;
    request.second_half = false;
    request.sizes = {2};
    request.trials = 1000;
    request.priors = {{"predictive", -0.1008, 0.4195, ""}};
    request.threads = 1;
    const auto one = trial::plan(request);
    const double error = std::sqrt(0.05 * 0.95 / request.trials);
    CHECK(one.cells[0].false_claim[0] + one.cells[0].false_more[0] <= 0.05 + 2 * error);
    CHECK(one.cells[0].false_looking[0] >= one.cells[0].false_claim[0] + one.cells[0].false_more[0]);
    CHECK(one.cells[0].poisson_false > 0.19 - 4 * std::sqrt(0.19 * 0.81 / request.trials));
    CHECK(one.cells[0].poisson_false < 0.19 + 4 * std::sqrt(0.19 * 0.81 / request.trials));
    // Anchors of an earlier simulation in another program, 8 pairs: 0.0367 false, 0.490 found.
    request.pairs = 8;
    const auto eight = trial::plan(request);
    CHECK(std::fabs(eight.cells[0].false_claim[0] - 0.0367) < 4 * std::sqrt(0.0367 / request.trials));
    CHECK(std::fabs(eight.cells[0].power[0] - 0.490) < 4 * std::sqrt(0.25 / request.trials));
    request.pairs = 6;
    request.trials = 50;
    request.threads = 1;
    const auto few = trial::plan(request);
    for (unsigned threads : {2u, 5u}) {
        request.threads = threads;
        const auto other = trial::plan(request);
        CHECK(other.cells[0].power == few.cells[0].power);
        CHECK(other.cells[0].false_claim == few.cells[0].false_claim);
        CHECK(other.cells[0].poisson_false == few.cells[0].poisson_false);
    }
}
