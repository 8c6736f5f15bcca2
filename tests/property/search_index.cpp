// The index finds exactly what the plain matcher finds: random records, random strategies, in four languages.
// A failure prints its seed.
#include "app/store_index.hpp"
#include "search/evaluate.hpp"
#include "search/parse.hpp"
#include "search/print.hpp"
#include "support/brute_search.hpp"

#include <doctest/doctest.h>

#include <cstring>
#include <filesystem>
#include <random>
#include <unistd.h>
#include <zlib.h>

using namespace assay;

namespace {

constexpr std::string_view vocabulary[] = {
    "sleep",  "sleeps", "sleeping", "magnesium", "magnesian",   "oxide",        "night",
    "nights", "cramp",  "cramps",   "beta",      "2",           "trial",        "trials",
    "the",    "of",     "anaemia",  "anemia",    "caf\xC3\xA9", "intra-ocular", "Mg(2+)"};
constexpr std::string_view headings[] = {"Sleep", "Sleep Stages", "Magnesium", "Muscle Cramp", "Metals"};

class Maker {
public:
    explicit Maker(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t n) { return random_() % n; }
    std::string_view word() { return vocabulary[below(std::size(vocabulary))]; }

    std::string text(std::size_t most) {
        std::string out;
        for (std::size_t i = below(most + 1); i > 0; --i)
            out += (out.empty() ? "" : below(8) == 0 ? "; " : " ") + std::string(word());
        return out;
    }

    model::Record record() {
        model::Record out;
        out.title = text(8);
        for (std::size_t i = below(3); i > 0; --i)
            out.abstract.push_back({"", text(14)});
        for (std::size_t i = below(4); i > 0; --i) {
            std::string term(headings[below(std::size(headings))]);
            if (below(3) == 0) term += "/drug therapy";
            out.keywords.push_back({"mesh", term, below(2) == 0});
        }
        if (below(2) == 0) out.keywords.push_back({"", text(3), false});
        return out;
    }

    std::string pattern() {
        std::string out(word());
        if (out.find('(') != std::string::npos || out == "the" || out == "of" || out == "2") return "night";
        switch (below(7)) {
        case 0:
            return out.substr(0, 1 + below(out.size())) + "*";
        case 1:
            return out.substr(0, 3) + "#" + out.substr(std::min<std::size_t>(4, out.size()));
        case 2:
            return out.substr(0, 2) + "?" + out.substr(2);
        case 3:
            return out + "$1";
        case 4:
            return "*" + out.substr(1);
        default:
            return out;
        }
    }

    std::string fields() {
        constexpr std::string_view list[] = {".ti.", ".ab.", ".ti,ab.", ".tw,kf.", ".mp.", ".hw."};
        return std::string(list[below(std::size(list))]);
    }

    std::string inner(int depth) {
        switch (below(depth > 0 ? 6 : 2)) {
        case 0:
            return pattern();
        case 1:
            return pattern() + " " + pattern();
        case 2:
            return "(" + inner(depth - 1) + " or " + inner(depth - 1) + ")";
        case 3:
            return "(" + inner(depth - 1) + " and " + inner(depth - 1) + ")";
        case 4:
            return "(" + inner(depth - 1) + " adj" + std::to_string(1 + below(4)) + " " + inner(depth - 1) +
                   ")";
        default:
            return "(" + inner(depth - 1) + " adj " + inner(depth - 1) + ")";
        }
    }

    std::string line(std::size_t before) {
        switch (below(before > 1 ? 7 : 4)) {
        case 0:
            return (below(2) ? "exp " : "") + std::string(below(3) ? "" : "*") +
                   std::string(headings[below(std::size(headings))]) + "/" + (below(3) ? "" : "dt");
        case 1:
            return "dt.fs.";
        case 2:
        case 3:
            return "(" + inner(2) + ")" + fields();
        case 4:
            return "or/1-" + std::to_string(before);
        case 5:
            return std::to_string(1 + below(before)) + " and " + std::to_string(1 + below(before));
        default:
            return std::to_string(1 + below(before)) + " not (" + inner(2) + ")" + fields();
        }
    }

    std::string strategy() {
        std::string out;
        const std::size_t lines = 1 + below(8);
        for (std::size_t i = 0; i < lines; ++i)
            out += line(i) + "\n";
        return out;
    }

private:
    std::mt19937_64 random_;
};

} // namespace

TEST_CASE("property: the index finds what the plain matcher finds") {
    const search::Thesaurus thesaurus = search::read_thesaurus(
        "Sleep;F02.1\nSleep Stages;F02.1.2\nMetals;D01\nMagnesium;D01.5\nMuscle Cramp;C23\n");
    for (std::uint64_t seed = 1; seed <= 300; ++seed) {
        CAPTURE(seed);
        Maker make(seed);
        std::vector<model::Record> records;
        std::vector<brute::Record> plain;
        search::Index index;
        for (std::size_t i = 0; i < 40; ++i) {
            records.push_back(make.record());
            plain.push_back(brute::read(records.back()));
            index.add(records.back());
        }
        index.finish();
        Diagnostics diagnostics;
        const auto cleaned = search::clean("s", make.strategy(), diagnostics);
        CAPTURE(cleaned.text);
        const auto strategy = search::parse(cleaned, search::Dialect::ovid, diagnostics);
        const auto found = search::evaluate(cleaned, strategy, index, thesaurus, diagnostics);
        const brute::Matcher matcher(strategy, thesaurus);
        // As bytes and back it is the same index.
        const auto kept = search::Index::from_bytes(std::string(index.bytes("these")), "these");
        REQUIRE(kept);
        const auto again = search::evaluate(cleaned, strategy, *kept, thesaurus, diagnostics);
        for (std::size_t line = 0; line < found.size(); ++line)
            REQUIRE(again[line].bits == found[line].bits);
        // What a line is worth: the last line again, with a line in its place that finds nothing.
        const std::size_t last = strategy.lines.size() - 1;
        const auto worth =
            search::evaluate_each_without(cleaned, strategy, index, thesaurus, diagnostics, last);
        for (std::size_t line = 0; line < last; ++line) {
            std::string text = cleaned.text;
            const auto& gone = strategy.lines[line];
            text.replace(gone.begin, gone.end - gone.begin, "nowhere.tw.");
            const auto without = search::clean("w", text, diagnostics);
            const auto rest = search::parse(without, search::Dialect::ovid, diagnostics);
            const auto left = search::evaluate(without, rest, index, thesaurus, diagnostics);
            std::size_t lost = 0;
            for (std::size_t i = 0; i < plain.size(); ++i)
                lost += found[last].has(i) && !left[last].has(i) ? 1 : 0;
            CAPTURE(line);
            REQUIRE(worth.only[line] == lost);
        }
        REQUIRE(worth.only[last] == found[last].count());
        for (std::size_t line = 0; line < strategy.lines.size(); ++line)
            for (std::size_t i = 0; i < plain.size(); ++i) {
                CAPTURE(line);
                CAPTURE(i);
                REQUIRE(found[line].has(i) == matcher.line(line, plain[i]));
            }
        // Any language: what is printed reads back to what prints the same.
        for (const auto& row : search::dialects()) {
            CAPTURE(std::string(row.id));
            const std::string once = search::print(strategy, row.dialect).text;
            const auto written = search::clean("s", once, diagnostics);
            const auto second = search::parse(written, row.dialect, diagnostics);
            const std::string twice = search::print(second, row.dialect).text;
            REQUIRE(once == twice);
        }
    }
}

TEST_CASE("property: a store's index finds what the plain matcher finds") {
    const search::Thesaurus thesaurus = search::read_thesaurus("Sleep;F02.1\nSleep Stages;F02.1.2\n");
    const auto folder = std::filesystem::temp_directory_path() / ("assay_index_" + std::to_string(getpid()));
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    const std::string where = (folder / "review.db").string();
    auto store = store::Store::open(where, true);
    std::vector<brute::Record> plain;
    Maker make(4);
    const store::Act act{"ann", "2026-11-22T10:00:00Z"};
    for (int round = 0; round < 3; ++round) {
        std::vector<model::Record> records;
        for (std::size_t i = 0; i < (round == 0 ? 2300 : 40); ++i) {
            records.push_back(make.record());
            records.back().ids.push_back({"pmid", std::to_string(1000 * round + i)});
            plain.push_back(brute::read(records.back()));
        }
        store::SourceFile source;
        source.label = source.file = source.sha256 = "source " + std::to_string(round);
        store.import(act, source, records);
        // Made and written the first time, read from the file the second.
        for (int time = 0; time < 2; ++time) {
            Diagnostics diagnostics;
            const auto index = app::index_of(store, where, diagnostics);
            REQUIRE(diagnostics.items().empty());
            REQUIRE(index.documents() == plain.size());
            for (std::size_t i = 0; i < plain.size(); ++i)
                REQUIRE(index.ids()[i] == static_cast<std::int64_t>(i) + 1);
            const auto cleaned = search::clean("s", make.strategy(), diagnostics);
            const auto strategy = search::parse(cleaned, search::Dialect::ovid, diagnostics);
            const auto found = search::evaluate(cleaned, strategy, index, thesaurus, diagnostics);
            const brute::Matcher matcher(strategy, thesaurus);
            CAPTURE(cleaned.text);
            for (std::size_t line = 0; line < strategy.lines.size(); ++line)
                for (std::size_t i = 0; i < plain.size(); ++i)
                    REQUIRE(found[line].has(i) == matcher.line(line, plain[i]));
        }
    }
    CHECK(std::filesystem::exists(app::index_file(where)));
    std::filesystem::remove_all(folder);
}

TEST_CASE("property: an index with a wrong byte is never used, and one that lies does no harm") {
    Maker make(9);
    search::Index index;
    for (int i = 0; i < 50; ++i)
        index.add(make.record(), i);
    index.finish();
    const std::string whole(index.bytes("key"));
    CHECK(search::Index::from_bytes(whole, "key"));
    CHECK_FALSE(search::Index::from_bytes(whole, "another"));
    std::mt19937_64 random(11);
    for (int i = 0; i < 3000; ++i) {
        std::string bad = whole;
        if (i % 3 == 0)
            bad.resize(random() % bad.size());
        else
            bad[random() % bad.size()] ^= static_cast<char>(1 << random() % 8);
        REQUIRE_FALSE(search::Index::from_bytes(bad, "key"));
    }
    // A file made to do harm has the right checksum over wrong numbers.
    const search::Thesaurus none = search::read_thesaurus({});
    constexpr std::size_t header = 56 + 64, checksum_at = 48;
    std::size_t used = 0;
    for (int i = 0; i < 3000; ++i) {
        std::string bad = whole;
        for (int k = 0; k < 3; ++k)
            bad[header + random() % (bad.size() - header)] = static_cast<char>(random());
        const auto sum = static_cast<std::uint32_t>(
            crc32_z(0, reinterpret_cast<const unsigned char*>(bad.data()) + checksum_at + 4,
                    bad.size() - checksum_at - 4));
        std::memcpy(bad.data() + checksum_at, &sum, 4);
        const auto lying = search::Index::from_bytes(bad, "key");
        if (!lying) continue;
        ++used;
        Diagnostics diagnostics;
        const auto cleaned =
            search::clean("s", "(sleep* adj3 (magn* or night)).tw.\n*s.ti.\nexp Sleep/", diagnostics);
        const auto strategy = search::parse(cleaned, search::Dialect::ovid, diagnostics);
        for (const auto& found : search::evaluate(cleaned, strategy, *lying, none, diagnostics))
            REQUIRE(found.count() <= 64);
    }
    CHECK(used > 1000); // most damage is in postings, and is only found when they are followed
}

TEST_CASE("property: wildcards fit as letter by letter") {
    std::mt19937_64 random(7);
    for (int i = 0; i < 20000; ++i) {
        std::string pattern, word;
        for (std::size_t k = random() % 6; k > 0; --k) {
            const auto pick = random() % 8;
            if (pick == 0)
                pattern += search::wild::any;
            else if (pick == 1)
                pattern += search::wild::one;
            else if (pick == 2)
                pattern += search::wild::maybe;
            else if (pick == 3)
                pattern += std::string(1, search::wild::up_to) + static_cast<char>('1' + random() % 3);
            else
                pattern += static_cast<char>('a' + random() % 2);
        }
        for (std::size_t k = random() % 6; k > 0; --k)
            word += random() % 5 == 0 ? "\xC3\xA9" : std::string(1, static_cast<char>('a' + random() % 2));
        CAPTURE(i);
        CHECK(search::fits(pattern, word) == brute::letters_fit(pattern.data(),
                                                                pattern.data() + pattern.size(), word.data(),
                                                                word.data() + word.size()));
    }
}
