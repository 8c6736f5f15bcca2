// A review folder as a whole: what is read from it, twenty faults at once, folders that are not there,
// messages as data.
#include "bundle/json.hpp"
#include "unit/bundle_zoo.hpp"

#include <nlohmann/json.hpp>

#include <set>

using namespace assay;

TEST_CASE("the base review is read into the model") {
    Diagnostics diagnostics;
    const bundle::Loaded loaded = bundle::read_review(zoo::base(), diagnostics);
    const model::Review& review = loaded.review;
    CHECK(diagnostics.items().empty());
    CHECK(review.id == "creatine");
    CHECK(review.question == "What does creatine do to strength and memory in older adults?");
    REQUIRE(review.outcomes.size() == 3);
    CHECK(review.outcomes[0].matters->value == 5);
    CHECK(review.outcomes[0].units.at(0).unit == "lb");
    CHECK(review.outcomes[1].kind == model::OutcomeKind::count);
    CHECK(review.outcomes[2].matters->scale == model::DifferenceScale::risk);
    REQUIRE(review.analyses.size() == 2);
    CHECK(review.analyses[0].method == "REML"); // unset keys keep the format's defaults
    CHECK(review.analyses[1].method == "MH");
    CHECK_FALSE(review.analyses[1].primary);
    CHECK(review.analyses[1].sensitivity.at(0).filter.without_studies.at(0).value == "north2001");
    CHECK(review.sets.at(0).filter.funding.at(0) == "independent");
    REQUIRE(review.studies.size() == 3);
    CHECK(review.studies[1].questions.size() == 2);
    CHECK(review.studies[1].tags == std::vector<std::string>{"small"});
    REQUIRE(review.results.size() == 10);
    CHECK(std::get<model::Moments>(review.results[0].data).sd == 11.3);
    CHECK(std::get<model::Events>(review.results[2].data).events == 11);
    CHECK(std::get<model::Rate>(review.results[8].data).person_time == 77);
    const auto& contrast = std::get<model::Contrast>(review.results[9].data);
    CHECK(contrast.ci_low == -0.6);
    CHECK(contrast.ci_level == 0.95);
    CHECK(review.results[9].p->relation == '>');
    CHECK(review.results[4].note == "the SD, too, is in pounds");
    CHECK(review.results[4].place.line == 6);
    CHECK(review.published.at(0).compare_with.value == "strength-md");
}

TEST_CASE("twenty faults in one folder get twenty messages, each at its file and line") {
    struct Fault {
        const char *file, *from, *to, *code;
        int line;
    };
    const Fault faults[] = {
        {"review.toml", "better = \"higher\"", "better = \"hihger\"", "toml/unknown-value", 34},
        {"review.toml", "period = \"month\"", "period = \"moonth\"", "result/period", 43},
        {"review.toml", "funding = [\"independent\"]", "founding = [\"independent\"]", "toml/unknown-key",
         75},
        {"review.toml", "method = \"MH\"", "method = \"MHH\"", "toml/unknown-value", 89},
        {"review.toml", "without_studies = [\"north2001\"]", "without_studies = [\"north2011\"]",
         "id/unknown", 96},
        {"reports.csv", ",2004,10.1000/ijm.2004.9,", ",2004,ijm.2004.9,", "link/doi", 3},
        {"studies.csv", ",2001,Creatine", ",1001,Creatine", "number/year", 2},
        {"studies.csv", ",rct-crossover,", ",rct-crosover,", "csv/unknown-value", 4},
        {"arms.csv", "north2001.pl,north2001,", "north2001.pl,nort2001,", "id/unknown", 3},
        {"arms.csv", ",5,g/day,unknown", ",5,,unknown", "csv/missing-value", 6},
        {"results.csv", ",82.4,", ",\"82,4\",", "csv/decimal-comma", 2},
        {"results.csv", ",76.1,12.8,", ",76.1,0,", "number/sd", 3},
        {"results.csv", "events,19,11,", "events,19,21,", "number/events", 4},
        {"results.csv", "events,19,6,", "events,0,6,", "number/count", 5},
        {"results.csv", "171,25,", "171,2S,", "csv/bad-value", 6},
        {"results.csv", "derived,33 % of 28", "derived,", "source/no-formula", 8},
        {"results.csv", ",-0.6,4.8,", ",4.8,-0.6,", "number/interval", 11},
        {"rob.csv", ",published,", ",publisht,", "csv/unknown-value", 2},
        {"published.csv", ",4.2,0.5,", ",42,0.5,", "number/outside-interval", 2},
        {"conclusions.csv", "c2,,pool2012", "c1,,pool2012", "id/duplicate", 3},
    };
    static_assert(std::size(faults) == 20);
    bundle::Folder folder = zoo::base();
    for (const Fault& fault : faults) {
        std::string& bytes = folder.files.at(fault.file);
        const std::size_t at = bytes.find(fault.from);
        REQUIRE_MESSAGE(at != std::string::npos, fault.from);
        bytes.replace(at, std::string(fault.from).size(), fault.to);
    }
    Diagnostics diagnostics;
    bundle::read_and_check(std::move(folder), zoo::vocabulary(), diagnostics);
    const auto found = diagnostics.sorted();
    std::string all;
    for (const Diagnostic& item : found)
        all += to_text(item);
    INFO(all);
    CHECK(found.size() == 20);
    for (const Fault& fault : faults) {
        CAPTURE(fault.code);
        CAPTURE(fault.file);
        CHECK(std::count_if(found.begin(), found.end(), [&](const Diagnostic& d) {
                  return d.code == fault.code && d.place.file == fault.file && d.place.line == fault.line &&
                         d.place.column > 0;
              }) == 1);
    }
}

TEST_CASE("a folder that is not there is a message with the nearest name") {
    Diagnostics diagnostics;
    bundle::read_and_check(zoo::root() / "bases", zoo::vocabulary(), diagnostics);
    REQUIRE(diagnostics.items().size() == 1);
    CHECK(diagnostics.items()[0].code == "folder/missing");
    CHECK(diagnostics.items()[0].hint.find("zoo/base'?") != std::string::npos);
    Diagnostics file;
    bundle::read_and_check(zoo::root() / "base" / "arms.csv", zoo::vocabulary(), file);
    REQUIRE(file.items().size() == 1);
    CHECK(file.items()[0].message.find("this is a file") != std::string::npos);
}

TEST_CASE("messages as data") {
    bundle::Folder folder = zoo::base();
    folder.files.at("rob.csv").replace(folder.files.at("rob.csv").find("opaque"), 6, "op\xE4que");
    folder.files["r\xFF.csv"] = "x\n";
    Diagnostics diagnostics;
    bundle::read_and_check(std::move(folder), zoo::vocabulary(), diagnostics);
    const auto json = nlohmann::json::parse(bundle::diagnostics_json(diagnostics));
    CHECK(json["schema"] == "assay/diagnostics/1");
    CHECK(json["errors"] == 1);
    CHECK(json["warnings"] == 1);
    REQUIRE(json["diagnostics"].size() == 2);
    const auto& last =
        json["diagnostics"][0]["file"] == "rob.csv" ? json["diagnostics"][0] : json["diagnostics"][1];
    CHECK(last["line"] == 2);
    CHECK(last["column"] == 48);
    CHECK(last["severity"] == "error");
    CHECK(last["code"] == "text/not-utf8");
    CHECK(last["hint"] != "");
}

TEST_CASE("the digest names the content: of tables and review.toml, not of other files") {
    bundle::Folder folder = zoo::base();
    const std::string before = folder.digest();
    CHECK(before.size() == 64);
    folder.files["notes.csv"] = "x\n";
    CHECK(folder.digest() == before);
    folder.files["arms.csv"] += "\n";
    CHECK(folder.digest() != before);
}

TEST_CASE("a review that never stood in a folder can be checked, too") {
    model::Review review;
    review.id = "x";
    model::Question question;
    question.id = model::QuestionId("q");
    question.population = model::TermId("nobody");
    question.place = {"review.toml", 7, 1};
    review.questions.push_back(question);
    Diagnostics diagnostics;
    bundle::check_review(review, bundle::format_vocabulary(), diagnostics);
    const auto found = diagnostics.sorted();
    REQUIRE(found.size() == 2);
    CHECK(found[0].code == "id/unknown");
    CHECK(found[1].code == "question/unanswered");
    CHECK(found[1].place.line == 7);
}

TEST_CASE("a hundred thousand wrong ids do not take minutes") {
    bundle::Folder folder = zoo::base();
    std::string& results = folder.files.at("results.csv");
    for (int i = 0; i < 20000; ++i)
        results += "r" + std::to_string(i) + ",nosuch" + std::to_string(i) +
                   ",leg-press,,,final,nosuch.arm,,moments,10,,1,1,,,,,,,,,,printed,,nosuch.report,,\n";
    Diagnostics diagnostics;
    bundle::read_and_check(std::move(folder), zoo::vocabulary(), diagnostics);
    CHECK(diagnostics.sorted().size() == 60000);
}
