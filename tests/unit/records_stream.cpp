// Files of records read through a window: files and lines longer than it, what needs a look ahead, how much
// is kept in memory, and imports that fail half-way.
#include "app/records.hpp"
#include "base/error.hpp"
#include "records/formats.hpp"
#include "store/import.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <unistd.h>

using namespace assay;
namespace fs = std::filesystem;

namespace {

// A file that is nowhere: the same text again and again.
class Repeated : public Bytes {
public:
    Repeated(std::string text, std::size_t times) : text_(std::move(text)), size_(text_.size() * times) {}
    std::size_t read(std::size_t at, char* to, std::size_t room) const override {
        room = std::min(room, size_ - std::min(at, size_));
        for (std::size_t i = 0; i < room; ++i)
            to[i] = text_[(at + i) % text_.size()];
        return room;
    }
    std::size_t size() const override { return size_; }

private:
    std::string text_;
    std::size_t size_;
};

std::vector<std::string> told(const Diagnostics& diagnostics) {
    std::vector<std::string> all;
    for (const auto& each : diagnostics.sorted())
        all.push_back(each.code + ":" + std::to_string(each.place.line));
    return all;
}

struct Scratch {
    fs::path path = fs::temp_directory_path() / ("assay_records_stream_" + std::to_string(getpid()));
    Scratch() { fs::create_directories(path); }
    ~Scratch() { fs::remove_all(path); }
};

} // namespace

TEST_CASE("records of a file of many windows know their lines and bytes, and the window stays small") {
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        const std::string text = "TY  - JOUR" + end + "TI  - A title" + end + "AB  - " +
                                 std::string(900, 'x') + end + "ER  - " + end + end;
        const Repeated bytes(text, 8000);
        Diagnostics diagnostics;
        records::Stream stream("a", bytes, diagnostics);
        std::size_t count = 0, widest = 0;
        records::read_each(stream, diagnostics, {}, [&](model::Record&& r) {
            REQUIRE(r.offset == count * text.size());
            REQUIRE(r.line == static_cast<int>(count) * 5 + 1);
            ++count;
            REQUIRE(r.number == static_cast<int>(count));
            widest = std::max(widest, stream.rest().size());
        });
        CHECK(count == 8000);
        CHECK(widest < std::size_t{1} << 20);
        CHECK(diagnostics.items().empty());
    }
}

TEST_CASE("records of a file without line ends are found, and the window stays small") {
    const Repeated bytes("<record><ref-type name=\"Book\">6</ref-type><titles><title>" +
                             std::string(4000, 'y') + "</title></titles></record>",
                         8000);
    Diagnostics diagnostics;
    records::Stream stream("a", bytes, diagnostics);
    std::size_t count = 0, widest = 0;
    records::read_each(stream, diagnostics, {}, [&](model::Record&& r) {
        REQUIRE(r.title.size() == 4000);
        REQUIRE(r.line == 1);
        ++count;
        widest = std::max(widest, stream.rest().size());
    });
    CHECK(count == 8000);
    CHECK(widest < std::size_t{6} << 20); // 32 MB in all; a long line is looked at in pieces
}

TEST_CASE("a wrong byte in a file of one line costs the letters near it, not those of the whole file") {
    std::string text = "<xml><records>";
    for (int i = 0; i < 6000; ++i)
        text += "<record><titles><title>\xC3\xBC" + std::string(1000, 'y') + "</title></titles></record>";
    text += "<record><titles><title>\xFC</title></titles></record></records></xml>";
    for (const std::size_t block : {std::size_t{1000}, std::size_t{1} << 18, std::size_t{1} << 24}) {
        const MemoryBytes bytes(text);
        Diagnostics diagnostics;
        records::Stream stream("a", bytes, diagnostics, {}, {}, block);
        const auto all = records::read(stream, diagnostics);
        REQUIRE(all.size() == 6001);
        CHECK(all[0].title.substr(0, 3) == "\xC3\xBCy");
        CHECK(all[3900].title.substr(0, 3) == "\xC3\xBCy");
        CHECK(all[6000].title == "\xC3\xBC");
        CHECK(told(diagnostics) == std::vector<std::string>{"record/encoding:1"});
    }
}

TEST_CASE("what the end of a file says is known at its start") {
    const std::string rest(400000, '\n');
    Diagnostics diagnostics;
    // A line that may be meant as it stands is repaired when another line shows that the file was encoded
    // twice.
    const std::string maybe = "TY  - JOUR\nTI  - \xC3\x8E\xC2\xB2\nER  - \n";
    for (const bool sure : {true, false}) {
        const std::string text = maybe + rest + (sure ? "TY  - JOUR\nTI  - \xC3\x83\xC2\xBC\nER  - \n" : "");
        const MemoryBytes bytes(text);
        records::Stream stream("a", bytes, diagnostics);
        CHECK(records::read(stream, diagnostics)[0].title == (sure ? "\xCE\xB2" : "\xC3\x8E\xC2\xB2"));
    }
    CHECK(told(diagnostics) ==
          std::vector<std::string>{"record/double-encoded:2", "record/double-encoded:400005"});
    // The declaration of an XML file counts only where its bytes are not UTF-8.
    const std::string head =
        "<?xml version=\"1.0\" encoding=\"ISO-8859-15\"?>\n<xml><records><record><titles><title>";
    for (const bool wrong : {true, false}) {
        const std::string text =
            head + (wrong ? "\xA4" : "\xC2\xA4") + "</title></titles></record>" + rest + "</records></xml>";
        const MemoryBytes bytes(text);
        Diagnostics none;
        records::Stream stream("a", bytes, none);
        CHECK(records::read(stream, none)[0].title == (wrong ? "\xE2\x82\xAC" : "\xC2\xA4"));
        CHECK(none.items().empty());
    }
}

TEST_CASE("a title of sixteen million letters is one title") {
    const std::string text = "TY  - JOUR\nTI  - " + std::string(16000000, 'z') + "\nER  - \n";
    const MemoryBytes bytes(text);
    Diagnostics diagnostics;
    records::Stream stream("a", bytes, diagnostics);
    const auto all = records::read(stream, diagnostics);
    REQUIRE(all.size() == 1);
    CHECK(all[0].title.size() == 16000000);
}

TEST_CASE("an XML record that never closes is told once, whatever follows") {
    const std::string text =
        "<PubmedArticleSet>\n<PubmedArticle><PMID>1</PMID>\n" + std::string(700000, 'x') +
        "\n<PubmedArticle><MedlineCitation><PMID>2</PMID></MedlineCitation></PubmedArticle>\n"
        "<PubmedArticle><MedlineCitation>" +
        std::string(700000, 'x');
    const MemoryBytes bytes(text);
    Diagnostics diagnostics;
    records::Stream stream("a", bytes, diagnostics);
    const auto all = records::read(stream, diagnostics);
    REQUIRE(all.size() == 1);
    CHECK(all[0].line == 4);
    CHECK(told(diagnostics) == std::vector<std::string>{"record/truncated:2", "record/truncated:5"});
}

TEST_CASE("bytes of a file: limits, and whether it changed") {
    const Scratch scratch;
    const fs::path file = scratch.path / "a.ris";
    std::ofstream(file) << "TY  - JOUR\n";
    CHECK_THROWS_AS(FileBytes(file, 5), Error);
    CHECK_THROWS_AS(FileBytes(scratch.path, 5), Error);
    CHECK_THROWS_AS(FileBytes(scratch.path / "none", 5), Error);
    const FileBytes bytes(file, 20);
    char block[64] = {};
    CHECK(bytes.size() == 11);
    CHECK(bytes.read(0, block, 4) == 4);
    CHECK(bytes.read(11, block, 4) == 0);
    CHECK(bytes.unchanged());
    std::ofstream(file, std::ios::app) << "ER  - and more\n";
    CHECK_FALSE(bytes.unchanged());
    CHECK_THROWS_AS((void)bytes.read(0, block, sizeof block), Error); // beyond its limit now
}

TEST_CASE("an import that fails half-way leaves nothing; one that ends has its event first") {
    const Scratch scratch;
    auto s = store::Store::open((scratch.path / "review.db").string(), true);
    store::SourceFile source;
    source.label = source.file = "a.ris", source.sha256 = "digest";
    const store::Act ann{"ann", "2026-11-22T10:00:00Z"};
    model::Record r;
    r.title = "A title", r.ids = {{"pmid", "1"}}, r.decisions = {{"rayyan", "Ann", "Included"}};
    {
        store::Import half(s, ann, source);
        half.add(r);
    }
    CHECK(s.count_records() == 0);
    CHECK(s.sources().empty());
    CHECK(store::Import(s, ann, source).finish("ris").source == 0);
    CHECK(s.sources().empty());

    model::Record gone;
    gone.deleted = true, gone.ids = r.ids;
    store::Import import(s, ann, source);
    for (const auto* each : {&r, &gone, &gone, &r})
        import.add(*each);
    const auto done = import.finish("ris");
    CHECK(done.added == 2);
    CHECK(done.forgotten == 1);
    CHECK(done.history == 2);
    CHECK(s.count_records() == 1); // the second came after its deletion
    REQUIRE(s.sources().size() == 1);
    CHECK(s.sources()[0].records == 2);
    CHECK(s.sources()[0].format == "ris");
    std::string kinds;
    s.each_event([&](const store::Event& e) {
        kinds += e.kind + " " + e.value + "; ";
        return true;
    });
    CHECK(kinds == "import 2; history Included; forget 1; history Included; ");
}
