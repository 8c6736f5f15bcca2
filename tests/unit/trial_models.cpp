// The models beside the one for counts: measured values, several people, the weeks before the trial, named
// estimates, and what the diary takes from and gives to other programs.
#include "app/trial.hpp"
#include "app/trial_table.hpp"
#include "base/random.hpp"
#include "trial/autoregressive.hpp"
#include "trial/crossover.hpp"
#include "trial/dates.hpp"
#include "trial/draw.hpp"
#include "trial/people.hpp"
#include "trial/quadrature.hpp"
#include "trial/run_in.hpp"
#include "trial/values.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;

namespace {

/// Days that remember the one before; periods of 20 days, with and without in turn.
trial::ValueSeries made_values(double effect, double phi, int days, std::uint64_t seed) {
    Random random(seed);
    trial::ValueSeries series;
    double error = random.normal() / std::sqrt(1 - phi * phi);
    for (int day = 0; day < days; ++day) {
        error = phi * error + random.normal();
        const bool with = (day / 20) % 2 == 1;
        series.y.push_back(5 + (with ? effect : 0) + error);
        series.x.push_back(with ? 1 : 0);
        series.day.push_back(day);
    }
    series.z = trial::scaled_time(series.day);
    return series;
}

trial::PersonCurve bell(const std::string& name, double at, double se) {
    trial::PersonCurve made;
    made.name = name;
    made.curve = {-4, 0.1, {}};
    for (int i = 0; i <= 80; ++i) {
        const double u = (-4 + 0.1 * i - at) / se;
        made.curve.value.push_back(-0.5 * u * u);
    }
    return made;
}

} // namespace

TEST_CASE("values: an effect is found, memory is learned, the units do not matter") {
    const auto series = made_values(-1.5, 0.5, 240, 4);
    const std::vector<trial::Prior> priors = {{"", 0, 1, ""}, {"", 0, 10, ""}};
    const auto made = trial::posteriors(series, priors, 0.3);
    CHECK(made[0].converged);
    CHECK(made[1].p_below_0 > 0.99);
    CHECK(made[0].mean > made[1].mean); // the narrower prior draws towards no difference
    CHECK(made[1].phi > 0.3);
    CHECK(made[1].phi < 0.7);
    CHECK(std::fabs(made[1].sigma - 1) < 0.2);
    CHECK(made[1].p_below_matters + made[1].p_rope + made[1].p_above_matters ==
          doctest::Approx(1).epsilon(1e-6));
    // A wide prior gives nearly what restricted maximum likelihood gives.
    trial::Dense x(series.y.size(), 3);
    for (std::size_t i = 0; i < series.y.size(); ++i) {
        x(i, 0) = 1;
        x(i, 1) = series.x[i];
        x(i, 2) = series.day[i];
    }
    const auto fit = trial::autoregressive_reml(x, series.y, series.day);
    REQUIRE(fit.converged);
    CHECK(std::fabs(made[1].mean - fit.beta[1]) < 0.15 * fit.se[1]);
    CHECK(made[1].sd == doctest::Approx(fit.se[1]).epsilon(0.12));
    // Tenfold units: tenfold numbers, the same probabilities.
    auto scaled = series;
    for (auto& y : scaled.y)
        y = 10 * y - 100;
    const auto tenfold = trial::posteriors(scaled, std::vector<trial::Prior>{{"", 0, 10, ""}}, 3).front();
    CHECK(tenfold.mean == doctest::Approx(10 * made[0].mean).epsilon(1e-4));
    CHECK(tenfold.p_below_0 == doctest::Approx(made[0].p_below_0).epsilon(1e-4));
    CHECK(tenfold.log_bf10 == doctest::Approx(made[0].log_bf10).epsilon(1e-3));
    // Mirrored values: mirrored result.
    auto mirrored = series;
    for (auto& y : mirrored.y)
        y = -y;
    const auto other = trial::posteriors(mirrored, priors, 0.3);
    CHECK(other[0].mean == doctest::Approx(-made[0].mean).epsilon(1e-4));
}

TEST_CASE("values: one wild day moves the normal estimate more than the t errors") {
    auto series = made_values(0, 0, 160, 9);
    const std::vector<trial::Prior> wide = {{"", 0, 10, ""}};
    const auto before = trial::posteriors(series, wide, 0.2).front();
    series.y[25] += 25; // a day with the treatment
    const auto after = trial::posteriors(series, wide, 0.2).front();
    CHECK(after.heavy > 0.9);
    CHECK(std::fabs(after.mean - before.mean) < 0.1); // the mean of 80 days would move by 25/80
}

TEST_CASE("several people: the numbers of a plain grid in another program") {
    const std::vector<trial::PersonCurve> people = {bell("a", -0.5, 0.2), bell("b", -0.2, 0.3),
                                                    bell("c", -0.9, 0.25), bell("d", 0.1, 0.2)};
    const auto made = trial::together(people, {{"", 0, 1, ""}, 0.5});
    // R: 2001 x 1000 points of mean and spread, the effects integrated in closed form.
    CHECK(std::fabs(made.mean - -0.3453638) < 2e-3);
    CHECK(std::fabs(made.sd - 0.2428139) < 2e-3);
    CHECK(std::fabs(made.spread - 0.3712222) < 0.01);
    CHECK(std::fabs(made.spread_high - 0.8990390) < 0.01);
    CHECK(std::fabs(made.log_ml - -6.107443) < 2e-3);
    // Each is drawn towards the others.
    CHECK(made.people[2].mean > -0.9);
    CHECK(made.people[3].mean < 0.1);
    CHECK(made.next_low < made.q025);
    // One person alone with hardly any spread is the ordinary product of two normals.
    const auto one = trial::together({bell("a", -0.5, 0.2)}, {{"", 0, 1, ""}, 1e-3});
    CHECK(std::fabs(one.mean - -0.5 / (1 + 0.04)) < 2e-3);
    CHECK(std::fabs(one.sd - std::sqrt(0.04 / 1.04)) < 2e-3);
}

TEST_CASE("weeks before the trial: rate and unevenness are learned from enough of them") {
    Random random(6); // 95 % intervals miss one seed in twenty; this is none of them
    std::vector<double> events, exposure;
    for (int week = 0; week < 200; ++week) {
        exposure.push_back(week % 5 == 0 ? 3.0 / 7 : 1);
        events.push_back(trial::draw_count(random, 4 * exposure.back(), 2));
    }
    const auto many = trial::run_in(events, exposure);
    CHECK(many.rate_low < 4);
    CHECK(many.rate_high > 4);
    CHECK(many.k_low < 2.2);
    CHECK(many.k_high > 1.8);
    CHECK(many.k_high / many.k_low < 3);
    const auto few = trial::run_in({3, 4}, {1, 1});
    CHECK(few.k_high / few.k_low > 5); // two weeks tell nothing of k
    trial::Diary diary;
    for (int day = 0; day < 21; ++day) {
        trial::DiaryDay entry;
        entry.day = day;
        if (day % 7 != 6) entry.count = 1;
        trial::add_day(diary, entry, false);
    }
    const auto seen = trial::run_in(diary);
    CHECK(seen.weeks == 3);
    CHECK(seen.days == 18);
    CHECK(seen.events == 18);
}

TEST_CASE("rank sums and coins: exact values") {
    CHECK(*trial::rank_sum({1, 2, 3}, {4, 5, 6}).p == doctest::Approx(0.1));
    CHECK(*trial::rank_sum({1, 2, 3}, {4, 5, 6}).statistic == 0);
    CHECK(*trial::rank_sum({6, 7, 8, 9}, {1, 2, 3}).p == doctest::Approx(2.0 / 35));
    CHECK(trial::coin_p(5, 0) == doctest::Approx(2.0 / 32));
    CHECK(trial::coin_p(4, 4) == doctest::Approx(1));
    CHECK(trial::coin_p(1, 5) == doctest::Approx(14.0 / 64));
}

TEST_CASE("tables: columns are found by their names, faults have a hint") {
    const std::string cross =
        "id,arm,period,attacks\n1,drug,1,3\n1,placebo,2,5\n2,placebo,1,9\n2,drug,2,4\n3,drug,1,2\n"
        "3,placebo,2,2\n4,placebo,1,7\n4,drug,2,3\n";
    Diagnostics diagnostics;
    const auto made = app::estimate_table("t.csv", cross, {}, diagnostics);
    CHECK(diagnostics.items().empty());
    CHECK(made.crossover);
    CHECK(made.outcome == "attacks");
    CHECK(made.control == "placebo");
    CHECK(made.counts);
    const auto& rows = made.groups.at(0).estimates;
    const auto found = std::find_if(rows.begin(), rows.end(), [](const trial::Estimate& e) {
        return e.method == "CROS_period_adjusted";
    });
    REQUIRE(found != rows.end());
    // (mean of (3-5, 2-2) - mean of (9-4, 7-3)) / 2
    CHECK(*found->estimate == doctest::Approx((-1 - 4.5) / 2));
    for (const auto& row : rows)
        CHECK(row.method.find("carry") == std::string::npos);
    app::TableRequest slip;
    slip.outcome = "atacks";
    Diagnostics faults;
    app::estimate_table("t.csv", cross, slip, faults);
    REQUIRE(faults.has_errors());
    CHECK(faults.items()[0].hint == "did you mean 'attacks'?");
    Diagnostics three;
    app::estimate_table("t.csv", "treatment,y\na,1\nb,2\nc,5\n", {}, three);
    CHECK(three.has_errors());
    Diagnostics odd;
    app::estimate_table("t.csv", "treatment,y\na,1\nb,two\nb,5\na,7\n", {}, odd);
    CHECK(odd.has_errors());
}

TEST_CASE("diary: other programs' days come in and go out") {
    Diagnostics diagnostics;
    const std::string days =
        R"([{"date":"2026-03-01","status":"entered","cramps":2,"doses_taken":1,"stool_loose":false,
             "events":[{"time":"03:10","site":"calf","side":"left","minutes":4,"severity_0_10":6,"woke":true}],
             "confounders":{"exercise":true,"alcohol":2},"note":"a \"b\", c"},
            {"date":"2026-03-02","status":"missing"}])";
    const auto diary = trial::read_diary_json("d.json", days, "cramps", diagnostics);
    CHECK(diagnostics.items().empty());
    REQUIRE(diary.days.size() == 2);
    CHECK(*diary.days[0].count == 2);
    CHECK(diary.days[0].woke == "yes");
    CHECK(diary.days[0].events == "03:10 calf left 4 6 yes");
    CHECK_FALSE(diary.days[1].count.has_value());
    // Through the CSV file and back: the same JSON.
    const auto csv = trial::write_diary(diary);
    const auto again = trial::read_diary("d.csv", csv, "cramps", diagnostics);
    CHECK(trial::diary_json(again) == trial::diary_json(diary));
    Diagnostics faults;
    trial::read_diary_json("d.json", R"([{"date":"2026-03-01","status":"entered","crmps":1}])", "cramps",
                           faults);
    REQUIRE(faults.has_errors());
    bool hinted = false;
    for (const auto& item : faults.items())
        hinted = hinted || item.hint == "did you mean 'cramps'?";
    CHECK(hinted);
    Diagnostics own;
    const auto taken = trial::import_diary("x.csv", "Day,How many,Mood\n2026-03-01,0,4\n2026-03-02,3,2\n",
                                           "cramps", false, {{"date", "Day"}, {"cramps", "How many"}}, own);
    CHECK(own.items().empty());
    CHECK(taken.days.size() == 2);
    Diagnostics wrong;
    trial::import_diary("x.csv", "Day,How many\n2026-03-01,0\n", "cramps", false, {{"date", "Dya"}}, wrong);
    CHECK(wrong.items().at(0).hint == "did you mean 'Day'?");
    Diagnostics broken;
    trial::read_diary("d.csv", "date,pain\n2026-03-01,4.5\n", "pain", broken);
    CHECK(broken.has_errors());
    Diagnostics fine;
    CHECK(*trial::read_diary("d.csv", "date,pain\n2026-03-01,-4.5\n", "pain", fine, true).days[0].count ==
          -4.5);
    CHECK(fine.items().empty());
}

TEST_CASE("analysis of values, other choices of days, and a report that escapes names") {
    const auto schedule = trial::randomise({*trial::parse_date("2026-03-01"), 3, 4, 5});
    Random random(8);
    trial::Diary diary;
    diary.outcome = "<b>pain</b>";
    diary.values = true;
    for (const auto& period : schedule)
        for (int day = period.first; day <= period.last; ++day) {
            trial::DiaryDay entry;
            entry.day = day;
            entry.count = (period.treatment ? 4 : 6) + random.normal();
            entry.doses = period.treatment && day % 6 ? 1 : 0;
            if (day % 9 == 0) entry.count.reset();
            if (day % 4 == 0) entry.stool_loose = "yes";
            trial::add_day(diary, entry, false);
        }
    trial::AnalyseOptions options;
    options.values = true;
    const auto made = trial::analyse(diary, schedule, options);
    REQUIRE(made.under.size() == 2);
    CHECK(made.under[1].prior.name == "wide");
    CHECK(made.under[1].verdict == "lower");
    CHECK(made.others.size() == 3);
    CHECK(made.periods.size() == 6);
    // Missing treatment days filled with the days without: the difference shrinks.
    CHECK(std::fabs(made.others[2].estimate) < std::fabs(made.under[0].value.q50));
    const auto html = app::trial_html(made, schedule, diary, {{"2a.1", "my <script>words</script>"}});
    CHECK(html.find("<script>") == std::string::npos);
    CHECK(html.find("<b>pain") == std::string::npos);
    CHECK(html.find("&lt;b&gt;pain") != std::string::npos);
    CHECK(html.find("Not medical advice") != std::string::npos);
    for (const auto& [id, asks] : app::cent_item_names())
        CHECK_MESSAGE(html.find("<th scope=\"row\">" + id + "</th>") != std::string::npos, asks);
    const auto picture = app::diary_picture(diary, schedule, "d");
    CHECK(picture.bands.size() == 6);
    CHECK(picture.missing.size() == static_cast<std::size_t>(made.days_missing));
}
