// Pieces of words, weights of terms other than the default's, and a list in Chinese.
#include "screen/characters.hpp"
#include "screen/features.hpp"
#include "screen/models.hpp"
#include "screen/simulate.hpp"
#include "support/sparse.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <string>
#include <vector>

using namespace assay::screen;

namespace {

std::vector<std::string> pieces(std::string_view word) {
    std::vector<std::string> out;
    for_each_piece(word, [&](std::string_view piece) { out.emplace_back(piece); });
    return out;
}

// An invented list: each record is some characters out of 300; the relevant ones hold one of three words of
// two characters each of which is common elsewhere too, so that only the pair tells.
struct Chinese {
    std::vector<std::string> titles;
    std::vector<Text> texts;
    std::vector<char> relevant;

    explicit Chinese(unsigned seed) {
        std::mt19937 random(seed);
        const auto character = [](unsigned number) {
            const unsigned code = 0x4E00 + number; // three bytes each
            return std::string{static_cast<char>(0xE0 | code >> 12),
                               static_cast<char>(0x80 | (code >> 6 & 63)),
                               static_cast<char>(0x80 | (code & 63))};
        };
        for (std::size_t i = 0; i < 300; ++i) {
            const bool yes = random() % 10 == 0 || i == 0;
            std::string title;
            for (int k = 0; k < 20; ++k)
                title += character(random() % 300);
            if (yes)
                for (int k = 0; k < 3; ++k) {
                    const unsigned word = random() % 3;
                    title += character(word * 2) + character(word * 2 + 1) + character(random() % 300);
                }
            titles.push_back(title);
            relevant.push_back(yes);
        }
        for (const auto& title : titles)
            texts.push_back({title, ""});
    }
};

} // namespace

TEST_CASE("screen characters: runs of three to five with the ends of the word") {
    using V = std::vector<std::string>;
    CHECK(pieces("ab") == V{" ab", " ab ", "ab "});
    CHECK(pieces("abc") == V{" ab", " abc", " abc ", "abc", "abc ", "bc "});
    CHECK(pieces("").empty());
    CHECK(pieces("\xE9\x95\x81\xE8\xA1\xA5") == // two Chinese characters count for four
          V{" \xE9\x95\x81", " \xE9\x95\x81\xE8\xA1\xA5", "\xE9\x95\x81\xE8\xA1\xA5",
            "\xE9\x95\x81\xE8\xA1\xA5 ", "\xE8\xA1\xA5 "});
}

TEST_CASE("screen characters: bent and joined words still meet") {
    TextOptions words, characters;
    characters.unit = Unit::characters;
    characters.max_share = words.max_share = 1;
    const std::vector<Text> records = {{"hypomagnesaemia", ""}, {"magnesaemic", ""}, {"creatine", ""}};
    CHECK(assay::test::inner(text_features(records, words).matrix, 0, 1) == 0);
    const auto m = text_features(records, characters).matrix;
    CHECK(assay::test::inner(m, 0, 1) > 0.1);
    CHECK(assay::test::inner(m, 0, 2) < assay::test::inner(m, 0, 1));
}

TEST_CASE("screen features: plain counts, presence and BM25 by hand") {
    // df: red 2, fish 1, bird 2 of three records; the first has 3 words, the mean is 7/3.
    const std::vector<Text> records = {{"red red fish", ""}, {"red bird", ""}, {"", "old bird"}};
    TextOptions options;
    options.pairs = false;
    options.max_share = 1;
    const double common = std::log(4.0 / 3) + 1, rare = std::log(4.0 / 2) + 1;
    const auto product = [&](Weighing weighing) {
        options.weighing = weighing;
        return assay::test::inner(text_features(records, options).matrix, 0, 1);
    };
    CHECK(product(Weighing::plain) ==
          doctest::Approx(2 * common * common / (std::hypot(2 * common, rare) * std::hypot(common, common)))
              .epsilon(1e-6));
    CHECK(product(Weighing::once) ==
          doctest::Approx(common * common / (std::hypot(common, rare) * std::hypot(common, common)))
              .epsilon(1e-6));
    const double idf2 = std::log(1 + 1.5 / 2.5), idf1 = std::log(1 + 2.5 / 1.5);
    const auto saturated = [](double count, double length) {
        return count * 2.2 / (count + 1.2 * (0.25 + 0.75 * length / (7.0 / 3)));
    };
    const double red = saturated(2, 3) * idf2, fish = saturated(1, 3) * idf1;
    CHECK(product(Weighing::bm25) ==
          doctest::Approx(red / std::hypot(red, fish) * std::sqrt(0.5)).epsilon(1e-6));
}

TEST_CASE("screen features: a Chinese list is ranked above chance, by words and by characters") {
    for (const char* name : {"stems", "characters"})
        for (unsigned seed = 1; seed <= 3; ++seed) {
            CAPTURE(name);
            CAPTURE(seed);
            const Chinese list(seed);
            std::size_t which = 0;
            while (feature_makers()[which].name != name)
                ++which;
            const Features& features = feature_makers()[which];
            const Matrix matrix = matrix_of(list.texts, features.text, features.beside);
            const Similarity similarity(matrix);
            std::size_t other = 1;
            while (list.relevant[other])
                ++other;
            const std::vector<std::size_t> priors = {0, other};
            std::vector<std::size_t> start(list.texts.size());
            std::iota(start.begin(), start.end(), std::size_t{0});
            const auto metrics =
                replay(similarity, model_of("default")->ranker, list.relevant, priors, start).metrics;
            CHECK(metrics.loss < 0.25); // a random order has 0.5
        }
}
