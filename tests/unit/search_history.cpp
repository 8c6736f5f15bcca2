// Histories as hosts export them are read as the strategy they hold.
#include "app/search.hpp"
#include "search/history.hpp"

#include <doctest/doctest.h>

using namespace assay;

namespace {

std::string to_ovid(const std::string& text, const std::string& from = {}) {
    return app::translate({"history", text, from}, "ovid").text;
}

std::size_t unsupported(const std::string& text) {
    std::size_t count = 0;
    const auto translated = app::translate({"history", text, ""}, "ovid");
    for (const auto& item : translated.diagnostics.items())
        count += item.code == "search/unsupported" ? 1 : 0;
    return count;
}

} // namespace

TEST_CASE("CENTRAL: headings, hits, dates set on the page") {
    const std::string text =
        "Search Name:\tMagnesium\nLast Saved:\t01/02/2024 10:11:12\nComment:\n\nID\tSearch\tHits\n"
        "#1\tMeSH descriptor: [Magnesium] explode all trees\t1234\n#2\t(magnes*):ti,ab\t56\n"
        "#3\t#1 OR #2 with Cochrane Library publication date Between Jan 2010 and Dec 2020\t7\n";
    CHECK(to_ovid(text) == "1. exp Magnesium/\n2. magnes*.tw.\n3. 1 OR 2\n");
    CHECK(unsupported(text) == 1);
    CHECK(to_ovid("#1\t(sleep NEAR/3 loss):ti (Word variations have been searched)\n#2\t#1\n", "cochrane") ==
          "1. (sleep ADJ4 loss).ti.\n2. 1\n");
}

TEST_CASE("Ovid: the database's name and rules are no lines") {
    CHECK(to_ovid("Database: Ovid MEDLINE(R) ALL <1946 to January 31, 2024>\nSearch "
                  "Strategy:\n--------------------\n"
                  "1     exp Magnesium/ (12345)\n2     magnes*.tw. (2345)\n3     1 or 2 "
                  "(13000)\n\n*****************\n") == "1. exp Magnesium/\n2. magnes*.tw.\n3. 1 OR 2\n");
}

TEST_CASE("newest first: Embase.com, EBSCO, Web of Science, Scopus") {
    CHECK(to_ovid("No.\tQuery\tResults\tDate\n#3\t#1 AND #2\t12\t1 Feb 2024\n#2\tsleep*:ti\t123\t1 Feb 2024\n"
                  "#1\t'magnesium'/exp\t456\t1 Feb 2024\n") ==
          "1. exp magnesium/\n2. sleep*.ti.\n3. 1 AND 2\n");
    const std::string ebsco =
        "#\tQuery\tLimiters/Expanders\tLast Run Via\tResults\nS3\tS1 AND S2\tExpanders - Apply "
        "equivalent subjects\nSearch modes - Boolean/Phrase\tInterface - EBSCOhost\n"
        "Database - CINAHL\t12\nS2\tTI sleep*\tSearch modes - Boolean/Phrase\t345\n"
        "S1\t(MH \"Magnesium+\")\tLimiters - English\t678\n";
    CHECK(to_ovid(ebsco) == "1. exp Magnesium/\n2. sleep*.ti.\n3. 1 AND 2\n");
    CHECK(unsupported(ebsco) == 1);
    CHECK(
        to_ovid(
            "# 2\t#1 AND TI=(loss)\t12\nIndexes=SCI-EXPANDED Timespan=All years\n# 1\tTI=(sleep*)\t345\n") ==
        "1. sleep*.ti.\n2. 1 AND loss.ti.\n");
    CHECK(to_ovid("2 #1 AND TITLE(loss) 12\n1 TITLE(sleep*) 345\n") == "1. sleep*.ti.\n2. 1 AND loss.ti.\n");
}

TEST_CASE("PubMed: the history as a table") {
    const std::string text = "Search number,Query,Sort By,Filters,Search Details,Results,Time\n"
                             "2,#1 AND loss[ti],,Humans,\"x, \"\"y\"\"\",12,10:11:12\n"
                             "1,\"\"\"Magnesium\"\"[Mesh] OR sleep*[ti]\",,,z,678,10:11:08\n";
    CHECK(to_ovid(text) == "1. exp Magnesium/ OR sleep*.ti.\n2. 1 AND loss.ti.\n");
    CHECK(unsupported(text) == 1);
    // A message shows the place in what was given.
    const auto wrong =
        app::translate({"h", "Search number,Query,x\n2,#1 AND #7,\n1,sleep[ti],\n", "pubmed"}, "ovid");
    REQUIRE(wrong.diagnostics.has_errors());
    CHECK(wrong.diagnostics.sorted()[0].place.line == 2);
}

TEST_CASE("what no host has laid out stays as it is") {
    for (const std::string text :
         {"1. sleep.ti.\n2. loss.ti.\n3. 1 and 2\n", "sleep\tloss\n", "3 meals and 2 snacks\n", "2. sleep\n",
          "", "#1 sleep 2020\n#2 loss\n", "Search number of meals\n", "5 to 1\n4 to 1\n"}) {
        CAPTURE(text);
        Diagnostics diagnostics;
        const auto before = search::clean("s", text, diagnostics);
        const auto after = search::without_host_layout(before, diagnostics);
        CHECK(after.text == before.text);
        CHECK(after.origin == before.origin);
        CHECK(diagnostics.items().empty());
    }
}

TEST_CASE("Web of Science: hits before the query, indexes below") {
    CHECK(to_ovid("# 1\t12,345\tTS=(magnesium NEAR/3 cramp*)\nIndexes=SCI-EXPANDED Timespan=All years\n"
                  "# 2\t5\tTI=\"leg cramp*\"\nIndexes=SCI-EXPANDED Timespan=All years\n# 3\t3\t#1 AND #2\n",
                  "wos") == "1. (magnesium ADJ4 cramp*).mp.\n2. \"leg cramp*\".ti.\n3. 1 AND 2\n");
    // A number that is all there is, or that an operator follows, is the query.
    CHECK(to_ovid("#1\tTS=cramp\n#2\tTS=leg\n#3\t1 AND 2\n", "wos").find("3. ") != std::string::npos);
    CHECK(to_ovid("#1\tTS=cramp\n#2\t2020\n", "wos").find("2020") != std::string::npos);
}
