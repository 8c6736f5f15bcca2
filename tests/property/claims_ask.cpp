// Laws of an answer: no study twice, no want met by money from sellers, no text that breaks the reading.
#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "base/random.hpp"
#include "claims/answer.hpp"
#include "claims/reading.hpp"
#include "effect/assemble.hpp"

#include <doctest/doctest.h>

#include <set>
#include <string>

using namespace assay;

namespace {

/// The shipped review with the funding, cohorts and effects of its studies drawn at random.
struct Drawn {
    model::Review review;
    claims::Evidence evidence;
};

Drawn draw(const model::Review& base, Random& random) {
    constexpr const char* classes[] = {"industry", "mixed", "independent", "none", "unclear", "not-reported"};
    Drawn drawn;
    drawn.review = base;
    auto& studies = drawn.review.studies;
    for (std::size_t i = 0; i < studies.size(); ++i) {
        auto& study = studies[i];
        study.funding_class = classes[random.below(6)];
        study.same_cohort_as = {};
        if (i > 0 && random.uniform() < 0.3) study.same_cohort_as = studies[random.below(i)].id;
    }
    for (const auto& question : base.questions) {
        claims::StudyNumbers numbers;
        numbers.question = question.id;
        numbers.outcome = question.outcomes.front();
        numbers.measure = "MD";
        numbers.measure_name = "mean difference";
        for (const auto& study : studies) {
            model::Effect effect;
            effect.study = study.id;
            effect.y = 4 * random.uniform() - 2;
            effect.v = 0.01 + random.uniform();
            numbers.effects.push_back(effect);
        }
        drawn.evidence.studies.push_back(std::move(numbers));
    }
    return drawn;
}

model::StudyId people(const model::Review& review, model::StudyId id) {
    std::set<model::StudyId> seen;
    while (seen.insert(id).second) {
        const auto* study = review.find(id);
        if (!study || study->same_cohort_as.empty()) break;
        id = study->same_cohort_as;
    }
    return id;
}

} // namespace

TEST_CASE("an answer counts no group of people twice, and wants are met by independent studies only") {
    const auto base = app::check(std::string(ASSAY_SOURCE_DIR) + "/reviews/magnesium").review;
    const claims::Vocabulary vocabulary(base);
    auto asked = claims::read_question("three independent studies that magnesium relaxes muscles");
    const auto matched = claims::match(base, vocabulary, asked);
    REQUIRE(matched.readings.size() >= 2);
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        CAPTURE(seed);
        Random random(seed, 0);
        const auto drawn = draw(base, random);
        asked.want = 1 + static_cast<int>(random.below(6));
        const auto made = claims::answer(drawn.review, asked, matched, drawn.evidence);
        for (const auto& reading : made.readings) {
            std::set<model::StudyId> seen;
            for (const auto& line : reading.studies) {
                CHECK(seen.insert(line.study).second);
                for (const auto& other : line.same_people)
                    CHECK(seen.insert(other).second);
            }
            CHECK(reading.want.met <= reading.want.supporting);
            CHECK(reading.want.supporting == static_cast<int>(reading.with(claims::Stance::supports).size()));
            CHECK(reading.want.satisfied == (reading.want.met >= asked.want));
        }
        std::set<model::StudyId> cohorts;
        CHECK(static_cast<int>(made.overall.by.size()) == made.overall.met);
        for (const auto& id : made.overall.by) {
            const auto* study = drawn.review.find(id);
            REQUIRE(study);
            CHECK((study->funding_class == "independent" || study->funding_class == "none"));
            CHECK(cohorts.insert(people(drawn.review, id)).second);
        }
    }
}

TEST_CASE("independence asked for never raises what is met") {
    const auto base = app::check(std::string(ASSAY_SOURCE_DIR) + "/reviews/magnesium").review;
    const claims::Vocabulary vocabulary(base);
    auto asked = claims::read_question("two studies that magnesium prevents leg cramps");
    const auto matched = claims::match(base, vocabulary, asked);
    REQUIRE_FALSE(matched.readings.empty());
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
        CAPTURE(seed);
        Random random(seed, 1);
        const auto drawn = draw(base, random);
        asked.independence = claims::Independence::any;
        const auto any = claims::answer(drawn.review, asked, matched, drawn.evidence);
        asked.independence = claims::Independence::required;
        const auto strict = claims::answer(drawn.review, asked, matched, drawn.evidence);
        CHECK(strict.overall.met <= any.overall.met);
        CHECK(strict.overall.supporting == any.overall.supporting);
    }
}

TEST_CASE("any bytes can be asked") {
    const auto base = app::check(std::string(ASSAY_SOURCE_DIR) + "/tests/data/ask/ginger").review;
    const claims::Vocabulary vocabulary(base);
    for (std::uint64_t seed = 0; seed < 2000; ++seed) {
        CAPTURE(seed);
        Random random(seed, 2);
        std::string text;
        const auto length = random.below(80);
        constexpr std::string_view pieces[] = {"ginger ", "three ", "studies ", "not ", "paid ",
                                               "nausea ", "\xff",   "\xe2\x80", "'t "};
        while (text.size() < length) {
            if (random.uniform() < 0.5)
                text += pieces[random.below(std::size(pieces))];
            else
                text += static_cast<char>(random.below(256));
        }
        const auto asked = claims::read_question(text);
        const auto matched = claims::match(base, vocabulary, asked);
        CHECK(matched.readings.size() <= base.questions.size());
        for (const auto& reading : matched.readings)
            CHECK((reading.coverage >= 0 && reading.coverage <= 1 + 1e-9));
        for (const char c : asked.text)
            CHECK(static_cast<unsigned char>(c) >= 0x20);
    }
}
