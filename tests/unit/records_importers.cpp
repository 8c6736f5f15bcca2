// The importers on small files written for the purpose: what each format is known for.
#include "app/records.hpp"
#include "base/error.hpp"
#include "records/fields.hpp"
#include "records/latex.hpp"

#include <doctest/doctest.h>

using namespace assay;

namespace {

app::RecordsFile read(const std::string& text, const std::string& format, std::size_t count) {
    auto file = app::read_records("in", text);
    CHECK(file.format == format);
    REQUIRE(file.records.size() == count);
    return file;
}

std::string family(const model::Record& r, std::size_t at) {
    return at < r.people.size() ? r.people[at].family : "none";
}

} // namespace

TEST_CASE("records: LaTeX becomes text") {
    using records::latex_to_text;
    CHECK(latex_to_text("M{\\\"u}ller, J\\'{e}r\\^ome") == "M\xC3\xBCller, J\xC3\xA9r\xC3\xB4me");
    CHECK(latex_to_text("na\\\"{\\i}ve {\\ss} \\O stergaard") == "na\xC3\xAFve \xC3\x9F \xC3\x98stergaard");
    CHECK(latex_to_text("\\c{c}a \\v s \\H{o}") == "\xC3\xA7"
                                                   "a \xC5\xA1 \xC5\x91");
    CHECK(latex_to_text("{The} \\emph{effect} of $\\alpha$-X$_{2}$ \\& more") ==
          "The effect of \xCE\xB1-X2 & more");
    CHECK(latex_to_text("pages 3--5 ``so''") == "pages 3\xE2\x80\x93"
                                                "5 \xE2\x80\x9Cso\xE2\x80\x9D");
    CHECK(latex_to_text("\\unknown{kept} text \\") == "kept text");
    CHECK(latex_to_text(records::text_to_latex("50% of {A_1} & $2 ~ \\x^")) == "50% of {A_1} & $2 ~ \\x^");
}

TEST_CASE("records: BibTeX strings, names, inheritance and faults") {
    const auto file = read(
        "% a comment\n@string{j = \"J. Sleep\"}\n@comment{x, @article{no, title={no}}}\n"
        "@article{a1, author = {van den Berg, Jr., Anna and {The Group} and John Smith and others},\n"
        " title = \"On {M}g\", journal = j # { Suppl}, month = aug # \"~3\", year = 2001, pages = {1--5}}\n"
        "@inbook{part, crossref = {whole}, title = {Part}}\n"
        "@book{whole, author = {Doe, Jane}, title = {Whole}, publisher = {P}, year = 1999}\n"
        "@article{bad, title = {never closed, year = 2002}\n"
        "@article{good, title = {After}, date = {2003-04-05}}\n",
        "bibtex", 5);
    const auto& a = file.records[0];
    CHECK(family(a, 0) == "van den Berg");
    CHECK(a.people[0].given == "Anna");
    CHECK(a.people[0].suffix == "Jr.");
    CHECK(a.people[1].collective);
    CHECK(family(a, 2) == "Smith");
    CHECK(a.people.size() == 3);
    CHECK(a.container == "J. Sleep Suppl");
    CHECK(a.date == "2001-08-03");
    CHECK(a.pages == "1-5");
    CHECK(file.records[1].container == "Whole");
    CHECK(file.records[1].publisher == "P");
    CHECK(family(file.records[1], 0) == "Doe");
    CHECK(file.records[4].date == "2003-04-05");
    CHECK(file.diagnostics.items().size() == 1);
}

TEST_CASE("records: BibTeX written is BibTeX read") {
    const auto first =
        read("@inproceedings{k1, author={M{\\\"u}ller, J{\\\"u}rgen and {A Group}}, title={A {DNA} test of "
             "5\\% & more},"
             " booktitle={Proc}, year=2010, month=feb, pages={1--9}, doi={10.1000/a_b}, keywords={x; y},"
             " abstract={Text with $ and #}}",
             "bibtex", 1);
    const auto again = app::read_records("again", app::write_records(first.records, "bibtex"));
    REQUIRE(again.records.size() == 1);
    const auto &a = first.records[0], &b = again.records[0];
    CHECK(a.title == b.title);
    CHECK(a.type == b.type);
    CHECK(a.date == b.date);
    CHECK(a.pages == b.pages);
    CHECK(a.container == b.container);
    CHECK(records::abstract_text(a) == records::abstract_text(b));
    CHECK(model::record_id(b, "doi") == "10.1000/a_b");
    CHECK(family(b, 0) == "M\xC3\xBCller");
    CHECK(b.people[1].collective);
    CHECK(b.keywords.size() == 2);
}

TEST_CASE("records: tables of databases and tools") {
    const auto scopus =
        read(
            "Authors,Author full names,Title,Year,Source title,Volume,Issue,Art. No.,Page start,Page end,DOI,"
            "PubMed ID,Document Type,EID\n"
            "\"Yang Z.; Li, B.\",\"Yang, Zixiao (57203838101); Li, Bo "
            "(57203838102)\",\"Mg\\u2010ions\",2020,J Sleep,"
            "3,1,,5,9,10.1000/x,31234567,Article,2-s2.0-85012345678\n",
            "csv", 1)
            .records[0];
    CHECK(scopus.dialect == "csv-scopus");
    CHECK(family(scopus, 1) == "Li");
    CHECK(scopus.people[1].given == "Bo");
    CHECK(scopus.people.size() == 2);
    CHECK(scopus.title == "Mg\xE2\x80\x90ions");
    CHECK(scopus.pages == "5-9");
    CHECK(model::record_id(scopus, "eid") == "2-s2.0-85012345678");
    CHECK(model::record_id(scopus, "pmid") == "31234567");

    const auto rayyan =
        read("key,title,year,month,day,journal,issn,volume,issue,pages,authors,url,location,abstract,notes,"
             "pubmed_id,pmc_id\n"
             "rayyan-1,A title,2019,3,,J,,1,2,3-4,\"Doe, Jane and Roe, Richard\",,,\"An \"\"abstract\"\"\","
             "\"RAYYAN-INCLUSION: {\"\"Ann\"\"=>\"\"Included\"\", \"\"Bo\"\"=>\"\"Excluded\"\"} | "
             "RAYYAN-EXCLUSION-REASONS: wrong outcome\",5,\n",
             "csv", 1)
            .records[0];
    CHECK(rayyan.dialect == "csv-rayyan");
    CHECK(rayyan.date == "2019-03");
    CHECK(family(rayyan, 1) == "Roe");
    REQUIRE(rayyan.decisions.size() == 3);
    CHECK(rayyan.decisions[1].who == "Bo");
    CHECK(rayyan.decisions[2].value == "Excluded: wrong outcome");

    const auto asreview = read("record_id;title;abstract;included\n1;A;x;1\n2;B;y;0\n3;C;z;\n", "csv", 3);
    CHECK(asreview.records[0].decisions.at(0).value == "Included");
    CHECK(asreview.records[1].decisions.at(0).value == "Excluded");
    CHECK(asreview.records[2].decisions.empty());

    // Lines before the head, a quote that is not doubled, a short row, an empty line.
    const auto broken =
        read("\"SEARCH QUERY\",\"x\"\n---\n\n\"Title\",\"Author Names\",\"Publication Year\",\"PUI\"\n"
             "\"The \"so called\" trial\",\"A B., C D.\",\"2001\",\"L1\"\n\n\"Short\"\n",
             "csv", 2);
    CHECK(broken.records[0].title == "The \"so called\" trial");
    CHECK(broken.records[0].people.size() == 2);
    CHECK(broken.records[0].line == 5);
    CHECK(broken.diagnostics.items().size() == 1);

    // Lists as Python and JSON print them: by rispy and pandas, by ASReview.
    const auto printed =
        read("type_of_reference,title,first_authors,secondary_authors,year,journal_name,keywords,urls\n"
             "CHAP,A,\"['Doe, J.', \"\"O'Neil, A.\"\"]\",\"[\"\"Roe, R\"\"]\",2014//,J,"
             "\"['Administration, Oral']\",\"['https://doi.org/10.1000/x']\"\n"
             "JOUR,B,\"['Doe, J.\",,2014,J,[draft],[none]\n",
             "csv", 2);
    CHECK(printed.records[0].type == "chapter");
    REQUIRE(printed.records[0].people.size() == 3);
    CHECK(family(printed.records[0], 1) == "O'Neil");
    CHECK(printed.records[0].people[2].role == "editor");
    REQUIRE(printed.records[0].keywords.size() == 1);
    CHECK(printed.records[0].keywords[0].term == "Administration, Oral");
    CHECK(model::record_id(printed.records[0], "doi") == "10.1000/x");
    CHECK(printed.records[1].keywords.at(0).term == "[draft]");

    const auto embase =
        read("Title,Author Names,Source,Emtree Medical Index Terms,Open URL Link\n"
             "A,\"Doe J., Roe R.\",Sleep (2019) 42:3 (11-19). Date of Publication: 25 Aug 2019,"
             "\"cramp (diagnosis, drug therapy), human\","
             "http://r.example.org/?sid=EMBASE&issn=01618105&id=doi:10.1093%2Fsleep%2Fzsy1&atitle=A%zz\n",
             "csv", 1)
            .records[0];
    CHECK(embase.container == "Sleep");
    CHECK(embase.pages == "11-19");
    REQUIRE(embase.keywords.size() == 2);
    CHECK(embase.keywords[0].term == "cramp (diagnosis, drug therapy)");
    CHECK(embase.keywords[1].scheme == "emtree");
    CHECK(model::record_id(embase, "doi") == "10.1093/sleep/zsy1");
    CHECK(embase.issn == std::vector<std::string>{"0161-8105"});

    const auto tab = read("PT\tAU\tTI\tSO\tPY\tBP\tEP\tUT\nJ\tDoe, J; Roe, R\tMg\tJ "
                          "CRAMP\t2001\t5\t9\tWOS:000000000000001\n",
                          "csv", 1)
                         .records[0];
    CHECK(tab.dialect == "csv-wos");
    CHECK(tab.people.size() == 2);
    CHECK(tab.pages == "5-9");
}

TEST_CASE("records: what EndNote and Ovid put where") {
    const auto endnote =
        read("<xml><records><record><ref-type name=\"Journal Article\">17</ref-type><contributors><authors>"
             "<author>Doe, J.</author><author>The Sleep Trial,</author><author>de Boer,</author>"
             "<author>WHO MONICA,</author><author>Roe JA,</author>"
             "</authors></contributors><titles><title>A</title></titles>"
             "<abstract>One.&#xD;Two.&#x0;</abstract></record></records></xml>",
             "endnote-xml", 1)
            .records[0];
    REQUIRE(endnote.people.size() == 5);
    CHECK(endnote.people[3].collective);
    CHECK(family(endnote, 4) == "Roe");
    CHECK(endnote.people[1].collective);
    CHECK(family(endnote, 1) == "The Sleep Trial");
    CHECK_FALSE(endnote.people[2].collective);
    CHECK(records::abstract_text(endnote) == "One. Two.&#x0;");

    const auto refer =
        read("%0 Journal Article\n%T A\n%A Writing Group for the Trial\n%A Doe, J\n%D 2019\n%8 March 5\n"
             "%K Pain\nSleep Stages\n%X one\ntwo\n",
             "refer", 1)
            .records[0];
    CHECK(refer.people[0].collective);
    CHECK(refer.date == "2019-03-05");
    REQUIRE(refer.keywords.size() == 2);
    CHECK(refer.keywords[1].term == "Sleep Stages");
    CHECK(records::abstract_text(refer) == "one two");

    const auto ovid =
        read("<1. >\nDB - Embase\nAN - 629876543\nPM - 30000001 [http://www.example.org/?term=1]\n"
             "AU - Doe J.\nTI - A.\nSO - Sleep. 42(3):11-19, 2019 Mar.\n",
             "ovid-tagged", 1)
            .records[0];
    CHECK(model::record_id(ovid, "pmid") == "30000001");
    CHECK(model::record_id(ovid, "accession") == "629876543");

    // Scopus: an entry of BibTeX with dashes and spaces in its pages, ids in its address.
    const auto scopus =
        read("@ARTICLE{Doe2019,\n author = {Doe, J. and Roe, R.},\n title = {A},\n year = {2019},\n"
             " pages = {45 \xE2\x80\x93 52},\n pubmed_id = {30000001},\n"
             " author_keywords = {cramp;  magnesium},\n keywords = {adult; human},\n"
             " url = {https://www.scopus.com/record.uri?eid=2-s2.0-85054091539&doi=x}\n}\n",
             "bibtex", 1)
            .records[0];
    CHECK(scopus.pages == "45-52");
    CHECK(records::plain_hyphens(" S1 -- \xE2\x80\x93 S12 , e5 ") == "S1-S12 , e5");
    CHECK(scopus.keywords.size() == 4);
    CHECK(model::record_id(scopus, "pmid") == "30000001");
    CHECK(model::record_id(scopus, "eid") == "2-s2.0-85054091539");
    const auto nobody =
        read("@article{k, author={Doe, J. and ~ and { }}, editor={~}, title={x}}\n", "bibtex", 1).records[0];
    CHECK(nobody.people.size() == 1);
    const auto both =
        read("TY  - JOUR\nTI  - A\nUR  - https://doi.org/10.1000/other\nDO  - 10.1000/own\nER  - \n", "ris",
             1)
            .records[0];
    CHECK(model::record_id(both, "doi") == "10.1000/own");

    // The year stands in another field.
    const auto day = [](const std::string& value) {
        return read("TY  - JOUR\nTI  - A\nPY  - 2018\nDA  - " + value + "\nER  - \n", "ris", 1)
            .records[0]
            .date;
    };
    CHECK(day("Mar 1") == "2018-03-01");
    CHECK(day("1 March") == "2018-03-01");
    CHECK(day("Jun") == "2018-06");
    CHECK(day("Jan-Feb") == "2018-01");
    CHECK(day("2018/04/03/") == "2018-04-03");
    CHECK(day("2017/04/03/") == "2018");
    CHECK(day("05/03") == "2018");
}

TEST_CASE("records: what stands for more than the file could hold is left alone") {
    std::string bomb = "@string{a0 = \"0123456789\"}\n";
    for (int i = 0; i < 40; ++i) {
        const std::string one = std::to_string(i);
        bomb += "@string{a" + std::to_string(i + 1) + " = a" + one + " # a" + one + "}\n";
    }
    const auto strings = app::read_records("in", bomb + "@article{k, title = a40, year = 2019}\n");
    REQUIRE(strings.records.size() == 1);
    CHECK(strings.records[0].title.size() < (std::size_t{1} << 21));
    CHECK(strings.records[0].date == "2019");
    REQUIRE(strings.diagnostics.items().size() == 1);
    CHECK(strings.diagnostics.items()[0].code == "record/bibtex");

    std::string heirs = "@xdata{p, abstract={" + std::string(100000, 'x') + "}}\n";
    for (int i = 0; i < 2000; ++i)
        heirs += "@article{k" + std::to_string(i) + ", title={t}, xdata={p}}\n";
    std::size_t bytes = 0;
    const auto children = app::read_records("in", heirs);
    for (const auto& r : children.records)
        bytes += records::abstract_text(r).size();
    CHECK(children.records.size() == 2000);
    CHECK(bytes > 100000);
    CHECK(bytes < 20'000'000);

    std::string numbers = "TY  - JOUR\nTI  - A\n";
    for (int i = 0; i < 1000; ++i)
        numbers += "AN  - x" + std::to_string(i) + "\n";
    const auto many = app::read_records("in", numbers + "ER  - \n");
    CHECK(many.records[0].ids.size() == 256);
    CHECK(many.records[0].raw.size() == 1002);
}

TEST_CASE("records: quotes and braces that never close cost their row or entry") {
    std::string table = "title,authors,year\n";
    for (int i = 0; i < 20000; ++i)
        table += "\"a\"\"\n"; // every quote of a row doubles the next: none closes before the end
    const auto rows = app::read_records("in", table + "Last,Doe,1999\n");
    REQUIRE(rows.records.size() == 20001);
    CHECK(rows.records.back().title == "Last");
    CHECK(rows.records.back().line == 20002);
    std::string entries;
    for (int i = 0; i < 5000; ++i)
        entries += "@article{a, title={x\n";
    const auto read = app::read_records("in", entries + "@article{last, title={Last}}\n");
    REQUIRE(read.records.size() == 5001);
    CHECK(read.records.back().title == "Last");
}

TEST_CASE("records: a mapping for an unknown table") {
    const std::string table = "Nr;Bezeichnung;Leute;Jahr\n7;Ein Titel;\"Doe, J; Roe, R\";1999\n";
    CHECK(app::read_records("in", table).records.empty());
    const auto read = app::read_records(
        "in", table, {}, {}, "# ours\nBezeichnung = title\nLeute = authors\nJahr = year\nNr = key\n");
    REQUIRE(read.records.size() == 1);
    CHECK(read.records[0].title == "Ein Titel");
    CHECK(read.records[0].people.size() == 2);
    CHECK(read.records[0].date == "1999");
    CHECK(read.records[0].raw.size() == 4);
    CHECK_THROWS_WITH_AS(app::read_records("in", table, {}, {}, "Bezeichnung = titel\n"),
                         doctest::Contains("'title'"), Error);
}

TEST_CASE("records: Web of Science, RefWorks and refer") {
    const auto wos = read("FN Clarivate\nVR 1.0\nPT J\nAU Zelle, R\n   van Maris, AJA\nAF Zelle, Rintze\n   "
                          "van Maris, Ton\nTI A title\n"
                          "   continued\nSO J SLEEP\nVL 7\nIS 3\nBP 1\nEP 9\nPD FEB\nPY 2011\nDI "
                          "10.1000/w\nUT WOS:1\nER\n\nPT B\nTI Two\nER\n\nEF\n",
                          "wos-tagged", 2)
                         .records[0];
    CHECK(wos.title == "A title continued");
    CHECK(wos.people.size() == 2);
    CHECK(wos.people[1].given == "Ton");
    CHECK(wos.date == "2011-02");
    const auto refworks = read("RT Book, Section\nA1 Doe,Jane\nT1 Part\nT2 Whole\nYR 2002\nSP 1\nOP 5\nA2 "
                               "Roe,R\n\nRT Journal Article\nT1 Two\nJF J\n",
                               "refworks", 2)
                              .records[0];
    CHECK(refworks.type == "chapter");
    CHECK(refworks.container == "Whole");
    CHECK(refworks.pages == "1-5");
    CHECK(refworks.people[1].role == "editor");
    const auto refer = read("%0 Journal Article\n%A Doe, J\n%A Roe, R\n%T One\n%J J Sleep\n%D 2001\n%X An "
                            "abstract\n\n  in two parts\n\n%0 Book\n%T Two\n",
                            "refer", 2)
                           .records[0];
    CHECK(refer.people.size() == 2);
    CHECK(refer.container == "J Sleep");
    CHECK(refer.abstract[0].text == "An abstract\nin two parts");
}

TEST_CASE("records: Ovid's sources come apart") {
    struct Case {
        const char *source, *journal, *volume, *issue, *pages, *date;
    };
    for (const Case& c :
         {Case{"Journal of Trauma.   28(2):103-106, April 2015.", "Journal of Trauma", "28", "2", "103-106",
               "2015-04"},
          Case{"Fitness Journal January/February 2010;14(1):56", "Fitness Journal", "14", "1", "56",
               "2010-01"},
          Case{"Lancet. 363(9403):123-30, 2004 Jan 10.", "Lancet", "363", "9403", "123-30", "2004-01-10"},
          Case{"Health Psychology. Vol.12(3), 2004, pp. 123-130.", "Health Psychology", "12", "3", "123-130",
               "2004"},
          Case{"Pain. 12 (3) (pp 5-9), 2003. Date of Publication: May 2003.", "Pain", "12", "3", "5-9",
               "2003"},
          Case{"Sleep. 25:e12, 2021.", "Sleep", "25", "", "e12", "2021"}}) {
        CAPTURE(c.source);
        const auto r = read(std::string("<1. >\nVN  - Ovid Technologies\nTI  - T.  [Article]\nAU  - Verbeek, "
                                        "Jan MD *\nAU  - Zhao, DO\nSO  - ") +
                                c.source + "\n",
                            "ovid-tagged", 1)
                           .records[0];
        CHECK(r.container == c.journal);
        CHECK(r.volume == c.volume);
        CHECK(r.issue == c.issue);
        CHECK(r.pages == c.pages);
        CHECK(r.date == c.date);
        CHECK(r.title == "T.");
        CHECK(r.people[0].given == "Jan");
        CHECK(r.people[1].given == "DO");
    }
    const auto named =
        read("<1>\nAuthor\n  Doe, Jane MD;  Roe, Richard PhD\nTitle\n  A title.[Review]\nSource\n  Pain.  "
             "1(2):3-4, May 2001.\nISSN\n  1234-5678\n<2>\nTitle\n  Two\nSource\n  X\n",
             "ovid-tagged", 2)
            .records[0];
    CHECK(named.people.size() == 2);
    CHECK(named.issn.size() == 1);
    CHECK(named.pages == "3-4");
}

TEST_CASE("records: JSON of programming interfaces, one broken record among them") {
    const auto openalex = read(
        "{\"meta\":{\"count\":3},\"results\":[{\"id\":\"https://openalex.org/W1\",\"title\":\"One \\ud835\","
        "\"abstract_inverted_index\":{\"b\":[1],\"a\":[0,2]},\"publication_year\":2001,"
        "\"authorships\":[{\"author\":{\"display_name\":\"Jane "
        "Doe\",\"orcid\":\"https://orcid.org/0000-0001-2345-6789\"}}],"
        "\"ids\":{\"pmid\":\"https://pubmed.ncbi.nlm.nih.gov/"
        "77\"},\"is_retracted\":true},{\"id\":oops},{\"id\":\"https://openalex.org/W3\"}]}",
        "openalex-json", 2);
    const auto& work = openalex.records[0];
    CHECK(records::abstract_text(work) == "a b a");
    CHECK(model::record_id(work, "pmid") == "77");
    CHECK(work.people[0].orcid == "0000-0001-2345-6789");
    CHECK(work.relations.at(0).kind == "RetractionIn");
    CHECK(openalex.diagnostics.items().size() == 1);
    CHECK(app::read_records("in", "{\"results\":[{\"id\":\"https://openalex.org/W1\"},{\"id\":")
              .diagnostics.has_errors());

    const auto lines = read(
        "{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT00000001\",\"briefTitle\":\"B\"}}}\n"
        "{\"protocolSection\":{\"identificationModule\":{\"nctId\":\"NCT00000002\"}}}\n",
        "ctgov-json", 2);
    CHECK(model::record_id(lines.records[1], "nct") == "NCT00000002");
    CHECK(lines.records[1].line == 2);

    const auto crossref =
        read("{\"message-type\":\"work-list\",\"message\":{\"items\":[{\"DOI\":\"10.1000/X\",\"title\":[\"A "
             "<i>b</i>\"],"
             "\"issued\":{\"date-parts\":[[null]]},\"published-print\":{\"date-parts\":[[2014,8]]},"
             "\"abstract\":\"<jats:p>Text</jats:p>\",\"type\":\"journal-article\"}]}}",
             "crossref-json", 1)
            .records[0];
    CHECK(crossref.title == "A b");
    CHECK(crossref.date == "2014-08");
    CHECK(records::abstract_text(crossref) == "Text");

    const auto europe = read("{\"resultList\":{\"result\":[{\"id\":\"5\",\"source\":\"MED\",\"pmid\":\"5\","
                             "\"title\":\"T.\",\"authorString\":\"Doe J, Roe RA.\","
                             "\"journalInfo\":{\"volume\":\"3\",\"journal\":{\"title\":\"J\",\"issn\":\"1234-"
                             "5678\"}},\"pubYear\":\"2001\",\"pageInfo\":\"1-2\"}]}}",
                             "europepmc-json", 1)
                            .records[0];
    CHECK(europe.people.size() == 2);
    CHECK(europe.people[1].given == "RA");
    CHECK(europe.container == "J");
}

TEST_CASE("records: JATS and unixref") {
    const auto jats =
        read("<article "
             "article-type=\"research-article\"><front><journal-meta><journal-title>J</"
             "journal-title><issn>1234-5678</issn></journal-meta>"
             "<article-meta><article-id pub-id-type=\"pmc\">99</article-id><article-id "
             "pub-id-type=\"doi\">10.1000/j</article-id>"
             "<title-group><article-title>Mg<sup>2+</sup> and <italic>E. coli</italic><xref "
             "ref-type=\"fn\">*</xref></article-title></title-group>"
             "<contrib-group><contrib "
             "contrib-type=\"author\"><name><surname>Doe</surname><given-names>J</given-names></name><xref "
             "ref-type=\"aff\" rid=\"a1\">1</xref></contrib></contrib-group>"
             "<aff id=\"a1\"><label>1</label>Ghent</aff><pub-date "
             "pub-type=\"epub\"><day>2</day><month>3</month><year>2011</year></pub-date>"
             "<volume>4</volume><fpage>5</fpage><lpage>9</lpage><abstract><sec><title>Methods:</title><p>We "
             "<bold>did</bold>.</p></sec></abstract></article-meta></front>"
             "<body><p>long</p></body></article>",
             "jats", 1)
            .records[0];
    CHECK(jats.title == "Mg2+ and E. coli");
    CHECK(jats.people[0].affiliations.at(0) == "Ghent");
    CHECK(jats.abstract[0].label == "Methods");
    CHECK(jats.abstract[0].text == "We did.");
    CHECK(model::record_id(jats, "pmc") == "PMC99");
    CHECK(jats.pages == "5-9");
    CHECK(jats.date == "2011-03-02");
}

TEST_CASE("records: formats that cannot be read are named") {
    for (const char* text : {"%PDF-1.4", "PK\x03\x04rest", "<rdf:RDF>", "<TEI xmlns=\"x\">",
                             "<eSummaryResult>", "<COCHRANE_REVIEW>", "<modsCollection>"}) {
        CAPTURE(text);
        const auto file = app::read_records("in", text);
        CHECK(file.records.empty());
        REQUIRE(file.diagnostics.has_errors());
        CHECK(file.diagnostics.items().back().code == "record/unsupported");
    }
}
