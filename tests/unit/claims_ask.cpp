// Questions in plain words: what is wanted, what is claimed, which questions of a review are meant, what the
// studies say. On an invented review about ginger, so that nothing can lean on the shipped one.
#include "app/ask.hpp"
#include "base/error.hpp"
#include "base/files.hpp"
#include "claims/question.hpp"
#include "claims/stance.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <string>

using namespace assay;
using claims::Claimed;
using claims::Independence;
using claims::Stance;
using claims::Understood;

namespace {

std::string source(const std::string& path) {
    return std::string(ASSAY_SOURCE_DIR) + "/" + path;
}

app::Answered ginger(const std::string& question) {
    app::AskRequest request;
    request.folder = source("tests/data/ask/ginger");
    request.question = question;
    return app::ask(request);
}

app::Answered magnesium(const std::string& question) {
    app::AskRequest request;
    request.folder = source("reviews/magnesium");
    request.question = question;
    return app::ask(request);
}

const claims::StudyLine& study(const claims::ReadingAnswer& reading, const std::string& id) {
    const auto at = std::find_if(reading.studies.begin(), reading.studies.end(),
                                 [&](const claims::StudyLine& line) { return line.study.value == id; });
    REQUIRE(at != reading.studies.end());
    return *at;
}

} // namespace

TEST_CASE("requests are read from the question") {
    struct Case {
        const char* text;
        int want;
        Independence independence;
        bool randomised;
        Claimed claimed;
    };
    const Case cases[] = {
        {"three academic resources, preferably not paid for by supplement companies, that demonstrate that X "
         "relaxes Y",
         3, Independence::preferred, false, Claimed::benefit},
        {"5 peer-reviewed studies showing that X helps", 5, Independence::any, false, Claimed::benefit},
        {"at least two independent randomised trials of X for Y", 2, Independence::required, true,
         Claimed::benefit},
        {"RCTs without industry funding on X", 0, Independence::required, true, Claimed::benefit},
        {"does X help after 3 months?", 0, Independence::any, false, Claimed::benefit},
        {"does taking 2 tablets a day help", 0, Independence::any, false, Claimed::benefit},
        {"a dozen papers that are not sponsored by the maker", 12, Independence::required, false,
         Claimed::benefit},
        {"Does X cause headaches?", 0, Independence::any, false, Claimed::harm},
        {"what are the side effects of X", 0, Independence::any, false, Claimed::harm},
        {"X doesn't really help against Y", 0, Independence::any, false, Claimed::little},
        {"X is useless for Y", 0, Independence::any, false, Claimed::little},
        {"is X no better than placebo for Y", 0, Independence::any, false, Claimed::little},
    };
    for (const auto& row : cases) {
        CAPTURE(row.text);
        const auto asked = claims::read_question(row.text);
        CHECK(asked.want == row.want);
        CHECK(asked.independence == row.independence);
        CHECK(asked.randomised_only == row.randomised);
        CHECK(asked.claimed == row.claimed);
    }
}

TEST_CASE("the words of a request are not taken for the subject") {
    const auto asked =
        claims::read_question("three studies, not paid for by ginger companies, that nuts help");
    for (const auto& word : asked.words)
        CHECK(word.text != "ginger");
}

TEST_CASE("a question is cleaned of what a terminal should not see") {
    const auto asked = claims::read_question("does\x1b[31m ginger\n\thelp\xff \xe2\x80\xaenausea");
    CHECK(asked.text == "does [31m ginger help nausea");
}

TEST_CASE("stance rules: each has its meaning, and the rules of an interval follow from where it lies") {
    using claims::Coded;
    CHECK(claims::rule_of_interval({2, 1, 3}, 1.5, Coded::denies) == "interval-supports");
    CHECK(claims::rule_of_interval({-2, -3, -1}, 1.5, Coded::agrees) == "interval-opposite");
    CHECK(claims::rule_of_interval({0.2, -0.5, 0.9}, 1.0, Coded::agrees) == "important-excluded");
    CHECK(claims::rule_of_interval({0.2, -0.5, 1.9}, 1.0, Coded::denies) == "none-found");
    CHECK(claims::rule_of_interval({1.2, -0.5, 2.9}, 1.0, Coded::denies) == "interval-open"); // it may matter
    CHECK(claims::rule_of_interval({0.2, -0.5, 1.9}, 1.0, Coded::none) == "interval-open");
    CHECK(claims::rule_of_p(0.01, '=', Coded::agrees) == "p-supports");
    CHECK(claims::rule_of_p(0.05, '<', Coded::agrees) == "p-supports");
    CHECK(claims::rule_of_p(0.01, '=', Coded::none) == "p-open");
    CHECK(claims::rule_of_p(0.2, '<', Coded::agrees) == "p-open");
    CHECK(claims::rule_of_p(0.05, '>', Coded::denies) == "p-none");
    const auto docs = read_file(source("docs/methods/ask.md"));
    for (const auto& rule : claims::stance_rules()) {
        CAPTURE(rule.id);
        CHECK(docs.find("| " + std::string(rule.id) + " | " + std::string(to_string(rule.stance)) + " | ") !=
              std::string::npos);
    }
}

TEST_CASE("another review: wanted sources that exist are found, one group of people counts once") {
    const auto asked = ginger("three independent studies showing that ginger helps against morning sickness");
    REQUIRE(asked.answer.readings.size() == 1);
    const auto& reading = asked.answer.readings.front();
    CHECK(reading.match.question.value == "pregnancy");
    CHECK(reading.want.satisfied);
    CHECK(reading.want.met == 3);
    CHECK(reading.want.supporting == 4);
    CHECK(study(reading, "drake").stance == Stance::supports);
    CHECK_FALSE(study(reading, "drake").independent);
    CHECK(study(reading, "egret").rule == "important-excluded");
    CHECK(study(reading, "crane").same_people == std::vector<model::StudyId>{model::StudyId("crane2")});
    CHECK(reading.availability.level == "high");
    CHECK(reading.availability.studies == 5);
    // Adler: 3.1 (2.0, n 59) against 5.0 (2.1, n 59); the difference and its Wald interval by hand.
    CHECK(*study(reading, "adler").estimate == doctest::Approx(-1.9));
    CHECK(*study(reading, "adler").ci_high == doctest::Approx(-1.9 + 1.959963985 * 0.377548).epsilon(1e-5));
    CHECK(study(reading, "adler").doi == "10.1000/jit.1");
}

TEST_CASE("four are wanted and three exist: the answer says so") {
    const auto asked = ginger("4 studies not funded by industry that ginger relieves nausea in pregnancy");
    REQUIRE(asked.answer.readings.size() == 1);
    CHECK_FALSE(asked.answer.readings.front().want.satisfied);
    CHECK(asked.answer.overall.sentence.find("there are only 3") != std::string::npos);
    CHECK(asked.answer.overall.sentence.find("Drake 2012") != std::string::npos); // what exists instead
}

TEST_CASE("claims of harm and of nothing turn the sides") {
    const auto harm = ginger("does ginger cause heartburn?");
    REQUIRE(harm.answer.readings.size() == 1);
    CHECK(study(harm.answer.readings.front(), "adler").stance == Stance::supports);
    CHECK(study(harm.answer.readings.front(), "adler").outcome.value == "heartburn");
    CHECK(study(harm.answer.readings.front(), "birch").rule == "no-number");
    const auto nothing = ginger("ginger is useless for morning sickness");
    REQUIRE(nothing.answer.readings.size() == 1);
    CHECK(study(nothing.answer.readings.front(), "egret").stance == Stance::supports);
    CHECK(study(nothing.answer.readings.front(), "adler").stance == Stance::contradicts);
}

TEST_CASE("a study without a control group supports nothing, and a neighbour with better evidence is named") {
    const auto asked = ginger("does ginger help with seasickness");
    REQUIRE(asked.answer.readings.size() == 1);
    const auto& reading = asked.answer.readings.front();
    CHECK(study(reading, "finch").stance == Stance::inconclusive);
    CHECK(study(reading, "finch").rule == "no-comparison");
    REQUIRE(reading.next.size() == 1);
    CHECK(reading.next.front().question.value == "pregnancy");
}

TEST_CASE("outside the base, too broad, and slips of the pen") {
    CHECK(ginger("does zinc help against morning sickness").answer.matched.status == Understood::outside);
    CHECK(ginger("does ginger cure baldness").answer.matched.status == Understood::outside);
    CHECK(ginger("qwertz uiop").answer.matched.status == Understood::outside);
    CHECK(ginger("does it help?").answer.matched.status == Understood::empty);
    CHECK(ginger("does ginger work?").answer.matched.status == Understood::ambiguous);
    const auto slip = ginger("ginger for seasikness");
    CHECK(slip.answer.matched.status == Understood::answered);
    CHECK(slip.answer.matched.corrected.size() == 1);
    const auto partly = ginger("ginger for seasickness in parrots");
    CHECK(partly.answer.matched.unknown == std::vector<std::string>{"parrots"});
}

TEST_CASE("faulty requests are refused with a code") {
    auto code = [](app::AskRequest request) -> std::string {
        try {
            app::ask(request);
        } catch (const Error& error) {
            return error.code;
        }
        return {};
    };
    app::AskRequest request;
    request.folder = source("tests/data/ask/ginger");
    CHECK(code(request) == "ask/empty");
    request.question = "\x01\x02 \n";
    CHECK(code(request) == "ask/empty");
    request.question = std::string(1 << 20, 'a');
    CHECK(code(request) == "ask/too-long");
    request.question = "ginger";
    request.want = 0;
    CHECK(code(request) == "ask/want");
    request.want.reset();
    request.design = "cohort";
    CHECK(code(request) == "ask/design");
}

TEST_CASE("the canonical question: the wanted sources do not exist, and the answer shows what does") {
    const auto asked = magnesium(
        "three academic resources, preferably not paid for by supplement companies, that demonstrate "
        "that supplemental magnesium relaxes muscles");
    const auto& answer = asked.answer;
    REQUIRE(answer.matched.status == Understood::answered);
    CHECK_FALSE(answer.overall.satisfied);
    CHECK(answer.overall.met < 3);
    const auto night = std::find_if(answer.readings.begin(), answer.readings.end(), [](const auto& reading) {
        return reading.match.question.value == "night-cramps";
    });
    REQUIRE(night != answer.readings.end());
    CHECK(night->want.met == 0);
    CHECK(night->with(Stance::contradicts).size() >= 2);
    CHECK(study(*night, "roguinmaor2017").stance == Stance::contradicts);
    CHECK(study(*night, "barna2021").independent == false);
    REQUIRE_FALSE(night->pooled.empty());
    CHECK(night->pooled.front().certainty == "moderate");
    const auto pregnancy =
        std::find_if(answer.readings.begin(), answer.readings.end(),
                     [](const auto& reading) { return reading.match.question.value == "pregnancy-cramps"; });
    REQUIRE(pregnancy != answer.readings.end());
    CHECK(pregnancy->headline.find("uncertain") != std::string::npos);
}

TEST_CASE("the answer as data names the same studies as the text") {
    const auto asked = ginger("three studies that ginger helps against morning sickness");
    const auto json = nlohmann::json::parse(app::ask_json(asked));
    CHECK(json["schema"] == "assay/ask/1");
    CHECK(json["status"] == "answered");
    const auto text = app::ask_text(asked, 100);
    for (const auto& row : json["readings"][0]["studies"])
        CHECK(text.find(row["label"].get<std::string>()) != std::string::npos);
    CHECK(json["readings"][0]["want"]["met"] == 4);
}
