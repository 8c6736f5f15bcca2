#include "plot/axis.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cmath>
#include <random>

using namespace assay::plot;

namespace {

std::string labels(const std::vector<Tick>& ticks) {
    std::string text;
    for (const Tick& tick : ticks)
        text += (text.empty() ? "" : " ") + tick.label;
    return text;
}

} // namespace

TEST_CASE("ticks of a ratio stand at .1 .2 .5 1 2 5 10") {
    CHECK(labels(log_ticks(std::log(0.09), std::log(11.0), 7)) == "0.1 0.2 0.5 1 2 5 10");
    CHECK(labels(log_ticks(std::log(0.0009), std::log(1100.0), 7)) == "0.001 0.01 0.1 1 10 100 1000");
    CHECK(labels(log_ticks(std::log(0.85), std::log(1.2), 6)) == "0.9 1.0 1.1 1.2");
    for (const Tick& tick : log_ticks(std::log(1e-9), std::log(1e9), 6))
        CHECK(std::lround(tick.at / std::log(10.0)) % 2 == std::lround(0.0));
}

TEST_CASE("ticks of a difference are round and few") {
    CHECK(labels(linear_ticks(-7.4, 2.1, 6)) == "-6 -4 -2 0 2");
    CHECK(labels(linear_ticks(0, 1, 5)) == "0.00 0.25 0.50 0.75 1.00");
    CHECK(linear_ticks(3, 3, 5).empty());
}

TEST_CASE("any range gives at least two and at most the asked number of ticks, in order and inside") {
    std::mt19937 random(7);
    for (int round = 0; round < 500; ++round) {
        const double scale = std::pow(10.0, static_cast<double>(random() % 12) - 6);
        const double low = (static_cast<double>(random() % 2000) - 1000) / 500 * scale;
        const double high = low + (1 + static_cast<double>(random() % 1000)) / 100 * scale;
        const auto ticks = linear_ticks(low, high, 7);
        INFO("round ", round, " low ", low, " high ", high);
        CHECK(ticks.size() >= 2);
        CHECK(ticks.size() <= 7);
        for (std::size_t i = 0; i < ticks.size(); ++i) {
            CHECK(ticks[i].at >= low - 1e-6 * scale);
            CHECK(ticks[i].at <= high + 1e-6 * scale);
            if (i) CHECK(ticks[i].at > ticks[i - 1].at);
        }
    }
}

TEST_CASE("one enormous interval does not squeeze the others") {
    const std::array<double, 4> estimates{0, 1, 2, 3};
    const std::array<Range, 3> intervals{{{0, 2}, {1, 3}, {-500, 500}}};
    const Range range = shown_range(estimates, intervals);
    CHECK(range.low < 0);
    CHECK(range.high > 3);
    CHECK(range.high - range.low < 12);
}
