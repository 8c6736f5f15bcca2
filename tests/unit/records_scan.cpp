// The scans that look at many bytes at a time beside plain loops, and lines ending in LF, CR LF and CR.
#include "records/scan.hpp"
#include "records/source.hpp"

#include <doctest/doctest.h>

#include <random>
#include <string>
#include <vector>

using namespace assay;

TEST_CASE("record scans agree with plain loops") {
    std::mt19937 random(11);
    const std::string letters = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa    \n\t\xC3\xA9\x80\xFF";
    int odd = 0, blanks = 0;
    for (int round = 0; round < 20000; ++round) {
        std::string text;
        for (std::size_t i = random() % 40; i > 0; --i)
            text += letters[random() % letters.size()];
        bool irregular = text.find("  ") != std::string::npos;
        for (const char c : text)
            irregular = irregular || (c >= 0 && c < ' ');
        const bool three = text.find("   ") != std::string::npos;
        odd += irregular ? 1 : 0;
        blanks += three ? 1 : 0;
        REQUIRE(records::irregular_space(text) == irregular);
        REQUIRE(records::has_blanks(text) == three);
    }
    CHECK(odd > 1000);
    CHECK(odd < 19000);
    CHECK(blanks > 50);
}

TEST_CASE("one odd place in a long text is seen wherever it is") {
    for (std::size_t at = 0; at < 700; ++at) {
        const std::string plain(at, 'a'), rest(700 - at, 'b');
        REQUIRE_FALSE(records::irregular_space(plain + " " + rest));
        REQUIRE(records::irregular_space(plain + "  " + rest));
        REQUIRE(records::irregular_space(plain + "\n" + rest));
        REQUIRE_FALSE(records::has_blanks(plain + "  " + rest));
        REQUIRE(records::has_blanks(plain + "   " + rest));
        for (int c = 0; c < 256; ++c) {
            const auto seen = records::look_at(plain + static_cast<char>(c) + rest);
            REQUIRE(seen.high == (c >= 0x80));
            REQUIRE(seen.cr == (c == '\r'));
            REQUIRE(seen.control == records::is_control(static_cast<char>(c)));
        }
    }
    const std::string many(1000, '\n');
    CHECK(records::line_ends(many, false) == 1000);
    CHECK(records::line_ends("a\r\nb\rc\n\r", true) == 4);
    for (const std::size_t size : {1, 2, 3, 5}) { // a letter of four bytes, cut everywhere
        records::Utf8Check check;
        const std::string text = "a\xF0\x9F\xA7\xA0\xC3\xBC";
        for (std::size_t at = 0; at < text.size(); at += size)
            REQUIRE(check.add(std::string_view(text).substr(at, size)));
        CHECK(check.finish());
        CHECK(check.add("\xC3"));
        CHECK_FALSE(check.finish());
        CHECK_FALSE(check.add("x"));
    }
}

TEST_CASE("record lines end in every way, mixed") {
    records::LineReader lines("a\r\nb\rc\nd\r\re\r\n\nf\r");
    std::string_view line;
    std::vector<std::string> all;
    while (lines.next(line))
        all.emplace_back(line);
    CHECK(all == std::vector<std::string>{"a", "b", "c", "d", "", "e", "", "f"});
    CHECK(lines.number() == 8);
}

TEST_CASE("record with a control character deep in the text is still told") {
    for (std::size_t at = 0; at < 40; ++at) {
        std::string bytes = "TY  - JOUR\nTI  - aaaaaaaaaaaaaaaaaaaa\r\nER  - \n";
        if (at >= bytes.size()) break;
        bytes.insert(at, 1, '\x02');
        Diagnostics diagnostics;
        const MemoryBytes memory(bytes);
        records::Stream stream("x.ris", memory, diagnostics);
        const records::Source source = stream.whole();
        CHECK(diagnostics.items().size() == 1);
        CHECK(source.text.find('\x02') == std::string::npos);
    }
}
