// Files that hold no records are named, with a way out, and nothing of them is read.
#include "app/records.hpp"
#include "records/foreign.hpp"

#include <doctest/doctest.h>

using namespace assay;
using namespace std::string_literals;

TEST_CASE("what is no file of records is named") {
    struct Row {
        const char* format;
        std::string bytes;
    };
    const std::string zip = "PK\x03\x04\x14\0\0\0"s, sqlite = "SQLite format 3\0"s;
    const Row rows[] = {
        {"docx", zip + "[Content_Types].xml...word/document.xml"},
        {"xlsx", zip + "[Content_Types].xml...xl/workbook.xml"},
        {"office", zip + "[Content_Types].xml"},
        {"odt", zip + "mimetypeapplication/vnd.oasis.opendocument.text"},
        {"ods", zip + "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"},
        {"endnote-library", zip + "My Library.enl"},
        {"revman-package", zip + "CD000000-analysis-data/CD000000-data-rows.csv"},
        {"zip", zip + "export.ris TY  - JOUR\nTI  - never read\nER  - \n"},
        {"pdf", "%PDF-1.4\n%\xE2\xE3\nTY  - JOUR\n"},
        {"rtf", "{\\rtf1\\ansi TY  - JOUR}"},
        {"ole", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1\0\0"s},
        {"store", sqlite + "CREATE VIRTUAL TABLE record_words"},
        {"zotero", sqlite + "CREATE TABLE itemData"},
        {"endnote-library", sqlite + "CREATE TABLE enl_refs"},
        {"sqlite", sqlite + "CREATE TABLE x"},
        {"image", "\x89PNG\r\n\x1A\n\0"s},
        {"image", "\xFF\xD8\xFF\xE0"},
        {"archive", "7z\xBC\xAF\x27\x1C"},
        {"archive", "BZh91AY&SY"},
        {"archive", std::string(257, 'x') + "ustar"},
        {"program", "\x7F"
                    "ELF\x02"},
        {"marc", "00066cam a2200049 a 4500001001300000\x1E   89048230\x1E\x1D"},
        {"marc-xml", "<?xml version=\"1.0\"?><collection xmlns=\"http://www.loc.gov/MARC21/slim\"><record/>"},
        {"mods", "<?xml version=\"1.0\"?><modsCollection><mods/></modsCollection>"},
        {"html", "<!doctype html><title>TY  - JOUR</title>"},
        {"ctgov-xml", "<?xml version=\"1.0\"?><clinical_study rank=\"1\"><id_info/></clinical_study>"},
        {"pubmed-summary", "1: Doe J. A title. Sleep. 2019;42(3):1-9. PMID: 123.\n\n2: Roe R. Other.\n"},
        {"id-list", "12345678\n23456789\n"},
    };
    for (const Row& row : rows) {
        CAPTURE(row.format);
        const auto read = app::read_records("in", row.bytes);
        CHECK(read.format == row.format);
        CHECK(read.records.empty());
        REQUIRE(read.diagnostics.items().size() == 1); // and nothing about its bytes
        CHECK(read.diagnostics.items()[0].code == "record/unsupported");
        CHECK_FALSE(read.diagnostics.items()[0].hint.empty());
    }
}

TEST_CASE("records that only look like something else are read") {
    const std::pair<const char*, std::string> files[] = {
        {"ris", "TY  - JOUR\nTI  - The %PDF- of it, PK\x03 and SQLite format 3\nER  - \n"},
        {"nbib", "PMID- 12345\nTI  - 1: PMID: 12345.\n"},
        {"csv", "title,authors,year\n12345,\"Doe, J\",2001\n"},
    };
    for (const auto& [format, text] : files) {
        CAPTURE(format);
        const auto read = app::read_records("in", text);
        CHECK(read.format == format);
        CHECK(read.records.size() == 1);
    }
}
