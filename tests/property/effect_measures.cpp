// What must hold for any data: effect measures.
#include "../support/near.hpp"
#include "effect/combine.hpp"
#include "effect/convert.hpp"
#include "effect/measures.hpp"
#include "num/distributions.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <cstdint>
#include <random>

using namespace assay;
using namespace assay::effect;
using namespace assay::test;

namespace {
struct Random {
    std::mt19937_64 engine;
    explicit Random(std::uint64_t seed) : engine(seed) {}
    double unit() { return static_cast<double>(engine() >> 11) * 0x1.0p-53; }
    double between(double low, double high) { return low + (high - low) * unit(); }
    int whole(int low, int high) { return low + static_cast<int>(unit() * (high - low + 1)); }
};
constexpr std::uint64_t last_seed = 500;
constexpr Tolerance rounding{1e-10, 1e-12};

void swap(Row& row, Role a, Role b) { std::swap(row[a], row[b]); }

Computed one(std::string_view id, const Row& row) { return compute(measure(id), std::span(&row, 1)).front(); }
} // namespace

TEST_CASE("swapping the groups turns the sign and keeps the variance") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        Row row;
        row[Role::n1i] = random.whole(3, 200);
        row[Role::n2i] = random.whole(3, 200);
        row[Role::ai] = random.whole(0, static_cast<int>(*row[Role::n1i]));
        row[Role::ci] = random.whole(0, static_cast<int>(*row[Role::n2i]));
        row[Role::m1i] = random.between(0.5, 20);
        row[Role::m2i] = random.between(0.5, 20);
        row[Role::sd1i] = random.between(0.1, 5);
        row[Role::sd2i] = random.between(0.1, 5);
        Row turned = row;
        swap(turned, Role::n1i, Role::n2i);
        swap(turned, Role::ai, Role::ci);
        swap(turned, Role::m1i, Role::m2i);
        swap(turned, Role::sd1i, Role::sd2i);
        for (const char* id : {"RR", "OR", "RD", "PETO", "AS", "MD", "SMD", "ROM"}) {
            CAPTURE(id);
            const Computed a = one(id, row), b = one(id, turned);
            CHECK(a.status == b.status);
            if (a.status != Status::ok) continue;
            CHECK(near(b.y, -a.y, rounding));
            CHECK(near(b.v, a.v, rounding));
            CHECK(a.v > 0);
        }
        // Counting the non-events turns the sign of OR and RD.
        Row others = row;
        others[Role::ai] = *row[Role::n1i] - *row[Role::ai];
        others[Role::ci] = *row[Role::n2i] - *row[Role::ci];
        for (const char* id : {"OR", "RD", "PETO", "AS"}) {
            const Computed a = one(id, row), b = one(id, others);
            if (a.status == Status::ok) CHECK(near(b.y, -a.y, {1e-9, 1e-11}));
        }
    }
}

TEST_CASE("a change of unit scales MD and leaves SMD and ROM alone") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const double unit = std::pow(10, random.between(-3, 3));
        Row row, scaled;
        for (Role role : {Role::n1i, Role::n2i})
            row[role] = scaled[role] = random.whole(3, 200);
        for (Role role : {Role::m1i, Role::m2i, Role::sd1i, Role::sd2i}) {
            row[role] = random.between(0.5, 20);
            scaled[role] = *row[role] * unit;
        }
        CHECK(near(one("MD", scaled).y, unit * one("MD", row).y, {1e-9, 1e-12 * unit}));
        CHECK(near(one("MD", scaled).v, unit * unit * one("MD", row).v, rounding));
        CHECK(near(one("SMD", scaled).y, one("SMD", row).y, {1e-9, 1e-12}));
        CHECK(near(one("ROM", scaled).v, one("ROM", row).v, rounding));
    }
}

TEST_CASE("an interval made from an estimate and its standard error gives the standard error back") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const double y = random.between(-1, 1), se = random.between(0.01, 0.8), level = random.between(0.5, 0.999);
        const double df = random.unit() < 0.5 ? 0 : random.whole(2, 100);
        const auto maybe = df > 0 ? std::optional(df) : std::nullopt;
        const double c = num::critical_value(level, df);
        const auto plain = se_from_interval(y, y - c * se, y + c * se, level, false, maybe);
        REQUIRE(plain.se);
        CHECK(near(*plain.se, se, rounding));
        const auto ratio = se_from_interval(std::exp(y), std::exp(y - c * se), std::exp(y + c * se), level, true, maybe);
        REQUIRE(ratio.se);
        CHECK(near(*ratio.se, se, rounding));
        const double p = num::two_sided_p(y / se, df);
        if (p > 1e-12 && p < 0.999) CHECK(near(se_from_p(y, p, false, maybe).se.value(), se, {1e-6, 1e-9}));
    }
}

TEST_CASE("combining groups: order irrelevant, sizes add, a group and its copy keep mean and spread") {
    for (std::uint64_t seed = 1; seed <= last_seed; ++seed) {
        INFO("seed ", seed);
        Random random(seed);
        const auto group = [&] { return Group{static_cast<double>(random.whole(2, 90)), random.between(-5, 5), random.between(0.1, 3)}; };
        const Group a = group(), b = group(), c = group();
        const Group one = combined(combined(a, b), c), two = combined(a, combined(c, b));
        CHECK(one.n == a.n + b.n + c.n);
        CHECK(near(one.mean, two.mean, {1e-9, 1e-11}));
        CHECK(near(one.sd, two.sd, {1e-9, 1e-11}));
        const Group twice = combined(a, a);
        CHECK(near(twice.mean, a.mean, rounding));
        CHECK(near(twice.sd * twice.sd, a.sd * a.sd * (2 * a.n - 2) / (2 * a.n - 1), rounding));
    }
}
