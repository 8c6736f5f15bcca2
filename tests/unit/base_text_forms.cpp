// Showing text from strangers, nearest names, and what a message looks like on a terminal.
#include "base/diagnostics.hpp"
#include "base/error.hpp"
#include "base/utf8.hpp"

#include <doctest/doctest.h>

#include <algorithm>

using namespace assay;

TEST_CASE("UTF-8: one code point at a time") {
    CHECK(decode_code_point("a", 0).value == U'a');
    CHECK(decode_code_point("\xC3\xA9", 0).value == 0xE9);
    CHECK(decode_code_point("\xE2\x82\xAC", 0).bytes == 3);
    CHECK(decode_code_point("\xF0\x9F\x98\x80", 0).value == 0x1F600);
    // Unicode table 3-7: overlong, surrogate, beyond the last, cut off, lone continuation.
    for (const char* bad : {"\xC0\x80", "\xE0\x80\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80",
                            "\xF5\x80\x80\x80", "\xE2\x82", "\x80", "\xFF"}) {
        CAPTURE(bad);
        CHECK_FALSE(decode_code_point(bad, 0).valid);
        CHECK(decode_code_point(bad, 0).bytes == 1);
    }
    for (char32_t value : {U'a', char32_t{0xE9}, char32_t{0x20AC}, char32_t{0x1F600}})
        CHECK(decode_code_point(encode_code_point(value), 0).value == value);
    CHECK(count_code_points("a\xC3\xA9\xFF") == 3);
}

TEST_CASE("text is shown safely") {
    CHECK(safe_text("plain \xC3\xA9") == "plain \xC3\xA9");
    CHECK(safe_text("\x1B[31m") == "<U+001B>[31m");
    CHECK(safe_text("a\tb") == "a b");
    CHECK(safe_text("\xE9") == "<E9>");
    CHECK(safe_text("\xE2\x80\xAE") == "<U+202E>"); // right-to-left override
    CHECK(in_quotes(std::string(100, 'x')) == "'" + std::string(60, 'x') + "...'");
    CHECK(display_width("e\xCC\x81") == 1); // e and a combining accent
    CHECK(display_width("\xE4\xB8\xAD") == 2);
}

TEST_CASE("nearest name: one slip in short names, a third in long ones") {
    const std::vector<std::string> known{"control", "intervention", "id", "north2001", "sd"};
    CHECK(nearest_name("contol", known) == "control");
    CHECK(nearest_name("cotnrol", known) == "control"); // a swap is one slip
    CHECK(nearest_name("intervenshun", known) == "intervention");
    CHECK(nearest_name("nord2001", known) == "north2001");
    CHECK(nearest_name("xyzzy", known) == "");
    CHECK(nearest_name("q", known) == "");
    CHECK(nearest_name("", known) == "");
}

TEST_CASE("a message has place, line, caret and hint") {
    Diagnostics diagnostics;
    Diagnostic& d = diagnostics.add("csv/bad-value", {"arms.csv", 2, 3}, "n: cannot read '4x6'", "write 46");
    d.span = 3;
    show_line(d, "a,4x6,b");
    CHECK(to_text(d) == "arms.csv:2:3: error: n: cannot read '4x6' [csv/bad-value]\n    a,4x6,b\n      ^~~\n "
                        "   hint: write 46\n");
}

TEST_CASE("the caret stands under its character in lines with accents, wide characters and tabs") {
    Diagnostics diagnostics;
    Diagnostic& d = diagnostics.add("csv/bad-value", {"x.csv", 1, 4}, "m");
    show_line(d, "\xE4\xB8\xAD\t\xC3\xA9X");
    CHECK(to_text(d) == "x.csv:1:4: error: m [csv/bad-value]\n    \xE4\xB8\xAD \xC3\xA9X\n        ^\n");
}

TEST_CASE("long lines are cut around the column") {
    Diagnostics diagnostics;
    Diagnostic& d = diagnostics.add("csv/bad-value", {"x.csv", 1, 5001}, "m");
    show_line(d, std::string(5000, 'a') + "B" + std::string(5000, 'c'));
    CHECK(d.excerpt.size() == 106); // 100 characters and two times three points
    CHECK(d.excerpt[static_cast<std::size_t>(d.caret)] == 'B');
    Diagnostic& past = diagnostics.add("csv/bad-value", {"x.csv", 1, 999}, "m");
    show_line(past, "short");
    CHECK(past.caret == 5); // behind the end
}

TEST_CASE("messages are sorted by place and told once") {
    Diagnostics diagnostics;
    diagnostics.add("csv/bad-value", {"b.csv", 1, 1}, "m");
    diagnostics.add("csv/bad-value", {"a.csv", 9, 1}, "m");
    diagnostics.add("csv/spaces", {"a.csv", 2, 5}, "m");
    diagnostics.add("csv/bad-value", {"a.csv", 2, 4}, "m");
    diagnostics.add("csv/bad-value", {"a.csv", 2, 4}, "m");
    const auto rows = diagnostics.sorted();
    REQUIRE(rows.size() == 4);
    CHECK(rows[0].place.column == 4);
    CHECK(rows[1].code == "csv/spaces");
    CHECK(rows[2].place.line == 9);
    CHECK(rows[3].place.file == "b.csv");
    CHECK(diagnostics.has_errors());
    CHECK(diagnostics.count(Severity::warning) == 1);
}

TEST_CASE("the table of codes is sorted and complete; an unknown code is a bug") {
    const auto codes = diagnostic_codes();
    for (std::size_t i = 1; i < codes.size(); ++i)
        CHECK(codes[i - 1].code < codes[i].code);
    for (const DiagnosticCode& row : codes) {
        CAPTURE(row.code);
        CHECK_FALSE(row.title.empty());
        CHECK((row.severity == Severity::note || !row.remedy.empty()));
    }
    CHECK_THROWS_AS(diagnostic_code("no/such"), Bug);
}
