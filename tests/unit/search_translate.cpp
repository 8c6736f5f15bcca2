// What a strategy means and how it reads in other languages: own examples, the real strategies and pairs
// beside the project.
#include "app/search.hpp"
#include "app/search_run.hpp"
#include "base/files.hpp"
#include "search/lint.hpp"
#include "search/parse.hpp"
#include "search/print.hpp"
#include "search/strategy.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <set>

using namespace assay;

namespace {

std::string translated(const std::string& query, const std::string& from, const std::string& to) {
    std::string text = app::translate({"query", query, from}, to).text;
    while (!text.empty() && text.back() == '\n')
        text.pop_back();
    return text;
}

std::string squeezed(const std::string& text) {
    std::string out;
    for (const char c : text)
        if (c == ' ' || c == '\t' || c == '\n' || c == '\r') {
            if (!out.empty() && out.back() != ' ') out += ' ';
        } else {
            out += c;
        }
    while (!out.empty() && out.back() == ' ')
        out.pop_back();
    return out;
}

std::set<std::string> codes_of(const Diagnostics& diagnostics) {
    std::set<std::string> out;
    for (const auto& item : diagnostics.items())
        out.insert(item.code);
    return out;
}

} // namespace

TEST_CASE("the step of adjN is one more than the words between") {
    CHECK(translated("(sleep adj3 loss).ti.", "ovid", "cochrane") == "(sleep NEAR/2 loss):ti");
    CHECK(translated("(sleep adj3 loss).ti.", "ovid", "embase") == "(sleep NEAR/3 loss):ti");
    CHECK(translated("(sleep adj3 loss).ti.", "ovid", "wos") == "TI=(sleep NEAR/2 loss)");
    CHECK(translated("(sleep adj3 loss).ti.", "ovid", "scopus") == "TITLE(sleep W/2 loss)");
    CHECK(translated("(sleep adj3 loss).ti.", "ovid", "ebsco") == "(TI (sleep N2 loss))");
    CHECK(translated("(sleep adj3 loss).ti.", "ovid", "pubmed") == "\"sleep loss\"[ti:~2]");
    CHECK(translated("TI=(sleep NEAR/2 loss)", "wos", "ovid") == "(sleep ADJ3 loss).ti.");
    CHECK(translated("(sleep NEXT/3 loss):ti", "embase", "cochrane") == "(sleep NEXT/2 loss):ti");
}

TEST_CASE("wildcards keep their meaning, not their sign") {
    CHECK(translated("wom#n.ti.", "ovid", "wos") == "TI=wom?n");
    CHECK(translated("colo?r.ti.", "ovid", "wos") == "TI=colo$r");
    CHECK(translated("colo?r.ti.", "ovid", "ebsco") == "(TI colo#r)");
    CHECK(translated("node$1.ti.", "ovid", "embase") == "node$:ti");
    const auto lost = app::translate({"q", "colo?r.ti.", "ovid"}, "pubmed");
    CHECK(lost.text == "colo*r[ti]\n");
    CHECK(lost.broader == 1);
}

TEST_CASE("order of operators differs between languages") {
    CHECK(translated("a or b and c", "ovid", "pubmed") == "a OR (b AND c)");
    CHECK(translated("a or b and c", "pubmed", "ovid") == "(a OR b) AND c");
    CHECK(translated("TITLE(a OR b AND c)", "scopus", "cochrane") == "((a OR b) AND c):ti");
}

TEST_CASE("headings with explosion, focus and subheadings") {
    CHECK(translated("exp *Sleep/dt, tu", "ovid", "pubmed") == "(Sleep/dt[Majr] OR Sleep/tu[Majr])");
    CHECK(translated("\"Sleep Stages\"[mh:noexp]", "pubmed", "ovid") == "\"Sleep Stages\"/");
    CHECK(translated("(MH \"Sleep Stages+\")", "ebsco", "cochrane") == "[mh \"Sleep Stages\"]");
    CHECK(translated("MeSH descriptor: [Sleep] this term only", "cochrane", "ovid") == "Sleep/");
    CHECK(translated("'sleep'/exp/dm_dt", "embase", "ovid") == "exp sleep/dt");
}

TEST_CASE("subheadings behind several slashes, and names that hold one") {
    CHECK(translated("(MM \"Muscle Cramp/DT/PC\")", "ebsco", "ovid") == "*\"Muscle Cramp\"/dt, pc");
    CHECK(translated("[mh \"Sleep\"/DT,TU]", "cochrane", "ovid") == "exp Sleep/dt, tu");
    CHECK(translated("(MH \"Input/Output Devices\")", "ebsco", "ovid") == "\"Input/Output Devices\"/");
}

TEST_CASE("words that stand near one another stand in one field") {
    CHECK(translated("TX clinic* n1 trial*", "ebsco", "ovid") == "(clinic* ADJ2 trial*).af.");
    CHECK(translated("TI leg n1 cramp* n3 night*", "ebsco", "ovid") == "(leg ADJ2 cramp* ADJ4 night*).ti.");
    CHECK(translated("TI leg OR cramp", "ebsco", "ovid") == "leg.ti. OR cramp");
}

TEST_CASE("a language keeps its own limits, another says that they are lost") {
    const std::string embase =
        "'cramp'/exp AND [conference abstract]/lim NOT ([embase]/lim AND [medline]/lim)";
    CHECK(translated(embase, "embase", "embase") == embase);
    CHECK(app::translate({"q", embase, "embase"}, "ovid").impossible == 3);
    const std::string scopus = "TITLE(cramp) AND NOT INDEX(medline)";
    CHECK(translated(scopus, "scopus", "scopus") == scopus);
    const auto lost = app::translate({"q", scopus, "scopus"}, "pubmed");
    CHECK(lost.text == "cramp[ti]\n");
    CHECK(lost.impossible == 1);
    CHECK(translated("TITLE(cramp) OR Index(medline)", "scopus", "scopus").find("Index(") ==
          std::string::npos);
    CHECK(translated("TS=cramp AND LANGUAGE: (English) AND DOCUMENT TYPES: (Article OR Review)", "wos",
                     "ovid") == "cramp.mp. AND English.lg. AND (Article OR Review).pt.");
}

TEST_CASE("line numbers in every style, hit counts and wrapped lines") {
    Diagnostics diagnostics;
    const auto cleaned = search::clean(
        "s", "#1  sleep.tw.  1234\n#2  (night or\n  day).tw. (12)\n#3  #1 and #2   7\n", diagnostics);
    const auto strategy = search::parse(cleaned, search::Dialect::ovid, diagnostics);
    REQUIRE(strategy.lines.size() == 3);
    CHECK(search::print(strategy, search::Dialect::ovid).text ==
          "1. sleep.tw.\n2. (night OR day).tw.\n3. 1 AND 2\n");
    CHECK(search::print(strategy, search::Dialect::ebsco).lines[2] == "S1 AND S2");
}

TEST_CASE("lints name their mistake") {
    const auto lints = [](const std::string& text, const std::string& dialect) {
        return codes_of(app::lint_search({"s", text, dialect}).diagnostics);
    };
    CHECK(lints("a or b and c", "ovid").count("search/mixed-operators") == 1);
    CHECK(lints("cat*.tw.", "ovid").count("search/short-truncation") == 1);
    CHECK(lints("tumor.tw.", "ovid").count("search/spelling") == 1);
    CHECK(lints("tumo?r.tw.", "ovid").count("search/spelling") == 0);
    CHECK(lints("1. a.tw.\n2. b.tw.\n3. c.tw.\n4. 1 and 2", "ovid").count("search/dead-line") == 1);
    CHECK(lints("1. a.tw.\n2. 1 and 7", "ovid").count("search/unknown-line") == 1);
    CHECK(lints("1. a.tw.\n2. 2 and 1", "ovid").count("search/wrong-line") == 1);
    CHECK(lints("sleep.tw. not exp animals/", "ovid").count("search/not-animals") == 1);
    CHECK(lints("sleep.tw. not (exp animals/ not humans.sh.)", "ovid").count("search/not-animals") == 0);
    CHECK(lints("exp Sleep/ and night.tw.", "ovid").count("search/no-free-text") == 1);
    CHECK(lints("(sleep* or sleeping).tw.", "ovid").count("search/redundant") == 1);
    CHECK(lints("\"night cramp*\":ti", "cochrane").count("search/quoted-wildcard") == 1);
    CHECK(lints("(a.ti. adj2 b.ab.)", "ovid").count("search/near-fields") == 1);
    CHECK(lints("sleep and english.lg.", "ovid").count("search/language-limit") == 1);
    CHECK(lints("(a or b.tw.", "ovid").count("search/unbalanced") == 1);
    const auto mesh =
        app::lint_search({"s", "Sleep/ or Slepe/ or sleep.tw.", "ovid"}, "Sleep;F02\nSleep Stages;F02.001\n");
    CHECK(codes_of(mesh.diagnostics).count("search/no-explosion") == 1);
    CHECK(codes_of(mesh.diagnostics).count("search/unknown-heading") == 1);
    for (const auto& row : search::lints())
        CHECK(diagnostic_code(row.code).code == row.code);
}

TEST_CASE("an exploded heading is an interval of tree numbers") {
    const auto thesaurus = search::read_thesaurus("A;A01\nB;A01.100\nC;A01.100.5\nD;A011\nE;A02;\n");
    CHECK(thesaurus.explode(thesaurus.find("a")).size() == 3);
    CHECK(thesaurus.explode(thesaurus.find("B")).size() == 2);
    const auto xml = search::read_thesaurus(
        "<DescriptorRecordSet><DescriptorRecord DescriptorClass=\"1\"><DescriptorUI>D1</DescriptorUI>"
        "<DescriptorName><String>Sleep</String></DescriptorName><TreeNumberList><TreeNumber>F02.8</"
        "TreeNumber>"
        "</TreeNumberList><ConceptList><Concept><TermList><Term X=\"1\"><String>Slumber</String></Term>"
        "</TermList></Concept></ConceptList></DescriptorRecord></DescriptorRecordSet>");
    CHECK(xml.find("slumber") == xml.find("Sleep"));
    CHECK(xml.find("slumber") == 0);
}

TEST_CASE("real strategies are read and print to a fixpoint in every language") {
    const std::filesystem::path file =
        std::filesystem::path(ASSAY_SHARED_DATA) / "search" / "search_strategies.jsonl";
    if (std::string(ASSAY_SHARED_DATA).empty() || !std::filesystem::exists(file)) {
        MESSAGE("skipped: no shared data");
        return;
    }
    const std::string bytes = read_file(file);
    std::size_t count = 0;
    for (std::size_t at = 0; at < bytes.size();) {
        const std::size_t stop = std::min(bytes.find('\n', at), bytes.size());
        if (stop > at) {
            const auto item = nlohmann::json::parse(bytes.substr(at, stop - at));
            ++count;
            CAPTURE(item["id"].get<std::string>());
            Diagnostics diagnostics;
            const auto cleaned = search::clean("s", item["query"].get<std::string>(), diagnostics);
            const auto dialect = search::guess_dialect(cleaned);
            CHECK(search::row(dialect).id == item["syntax"].get<std::string>());
            const auto strategy = search::parse(cleaned, dialect, diagnostics);
            search::check_references(cleaned, strategy, diagnostics);
            for (const auto& line : strategy.lines)
                CHECK_FALSE(line.empty);
            for (const auto& row : search::dialects()) {
                CAPTURE(std::string(row.id));
                const std::string once = search::print(strategy, row.dialect).text;
                const auto again = search::clean("s", once, diagnostics);
                CHECK(once ==
                      search::print(search::parse(again, row.dialect, diagnostics), row.dialect).text);
            }
        }
        at = stop + 1;
    }
    CHECK(count == 106);
}

TEST_CASE("translated pairs are met, but for the kinds that docs/formats/search.md names") {
    const std::filesystem::path file =
        std::filesystem::path(ASSAY_SHARED_DATA) / "search" / "search_translate.tsv";
    if (std::string(ASSAY_SHARED_DATA).empty() || !std::filesystem::exists(file)) {
        MESSAGE("skipped: no shared data");
        return;
    }
    const std::string bytes = read_file(file);
    std::size_t equal = 0, excepted = 0, all = 0, distances = 0, dollars = 0, macros = 0;
    for (std::size_t at = bytes.find('\n') + 1; at < bytes.size();) {
        const std::size_t stop = std::min(bytes.find('\n', at), bytes.size());
        std::vector<std::string> cells;
        for (std::size_t i = at; i <= stop;) {
            const std::size_t tab = std::min(bytes.find('\t', i), stop);
            cells.push_back(bytes.substr(i, tab - i));
            i = tab + 1;
        }
        at = stop + 1;
        if (cells.size() < 3) continue;
        ++all;
        const std::string ours = squeezed(app::translate({"pair", cells[0], ""}, cells[1]).text);
        if (ours == squeezed(cells[2])) {
            ++equal;
            continue;
        }
        CAPTURE(cells[0]);
        CAPTURE(cells[1]);
        CAPTURE(ours);
        // What is not met is met but for the kind of fault (docs/formats/search.md).
        const bool distance = cells[0].find("3 ") != std::string::npos; // adj3, NEAR/3
        const bool dollar = cells[0].back() == '$';
        const bool macro = cells[0].front() == '<';
        const auto letters = [](std::string text, std::string_view without) {
            std::erase_if(text, [&](char c) { return without.find(c) != std::string_view::npos; });
            return text;
        };
        if (distance && cells[2].find("((TI") != 0 && cells[2].find("((IP") != 0)
            CHECK(letters(ours, "234") == letters(squeezed(cells[2]), "234"));
        if (dollar) CHECK(letters(ours, "*$") == letters(squeezed(cells[2]), "?#"));
        distances += distance ? 1 : 0, dollars += dollar ? 1 : 0, macros += macro ? 1 : 0;
        CHECK((distance || dollar || macro));
        ++excepted;
    }
    CHECK(distances == 16);
    CHECK(dollars == 8);
    CHECK(macros == 11);
    CHECK(all == 327);
    CHECK(equal >= 292);
    CHECK(equal + excepted == all);
}

TEST_CASE("each code of search is triggered") {
    std::set<std::string> seen;
    const auto see = [&](const Diagnostics& diagnostics) {
        for (const auto& item : diagnostics.items())
            seen.insert(item.code);
    };
    const std::string deep = std::string(500, '(') + "a" + std::string(500, ')');
    const std::pair<const char*, std::string> inputs[] = {
        {"ovid", "a or b and c\n()\n\"night\ncat*.tw. or tumor.tw. or (x or x).tw.\n1 and 9\n7 and 1\nexp "
                 "Sleep\na] or\nand b"},
        {"ovid",
         "exp Sleep/ or Slepe/ or Sleep/\n1 not exp animals/\n2 not night.tw. \xE2\x80\x9Cq\xE2\x80\x9D"},
        {"ovid", "(a.ti. adj2 b.ab.) and english.lg.\n(a or b.tw."},
        {"ovid", "(newborn)* and night.tw."},
        {"ovid", deep},
        {"cochrane", "\"night cramp*\":ti and sleep (night)"},
        {"pubmed", "sleep[nonsense] OR ((("},
        {"ovid", "exp Sleep/ and Night/"},
    };
    for (const auto& [dialect, text] : inputs) {
        see(app::lint_search({"s", text, dialect}, "Sleep;F02\nSleep Stages;F02.001\nNight;Z01\n")
                .diagnostics);
        see(app::translate({"s", text, dialect}, "wos").diagnostics);
    }
    see(app::translate({"s", "colo?r.tw.", "ovid"}, "pubmed").diagnostics);
    app::SearchRequest request;
    request.strategy = {"s", "exp Sleep/", "ovid"};
    Diagnostics reading;
    request.known = app::read_known("ids", "123\n12 men\n", reading);
    see(reading);
    see(app::run_search(request, app::index_of({}), {}).diagnostics);
    // search/index-not-kept: tests/unit/app_store_index.cpp
    seen.insert("search/index-not-kept");
    for (const DiagnosticCode& row : diagnostic_codes()) {
        if (row.code.substr(0, 7) != "search/") continue;
        CAPTURE(row.code);
        CHECK(seen.contains(std::string(row.code)));
    }
}
