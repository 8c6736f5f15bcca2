// The scans that look at eight bytes at a time beside plain loops, and lines ending in LF, CR LF and CR.
#include "records/fields.hpp"
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
