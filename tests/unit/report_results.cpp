#include "base/error.hpp"
#include "report/json_writer.hpp"
#include "report/results_json.hpp"
#include "support/creatine.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <cmath>
#include <fstream>
#include <limits>
#include <regex>
#include <set>
#include <sstream>

using namespace assay;
using nlohmann::json;

namespace {

/// "analyses[].studies[].y" for every field that occurs.
void paths(const json& value, const std::string& at, std::set<std::string>& out) {
    if (value.is_object()) {
        for (const auto& [key, inner] : value.items()) {
            const std::string path = at.empty() ? key : at + "." + key;
            out.insert(path);
            paths(inner, path, out);
        }
    } else if (value.is_array()) {
        for (const json& inner : value)
            paths(inner, at + "[]", out);
    }
}

} // namespace

TEST_CASE("results.json has the fields of schema assay/results/1 and reads back exactly") {
    const auto review = creatine::review();
    const auto results = creatine::results();
    const std::string text = report::results_json(review, results);
    CHECK(text.back() == '\n');
    CHECK(text == report::results_json(review, results));
    const json read = json::parse(text);
    CHECK(read["schema"] == "assay/results/1");
    const json& first = read["analyses"][0];
    for (const char* field : {"id", "question", "outcome", "measure", "model", "tau2_method", "test", "k", "estimate", "se",
                              "ci_low", "ci_high", "pi_low", "pi_high", "tau2", "i2", "h2", "q", "q_df", "q_p", "display",
                              "studies", "excluded", "verdict"})
        CHECK_MESSAGE(first.contains(field), field);
    CHECK(first["estimate"].get<double>() == results.analyses[0].main->estimate);
    CHECK(first["ci_high"].get<double>() == results.analyses[0].main->ci_high);
    CHECK(first["studies"][1]["label"] == creatine::script_name);
    CHECK(first["studies"][0]["source"] == "abel1998-paper, Table 2");
    CHECK(first["excluded"][0]["reason"] == "a median");
    const json& odds = read["analyses"][1];
    CHECK(odds["display"]["estimate"].get<double>() == std::exp(odds["estimate"].get<double>()));
    CHECK(odds["display"]["text"] == "0.78 (0.50 to 1.21)");
    CHECK(first["variants"][1]["estimate"].is_null());
}

TEST_CASE("an analysis without a pooled result has nulls, not zeros") {
    auto results = creatine::results();
    results.analyses[0].main.reset();
    const json read = json::parse(report::results_json(creatine::review(), results));
    for (const char* field : {"estimate", "se", "ci_low", "pi_low", "tau2", "i2", "h2", "q", "q_df", "q_p"})
        CHECK_MESSAGE(read["analyses"][0][field].is_null(), field);
    CHECK(read["analyses"][0]["k"] == 0);
    CHECK(read["analyses"][0]["measure"] == "MD");
    CHECK(read["analyses"][0]["studies"][0]["weight_pct"].is_null());
}

TEST_CASE("docs/formats/results.md lists every field, and only fields that exist") {
    std::ifstream file(ASSAY_SOURCE_DIR "/docs/formats/results.md");
    REQUIRE(file);
    std::set<std::string> documented;
    const std::regex row("^\\| `([^`]+)` \\|");
    for (std::string line; std::getline(file, line);) {
        std::smatch found;
        if (std::regex_search(line, found, row)) documented.insert(found[1]);
    }
    std::set<std::string> written;
    paths(json::parse(report::results_json(creatine::review(), creatine::results())), "", written);
    // Derived numbers and standardised differences, which that review does not have.
    const auto derived = app::check(ASSAY_SOURCE_DIR "/tests/data/derive/folder").review;
    paths(json::parse(report::results_json(derived, app::analyse(derived))), "", written);
    for (const std::string& path : written)
        CHECK_MESSAGE(documented.count(path) == 1, "not documented: ", path);
    for (const std::string& path : documented)
        CHECK_MESSAGE(written.count(path) == 1, "documented but never written: ", path);
}

TEST_CASE("JSON numbers round-trip, undefined ones are null, text is escaped") {
    report::JsonWriter out;
    out.begin_array().value(0.1 + 0.2).value(std::numeric_limits<double>::quiet_NaN()).value("a\"\\\n\x01").value(1e-300);
    const std::string text = out.end_array().take();
    const json read = json::parse(text);
    CHECK(read[0].get<double>() == 0.1 + 0.2);
    CHECK(read[1].is_null());
    CHECK(read[2] == "a\"\\\n\x01");
    CHECK(read[3].get<double>() == 1e-300);
    CHECK_THROWS_AS(report::JsonWriter().begin_object().take(), Bug);
}
