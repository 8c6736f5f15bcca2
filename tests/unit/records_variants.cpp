// Habits of exporters that no sample shows: own small files in their manner.
#include "app/records.hpp"

#include <doctest/doctest.h>

using namespace assay;

namespace {

model::Record one(const std::string& text) {
    auto read = app::read_records("in", text);
    REQUIRE(read.records.size() == 1);
    CHECK_FALSE(read.diagnostics.has_errors());
    return read.records[0];
}

std::string families(const model::Record& r) {
    std::string out;
    for (const auto& name : r.people)
        out += (out.empty() ? "" : ";") + name.family;
    return out;
}

} // namespace

TEST_CASE("an indented file of RIS is read") {
    const auto r = one("  TY  - JOUR\n  TI  - Salt\n    and sleep\n  AU  - Doe, J\n  PY  - 2001\n  ER  - \n");
    CHECK(r.title == "Salt and sleep");
    CHECK(families(r) == "Doe");
    CHECK(r.date == "2001");
    const auto two = app::read_records(
        "in", "  TY  - JOUR\n  TI  - A\n  ER  - \nTY  - JOUR\nTI  - B\nAB  - x\n  AU  - no field\nER  - \n");
    REQUIRE(two.records.size() == 2);
    CHECK(two.records[1].people.empty()); // indented text in a record that is not
}

TEST_CASE("headings of JSTOR stand before its records") {
    const auto r =
        one("Provider: JSTOR\nDatabase: JSTOR\nContent: text/plain; charset=\"UTF-8\"\n\n\n"
            "TY  - JOUR\nTI  - Salt\nSN  - 00129658, 19399170\nSP  - 11\nEP  - 20\nPY  - 1999\nER  - \n");
    CHECK(r.pages == "11-20");
    CHECK(r.issn.size() == 2);
}

TEST_CASE("tags without a blank behind the hyphen") {
    const auto read =
        app::read_records("in", "PMID- 123\nTI  -Salt and sleep\nFAU - Doe, Jane\nEN  - 2\nPL  - India\n");
    REQUIRE(read.records.size() == 1);
    CHECK(read.records[0].title == "Salt and sleep");
    CHECK(read.records[0].edition == "2");
    const auto text =
        app::read_records("in", "PMID- 123\nTI  - Levels of\n      T3  -induced change\nAB  - x\n");
    CHECK(text.records.at(0).title == "Levels of T3  -induced change");
}

TEST_CASE("degrees behind a name in Ovid's text are not people") {
    const auto read =
        app::read_records("in", "<1>\nUnique Identifier\n  123\nTitle\n  Salt.\nAuthors\n"
                                "  Doe, Sandra Schmidt RN; PhD; FAAN 1;  Roe, Richard MD *\nSource\n"
                                "  Sleep.  42(3):11-19, 2019 Mar.\n");
    REQUIRE(read.records.size() == 1);
    CHECK(families(read.records[0]) == "Doe;Roe");
}

TEST_CASE("sources in one cell are taken apart") {
    const std::string head = "Title,Author Names,Source,Publication Year\n";
    const auto embase = one(head + "Salt,\"Doe J.,Roe R.\",Sleep Medicine (2019) 42:3 (11-19),2019\n");
    CHECK(embase.container == "Sleep Medicine");
    CHECK(embase.volume == "42");
    CHECK(embase.issue == "3");
    CHECK(embase.pages == "11-19");
    const auto ovid = one("UI,TI,AU,SO,YR\n1,Salt.,Doe J,\"Sleep. 42(3):11-19, 2019 Mar.\",2019\n");
    CHECK(ovid.container == "Sleep");
    CHECK(ovid.pages == "11-19");
    const auto pubmed = one("PMID,Title,Authors,Citation,Journal/Book,Publication Year,Create Date\n"
                            "123,Salt,\"Doe J, Roe R.\",\"Sleep. 2019 Mar;42(3):zsy100. doi: "
                            "10.1000/a.1.\",Sleep,2019,2019/03/02\n");
    CHECK(pubmed.container == "Sleep");
    CHECK(pubmed.volume == "42");
    CHECK(pubmed.issue == "3");
    CHECK(pubmed.pages == "zsy100");
    const auto plain = one("title,authors,source\nSalt,\"Doe, J\",Sleep\n");
    CHECK(plain.container == "Sleep");
    CHECK(plain.volume.empty());
    const auto book = one("title,authors,source\nSalt,\"Doe, J\",Science 2.0 in 2019\n");
    CHECK(book.container == "Science 2.0 in 2019");
}

TEST_CASE("Publish or Perish parts names with commas and writes 0 for what it does not know") {
    const auto r = one("Cites,Authors,Title,Year,Source,Publisher,GSRank,Volume,Issue,StartPage,EndPage\n"
                       "12,\"J Doe, R van der Berg, A Poe\",Salt,2019,Sleep,x,1,0,0,0,0\n");
    CHECK(families(r) == "Doe;van der Berg;Poe");
    CHECK(r.people[0].given == "J");
    CHECK(r.volume.empty());
    CHECK(r.pages.empty());
}
