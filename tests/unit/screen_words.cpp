// Words, stems and weights of terms.
#include "screen/features.hpp"
#include "screen/words.hpp"
#include "text/stem.hpp"
#include "support/sparse.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay::screen;

namespace {

std::vector<std::string> words(std::string_view text, WordRule rule = WordRule::two_or_more) {
    std::vector<std::string> out;
    for_each_word(text, rule, [&](std::string_view word) { out.emplace_back(word); });
    return out;
}

} // namespace

TEST_CASE("screen words: letters of any script, lower case, two characters or more") {
    using V = std::vector<std::string>;
    CHECK(words("A trial of Vitamin-C in 12 people: P<0.05!") ==
          V{"trial", "of", "vitamin", "in", "12", "people", "05"});
    CHECK(words("snake_case x_ _1") == V{"snake_case", "x_", "_1"});
    CHECK(words("\xC3\x89tude \xCE\xB2-bloqueur") ==
          V{"\xC3\xA9tude", "bloqueur"}); // one Greek letter is no word
    CHECK(words("\xCE\x9F\xCE\x94\xCE\x9F\xCE\xA3 a") ==
          V{"\xCE\xBF\xCE\xB4\xCE\xBF\xCF\x82"}); // final sigma
    CHECK(words("\xC4\xB0zmir") == V{"zmir"});    // the dot of the capital I ends a word of one letter
    CHECK(words("a\xFF"
                "bc d\xFF") == V{"bc"}); // bytes that are not UTF-8 separate
    CHECK(words("").empty());
    CHECK(words("\xD8\xA3\xD8\xB3\xD8\xA7 \xD9\x85\xD9\x86").size() == 2); // Arabic
}

TEST_CASE("screen words: scripts without spaces give a word per character where asked") {
    const std::string magnesium = "\xE9\x95\x81\xE8\xA1\xA5 mg";
    CHECK(words(magnesium).size() == 2);
    const auto each = words(magnesium, WordRule::by_script);
    REQUIRE(each.size() == 3);
    CHECK(each[0] == "\xE9\x95\x81");
    CHECK(each[2] == "mg");
}

TEST_CASE("screen stems: the examples of the Snowball pages") {
    assay::text::Stemmer stemmer;
    CHECK(stemmer.stem("consistency") == "consist");
    CHECK(stemmer.stem("knightly") == "knight");
    CHECK(stemmer.stem("randomised") == "randomis");
    CHECK(stemmer.stem("trials") == stemmer.stem("trial"));
}

TEST_CASE("screen features: the weights are those of the formula") {
    // Three records; every term's weight by hand: (1 + ln count) (ln(4 / (1 + df)) + 1), rows of length one.
    const std::vector<Text> records = {{"red red fish", ""}, {"red bird", ""}, {"", "old bird"}};
    TextOptions options;
    options.pairs = false;
    options.max_share = 1;
    const auto features = text_features(records, options);
    const double red = std::log(4.0 / 3) + 1, fish = std::log(4.0 / 2) + 1, bird = std::log(4.0 / 3) + 1;
    const double two = (1 + std::log(2.0)) * red;
    const double length0 = std::hypot(two, fish), length1 = std::hypot(red, bird);
    CHECK(assay::test::inner(features.matrix, 0, 1) == doctest::Approx(two * red / (length0 * length1)).epsilon(1e-6));
    CHECK(assay::test::inner(features.matrix, 0, 2) == 0);
    CHECK(features.matrix.columns == 2); // red and bird; what one record alone has meets nobody
    CHECK(features.terms.name(0) == "red");
    CHECK(features.matrix.self[0] == 1);
}

TEST_CASE("screen features: terms in more than the given share of the records are left out") {
    std::vector<Text> records(20, Text{"same words here", ""});
    records[0] = {"other words there", ""};
    const auto all = text_features(records, {}).matrix; // "words" is in all of them, "same" in 95 %
    CHECK(assay::test::inner(all, 0, 1) == 0);
    CHECK(assay::test::inner(all, 1, 2) == doctest::Approx(1));
}

TEST_CASE("screen features: pairs of words count as terms, and a title runs on into its abstract") {
    const std::vector<Text> records = {
        {"blood", "pressure"}, {"blood pressure", ""}, {"pressure blood", ""}, {"x1 x2", ""}};
    const auto m = text_features(records, {}).matrix;
    CHECK(assay::test::inner(m, 0, 1) == doctest::Approx(1));
    CHECK(assay::test::inner(m, 0, 2) < 0.9);
}
