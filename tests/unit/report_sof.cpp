// The summary of findings: standardised differences told otherwise, on worked numbers; every number leads
// somewhere.
#include "../support/near.hpp"
#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "certainty/sof.hpp"
#include "plot/number.hpp"
#include "report/results_json.hpp"
#include "report/sof.hpp"
#include "report/sof_numbers.hpp"
#include "text/csv.hpp"
#include "text/format.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>

using namespace assay;
using namespace assay::test;
using nlohmann::json;

namespace {

std::filesystem::path source(const char* path) {
    return std::filesystem::path(ASSAY_SOURCE_DIR) / path;
}

/// The numbers in a text, as their digits.
std::vector<std::string> numbers_in(const std::string& text) {
    std::string plain = text;
    for (std::size_t at; (at = plain.find("\xE2\x88\x92")) != std::string::npos;)
        plain.replace(at, 3, "-");
    std::vector<std::string> found;
    const std::regex number("-?[0-9]+(\\.[0-9]+)?");
    for (std::sregex_iterator i(plain.begin(), plain.end(), number), end; i != end; ++i)
        found.push_back(i->str());
    return found;
}

/// Every number of a JSON value.
void numbers_of(const json& value, std::vector<double>& out) {
    if (value.is_number()) out.push_back(value.get<double>());
    if (value.is_structured())
        for (const auto& inner : value)
            numbers_of(inner, out);
}

/// Every number that stands in a text of a JSON value.
void numbers_in_texts(const json& value, std::vector<double>& out) {
    if (value.is_string())
        for (const std::string& number : numbers_in(value.get<std::string>()))
            out.push_back(std::stod(number));
    if (value.is_structured())
        for (const auto& inner : value)
            numbers_in_texts(inner, out);
}

/// The text without what stands in it for good.
std::string without(std::string text, const std::vector<std::string>& phrases) {
    for (const std::string& phrase : phrases)
        for (std::size_t at; (at = text.find(phrase)) != std::string::npos;)
            text.erase(at, phrase.size());
    return text;
}

/// Is the printed number one of these, rounded to its own decimals? Signs are told in words ("fewer").
bool is_rounded(const std::string& printed, const std::vector<double>& values) {
    const auto point = printed.find('.');
    const double unit =
        point == std::string::npos ? 1 : std::pow(10.0, -static_cast<double>(printed.size() - point - 1));
    const double number = std::fabs(std::stod(printed));
    return std::any_of(values.begin(), values.end(), [&](double value) {
        return std::fabs(std::fabs(value) - number) <= unit / 2 * (1 + 1e-9);
    });
}

void check_trail(const char* folder) {
    const auto checked = app::check(source(folder));
    REQUIRE_FALSE(checked.diagnostics.has_errors());
    const auto results = app::analyse(checked.review);
    const json all = json::parse(report::results_json(checked.review, results));
    std::set<std::string> row_ids;
    for (const auto& row : checked.review.results)
        row_ids.insert(row.id.value);
    int rows = 0, numbers = 0;
    for (const auto& question : checked.review.questions) {
        const auto table = report::summary_of_findings(checked.review, results, question);
        const std::string csv = report::sof_csv({table});
        const std::string html = report::sof_html(checked.review, {table});
        for (const auto& row : table.rows) {
            CAPTURE(row.analysis.value);
            ++rows;
            // The row names its analysis in each form, and results.json has it.
            CHECK(csv.find("\n" + question.id.value + "," + row.analysis.value + ",") != std::string::npos);
            CHECK(html.find("data-analysis=\"" + row.analysis.value + "\"") != std::string::npos);
            const auto found = std::find_if(all["analyses"].begin(), all["analyses"].end(),
                                            [&](const json& one) { return one["id"] == row.analysis.value; });
            REQUIRE(found != all["analyses"].end());
            // Its studies lead to rows that exist.
            REQUIRE_FALSE((*found)["studies"].empty());
            for (const auto& study : (*found)["studies"])
                for (const auto& id : study["rows"])
                    CHECK(row_ids.contains(id.get<std::string>()));
            std::vector<double> values{static_cast<double>((*found)["k"].get<int>())};
            numbers_of((*found)["display"], values);
            numbers_of((*found)["summary"], values);
            std::string printed = row.participants + " " + std::to_string(row.studies) + " " + row.relative +
                                  " " + row.baseline + " " + row.with + " " + row.difference;
            // "per 1000" and the units' own digits are not results.
            std::vector<std::string> words{"per 1000"};
            if (const json& other = (*found)["summary"]["re_expressed"]; !other.is_null())
                words.push_back(other["unit"].get<std::string>());
            printed = without(printed, words);
            for (const std::string& number : numbers_in(printed)) {
                CAPTURE(number);
                CAPTURE(printed);
                CHECK(is_rounded(number, values));
                ++numbers;
            }
            // The footnotes repeat numbers of the rating, of the baseline and of the instrument.
            std::vector<double> noted = values;
            numbers_of((*found)["grade"], noted);
            for (const char* part : {"grade", "summary", "verdict"})
                numbers_in_texts((*found)[part], noted);
            for (const std::string& note : table.footnotes) {
                if ((", " + row.notes + ",").find(", " + note.substr(0, note.find('.')) + ",") ==
                    std::string::npos)
                    continue;
                CAPTURE(note);
                for (const std::string& number : numbers_in(without(note, {"pi/sqrt(3)", "Chinn 2000"}))) {
                    CAPTURE(number);
                    CHECK(is_rounded(number, noted));
                    ++numbers;
                }
            }
        }
    }
    CHECK(rows > 0);
    CHECK(numbers > 3 * rows);
}

} // namespace

TEST_CASE("a standardised difference as odds and as people who improve: worked numbers") {
    // pi/sqrt(3) = 1.8138: an SMD of 0.5 is an odds ratio of 2.477 (Chinn 2000; "approximately 1.81 x SMD",
    // Cochrane Handbook 5.1, 12.6.3).
    CHECK(near(certainty::log_odds_ratio_of(1), 1.81, {0, 0.005}));
    CHECK(near(std::exp(certainty::log_odds_ratio_of(0.5)), 2.4766, {0, 5e-5}));
    // Of 300 in 1000 who improve without it: odds 3/7 x 2.4766 = 1.0614, so 514.9 with it.
    const auto higher = certainty::absolute_improved(0.5, 0.2, 0.8, model::Better::higher, 0.3);
    REQUIRE(higher);
    CHECK(near(higher->with_intervention, 514.9, {0, 0.05}));
    CHECK(near(higher->difference, 214.9, {0, 0.05}));
    // The same where lower is better and the difference is negative.
    const auto lower = certainty::absolute_improved(-0.5, -0.8, -0.2, model::Better::lower, 0.3);
    REQUIRE(lower);
    CHECK(near(lower->difference, higher->difference, same_number));
    CHECK(near(lower->low, higher->low, same_number));
    CHECK(higher->low < higher->difference);
    CHECK(higher->high > higher->difference);
    CHECK_FALSE(certainty::absolute_improved(0.5, 0.2, 0.8, model::Better::neither, 0.3));
    CHECK_FALSE(certainty::absolute_improved(0.5, 0.2, 0.8, model::Better::higher, 0));
    CHECK(near(certainty::absolute_improved(0, -0.2, 0.2, model::Better::higher, 0.3)->difference, 0,
               {0, 1e-9}));
}

TEST_CASE("the summary tells a standardised difference in the stated instrument's units and per 1000") {
    const auto checked = app::check(source("tests/data/derive/folder"));
    REQUIRE_FALSE(checked.diagnostics.has_errors());
    auto review = checked.review;
    const auto results = app::analyse(review);
    const model::AnalysisId id("mood-smd");
    const auto& result = *results.find(id);
    REQUIRE(result.main);
    const auto numbers = report::sof_numbers(review, *review.find(id), result);
    REQUIRE(numbers.re_expressed);
    CHECK(near(numbers.re_expressed->estimate, 20 * result.main->estimate, same_number));
    CHECK(numbers.re_expressed->unit == "points of 100");
    CHECK(numbers.re_expressed->rows.empty());
    const auto table = report::summary_of_findings(review, results, *review.find(model::QuestionId("pain")));
    const auto row = std::find_if(table.rows.begin(), table.rows.end(),
                                  [&](const auto& one) { return one.analysis == id; });
    REQUIRE(row != table.rows.end());
    CHECK(row->difference.find(" points of 100; ") != std::string::npos);
    CHECK(row->difference.ends_with(" per 1000 improve"));
    CHECK(row->baseline == "300 per 1000");
    std::string notes;
    for (const auto& note : table.footnotes)
        notes += note + "\n";
    CHECK(notes.find("mood scale of 0 to 100") != std::string::npos);
    CHECK(notes.find("Chinn 2000") != std::string::npos);
    // Without a stated instrument the control groups' own SD, with its row.
    review.instruments.clear();
    review.baselines.clear();
    const auto own = report::sof_numbers(review, *review.find(id), result);
    CHECK_FALSE(own.absolute);
    REQUIRE(own.re_expressed);
    REQUIRE(own.re_expressed->rows.size() == 1);
    CHECK(own.re_expressed->rows[0].value == "plain.mood.water");
    CHECK(own.re_expressed->sd == 10);
}

TEST_CASE("every number of a summary of findings leads to an analysis of results.json, and that to rows") {
    check_trail("tests/data/ask/ginger");
    check_trail("tests/data/derive/folder");
    check_trail("reviews/magnesium");
}
