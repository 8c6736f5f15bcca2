// Figures of an order of reading, by hand.
#include "screen/metrics.hpp"
#include "screen/priors.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay::screen;

TEST_CASE("screen metrics: a perfect order has loss 0 and NDCG 1") {
    const std::vector<char> found = {1, 1, 1};
    const Metrics m = measure(found, 30);
    CHECK(m.loss == doctest::Approx(0).epsilon(1e-12));
    CHECK(m.ndcg == doctest::Approx(1));
    CHECK(m.recall_10 == 1);
    CHECK(m.atd == 2);
    CHECK(m.read_95 == 3);
}

TEST_CASE("screen metrics: the worst order has loss 1") {
    std::vector<char> found(10, 0);
    found[8] = found[9] = 1;
    CHECK(measure(found, 10).loss == doctest::Approx(1));
}

TEST_CASE("screen metrics: an order by hand") {
    // Ten records, the 1st and 4th relevant. Recall counts: 1 1 1 2 2 2 2 2 2 2, their sum 17; the best sum
    // is 19, the worst 3: loss (19 - 17) / 16.
    std::vector<char> found(4, 0);
    found[0] = found[3] = 1;
    const Metrics m = measure(found, 10);
    CHECK(m.loss == doctest::Approx(2.0 / 16));
    CHECK(m.recall_10 == 0.5);
    CHECK(m.recall_20 == 0.5);
    CHECK(m.recall_50 == 1);
    CHECK(m.atd == 2.5);
    CHECK(m.ndcg == doctest::Approx((1 + 1 / std::log2(5.0)) / (1 + 1 / std::log2(3.0))));
    // A random order (0, 2/9, 4/9, ... rounded) has its first hit at position 3 of 0..9; ours at 0. Level
    // 1/2.
    CHECK(m.wss_95 == doctest::Approx(0.3));
    CHECK(m.read_95 == 4);
    CHECK(m.wss_95_classic == doctest::Approx(0.55));
}

TEST_CASE("screen metrics: nothing relevant gives zeros, not a division") {
    const std::vector<char> found(5, 0);
    CHECK(measure(found, 5).loss == 0);
    CHECK(measure({}, 0).ndcg == 0);
    const std::vector<char> all(3, 1);
    CHECK(measure(all, 3).loss == 0);
}

TEST_CASE("screen priors: NumPy's RandomState(7).choice(20, 6, replace=False)") {
    std::vector<std::size_t> twenty(20);
    for (std::size_t i = 0; i < 20; ++i)
        twenty[i] = i;
    CHECK(draw(twenty, 6, 7) == std::vector<std::size_t>{1, 17, 2, 5, 11, 0}); // NumPy 1.24
    CHECK(draw(twenty, 99, 7).size() == 20);
    CHECK(draw({}, 3, 7).empty());
}
