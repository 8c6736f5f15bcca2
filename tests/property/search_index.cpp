// The index finds exactly what the plain matcher finds: random records, random strategies, in four languages.
// A failure prints its seed.
#include "search/evaluate.hpp"
#include "search/parse.hpp"
#include "search/print.hpp"
#include "support/brute_search.hpp"

#include <doctest/doctest.h>

#include <random>

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
            const auto again = search::clean("s", once, diagnostics);
            const auto second = search::parse(again, row.dialect, diagnostics);
            const std::string twice = search::print(second, row.dialect).text;
            REQUIRE(once == twice);
        }
    }
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
