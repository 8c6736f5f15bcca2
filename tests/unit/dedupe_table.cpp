#include "app/dedupe.hpp"
#include "base/error.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace assay;

namespace {

constexpr const char* table =
    "Key,Title,Authors,Published Year,Journal,Volume,Page Start,Page End\n"
    "a,Oral magnesium for cramps in older adults,\"Smith, J.; Doe, B.\",2015,J Clin Neurol,12,123,129\n"
    "b,Oral magnesium for cramps in older adults.,\"Smith, John; Doe, Bo\",2015,Journal of Clinical "
    "Neurology,12,123,\n"
    "c,Exercise for back pain,\"Roe, C.\",2011,Spine,36,1,9\n";

app::Deduped run(std::string_view csv, std::string_view decisions = {}, std::vector<std::string> off = {}) {
    app::DedupeRequest request;
    request.file = "in.csv";
    request.decisions_file = "decisions.csv";
    request.decisions = decisions;
    request.off = std::move(off);
    return app::dedupe(request, csv);
}

} // namespace

TEST_CASE("columns are known under the names of other programs") {
    const auto result = run(table);
    REQUIRE(result.ready());
    CHECK_FALSE(result.diagnostics.has_errors());
    CHECK(result.groups_csv() == "record_id,group\na,g00001\nb,g00001\nc,g00002\n");
    CHECK(result.merged_csv() ==
          "Key,Title,Authors,Published Year,Journal,Volume,Page Start,Page End,merged_from\n"
          "a,Oral magnesium for cramps in older adults,\"Smith, J.; Doe, B.\",2015,J Clin "
          "Neurol,12,123,129,a;b\n"
          "c,Exercise for back pain,\"Roe, C.\",2011,Spine,36,1,9,c\n");
    CHECK(result.summary() == "3 records, 2 groups: 1 copy; 0 pairs to review, 0 related");
}

TEST_CASE("json tells the rule, the points and every source of a field") {
    const auto json = nlohmann::json::parse(run(table).json());
    CHECK(json["schema"] == "assay/dedupe/1");
    CHECK(json["copies"] == 1);
    CHECK(json["merges"][0]["first"] == "a");
    CHECK(json["merges"][0]["second"] == "b");
    double sum = 0;
    for (const auto& e : json["merges"][0]["evidence"])
        sum += e["points"].get<double>();
    CHECK(json["merges"][0]["score"].get<double>() == doctest::Approx(sum));
    bool seen = false;
    for (const auto& field : json["groups"][0]["fields"])
        if (field["column"] == "Journal") {
            seen = true;
            CHECK(field["from"] == "a");
            CHECK(field["others"][0]["record"] == "b");
            CHECK(field["others"][0]["value"] == "Journal of Clinical Neurology");
        }
    CHECK(seen);
}

TEST_CASE("decisions undo and add merges") {
    CHECK(run(table, "first,second,decision\na,b,different\n").groups() == 3);
    CHECK(run(table, "first,second,decision\nb,c,same\n").groups() == 1);
    CHECK(run(table, "first,second,decision\na,b,\n").groups() == 2);
    const auto wrong = run(table, "first,second,decision\na,x,same\na,b,perhaps\n");
    CHECK(wrong.diagnostics.count(Severity::error) == 2);
    CHECK(wrong.diagnostics.items()[0].code == "id/unknown");
    CHECK(wrong.diagnostics.items()[1].place.line == 3);
}

TEST_CASE("faults of the table are named, and cost no more than their row") {
    CHECK_FALSE(run("name,year\nx,2010\n").ready());
    CHECK_FALSE(run("").ready());
    const auto twice = run("id,title\n1,A title of some length\n1,Another title of some length\n");
    CHECK(twice.diagnostics.items()[0].code == "id/duplicate");
    const auto ragged = run(
        "id,title,authors,year\n1,A title of some length,Smith J,2010\n2,A title of some length,Smith J\n");
    REQUIRE(ragged.ready());
    CHECK(ragged.records() == 2);
    CHECK(ragged.groups() == 2); // its cells may stand under the wrong heads
    CHECK(ragged.diagnostics.has_errors());
    const auto windows = run("\xEF\xBB\xBF"
                             "id,title\r\n1,A title of some length\r\n");
    CHECK(windows.diagnostics.items().empty()); // no fault in a table that a database wrote
    CHECK(run("id,title\n").records() == 0);
}

TEST_CASE("an unknown rule is refused with the nearest name") {
    try {
        run(table, {}, {"titel-equal"});
        FAIL("accepted");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("'title-equal'") != std::string::npos);
        CHECK(error.exit == Exit::input);
    }
}

TEST_CASE("the queue asks about the grey zone, and names relations") {
    const auto result = run("id,title,authors,year,journal,volume,pages\n"
                            "1,Oral magnesium for cramps in older adults,\"Smith, J.\",2015,Journal of "
                            "Clinical Neurology,12,123-129\n"
                            "2,Oral magnesium for cramps in older adults,\"Smith, J.\",2015,Journal of "
                            "Clinical Neurology,12 Suppl 1,S44\n");
    CHECK(result.groups() == 2);
    CHECK(result.queue_csv().find("1,2,") != std::string::npos);
    CHECK(result.queue_csv().find(",abstract-of,") != std::string::npos);
    CHECK(result.explanation().find("against: supplement; page") != std::string::npos);
}
