// A file of records gives the same records and the same messages however it is cut when it is read, in every
// format, encoding and with every kind of line end.
#include "base/utf8.hpp"
#include "records/formats.hpp"
#include "store/record_json.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>
#include <zlib.h>

using namespace assay;

namespace {

// Hands out the bytes before `cut` and those behind it in reads of their own, and never more than `most` at
// once.
class Cut : public Bytes {
public:
    Cut(std::string_view text, std::size_t cut, std::size_t most) : text_(text), cut_(cut), most_(most) {}
    std::size_t read(std::size_t at, char* to, std::size_t room) const override {
        room = std::min(room, most_);
        if (at < cut_) room = std::min(room, cut_ - at);
        return text_.read(at, to, room);
    }
    std::size_t size() const override { return text_.size(); }

private:
    MemoryBytes text_;
    std::size_t cut_, most_;
};

constexpr std::size_t whole = std::size_t{1} << 30;

// Everything that was read and told.
std::string all_of(std::string_view file, std::size_t cut = 0, std::size_t most = whole,
                   std::size_t block = std::size_t{1} << 20) {
    const Cut bytes(file, cut, most);
    Diagnostics diagnostics;
    records::Stream stream("a", bytes, diagnostics, {}, {}, block);
    std::string out;
    for (const auto& record : records::read(stream, diagnostics))
        out += store::record_to_json(record) + "\n";
    for (const auto& each : diagnostics.sorted())
        out += to_text(each);
    return out;
}

std::string replaced(std::string text, std::string_view what, std::string_view with) {
    for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
        text.replace(at, what.size(), with);
    return text;
}

std::string utf16(const std::string& text, bool big) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const CodePoint point = decode_code_point(text, at);
        at += static_cast<std::size_t>(point.bytes);
        const auto unit = [&](std::uint32_t value) {
            const char high = static_cast<char>(value >> 8), low = static_cast<char>(value & 255);
            out += big ? high : low;
            out += big ? low : high;
        };
        if (point.value >= 0x10000)
            unit(0xD800 + ((point.value - 0x10000) >> 10)), unit(0xDC00 + ((point.value - 0x10000) & 0x3FF));
        else
            unit(point.value);
    }
    return out;
}

std::string gzip(std::string text) {
    z_stream stream{};
    deflateInit2(&stream, 6, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    std::string out(deflateBound(&stream, text.size()) + 64, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(text.data()), stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data()), stream.avail_out = static_cast<uInt>(out.size());
    REQUIRE(deflate(&stream, Z_FINISH) == Z_STREAM_END);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    return out;
}

struct Format {
    const char* name;
    std::size_t records;
    std::string text;
};

// Small files with what readers stumble over: a record without its end, one that is cut off, text that goes
// on in the next line, empty lines, markup, letters outside ASCII and beyond 16 bits.
std::vector<Format> formats() {
    const std::string odd = "Wirkung \xC3\xBC"
                            "ber Magnesium \xE2\x80\x93 \xCE\xB2 \xF0\x9F\xA7\xA0 &amp; &#233;";
    return {
        {"ris", 3,
         "Record #1 of 3\nTY  - JOUR\nTI  - " + odd +
             "\nAU  - M\xC3\xBCller, Jane\nAB  - One line\nand another\n\nafter a gap\nDO  - 10.1000/a     "
             "LK  - https://x.org\n"
             "ER  - \n\n2.\nTY  - BOOK\nT1  - No end\nTY  - JOUR\nTI  - Last\nPY  - 2019//"},
        {"nbib", 2,
         "PMID- 1\nOWN - NLM\nTI  - " + odd +
             "\n      goes on\nFAU - M\xC3\xBCller, J\nDP  - 2019 Mar\n\nPMID- 2\nTI  - Second\n"},
        {"wos-tagged", 2,
         "FN Clarivate\nVR 1.0\nPT J\nAU Smith, J\n   M\xC3\xBCller, B\nTI " + odd +
             "\n   goes on\nER\n\nPT J\nTI Second\nPY 2019\nER\n\nEF\n"},
        {"refer", 2, "%0 Journal Article\n%A Smith, J\n%T " + odd + "\n goes on\n\n%0 Book\n%T Second\n"},
        {"refworks", 2,
         "RT Journal Article\nA1 Smith,J\nT1 " + odd + "\n goes on\nJF J\nRT Book\nT1 Second\nJF K\nA1 D\n"},
        {"ovid-tagged", 2,
         "<1. >\nUI  - 1\nAU  - Smith J\nTI  - " + odd +
             "\n      goes on\nSO  - J Sleep. 12(3):4-9, 2019\n\n<2. >\nUI  - 2\nTI  - Second\nSO  - J "
             "Sleep. 2020\n"},
        {"pubmed-xml", 3,
         "<?xml version=\"1.0\"?>\n<!-- <PubmedArticle "
         "-->\n<PubmedArticleSet>\n<PubmedArticle><MedlineCitation><PMID>1</PMID><Article>"
         "<ArticleTitle>" +
             odd +
             " <i>in "
             "vivo</i></ArticleTitle></Article></MedlineCitation></"
             "PubmedArticle>\n<PubmedArticle><MedlineCitation>"
             "<PMID>2</PMID>\n<PubmedArticle><MedlineCitation><PMID>3</PMID></MedlineCitation></"
             "PubmedArticle>"
             "<PubmedArticle><MedlineCitation><PMID>4</PMIDX></MedlineCitation></PubmedArticle>\n"
             "<DeleteCitation><PMID>9</PMID></DeleteCitation>\n</PubmedArticleSet>\n<PubmedArticle>"},
        {"endnote-xml", 2,
         "<xml><records><record><ref-type name=\"Journal Article\">17</ref-type><titles><title><style "
         "face=\"normal\">" +
             odd +
             "</style></title></titles></record><record><titles><title>Second</title></titles></record></"
             "records></xml>"},
        {"csv", 2,
         "Title,Authors,Year,DOI\n\"" + odd + "\",\"Smith, J.\",2019,10.1000/a\nSecond,\"Doe, B.\",2020,\n"},
        {"bibtex", 2,
         "@string{j = \"Sleep\"}\n@article{a, title={" + odd +
             "}, journal=j, year=2019}\n@book{b, title={Second}}\n"},
        {"csl-json", 2,
         "[{\"type\":\"book\",\"title\":\"" + odd + "\"},\n{\"type\":\"book\",\"title\":\"Second\"}]\n"},
    };
}

std::vector<std::pair<std::string, std::string>> spellings(const std::string& text) {
    const std::string bad = replaced(text, "\xC3\xBC", "\xFC"); // one letter in Windows-1252, others in UTF-8
    // A line with other letters is left as it is.
    std::string twice = replaced(replaced(text, "\xE2\x80\x93", "-"), "\xF0\x9F\xA7\xA0", "");
    twice = replaced(replaced(twice, "\xC3\xBC", "\xC3\x83\xC2\xBC"), "\xCE\xB2", "\xC3\x8E\xC2\xB2");
    return {{"as it is", text},
            {"cr lf", replaced(text, "\n", "\r\n")},
            {"cr", replaced(text, "\n", "\r")},
            {"mark", "\xEF\xBB\xBF" + text},
            {"mixed encodings", bad},
            {"encoded twice", twice},
            {"control characters", replaced(text, "e", std::string("e\x02", 2))},
            {"little end first", "\xFF\xFE" + utf16(text, false)},
            {"big end first", utf16(text, true)},
            {"compressed", gzip(text)},
            {"two members", gzip(text.substr(0, text.size() / 2)) + gzip(text.substr(text.size() / 2)) +
                                std::string(9, '\0')},
            {"cut off", gzip(text).substr(0, gzip(text).size() - 12)}};
}

} // namespace

TEST_CASE("records do not depend on where a file is cut when it is read") {
    for (const Format& format : formats()) {
        for (const auto& [spelling, file] : spellings(format.text)) {
            CAPTURE(format.name);
            CAPTURE(spelling);
            const std::string wanted = all_of(file);
            for (std::size_t most = 1; most < 70; most += most < 9 ? 1 : 12) {
                CAPTURE(most);
                REQUIRE(all_of(file, 0, most, most) == wanted);
                REQUIRE(all_of(file, 0, whole, most) == wanted);
            }
            const bool simple =
                spelling == "as it is" || spelling == "cr lf" || spelling == "mixed encodings";
            for (std::size_t cut = 1; cut < file.size(); cut += simple ? 1 : 7) {
                CAPTURE(cut);
                REQUIRE(all_of(file, cut) == wanted);
            }
        }
    }
}

TEST_CASE("records of every format are found in every spelling") {
    for (const Format& format : formats())
        for (const auto& [spelling, file] : spellings(format.text)) {
            CAPTURE(format.name);
            CAPTURE(spelling);
            const MemoryBytes bytes(file);
            Diagnostics diagnostics;
            records::Stream stream("a", bytes, diagnostics);
            const auto all = records::read(stream, diagnostics);
            if (spelling == "cut off") {
                CHECK(diagnostics.has_errors());
                CHECK(all.size() <= format.records);
                continue;
            }
            REQUIRE(all.size() == format.records);
            CHECK(all[0].title.substr(0, 13) == "Wirkung \xC3\xBC"
                                                "ber");
        }
}
