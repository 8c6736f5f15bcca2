// The shipped review comes out with the numbers that others printed for the same trials.
#include "app/analyse.hpp"
#include "app/folder.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <string>

using namespace assay;

namespace {

const model::ReviewResults& results() {
    static const auto checked = app::check(ASSAY_SOURCE_DIR "/reviews/magnesium");
    static const auto computed = app::analyse(checked.review);
    return computed;
}

struct Expected {
    const char* id;
    int k;
    double estimate, low, high; ///< back-transformed, as printed
    double places;              ///< half a unit of the last printed digit
    const char* source;
};

// The counts stand in Egger, Davey Smith & Altman 2001 and in Cochrane CD010655.pub3 and CD009402.pub3; the pooled values
// are metafor's on the same numbers.
const Expected expected[] = {
    {"mi-egger-or", 16, 0.465, 0.307, 0.704, 5e-4, "REML"},
    {"mi-egger-or-common", 16, 1.015, 0.956, 1.077, 5e-4, "common effect"},
    {"mi-egger-or-common-without-isis-4", 15, 0.575, 0.459, 0.721, 5e-4, "without the mega-trial"},
    {"pregnancy-cramp-free-rr", 3, 1.61, 0.75, 3.46, 5e-3, "DL"},
    {"pregnancy-cramp-free-rr-mh", 3, 1.50, 1.11, 2.03, 5e-3, "Mantel-Haenszel"},
    {"sbp-md", 9, -3.77, -7.19, -0.35, 5e-3, "nine rows"},
    {"sbp-md-unflagged", 7, -1.54, -3.35, 0.26, 5e-3, "without the two flagged"},
    {"dbp-md", 9, -2.76, -4.27, -1.25, 5e-3, "nine rows"},
    {"night-cramps-md", 2, 0.11, -0.48, 0.70, 5e-3, "two of Cochrane's five trials"},
};

} // namespace

TEST_CASE("the shipped review has no faults") {
    const auto checked = app::check(ASSAY_SOURCE_DIR "/reviews/magnesium");
    for (const auto& diagnostic : checked.diagnostics.items())
        if (diagnostic.severity == Severity::error) FAIL_CHECK(to_text(diagnostic));
    CHECK(checked.review.studies.size() > 100);
}

TEST_CASE("known pooled numbers of the shipped review") {
    for (const auto& row : expected) {
        CAPTURE(row.id);
        CAPTURE(row.source);
        const auto* found = results().find(model::AnalysisId(row.id));
        REQUIRE(found);
        REQUIRE(found->main);
        const bool ratio = found->main->measure == "OR" || found->main->measure == "RR";
        auto back = [&](double value) { return ratio ? std::exp(value) : value; };
        CHECK(found->main->k == row.k);
        CHECK(std::fabs(back(found->main->estimate) - row.estimate) <= row.places);
        CHECK(std::fabs(back(found->main->ci_low) - row.low) <= row.places);
        CHECK(std::fabs(back(found->main->ci_high) - row.high) <= row.places);
    }
    CHECK(std::fabs(results().find(model::AnalysisId("pregnancy-cramp-free-rr"))->main->i2 - 77) < 0.5);
}

TEST_CASE("counts per four weeks become counts per week, and an unknown period blocks pooling") {
    const auto* cramps = results().find(model::AnalysisId("night-cramps-md"));
    REQUIRE(cramps);
    bool frusso = false, barna = false;
    for (const auto& effect : cramps->effects)
        if (effect.study.value == "frusso1999") {
            frusso = true;
            CHECK(effect.y == doctest::Approx(0.175).epsilon(1e-9));
            CHECK(std::sqrt(effect.v) == doctest::Approx(0.3222).epsilon(1e-3));
        }
    for (const auto& row : cramps->excluded)
        if (row.study.value == "barna2021") barna = true;
    CHECK(frusso);
    CHECK(barna);
}

TEST_CASE("every effect leads back to rows with a source and a place") {
    const auto checked = app::check(ASSAY_SOURCE_DIR "/reviews/magnesium");
    int effects = 0;
    for (const auto& analysis : results().analyses)
        for (const auto& effect : analysis.effects) {
            ++effects;
            CAPTURE(analysis.id.value);
            CAPTURE(effect.study.value);
            REQUIRE_FALSE(effect.rows.empty());
            for (const auto& id : effect.rows) {
                const auto* row = checked.review.find(id);
                REQUIRE(row);
                CHECK(checked.review.find(row->source));
                CHECK_FALSE(row->where.empty());
            }
            CHECK(effect.v > 0);
        }
    CHECK(effects > 100);
}

TEST_CASE("a question without a pool says why") {
    const auto checked = app::check(ASSAY_SOURCE_DIR "/reviews/magnesium");
    for (const auto& question : results().questions) {
        CAPTURE(question.id.value);
        CHECK_FALSE(question.verdict.text.empty());
        CHECK_FALSE(question.verdict.headline.empty());
        if (question.verdict.code == "not-pooled") CHECK_FALSE(checked.review.find(question.id)->not_pooled.empty());
    }
}
