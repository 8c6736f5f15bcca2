#include "dedupe/normalise.hpp"
#include "text/fold.hpp"
#include "text/names.hpp"
#include "text/similarity.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

using namespace assay;

TEST_CASE("pages are read as databases and spreadsheets write them") {
    struct Row {
        const char* text;
        unsigned first, last; ///< 0: missing
        const char* prefix;
    };
    for (const Row& row :
         {Row{"123-9", 123, 129, ""}, Row{"123-129", 123, 129, ""},
          Row{"2539\xE2\x80\x90"
              "2546",
              2539, 2546, ""},
          Row{"S1-S12", 1, 12, "s"}, Row{"e56122", 56122, 56122, "e"}, Row{"pp. 5-7", 5, 7, ""},
          Row{"08-Sep", 8, 9, ""}, Row{"Aug-15", 8, 15, ""}, Row{"21-Aug", 21, 28, ""},
          Row{"S 274-5", 274, 275, "s"}, Row{"P63 [tp 104]", 63, 63, "p"}, Row{"527-32.e1", 527, 532, ""},
          Row{"0-3", 0, 3, ""}, Row{"iii-vii", 3, 7, "r"}}) {
        CAPTURE(row.text);
        const auto pages = dedupe::parse_pages(row.text);
        CHECK(pages.first.number == row.first + 1);
        CHECK(pages.last.number == row.last + 1);
        if (std::string_view(row.prefix) != "p") // a lone p is "page"
            CHECK(pages.first.prefix == (*row.prefix ? static_cast<unsigned char>(*row.prefix) : 0));
    }
    for (const char* text : {"", "n/a", "no pagination", "-", "\xFF\xFE"}) {
        CAPTURE(text);
        CHECK(dedupe::parse_pages(text).first.missing());
    }
    CHECK(dedupe::parse_pages("S1").first != dedupe::parse_pages("1").first);
}

TEST_CASE("volumes and issues") {
    CHECK(dedupe::parse_volume("16 (1) (no pagination)").volume == 16);
    CHECK(dedupe::parse_volume("16 (1) (no pagination)").issue == 1);
    CHECK(dedupe::parse_volume("16 (1) (no pagination)").no_pagination);
    CHECK(dedupe::parse_volume("30a").volume == 30);
    CHECK(dedupe::parse_volume("XII").volume == 12);
    CHECK(dedupe::parse_volume("1)").volume == 0); // the end of "61 (SUPPL. 1)"
    CHECK(dedupe::parse_volume("1)").supplement);
    CHECK(dedupe::parse_volume("10 Suppl 2").volume == 10);
    CHECK(dedupe::parse_volume("Suppl 2").volume == 0);
    CHECK(dedupe::parse_issue("03-Apr").issue == 3);
    CHECK(dedupe::parse_issue("SUPPL. 1").supplement);
    CHECK(dedupe::parse_issue("Meeting Abstracts").supplement);
    CHECK(dedupe::parse_year("2018") == 2018);
    CHECK(dedupe::parse_year("Jan 2018") == 2018);
    CHECK(dedupe::parse_year("20180315") == 2018);
    CHECK(dedupe::parse_year("n.d.") == 0);
    CHECK(dedupe::parse_year("123456") == 0);
}

TEST_CASE("a DOI is the same however it is written") {
    for (const char* text : {"10.1016/J.X.2018.01.008", "https://doi.org/10.1016/j.x.2018.01.008",
                             "doi:10.1016/j.x.2018.01.008.", "http://dx.doi.org/10.1016/j.x.2018.01.008 ",
                             "10.1016%2Fj.x.2018.01.008", "10.1016/j.x.2018.01.008 [doi]"}) {
        CAPTURE(text);
        CHECK(dedupe::plain_doi(text) == "10.1016/j.x.2018.01.008");
    }
    for (const char* text : {"", "10.5", "volume 10.2", "10.1016", "10.1016/", "https://example.org/a"}) {
        CAPTURE(text);
        CHECK(dedupe::plain_doi(text).empty());
    }
    CHECK(dedupe::doi_stem("10.1002/14651858.cd001.pub2") == "10.1002/14651858.cd001");
    CHECK(dedupe::doi_stem("10.1002/14651858.cd001") == "10.1002/14651858.cd001");
    CHECK(dedupe::doi_stem("10.21203/rs.3.rs-1/v1") == "10.21203/rs.3.rs-1");
    CHECK(dedupe::doi_stem("10.1016/j.x.2018.01.008").empty());
}

TEST_CASE("registration numbers of trials") {
    CHECK(dedupe::registration_number("see https://clinicaltrials.gov/show/nct00272142 ") == "NCT00272142");
    CHECK(dedupe::registration_number("ISRCTN85612345, 2005") == "ISRCTN85612345");
    CHECK(dedupe::registration_number("EUCTR2013-001234-12-DE") == "EUCTR2013-001234-12");
    CHECK(dedupe::registration_number("a function of distinct parts").empty());
}

TEST_CASE("folding takes away what databases disagree on") {
    text::Folder folder;
    CHECK(folder.words("R\xC3\xB3\xC5\xBC"
                       "a\xC5\x84ska & O\xE2\x80\x99"
                       "Brien-Smith") == "rozanska o brien smith");
    CHECK(folder.words("TNF-\xCE\xB1 and TGF-\xCE\xB2") == "tnf alpha and tgf beta");
    CHECK(folder.words("\xEF\xAC\x81"
                       "brosis Stra\xC3\x9F"
                       "e") == "fibrosis strasse");
    CHECK(folder.words("H\xE2\x82\x82O") == "h2o");
    CHECK(folder.words("\xE4\xB8\xAD\xE6\x96\x87") == "\xE4\xB8\xAD\xE6\x96\x87"); // Chinese stays
    CHECK(folder.words("bad \xC3\x28 byte") == "bad byte");
    CHECK(folder.words("") == "");
    CHECK(text::without_markup("ApoE<sup>-/-</sup> &amp;lt; p &#x3C; .05 <5 years") ==
          "ApoE-/- < p < .05 <5 years");
    CHECK(text::without_markup("a &unknown; b & c") == "a &unknown; b & c");
}

TEST_CASE("lists of names are cut however they are joined") {
    using text::split_names;
    CHECK(split_names("Adeli K.Lewis G. F.") == std::vector<std::string_view>{"Adeli K.", "Lewis G. F."});
    CHECK(split_names("Smith, J.; Doe, A.; et al.") == std::vector<std::string_view>{"Smith, J.", "Doe, A."});
    CHECK(split_names("Smith, J., Doe, A., Roe, B.") ==
          std::vector<std::string_view>{"Smith, J.", "Doe, A.", "Roe, B."});
    CHECK(split_names("Smith J, Doe A") == std::vector<std::string_view>{"Smith J", "Doe A"});
    CHECK(split_names("Smith, John") == std::vector<std::string_view>{"Smith, John"});
    CHECK(split_names("Ann Smith and Bo Doe and Cy Roe").size() == 3);
    CHECK(split_names("").empty());
    CHECK(text::parse_name("van der Berg JA").family == "van der Berg");
    CHECK(text::parse_name("Jan van der Berg").family == "van der Berg");
    CHECK(text::parse_name("Smith, J. W., 2nd").suffix == "2nd");
    CHECK(text::parse_name("Smith, Jr, John").given == "John");
    CHECK(text::parse_name("").family.empty());
}

TEST_CASE("edit distance agrees with the textbook table") {
    const auto slow = [](std::string_view a, std::string_view b) {
        std::vector<std::size_t> row(b.size() + 1);
        for (std::size_t j = 0; j <= b.size(); ++j)
            row[j] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            std::size_t diagonal = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= b.size(); ++j) {
                const std::size_t up = row[j];
                row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
                diagonal = up;
            }
        }
        return row[b.size()];
    };
    CHECK(text::edit_distance("kitten", "sitting", 99) == 3);
    std::uint32_t state = 1;
    const auto next = [&] { return state = state * 1664525U + 1013904223U; };
    for (int round = 0; round < 400; ++round) {
        std::string a, b;
        for (unsigned i = next() % 200; i > 0; --i)
            a += static_cast<char>('a' + next() % 4);
        b = a;
        for (unsigned i = next() % 30; i > 0 && !b.empty(); --i) {
            const std::size_t at = next() % b.size();
            if (next() % 2)
                b.erase(at, 1);
            else
                b.insert(at, 1, static_cast<char>('a' + next() % 4));
        }
        CAPTURE(a);
        CAPTURE(b);
        const std::size_t truth = slow(a, b);
        CHECK(text::edit_distance(a, b, 1000) == truth);
        CHECK(text::edit_distance(a, b, 5) == std::min<std::size_t>(truth, 6));
    }
}
