// Stopping rules against numbers worked out by hand.
#include "screen/priors.hpp"
#include "screen/stop.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

using namespace assay::screen;

namespace {

const StopRule& rule(std::string_view name) {
    for (const StopRule& r : stop_rules())
        if (r.name == name) return r;
    FAIL("no rule ", std::string(name));
    return stop_rules()[0];
}

std::vector<char> reading(std::size_t relevant, std::size_t others) {
    std::vector<char> found(relevant, 1);
    found.resize(relevant + others, 0);
    return found;
}

} // namespace

TEST_CASE("screen stop: hypergeometric probabilities of small urns") {
    // 5 balls, 2 marked, 2 drawn: P(0) = 3/10, P(1) = 6/10, P(2) = 1/10.
    CHECK(hypergeometric_cdf(0, 5, 2, 2) == doctest::Approx(0.3));
    CHECK(hypergeometric_cdf(1, 5, 2, 2) == doctest::Approx(0.9));
    CHECK(hypergeometric_cdf(2, 5, 2, 2) == 1);
    // 5 balls, 4 marked, 3 drawn: at least 2 are marked; P(2) = C(4,2) C(1,1) / C(5,3) = 6/10.
    CHECK(hypergeometric_cdf(1, 5, 4, 3) == 0);
    CHECK(hypergeometric_cdf(2, 5, 4, 3) == doctest::Approx(0.6));
    // Lady tasting tea: 8 cups, 4 marked, 4 drawn: P(X <= 2) = 53/70.
    CHECK(hypergeometric_cdf(2, 8, 4, 4) == doctest::Approx(53.0 / 70));
    // The two ways to look at the same draw agree.
    CHECK(hypergeometric_cdf(3, 1000, 40, 150) ==
          doctest::Approx(hypergeometric_cdf(3, 1000, 150, 40)).epsilon(1e-9));
}

TEST_CASE("screen stop: the test of recall by hand") {
    // 20 found at once, then 30 of the 80 left were read in vain. Recall below 95 % means at least 22 in all
    // (floor(20 / 0.95 + 1)), so 2 in the urn of 80 after the last find, and P(none of them in 30 draws) =
    // (50 * 49) / (80 * 79).
    const auto found = reading(20, 30);
    CHECK(recall_p_value({found, 100}, 0.95) == doctest::Approx(50.0 * 49 / (80 * 79)));
    CHECK(recall_p_value({reading(0, 50), 100}, 0.95) == 1); // nothing found, nothing known
    CHECK(recall_p_value({reading(5, 95), 100}, 0.95) == 0); // everything read: recall is 100 %
}

TEST_CASE("screen stop: when the rules stop") {
    const auto found = reading(10, 0);
    CHECK(records_until_stop(rule("50 in a row"), found, 1000) == 60);
    CHECK(records_until_stop(rule("200 in a row"), found, 1000) == 210);
    CHECK(records_until_stop(rule("10 % in a row"), found, 1000) == 110);
    CHECK(records_until_stop(rule("SAFE"), found, 1000) == 100);
    CHECK(records_until_stop(rule("50 in a row"), found, 40) == 40); // shorter than the rule: the whole list
    // Ten found of 1000: one more may be missing without recall falling below 95 %? No: 10 / 11 = 0.91, so
    // the urn must be shown to be empty of one: (990 - d) / 990 < 0.05, d > 940.5.
    CHECK(records_until_stop(rule("hypergeometric 95/95"), found, 1000) == 960);
    CHECK(records_until_stop(rule("hypergeometric 95/80"), found, 1000) == 810);
}

TEST_CASE("screen stop: later is never less sure, as long as nothing more is found") {
    double before = 1;
    for (std::size_t others = 0; others <= 180; others += 20) {
        const auto found = reading(20, others);
        const double p = recall_p_value({found, 200}, 0.95);
        CHECK(p <= before);
        before = p;
    }
}

TEST_CASE("screen stop: gap estimate") {
    std::vector<char> found = {1, 0, 1, 0, 0, 0,
                               1, 0, 0, 0}; // the stretch since the third last find: nine records, two finds
    const auto recall = gap_recall_estimate({found, 55});
    REQUIRE(recall);
    CHECK(*recall == doctest::Approx(3.0 / (3 + 45 * 2.0 / 9)));
    CHECK_FALSE(gap_recall_estimate({reading(2, 5), 20}));
}

TEST_CASE("screen stop: what a random audit shows") {
    // Nothing found in n of N draws excludes K hidden ones when P(0) < 5 %: N = 20, n = 10, K = 4:
    // C(16,10)/C(20,10) = 0.0433; K = 3: 0.1053. So at most 3.
    CHECK(relevant_at_most(20, 10, 0, 0.95) == 3);
    CHECK(relevant_at_most(20, 20, 2, 0.95) == 2);
    CHECK(relevant_at_most(20, 0, 0, 0.95) == 20);
    CHECK(audit_size(20, 60, 0.95, 0.95) == 10); // 60 found: 3 may be missing (60 / 63 = 0.952)
    CHECK(audit_size(3, 100, 0.95, 0.95) == 0);  // more may be missing than are left
    CHECK(audit_size(100, 5, 0.95, 0.95) == 95); // none may be missing: 95 of 100 must be drawn
}

TEST_CASE("screen stop: an audited stop keeps its promise in a shuffled list") {
    // The hardest order: random. 400 lists of 300 with 40 relevant: at most one in 20 may end below 95 %.
    int below = 0;
    const AuditPlan plan{"ten in a row", "", [](const Reading& r) { return in_a_row(r) >= 10; }, 0.95, 0.95};
    for (std::uint32_t seed = 1; seed <= 400; ++seed) {
        std::vector<std::size_t> places(300);
        for (std::size_t i = 0; i < 300; ++i)
            places[i] = i;
        std::vector<char> found(300, 0);
        for (const std::size_t place : draw(places, 40, seed))
            found[place] = 1;
        const auto stop = audited_stop(found, 300, plan, seed * 1000);
        CHECK(stop.read <= 300);
        below += static_cast<double>(stop.found) < 0.95 * 40;
    }
    CHECK(below <= 20);
}

TEST_CASE("screen stop: what a random audit shows from below, and together") {
    // All 20 drawn: nothing is left to doubt.
    CHECK(relevant_at_least(20, 20, 3, 0.95) == 3);
    CHECK(relevant_at_least(20, 5, 0, 0.95) == 0);
    // 2 of 5 drawn from 20: were only K relevant, P(X >= 2) = 1 - P(0) - P(1). K = 2: C(5,2)/C(20,2) = 10/190
    // = 0.0526.
    CHECK(relevant_at_least(20, 5, 2, 0.95) == 2);
    CHECK(relevant_at_least(20, 5, 2, 0.90) == 3);
    // The interval holds the truth as often as it says, whatever the truth: all draws of 8 from 30, exactly.
    for (std::size_t truth = 0; truth <= 30; truth += 3) {
        CAPTURE(truth);
        double covered = 0;
        for (std::size_t hits = 0; hits <= std::min<std::size_t>(8, truth); ++hits) {
            if (8 - hits > 30 - truth) continue;
            const double probability = hypergeometric_cdf(hits, 30, truth, 8) -
                                       (hits > 0 ? hypergeometric_cdf(hits - 1, 30, truth, 8) : 0);
            if (relevant_at_least(30, 8, hits, 0.975) <= truth &&
                truth <= relevant_at_most(30, 8, hits, 0.975))
                covered += probability;
        }
        CHECK(covered >= 0.95);
    }
}

TEST_CASE("screen stop: probabilities too small for a double on the way") {
    // Of 250,000 records 20,000 are relevant, 20,000 are drawn: about 1,600 hits. R 4.2.2, phyper.
    CHECK(hypergeometric_cdf(1600, 250000, 20000, 20000) == doctest::Approx(0.5066947587279).epsilon(1e-6));
    CHECK(hypergeometric_cdf(1550, 250000, 20000, 20000) == doctest::Approx(0.0888691601993).epsilon(1e-6));
    CHECK(std::log(hypergeometric_cdf(500, 250000, 20000, 20000)) ==
          doctest::Approx(std::log(1.0100916e-256)));
}

TEST_CASE("screen stop: no rule is asked before the first find") {
    for (const StopRule& each : stop_rules())
        CHECK(records_until_stop(each, reading(0, 300), 300) == 300);
}
