// Words, stems and the way from words to terms and questions of a review.
#include "claims/vocabulary.hpp"

#include <doctest/doctest.h>

using namespace assay;
using namespace assay::claims;

namespace {

model::Review small_review() {
    model::Review review;
    const auto term = [&](const char* id, model::TermKind kind, const char* label,
                          std::vector<std::string> synonyms) {
        model::Term made;
        made.id = model::TermId(id);
        made.kind = kind;
        made.label = label;
        made.synonyms = std::move(synonyms);
        review.terms.push_back(std::move(made));
    };
    term("night", model::TermKind::population, "adults with leg cramps at night",
         {"nocturnal leg cramps", "night cramps"});
    term("pregnant", model::TermKind::population, "pregnant women with leg cramps",
         {"leg cramps in pregnancy"});
    term("zinc", model::TermKind::intervention, "zinc by mouth", {"zinc", "zinc tablets"});
    model::Outcome outcome;
    outcome.id = model::OutcomeId("cramps");
    outcome.label = "leg cramps per week";
    outcome.synonyms = {"cramp frequency"};
    review.outcomes.push_back(outcome);
    const auto question = [&](const char* id, const char* population, const char* title) {
        model::Question made;
        made.id = model::QuestionId(id);
        made.title = title;
        made.population = model::TermId(population);
        made.intervention = model::TermId("zinc");
        made.outcomes = {model::OutcomeId("cramps")};
        review.questions.push_back(std::move(made));
    };
    question("q-night", "night", "Does zinc prevent cramps at night?");
    question("q-pregnant", "pregnant", "Does zinc prevent cramps in pregnancy?");
    return review;
}

} // namespace

TEST_CASE("claims: words know their places, and spellings meet") {
    const std::string text = "Haemodialysis\xC2\xB2 \xE2\x80\x94 randomised, C\xC3\xB3rdova 1.5";
    const auto words = words_of(text);
    REQUIRE(words.size() == 5);
    CHECK(words[0].text == "hemodialysis");
    CHECK(words[0].end == 13);
    CHECK(words[1].stem == stem_of("randomized"));
    CHECK(words[2].text == "cordova");
    CHECK(text.substr(words[2].begin, words[2].end - words[2].begin) == "C\xC3\xB3rdova");
    CHECK(words[3].text == "1");
    CHECK(is_stop_word("the"));
    CHECK_FALSE(is_stop_word("not"));
}

TEST_CASE("claims: a text finds the question it is about, and its alternatives") {
    const Vocabulary vocabulary(small_review());
    const auto night = vocabulary.readings("Zinc for leg cramps that come at night");
    REQUIRE(night.size() >= 2);
    CHECK(night.front().question == model::QuestionId("q-night"));
    const auto pregnant = vocabulary.readings("do zinc tablets stop leg cramps in pregnancy");
    REQUIRE(!pregnant.empty());
    CHECK(pregnant.front().question == model::QuestionId("q-pregnant"));
    CHECK(pregnant.front().population.front().score == doctest::Approx(1));
    CHECK(pregnant.front().intervention.front().id == "zinc");
    CHECK(vocabulary.readings("The moon is made of rock").empty());
    CHECK(vocabulary.readings("").empty());
    const auto hits = vocabulary.find("a fall of cramp frequency");
    REQUIRE(hits.size() == 1);
    CHECK(hits.front().id == "cramps");
    CHECK(hits.front().begin == 10);
}
