// Quick lookup: any text is only words to look for, and what was imported, forgotten or merged shows at once.
#include "base/error.hpp"
#include "store/lookup.hpp"
#include "store/store.hpp"
#include "support/new_store.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>
#include <random>

using namespace assay;
using test::NewStore;

namespace {

const store::Act ann{"ann", "2026-11-22T10:00:00Z"};

model::Record article(const std::string& title, const std::string& abstract, const std::string& pmid) {
    model::Record r;
    r.title = title, r.abstract = {{"", abstract}}, r.date = "2015";
    r.ids = {{"pmid", pmid}, {"doi", "10.1000/x." + pmid}};
    r.keywords = {{"mesh", "Muscle Cramp", false}};
    return r;
}

store::SourceFile source(const std::string& label) {
    store::SourceFile s;
    s.label = label, s.file = label, s.sha256 = label, s.format = "ris";
    return s;
}

std::vector<std::int64_t> ids(const store::Lookup& found) {
    std::vector<std::int64_t> out;
    for (const auto& hit : found.best)
        out.push_back(hit.record);
    return out;
}

using Ids = std::vector<std::int64_t>;

} // namespace

TEST_CASE("lookup: what stands in a query") {
    const auto sql = [](const char* text) { return store::fts5_query(store::lookup_terms(text)); };
    CHECK(sql("night cramps") == "\"night\" AND \"cramps\"");
    CHECK(sql("\"night cramps\" magn*") == "\"night cramps\" AND \"magn\" *");
    CHECK(sql("intra-ocular -pressure") == "(\"intra ocular\") NOT (\"pressure\")");
    CHECK(sql("title:x NEAR(a b) OR \"") == "\"title x\" AND \"NEAR a\" AND \"b\" AND \"OR\"");
    CHECK(sql("-a -b").empty());
    CHECK(sql("\"* ( ) '; -- ").empty());
    CHECK(store::tsquery(store::lookup_terms("it's \"night cramps\"* -x")) ==
          "('it' <-> 's') & ('night' <-> 'cramps':*) & !(('x'))");
    CHECK(store::lookup_terms(std::string(100000, 'a') + " b").size() == 2);
}

TEST_CASE("store: words are found, best first, and every word counts") {
    NewStore w;
    auto s = store::Store::open(w.where, true);
    const std::vector<model::Record> records = {
        article("Night cramps", "Nothing about it here.", "1"),
        article("Magnesium for night cramps", "We gave magnesium oxide at night, intra-ocular pressure too.",
                "2"),
        article("Zinc", "Night shifts; cramps once in the abstract.", "3")};
    s.import(ann, source("a"), records);
    CHECK(ids(store::look_up(s, "zinc", 10)) == Ids{3});
    CHECK(store::look_up(s, "night cramps", 10).articles == 3);
    CHECK(ids(store::look_up(s, "\"night cramps\"", 10)).size() == 2);
    CHECK(ids(store::look_up(s, "night cramps", 10)).back() == 3); // words of titles say more
    CHECK(ids(store::look_up(s, "magnes*", 10)) == Ids{2});
    CHECK(ids(store::look_up(s, "night -magnesium -zinc", 10)) == Ids{1});
    CHECK(ids(store::look_up(s, "intra ocular", 10)) == Ids{2});
    CHECK(ids(store::look_up(s, "10.1000/x.3", 10)) == Ids{3});
    CHECK(store::look_up(s, "muscle", 10).records == 3); // a keyword
    CHECK(ids(store::look_up(s, "night", 1)).size() == 1);
    const auto marked = store::look_up(s, "zinc", 10).best.at(0).title;
    CHECK(marked == "\x02"
                    "Zinc\x03");
    const auto none = store::look_up(s, "zinc oxide", 10);
    CHECK(none.records == 0);
    REQUIRE(none.alone.size() == 2);
    CHECK(none.alone[0] == std::pair<std::string, std::int64_t>("zinc", 1));
    CHECK_THROWS_AS(store::look_up(s, "-zinc", 10), Error);
    // Later sources, copies, and records to be forgotten.
    std::vector<model::Record> more = {article("Magnesium for night cramps", "", "2"), article("", "", "3")};
    more[1].deleted = true;
    s.import(ann, source("b"), more);
    CHECK(store::look_up(s, "zinc", 10).records == 0);
    CHECK(store::look_up(s, "magnesium", 10).articles == 2);
    s.save_merges(ann, std::vector<store::Merge>{{2, 4, "9", "title"}}, "rules");
    CHECK(store::look_up(s, "magnesium", 10).articles == 1);
    CHECK(store::look_up(s, "magnesium", 10).records == 2);
    CHECK(store::look_up(s, "magnesium", 10).best.size() == 1);
}

TEST_CASE("store: no text is an operator of the lookup") {
    NewStore w;
    auto s = store::Store::open(w.where, true);
    const std::vector<model::Record> records = {
        article("Alpha's \"beta\" (gamma) AND NOT near", "text", "1")};
    s.import(ann, source("a"), records);
    std::mt19937 random(5);
    constexpr std::string_view pieces[] = {
        "\"", "'",  "*", "(",   ")",  "-",   ":",        "^",     "+",     "{",
        "}",  " ",  " ", "AND", "OR", "NOT", "NEAR",     "title", "\\",    ",",
        "&",  "|",  "!", "<->", ";",  "--",  "\xC3\xA9", "\xFF",  "alpha", "record_words",
        "?1", "$1", "%", "\x01"};
    for (int i = 0; i < 400; ++i) {
        std::string text;
        for (std::size_t k = random() % 9; k > 0; --k)
            text += pieces[random() % std::size(pieces)];
        CAPTURE(text);
        try {
            const auto found = store::look_up(s, text, 5);
            CHECK(found.records <= 1);
        } catch (const Error& error) {
            CHECK(error.code == "usage"); // nothing to look for
        }
    }
    CHECK(s.count_records() == 1);
}

TEST_CASE("lookup: a store of the first version learns to look up words") {
    if (std::getenv("ASSAY_TEST_POSTGRES")) return;
    NewStore w;
    {
        auto s = store::Store::open(w.where, true);
        const std::vector<model::Record> records = {article("Magnesium", "", "1"), article("Zinc", "", "2")};
        s.import(ann, source("a"), records);
        // Back to what version 1 was.
        s.database().script("DROP TABLE record_words; ALTER TABLE record DROP COLUMN keywords;"
                            "DELETE FROM store_version WHERE version > 1;");
    }
    auto s = store::Store::open(w.where, false);
    CHECK(ids(store::look_up(s, "zinc", 5)) == Ids{2});
    CHECK(store::look_up(s, "muscle cramp", 5).records == 2);
}
