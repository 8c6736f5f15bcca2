#include "app/records.hpp"
#include "base/error.hpp"
#include "records/fields.hpp"
#include "records/formats.hpp"

#include <doctest/doctest.h>
#include <nlohmann/json.hpp>

using namespace assay;

namespace {

app::RecordsFile read(std::string text, const std::string& from = {}) {
    return app::read_records("in.txt", std::move(text), from);
}

std::vector<std::string> codes(const app::RecordsFile& file) {
    std::vector<std::string> all;
    for (const auto& d : file.diagnostics.items())
        all.push_back(d.code + ":" + std::to_string(d.place.line));
    return all;
}

constexpr const char* ris =
    "TY  - JOUR\nAU  - Smith, Jane A.\nAU  - van der Berg, Jan\nTI  - Magnesium &amp; sleep\nJO  - J Sleep\n"
    "PY  - 2019/03/05/\nVL  - 12\nIS  - 3\nSP  - 101\nEP  - 109\nSN  - 1234-567X\n"
    "DO  - https://doi.org/10.1000/JS.12\nAB  - Trial NCT01234567.\nKW  - *sleep\nXX  - kept\nER  - \n";

} // namespace

TEST_CASE("ris: fields of a record") {
    const auto file = read(ris);
    REQUIRE(file.records.size() == 1);
    CHECK(file.format == "ris");
    CHECK(file.diagnostics.items().empty());
    const auto& r = file.records[0];
    CHECK(r.type == "article-journal");
    CHECK(r.title == "Magnesium & sleep");
    CHECK(r.people.size() == 2);
    CHECK(r.people[1].family == "van der Berg");
    CHECK(r.container == "J Sleep");
    CHECK(r.date == "2019-03-05");
    CHECK(r.pages == "101-109");
    CHECK(r.issn == std::vector<std::string>{"1234-567X"});
    CHECK(model::record_id(r, "doi") == "10.1000/JS.12");
    CHECK(model::record_id(r, "nct") == "NCT01234567");
    CHECK(r.keywords[0].term == "sleep");
    CHECK(r.keywords[0].major);
    CHECK(r.line == 1);
}

TEST_CASE("ris to ris loses nothing, known or unknown") {
    const auto file = read(ris);
    CHECK(app::write_records(file.records, "ris") == std::string(ris) + "\n");
}

TEST_CASE("ris: what programs have made of it") {
    struct Row {
        std::string what, text;
        std::size_t records;
        std::vector<std::string> codes;
        const char* title;
    };
    const std::string ok = "TY  - JOUR\nTI  - A\nER  - \n";
    for (const Row& row : {
             Row{"CR LF and a mark", "\xEF\xBB\xBFTY  - JOUR\r\nTI  - A\r\nER  - \r\n", 1, {}, "A"},
             Row{"CR alone", "TY  - JOUR\rTI  - A\rER  - \r", 1, {}, "A"},
             Row{"no ER in the middle", "TY  - JOUR\nTI  - A\n" + ok, 2, {"record/missing-end:1"}, "A"},
             Row{"no ER at the end", ok + "TY  - JOUR\nTI  - B\n", 2, {"record/missing-end:4"}, "A"},
             Row{"no TY", "TI  - A\nAU  - B, C\nPY  - 1999\nER  - \n", 1, {"record/missing-type:1"}, "A"},
             Row{"ER in running text",
                 "TY  - JOUR\nTI  - A\nAB  - seen in the\nER visits\nER+ tumours\nER - positive\nER  - \n",
                 1,
                 {},
                 "A"},
             Row{"continued lines", "TY  - JOUR\nTI  - Long\n      title\nER  - \n", 1, {}, "Long title"},
             Row{"other spacing", "TY - JOUR\nTI- A\nER -\nTY   - JOUR\nTI   - B\nER   -\n", 2, {}, "A"},
             Row{"headings between records", "Record #1 of 2\nProvider: X\n\n2. \n" + ok, 1, {}, "A"},
             Row{"a field behind each ER",
                 "1.\nTY  - JOUR\nTI  - A\nER  -\nNL  - J Sleep\n\nLink to the text\n\n2.\n" + ok +
                     "NL  - J Pain\n",
                 2,
                 {"record/stray-field:5"},
                 "A"},
             Row{"a record without TY behind an ER",
                 ok + "TI  - B\nAU  - C, D\nER  - \n" + ok,
                 3,
                 {"record/missing-type:4"},
                 "A"},
             Row{"neither ER nor TY",
                 ok + "TI  - B\n\n" + ok,
                 3,
                 {"record/missing-end:4", "record/missing-type:4"},
                 "A"},
             Row{"TY among the other fields",
                 "DB  - X\nTI  - A\nTY  - JOUR\nAU  - B, C\nER  - \n\nTI  - B\nTY  - BOOK\nER  - \nDB  - "
                 "X\nTY  - "
                 "JOUR\nTI  - C\nER  - \n",
                 3,
                 {},
                 "A"},
             Row{"no ER and no TY, then an empty line",
                 "TI  - A\nAU  - B, C\nPY  - 1999\n\n" + ok,
                 2,
                 {"record/missing-end:1", "record/missing-type:1"},
                 "A"},
             Row{"a glued field",
                 "TY  - JOUR\nTI  - A     LK  - https://example.org\nER  - \n",
                 1,
                 {"record/glued:2"},
                 "A"},
             Row{"a glued field on a continued line",
                 "TY  - JOUR\nTI  - A\nb     LK  - https://example.org\nER  - \n",
                 1,
                 {"record/glued:3"},
                 "A b"},
             Row{"Latin-1",
                 "TY  - JOUR\nTI  - M\xFCller\nER  - \n",
                 1,
                 {"record/encoding:2"},
                 "M\xC3\xBCller"},
             Row{"encoded twice",
                 "TY  - JOUR\nTI  - M\xC3\x83\xC2\xBCller\nER  - \n",
                 1,
                 {"record/double-encoded:2"},
                 "M\xC3\xBCller"},
             Row{"NUL bytes",
                 std::string("TY  - JOUR\nTI  - A\0B\nER  - \n", 28),
                 1,
                 {"record/control:2"},
                 "AB"},
             Row{"UTF-16",
                 std::string(
                     "\xFF\xFET\0Y\0 \0 \0-\0 \0J\0\n\0T\0I\0 \0 \0-\0 \0A\0\n\0E\0R\0 \0 \0-\0 \0\n\0", 48),
                 1,
                 {},
                 "A"},
         }) {
        CAPTURE(row.what);
        const auto file = read(row.text);
        REQUIRE(file.records.size() == row.records);
        CHECK(codes(file) == row.codes);
        CHECK(file.records[0].title == row.title);
    }
    const auto behind = read(ok + "NL  - J Sleep\n\nLink\n" + ok);
    CHECK(behind.records[0].raw.back().tag == "NL");
    CHECK(behind.records[0].raw.back().value == "J Sleep");
    CHECK(behind.records[1].number == 2);
    const auto lost = read(ok + "TI  - B\nAB  - one\n\ntwo\nER  - \n" + ok);
    CHECK(lost.records[1].title == "B");
    CHECK(lost.records[1].line == 4);
    CHECK(lost.records[2].number == 3);
    const auto late = read("DB  - X\nTI  - A\nTY  - BOOK\nER  - \n");
    CHECK(late.records[0].type == "book");
    CHECK(late.records[0].raw.front().tag == "TY");
    const auto neither = read(ok + "TI  - B\n\n" + ok);
    CHECK(neither.records[1].line == 4);
    CHECK(neither.records[2].line == 6);
    CHECK(neither.records[2].offset == ok.size() + std::string("TI  - B\n\n").size());
    // EndNote writes the keywords below one another; a line that is set back goes on.
    const auto words =
        read("TY  - JOUR\nTI  - A\nKW  - *Pain; Administration, Oral\nHumans\n*Sleep\n      Stages\n"
             "PG  - No\nEP  - Specified\nER  - \n");
    const auto& keywords = words.records[0].keywords;
    REQUIRE(keywords.size() == 4);
    CHECK(keywords[0].term == "Pain");
    CHECK(keywords[0].major);
    CHECK(keywords[1].term == "Administration, Oral");
    CHECK(keywords[2].term == "Humans");
    CHECK_FALSE(keywords[2].major);
    CHECK(keywords[3].term == "Sleep Stages");
    CHECK(words.records[0].pages.empty());
    const auto decided = read("TY  - JOUR\nTI  - A\nN1  - RAYYAN-INCLUSION: {\"Ann\"=>\"Included\", "
                              "\"Bo\"=>\"Excluded\"}\nER  - \n");
    REQUIRE(decided.records[0].decisions.size() == 2);
    CHECK(decided.records[0].decisions[1].who == "Bo");
    CHECK(decided.records[0].decisions[1].value == "Excluded");
}

TEST_CASE("nbib: fields, continued lines, records without empty lines between") {
    const auto file = read(
        "PMID- 1\nOWN - NLM\nDP  - 2019 Mar 5\nTI  - A long\n      title.\nPG  - 101-9\n"
        "LID - 10.1000/js.12 [doi]\nAB  - BACKGROUND: Why. METHODS: How.\nFAU - Smith, Jane\nAU  - Smith J\n"
        "AUID- ORCID: 0000-0001-2345-6789\nAD  - Here.\nCN  - The Group\nMH  - *Sleep/drug effects\n"
        "RIN - J Sleep. 2020;1:2. PMID: 77\nPMID- 2\nTI  - B\n");
    REQUIRE(file.records.size() == 2);
    const auto& r = file.records[0];
    CHECK(r.title == "A long title.");
    CHECK(r.date == "2019-03-05");
    CHECK(r.abstract.size() == 2);
    CHECK(r.abstract[1].label == "METHODS");
    CHECK(r.people.size() == 2);
    CHECK(r.people[0].orcid == "0000-0001-2345-6789");
    CHECK(r.people[0].affiliations == std::vector<std::string>{"Here."});
    CHECK(r.people[1].collective);
    CHECK(r.keywords[0].term == "Sleep/drug effects");
    CHECK(r.keywords[0].major);
    CHECK(r.relations[0].kind == "RetractionIn");
    CHECK(r.relations[0].pmid == "77");
    CHECK(app::write_records(file.records, "nbib") ==
          app::write_records(read(app::write_records(file.records, "nbib")).records, "nbib"));
}

TEST_CASE("pubmed xml: markup is text, references are not ids, deletions and broken records") {
    const std::string good =
        "<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><Journal><ISSN>1234-5678</ISSN><JournalIssue>"
        "<Volume>3</Volume><PubDate><MedlineDate>1998 Dec-1999 Jan</MedlineDate></PubDate></JournalIssue>"
        "<Title>J Sleep</Title></Journal><ArticleTitle>Mg<sup>2+</sup> on <i>E. "
        "coli</i>&nbsp;&#x3b1;</ArticleTitle>"
        "<Abstract><AbstractText Label=\"AIM\">Why.</AbstractText></Abstract><AuthorList><Author "
        "ValidYN=\"Y\">"
        "<LastName>Smith</LastName><ForeName>Jane</ForeName><Suffix>Jr</Suffix></Author></AuthorList></"
        "Article>"
        "<CommentsCorrectionsList><CommentsCorrections "
        "RefType=\"RetractionIn\"><RefSource>J</RefSource><PMID>9</PMID>"
        "</CommentsCorrections></CommentsCorrectionsList></MedlineCitation><PubmedData><ArticleIdList>"
        "<ArticleId "
        "IdType=\"doi\">10.1000/a</ArticleId></ArticleIdList><ReferenceList><Reference><ArticleIdList>"
        "<ArticleId "
        "IdType=\"doi\">10.1000/other</ArticleId></ArticleIdList></Reference></ReferenceList></PubmedData></"
        "PubmedArticle>\n";
    const std::string bad =
        "<PubmedArticle><MedlineCitation><PMID>2</PMID><Article></MedlineCitation></PubmedArticle>\n";
    const auto file = read("<?xml version=\"1.0\"?>\n<!DOCTYPE x [<!ENTITY a \"&b;&b;\"><!ENTITY xxe SYSTEM "
                           "\"file:///etc/passwd\">]>\n<PubmedArticleSet>\n" +
                           good + bad + "<DeleteCitation>\n <PMID>5</PMID>\n</DeleteCitation>\n" + good +
                           "</PubmedArticleSet>\n");
    REQUIRE(file.records.size() == 3);
    CHECK(codes(file) == std::vector<std::string>{"record/xml:5"});
    const auto& r = file.records[0];
    CHECK(r.title == "Mg2+ on E. coli\xC2\xA0\xCE\xB1");
    CHECK(r.date == "1998-12");
    CHECK(r.people[0].suffix == "Jr");
    CHECK(r.abstract[0].label == "AIM");
    CHECK(model::record_id(r, "doi") == "10.1000/a");
    CHECK(r.ids.size() == 2);
    CHECK(r.relations[0].pmid == "9");
    CHECK(file.records[1].deleted);
    CHECK(model::record_id(file.records[1], "pmid") == "5");
    const auto entity = read("<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>1</"
                             "PMID><Article><ArticleTitle>&xxe; &a;</ArticleTitle>"
                             "</Article></MedlineCitation></PubmedArticle></PubmedArticleSet>");
    CHECK(entity.records[0].title == "&xxe; &a;"); // shown, never expanded
    const auto cut = read("<PubmedArticleSet>" + good + good.substr(0, 300));
    CHECK(cut.records.size() == 1);
    CHECK(codes(cut) == std::vector<std::string>{"record/truncated:2"});
}

TEST_CASE("endnote xml: styles are dropped, lists kept") {
    const auto file = read(
        "<?xml version=\"1.0\"?><xml><records><record><ref-type name=\"Journal "
        "Article\">17</ref-type><contributors><authors>"
        "<author><style face=\"normal\">Smith, Jane</style></author><author>Doe, "
        "Bo</author></authors></contributors>"
        "<titles><title><style>Mg</style><style face=\"superscript\">2+</style><style> and "
        "sleep</style></title>"
        "<secondary-title>J Sleep</secondary-title></titles><periodical><full-title>Journal of "
        "Sleep</full-title>"
        "<abbr-1>J Sleep</abbr-1></periodical><pages>1-9</pages><dates><year>2019</year><pub-dates><date>Mar "
        "5</date>"
        "</pub-dates></dates><isbn>1234-5678&#xD;9780881929119</isbn><accession-num>123</accession-num>"
        "<electronic-resource-num>10.1000/a</electronic-resource-num><remote-database-name>Medline</"
        "remote-database-name>"
        "</record><record><titles><title>cut off</title></records></xml>");
    REQUIRE(file.records.size() == 1);
    CHECK(codes(file) == std::vector<std::string>{"record/truncated:1"});
    const auto& r = file.records[0];
    CHECK(r.title == "Mg2+ and sleep");
    CHECK(r.container == "Journal of Sleep");
    CHECK(r.container_short == "J Sleep");
    CHECK(r.date == "2019-03-05");
    CHECK(r.people.size() == 2);
    CHECK(r.issn == std::vector<std::string>{"1234-5678"});
    CHECK(r.isbn == std::vector<std::string>{"9780881929119"});
    CHECK(model::record_id(r, "pmid") == "123");
}

TEST_CASE("csl-json is read and written to a fixpoint") {
    const auto file = read(
        R"([{"id":"a","type":"article-journal","title":"T","author":[{"family":"Berg","given":"J","non-dropping-particle":"van"},
        {"literal":"The Group"}],"issued":{"date-parts":[["2019","3"]]},"volume":12,"DOI":"10.1000/a","ISSN":"1234-5678"}])");
    REQUIRE(file.records.size() == 1);
    CHECK(file.records[0].people[0].family == "van Berg");
    CHECK(file.records[0].people[1].collective);
    CHECK(file.records[0].date == "2019-03");
    CHECK(file.records[0].volume == "12");
    const std::string once = app::write_records(file.records, "csl-json");
    CHECK(app::write_records(read(once).records, "csl-json") == once);
    CHECK(codes(read("[{\"type\":\"book\",\"title\":", "csl-json"))[0].substr(0, 11) == "record/json");
}

TEST_CASE("csl-json: a number that cannot be held is a message") {
    CHECK(codes(read("[{\"type\":7e77777,\"title\":\"T\"}]")) == std::vector<std::string>{"record/json:1"});
}

TEST_CASE("formats without a reader are named, unknown files refused, names of formats checked") {
    CHECK(codes(read("<!DOCTYPE html><html>error</html>")) ==
          std::vector<std::string>{"record/unsupported:0"});
    CHECK(codes(read("<?xml version=\"1.0\"?><modsCollection xmlns=\"http://www.loc.gov/mods/v3\"/>")) ==
          std::vector<std::string>{"record/unsupported:0"});
    CHECK(codes(read("hello world\n")) == std::vector<std::string>{"record/unknown-format:0"});
    CHECK(codes(read("")) == std::vector<std::string>{"record/unknown-format:0"});
    CHECK_THROWS_AS(read("x", "rsi"), Error);
    CHECK_THROWS_AS(app::write_records({}, "pdf"), Error);
    for (const auto& row : records::exporters()) {
        CAPTURE(row.id);
        const auto file = read(ris);
        CHECK_FALSE(app::write_records(file.records, std::string(row.id)).empty());
        CHECK(app::list_formats().find(std::string(row.id)) != std::string::npos);
    }
}

TEST_CASE("the same record through every format that is read and written") {
    const auto first = read(ris).records;
    for (const auto& row : records::exporters()) {
        if (!records::importer(row.id) || !records::importer(row.id)->read) continue;
        CAPTURE(row.id);
        auto plain = first;
        for (auto& r : plain)
            r.dialect.clear(); // written from the model, not from the raw fields
        const auto again = read(app::write_records(plain, std::string(row.id)));
        REQUIRE(again.records.size() == 1);
        const auto& r = again.records[0];
        CHECK(again.format == row.id);
        CHECK(r.title == first[0].title);
        CHECK(r.people.size() == 2);
        CHECK(r.people[0].given == "Jane A.");
        CHECK(r.container == first[0].container);
        CHECK(r.volume == "12");
        CHECK(r.pages == "101-109");
        CHECK(r.date.substr(0, 7) == "2019-03");
        CHECK(model::record_id(r, "doi") == "10.1000/JS.12");
    }
}

TEST_CASE("dates of all kinds become EDTF") {
    for (const auto& [text, date] : {std::pair{"2024/04/03/", "2024-04-03"},
                                     {"2013//", "2013"},
                                     {"2011 Mar 5", "2011-03-05"},
                                     {"Jan 2018", "2018-01"},
                                     {"20180315", "2018-03-15"},
                                     {"1998 Dec-1999 Jan", "1998-12"},
                                     {"5 March 2011", "2011-03-05"},
                                     {"2019-13-40", "2019"},
                                     {"n.d.", ""},
                                     {"", ""}}) {
        CAPTURE(text);
        CHECK(records::edtf(text) == date);
    }
}

TEST_CASE("what is converted in pieces is what is written at once") {
    std::string many;
    for (int i = 0; i < 3000; ++i)
        many += ris;
    const app::RecordsFile all = read(many);
    for (const auto& row : records::exporters()) {
        CAPTURE(row.id);
        std::string text;
        int pieces = 0;
        const auto give = [&](std::string_view piece) {
            text += piece;
            ++pieces;
        };
        const app::RecordsFile done =
            app::convert_records("in", MemoryBytes(many), {}, std::string(row.id), give);
        CHECK(done.count == 3000);
        CHECK(done.records.empty());
        CHECK(pieces > 1);
        CHECK(text == app::write_records(all.records, std::string(row.id)));
        CHECK(text == row.write(all.records));
        text.clear();
        CHECK(app::convert_records("in", MemoryBytes("nothing"), {}, std::string(row.id), give).count == 0);
        CHECK(text.empty());
    }
    CHECK_THROWS_AS(app::convert_records("in", MemoryBytes(many), {}, "endnote", [](std::string_view) {}),
                    Error);
}

TEST_CASE("gzip: members one behind the other, cut files, damage, bombs") {
    // "TY  - JOUR\nTI  - A\nER  - \n", compressed
    const std::string member(
        "\x1F\x8B\x08\x00\x00\x00\x00\x00\x02\x03\x0B\x89\x54\x50\xD0\x55\xF0\xF2\x0F\x0D"
        "\xE2\x0A\xF1\x04\x31\x1D\xB9\x5C\x83\x40\x34\x17\x00\xE5\x66\xA9\x8F\x1A\x00\x00"
        "\x00",
        41);
    CHECK(read(member).records.size() == 1);
    CHECK(read(member + member).records.size() == 2);
    for (std::size_t length = 3; length < member.size(); ++length) {
        CAPTURE(length);
        const auto cut = read(member.substr(0, length));
        CHECK(cut.diagnostics.has_errors());
        CHECK(cut.diagnostics.items()[0].code == "record/truncated");
    }
    std::string damaged = member;
    damaged[14] = static_cast<char>(damaged[14] ^ 0x55);
    CHECK(read(damaged).diagnostics.has_errors());
    Diagnostics diagnostics;
    records::Limits limits;
    limits.bytes = 10;
    const MemoryBytes bytes(member);
    records::Stream bomb("bomb.gz", bytes, diagnostics, {}, limits);
    CHECK(bomb.whole().text == "TY  - JOUR");
    CHECK(diagnostics.has_errors());
}
