// The CSV reader: RFC 4180 as written, and every way it is broken.
#include "text/csv.hpp"

#include <doctest/doctest.h>

using namespace assay;

namespace {

struct Read {
    explicit Read(std::string text)
        : bytes(std::move(text)), table(text::read_csv("t.csv", bytes, diagnostics)) {}
    std::string bytes;
    Diagnostics diagnostics;
    text::CsvTable table;

    std::string cell(std::size_t row, std::size_t column) const {
        return std::string(table.cells(table.rows().at(row))[column].text);
    }
    // "code line:column" of each message
    std::string codes() const {
        std::string list;
        for (const Diagnostic& d : diagnostics.sorted())
            list += (list.empty() ? "" : " ") + d.code + "@" + std::to_string(d.place.line) + ":" +
                    std::to_string(d.place.column);
        return list;
    }
};

} // namespace

TEST_CASE("csv: quotes, doubled quotes, cells over lines, the last line without end") {
    const Read r("a,b\n1,\"x, y\"\n2,\"say \"\"hi\"\"\"\n3,\"two\nlines\"\n4,end");
    CHECK(r.codes() == "");
    REQUIRE(r.table.rows().size() == 4);
    CHECK(r.cell(0, 1) == "x, y");
    CHECK(r.cell(1, 1) == "say \"hi\"");
    CHECK(r.cell(2, 1) == "two\nlines");
    CHECK(r.cell(3, 1) == "end");
    CHECK(r.table.rows()[3].line == 6);
}

TEST_CASE("csv: columns are counted in characters, lines through quoted cells") {
    const Read r("a,b,c\n\xC3\xA9\xC3\xA9,\"x\ny\",z\n");
    const auto& row = r.table.rows()[0];
    const Place second = r.table.place(row, r.table.cells(row)[1]),
                third = r.table.place(row, r.table.cells(row)[2]);
    CHECK((second.line == 2 && second.column == 4));
    CHECK((third.line == 3 && third.column == 4));
    CHECK(r.table.width(r.table.cells(row)[1]) == 2); // up to the end of its first line
}

TEST_CASE("csv: CR LF and CR end lines, told once per file") {
    const Read crlf("a,b\r\n1,2\r\n3,4\r\n");
    CHECK(crlf.codes() == "text/crlf@1:4");
    CHECK(crlf.cell(1, 1) == "4");
    const Read cr("a,b\r1,2\r3,4\r");
    CHECK(cr.codes() == "text/cr@1:4");
    CHECK(cr.table.rows()[1].line == 3);
}

TEST_CASE("csv: a byte order mark is not part of the first name") {
    const Read r("\xEF\xBB\xBF"
                 "a,b\n1,2\n");
    CHECK(r.codes() == "text/bom@1:1");
    CHECK(r.table.header()[0].text == "a");
    CHECK(r.table.place(r.table.header_row(), r.table.header()[1]).column == 3);
}

TEST_CASE("csv: an open quote costs its own row only") {
    const Read r("a,b\n1,\"open\n2,\"fine\"\n3,also\n");
    CHECK(r.codes() == "csv/open-quote@2:3");
    REQUIRE(r.table.rows().size() == 3);
    CHECK(r.table.rows()[0].damaged);
    CHECK(r.cell(1, 1) == "fine");
    CHECK(r.cell(2, 1) == "also");
    const Read last("a,b\n1,2\n3,\"open\n");
    CHECK(last.codes() == "csv/open-quote@3:3");
    CHECK(last.cell(0, 1) == "2");
    CHECK_FALSE(last.table.sound());
}

TEST_CASE("csv: an open quote in the header leaves no table, with one message") {
    const Read r("a,\"b\n1,2\n3,4\n");
    CHECK(r.codes() == "csv/open-quote@1:3");
    CHECK_FALSE(r.table.readable());
}

TEST_CASE("csv: a file full of open quotes is read in a time that does not explode") {
    std::string bytes = "a,b\n";
    for (int i = 0; i < 20000; ++i)
        bytes += "1,\"\"\"open\n";
    const Read r(bytes);
    CHECK(r.table.rows().size() >= 1);
    CHECK(r.diagnostics.has_errors());
}

TEST_CASE("csv: stray quotes are named and kept") {
    const Read r("a,b\n5\" nail,\"the \"best\" one\"\n");
    CHECK(r.codes() == "csv/stray-quote@2:2 csv/stray-quote@2:14");
    CHECK(r.cell(0, 0) == "5\" nail");
    CHECK(r.cell(0, 1) == "the \"best\" one");
}

TEST_CASE("csv: ragged rows name expected and got") {
    const Read r("a,b\n1\n1,2,3\n4,5\n");
    CHECK(r.codes() == "csv/ragged-row@2:2 csv/ragged-row@3:5");
    CHECK(r.diagnostics.items()[0].message == "the row has 1 cells; the header has 2");
    CHECK_FALSE(r.table.rows()[2].damaged);
}

TEST_CASE("csv: a cell of a megabyte is an error, not a crash") {
    const Read r("a,b\n1," + std::string(1 << 20, 'x') + "\n2,3\n");
    CHECK(r.codes() == "csv/big-cell@2:3");
    CHECK(r.cell(1, 1) == "3");
    const Read quoted("a,b\n1,\"" + std::string(1 << 20, 'x') + "\"\n2,3\n");
    CHECK(quoted.codes() == "csv/big-cell@2:3");
    const Read most("a,b\n1," + std::string(text::longest_cell, 'x') + "\n");
    CHECK(most.codes() == "");
}

TEST_CASE("csv: nothing, a header alone, empty lines, names twice") {
    CHECK(Read("").codes() == "file/empty@0:0");
    CHECK(Read(" \n\n").codes() == "file/empty@0:0");
    CHECK(Read("a,b\n").codes() == "csv/no-rows@1:0");
    CHECK(Read("a,b\n\n1,2\n").codes() == "csv/blank-line@2:0");
    CHECK(Read("a,a\n1,2\n").codes() == "csv/duplicate-column@1:3");
}

TEST_CASE("csv: bytes that are not UTF-8 become U+FFFD, with place and advice") {
    const Read r("a,b\nM\xFCller,\xE9\n2,\xE9\n");
    CHECK(r.codes() == "text/not-utf8@2:2 text/not-utf8@3:3");
    CHECK(r.cell(0, 0) == "M\xEF\xBF\xBDller");
    CHECK(r.diagnostics.items()[0].hint.find("\xC3\xBC") != std::string::npos);
    std::string many = "a\n";
    for (int i = 0; i < 500; ++i)
        many += "\xE9\n";
    const Read capped(many);
    CHECK(capped.diagnostics.items().size() == 21);
    CHECK(capped.diagnostics.items().back().message == "480 more lines have bytes that are not UTF-8");
}

TEST_CASE("csv: NUL bytes and UTF-16") {
    CHECK(Read(std::string("a,b\n1,\0002\n", 9)).codes() == "text/nul@2:3");
    CHECK(Read(std::string("\xFF\xFE"
                           "a\0",
                           4))
              .codes() == "text/not-utf8@1:1");
}

TEST_CASE("csv: another separator is named, and used to find the other faults") {
    const Read r("a;b\n1;2\n3\n");
    CHECK(r.codes() == "csv/wrong-separator@1:2 csv/ragged-row@3:2");
    CHECK(r.cell(0, 1) == "2");
}

TEST_CASE("csv: the writer quotes only where needed") {
    std::string out;
    text::write_csv_row(out, std::vector<std::string_view>{"a", "", "x,y", "\"", "l\nm", " b "});
    CHECK(out == "a,,\"x,y\",\"\"\"\",\"l\nm\", b \n");
    out.clear();
    text::write_csv_row(out, std::vector<std::string_view>{""});
    CHECK(out == "\"\"\n");
}
