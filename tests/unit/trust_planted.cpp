// A folder with one planted fault per check, beside rows of the same kind that are sound.
#include "app/trust.hpp"
#include "trust/checks.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

using namespace assay;

namespace {

const app::Trusted& planted() {
    static const app::Trusted trusted = [] {
        app::TrustRequest request;
        request.folder = ASSAY_SOURCE_DIR "/tests/data/trust/planted";
        request.retractions = ASSAY_SOURCE_DIR "/tests/data/trust/notices.csv";
        return app::run_trust(request);
    }();
    return trusted;
}

std::vector<const trust::Finding*> found(std::string_view check, std::string_view row) {
    std::vector<const trust::Finding*> list;
    for (const trust::Finding& finding : planted().assessment.findings)
        if (finding.check == check && finding.row == row) list.push_back(&finding);
    return list;
}

struct Expected {
    const char *check, *row;
    trust::Possible possible;
};

using trust::Possible;
constexpr Expected expected[] = {
    {"grim", "grim.bad", Possible::no},
    {"grimmer", "grimmer.bad", Possible::no},
    {"debit", "debit.bad", Possible::no},
    {"percent", "percent.bad", Possible::unlikely},
    {"n-flow", "flow.bad", Possible::no},
    {"n-flow", "elder", Possible::no},
    {"p-means", "p-means.bad", Possible::unlikely},
    {"p-change", "p-change.bad", Possible::unlikely},
    {"p-counts", "p-counts.bad", Possible::unlikely},
    {"p-choice", "p-choice", Possible::yes},
    {"p-interval", "p-interval.bad", Possible::unlikely},
    {"estimate-inside", "inside.bad", Possible::no},
    {"interval-centre", "centre.bad", Possible::unlikely},
    {"interval-level", "centre.bad", Possible::yes},
    {"interval-se", "interval-se.bad", Possible::unlikely},
    {"contrast", "contrast.sign", Possible::unlikely},
    {"se-difference", "contrast.se", Possible::unlikely},
    {"se-as-sd", "se.bad", Possible::unlikely},
    {"se-as-sd", "se.pl", Possible::unlikely}, // its other arm
    {"scale", "scale.bad", Possible::no},
    {"sd-limit", "sd-limit.bad", Possible::no},
    {"skew", "skew.note", Possible::yes},
    {"repeated-cells", "rep.bad", Possible::unlikely},
    {"sources-disagree", "src.bad", Possible::unlikely},
    {"duplicate-cohorts", "orchid", Possible::unlikely},
    {"duplicate-cohorts", "quince", Possible::unlikely},
    {"subgroups", "sub.whole", Possible::no},
    {"editions", "edition.2", Possible::unlikely},
    {"quotes-disagree", "quote.2", Possible::unlikely},
    {"dose", "zinnia.ca", Possible::no},
    {"dose", "aster.ca", Possible::unlikely},
    {"dose-basis", "aster.ca", Possible::yes},
    {"units", "units.note", Possible::yes},
    {"periods", "period.yarrow", Possible::unlikely},
    {"baseline", "base.bad", Possible::unlikely},
    {"rob-disagree", "avens randomisation", Possible::yes},
    {"identifiers", "poppy", Possible::no},
    {"identifiers", "clover.paper", Possible::unlikely},
    {"retractions", "fennel.paper", Possible::unlikely},
};

} // namespace

TEST_CASE("every planted fault is found by its check") {
    for (const Expected& item : expected) {
        const auto list = found(item.check, item.row);
        CHECK_MESSAGE(!list.empty(), item.check, " ", item.row);
        for (const auto* finding : list)
            CHECK_MESSAGE(finding->possible == item.possible, item.check, " ", item.row);
    }
}

TEST_CASE("nothing else is flagged") {
    std::set<std::pair<std::string, std::string>> known;
    for (const Expected& item : expected)
        known.emplace(item.check, item.row);
    for (const trust::Finding& finding : planted().assessment.findings) {
        if (finding.possible == Possible::yes) continue;
        CHECK_MESSAGE(known.count({finding.check, finding.row}) == 1, finding.check, " ", finding.row, ": ",
                      finding.says);
    }
}

TEST_CASE("every check of the table has a planted fault, was run, and has words of its own") {
    std::set<std::string_view> ids;
    for (const trust::Check& check : trust::checks()) {
        CHECK(ids.insert(check.id).second);
        for (const std::string_view text : {check.title, check.formula, check.source, check.needs})
            CHECK_MESSAGE(!text.empty(), check.id);
        const bool tested = std::any_of(std::begin(expected), std::end(expected),
                                        [&](const Expected& item) { return item.check == check.id; });
        CHECK_MESSAGE(tested, check.id);
    }
    for (const trust::Tally& tally : planted().assessment.tallies)
        CHECK_MESSAGE(tally.examined > 0, tally.check);
}

TEST_CASE("findings carry what a reader needs, in neutral words") {
    for (const trust::Finding& finding : planted().assessment.findings) {
        CHECK_FALSE(finding.row.empty());
        CHECK_FALSE(finding.field.empty());
        CHECK_FALSE(finding.says.empty());
        CHECK_FALSE(finding.remedy.empty());
        CHECK(finding.place.line > 0);
        if (finding.check != "units" && finding.check != "identifiers") CHECK_FALSE(finding.inputs.empty());
        for (const char* word :
             {"fraud", "fake", "fabricat", "manipulat", "misconduct", "suspicious", "wrong"})
            for (const std::string& text : {finding.says, finding.remedy})
                CHECK_MESSAGE((text.find(word) == std::string::npos || std::string(word) == "wrong"), text);
    }
}

TEST_CASE("remedies name the likely slip") {
    CHECK(found("estimate-inside", "inside.bad").front()->remedy.find("minus sign") != std::string::npos);
    CHECK(found("se-difference", "contrast.se").front()->remedy.find("difference of the two SDs") !=
          std::string::npos);
    CHECK(found("contrast", "contrast.sign").front()->remedy.find("other sign") != std::string::npos);
    CHECK(found("grim", "grim.bad").front()->remedy.find("n = ") != std::string::npos);
}

TEST_CASE("a notice reaches every number of the report") {
    const auto list = found("retractions", "fennel.paper");
    REQUIRE(list.size() == 1);
    const auto& touches = list.front()->touches;
    for (const char* row : {"p-means.bad", "p-means.bad2", "p-means.good", "p-means.good2"})
        CHECK(std::find(touches.begin(), touches.end(), row) != touches.end());
    CHECK(planted().notices == 3);
}

TEST_CASE("JSON has the fields of the description") {
    const auto json = nlohmann::json::parse(app::trust_json(planted()));
    CHECK(json["schema"] == "assay/trust/1");
    CHECK(json["findings"].size() == planted().assessment.findings.size());
    for (const auto& finding : json["findings"])
        for (const char* field : {"check", "study", "row", "field", "file", "line", "inputs", "possible",
                                  "says", "remedy", "touches"})
            CHECK(finding.contains(field));
    CHECK(json["checks"].size() == trust::checks().size());
}

TEST_CASE("docs/methods/trust-checks.md has for each check, and for nothing else, its formula, source, needs "
          "and limits") {
    std::ifstream file(ASSAY_SOURCE_DIR "/docs/methods/trust-checks.md");
    std::stringstream text;
    text << file.rdbuf();
    const std::string doc = text.str() + "\n## ";
    std::size_t headings = 0;
    for (std::size_t at = doc.find("\n## "); at + 4 < doc.size(); at = doc.find("\n## ", at + 1))
        headings += at + 4 < doc.size() - 1 ? 1 : 0;
    CHECK(headings == trust::checks().size());
    for (const trust::Check& check : trust::checks()) {
        const std::string id(check.id);
        const std::size_t begin = doc.find("\n## " + id + "\n");
        REQUIRE_MESSAGE(begin != std::string::npos, id);
        const std::string section = doc.substr(begin, doc.find("\n## ", begin + 1) - begin) + "\n";
        const auto line = [&](const std::string& name, std::string_view value) {
            CHECK_MESSAGE(section.find("\n- " + name + ": " + std::string(value) + "\n") != std::string::npos,
                          id, " ", name);
        };
        line("Formula", check.formula);
        line("Source", check.source);
        line("Needs", check.needs);
        const std::size_t limits = section.find("\n- Limits: ");
        REQUIRE_MESSAGE(limits != std::string::npos, id);
        CHECK_MESSAGE(section.find('\n', limits + 1) > limits + 30, id); // a sentence, not a word
    }
}
