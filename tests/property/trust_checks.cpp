// Laws of the integrity checks: what honest data can give is never called impossible.
#include "base/random.hpp"
#include "num/distributions.hpp"
#include "trust/checks.hpp"
#include "trust/granularity.hpp"
#include "trust/pvalues.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <ctime>

using namespace assay;
using namespace assay::trust;

namespace {

Printed rounded(double value, int decimals, int mode) {
    const double scale = std::pow(10.0, decimals), x = value * scale;
    double whole = std::round(x);              // halves away from zero
    if (mode == 1) whole = std::nearbyint(x);  // halves to even
    if (mode == 2) whole = std::ceil(x - 0.5); // halves down
    return {whole / scale, decimals};
}

struct Sample {
    std::vector<double> values;
    double mean() const {
        double sum = 0;
        for (const double v : values)
            sum += v;
        return sum / static_cast<double>(values.size());
    }
    double sd() const {
        const double m = mean();
        double squares = 0;
        for (const double v : values)
            squares += (v - m) * (v - m);
        return std::sqrt(squares / static_cast<double>(values.size() - 1));
    }
};

Sample whole_numbers(Random& random, std::size_t n, std::uint64_t top, double step, double shift) {
    Sample sample;
    for (std::size_t i = 0; i < n; ++i)
        sample.values.push_back(shift + step * static_cast<double>(random.below(top + 1)));
    return sample;
}

} // namespace

TEST_CASE("GRIM and GRIMMER never reject data made of whole steps") {
    constexpr double steps[] = {1, 1, 1, 0.5, 0.25, 0.2};
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
        Random random(77, seed);
        const std::size_t n = 2 + random.below(120);
        const double step = steps[random.below(6)];
        const double shift = step * (static_cast<double>(random.below(40)) - 20);
        const Sample sample = whole_numbers(random, n, 1 + random.below(60), step, shift);
        const int decimals = static_cast<int>(random.below(4)), mode = static_cast<int>(random.below(3));
        const Printed mean = rounded(sample.mean(), decimals, mode),
                      sd = rounded(sample.sd(), decimals, mode);
        REQUIRE_MESSAGE(grim(mean, static_cast<double>(n), step), "seed ", seed);
        REQUIRE_MESSAGE(grimmer(mean, sd, static_cast<double>(n), step), "seed ", seed);
    }
}

TEST_CASE("GRIM rejects most means that no sample has, where it is informative") {
    int rejected = 0, tried = 0;
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        Random random(78, seed);
        const double n = 10 + static_cast<double>(random.below(20));
        const Printed mean = rounded(10 * random.uniform(), 2, 0);
        ++tried;
        rejected += grim(mean, n) ? 0 : 1;
    }
    CHECK(rejected > tried / 2); // about 1 - n/100 of them
}

TEST_CASE("DEBIT and percentages never reject counts") {
    for (std::uint64_t seed = 0; seed < 20000; ++seed) {
        Random random(79, seed);
        const double n = 2 + static_cast<double>(random.below(300));
        const double events = static_cast<double>(random.below(static_cast<std::uint64_t>(n) + 1));
        const int decimals = static_cast<int>(random.below(3)), mode = static_cast<int>(random.below(3));
        const Printed percent = rounded(100 * events / n, decimals, mode);
        REQUIRE_MESSAGE(percent_of(percent, events, n), "seed ", seed);
        REQUIRE_MESSAGE(percent_possible(percent, n), "seed ", seed);
        const double p = events / n;
        const Printed mean = rounded(p, 2, mode), sd = rounded(std::sqrt(p * (1 - p) * n / (n - 1)), 2, mode);
        REQUIRE_MESSAGE(debit(mean, sd, n), "seed ", seed);
    }
}

TEST_CASE("the range of P holds the P of the exact numbers") {
    for (std::uint64_t seed = 0; seed < 5000; ++seed) {
        Random random(80, seed);
        const double n1 = 5 + static_cast<double>(random.below(80)),
                     n2 = 5 + static_cast<double>(random.below(80));
        const double m1 = 10 * random.normal(), m2 = m1 + 3 * random.normal();
        const double s1 = 1 + 5 * random.uniform(), s2 = 1 + 5 * random.uniform();
        const int decimals = 1 + static_cast<int>(random.below(2));
        const auto range = p_of_groups({rounded(m1, decimals, 0), rounded(s1, decimals, 0), n1},
                                       {rounded(m2, decimals, 0), rounded(s2, decimals, 0), n2});
        REQUIRE(range);
        const double df = n1 + n2 - 2;
        const double se = std::sqrt(((n1 - 1) * s1 * s1 + (n2 - 1) * s2 * s2) / df * (1 / n1 + 1 / n2));
        const double p = num::two_sided_p((m1 - m2) / se, df);
        REQUIRE_MESSAGE(gap_in_z(*range, {p, p}) < 1e-6, "seed ", seed);
    }
}

TEST_CASE("every usual test of counts is symmetric in the arms and in the event") {
    for (std::uint64_t seed = 0; seed < 500; ++seed) {
        Random random(81, seed);
        const double n1 = 3 + static_cast<double>(random.below(40)),
                     n2 = 3 + static_cast<double>(random.below(40));
        const double e1 = static_cast<double>(random.below(static_cast<std::uint64_t>(n1) + 1));
        const double e2 = static_cast<double>(random.below(static_cast<std::uint64_t>(n2) + 1));
        const auto here = p_of_counts(e1, n1, e2, n2), there = p_of_counts(e2, n2, e1, n1);
        REQUIRE(here.size() == there.size());
        for (std::size_t i = 0; i < here.size(); ++i) {
            REQUIRE_MESSAGE(here[i].p == doctest::Approx(there[i].p).epsilon(1e-9), "seed ", seed, " ",
                            here[i].test);
            REQUIRE((here[i].p >= 0 && here[i].p <= 1));
        }
    }
}

namespace {

// A trial as it would be printed if nothing went wrong: people drawn, summaries rounded, P by t test.
struct Honest {
    model::Review review;
};

Honest honest_review(std::uint64_t seed, int studies) {
    Honest made;
    model::Review& review = made.review;
    model::Outcome score;
    score.id = model::OutcomeId("score");
    score.label = "score";
    score.scale_low = 0;
    score.scale_high = 40;
    score.step = 1;
    review.outcomes.push_back(score);
    int line = 1;
    for (int s = 0; s < studies; ++s) {
        Random random(seed, static_cast<std::uint64_t>(s));
        model::Study study;
        study.id = model::StudyId("s" + std::to_string(s));
        study.label = study.id.value;
        study.author = study.id.value;
        study.design = "rct-parallel";
        study.place = {"studies.csv", s + 2, 0};
        const std::size_t n = 15 + random.below(60);
        study.n_randomised = 2 * static_cast<double>(n);
        std::vector<model::Result> rows;
        for (const char* basis : {"baseline", "final"}) {
            Sample groups[2];
            for (int a = 0; a < 2; ++a)
                for (std::size_t i = 0; i < n; ++i)
                    groups[a].values.push_back(
                        std::min(40.0, std::max(0.0, std::round(20 + 4 * random.normal()))));
            const double df = 2 * static_cast<double>(n) - 2;
            const double variance = (groups[0].sd() * groups[0].sd() + groups[1].sd() * groups[1].sd()) / 2;
            const double t =
                (groups[0].mean() - groups[1].mean()) / std::sqrt(variance * 2 / static_cast<double>(n));
            for (int a = 0; a < 2; ++a) {
                model::Result row;
                row.study = study.id;
                row.outcome = score.id;
                row.basis = basis;
                row.timepoint = basis;
                row.arm = model::ArmId(study.id.value + (a ? ".b" : ".a"));
                row.id = model::ResultId(row.arm.value + "." + basis);
                row.status = "printed";
                row.data = model::Moments{rounded(groups[a].mean(), 2, 0).value,
                                          rounded(groups[a].sd(), 2, 0).value, static_cast<double>(n)};
                if (std::string(basis) == "final")
                    row.p = model::PValue{rounded(num::two_sided_p(t, df), 3, 0).value, '='};
                row.place = {"results.csv", ++line, 0};
                rows.push_back(row);
            }
        }
        for (int a = 0; a < 2; ++a) {
            model::Arm arm;
            arm.id = rows[static_cast<std::size_t>(a)].arm;
            arm.study = study.id;
            arm.label = a ? "placebo" : "drug";
            arm.role = a ? "control" : "intervention";
            arm.n_randomised = static_cast<double>(n);
            arm.place = {"arms.csv", 2 * s + a + 2, 0};
            review.arms.push_back(arm);
        }
        review.studies.push_back(study);
        review.results.insert(review.results.end(), rows.begin(), rows.end());
    }
    return made;
}

} // namespace

TEST_CASE("honest trials pass: nothing is impossible, hardly anything unlikely") {
    const Honest honest = honest_review(82, 300);
    const Assessment result = assess(honest.review, {});
    std::size_t impossible = 0;
    for (const Finding& finding : result.findings)
        impossible += finding.possible == Possible::no ? 1 : 0;
    CHECK(impossible == 0);
    // Chance alone trips the check of baseline tables in 2 of 1000 trials and repeats a cell now and then.
    CHECK(static_cast<double>(result.rows_flagged) < 0.02 * static_cast<double>(result.rows));
    CHECK(result.rows > 1000);
}

TEST_CASE("the same review and seed give the same findings; the order of studies is irrelevant to what is "
          "impossible") {
    const Honest honest = honest_review(83, 60);
    const Assessment a = assess(honest.review, {}), b = assess(honest.review, {});
    REQUIRE(a.findings.size() == b.findings.size());
    for (std::size_t i = 0; i < a.findings.size(); ++i)
        CHECK(a.findings[i].says == b.findings[i].says);
}

TEST_CASE("1000 studies take less than a second") {
    const Honest honest = honest_review(84, 1000);
    const std::clock_t start = std::clock();
    const Assessment result = assess(honest.review, {});
    const double seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    MESSAGE("all checks on 1000 studies, ", result.rows, " rows: ", seconds, " s of processor time");
#ifdef __OPTIMIZE__
    CHECK(seconds < 1);
#endif
}
