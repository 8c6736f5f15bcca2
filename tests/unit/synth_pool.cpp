#include "../support/near.hpp"
#include "base/error.hpp"
#include "effect/measures.hpp"
#include "synth/gls.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/likelihood.hpp"
#include "synth/pool.hpp"
#include "synth/subgroups.hpp"
#include "synth/trimfill.hpp"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <sstream>

using namespace assay;
using namespace assay::test;

namespace {
std::vector<model::Effect> effects(const std::vector<double>& y, const std::vector<double>& v) {
    std::vector<model::Effect> list;
    for (std::size_t i = 0; i < y.size(); ++i) {
        model::Effect e;
        e.label = std::to_string(i);
        e.y = y[i];
        e.v = v[i];
        list.push_back(e);
    }
    return list;
}

synth::PoolOptions options(const std::string& model, const std::string& method, const std::string& test) {
    synth::PoolOptions o;
    o.model = model;
    o.method = method;
    o.test = test;
    return o;
}

bool has_note(const model::Synthesis& s, const std::string& words) {
    for (const std::string& note : s.notes)
        if (note.find(words) != std::string::npos) return true;
    return false;
}

std::string page(std::string_view name) {
    std::ifstream in(std::string(ASSAY_SOURCE_DIR) + "/docs/methods/" + std::string(name));
    std::stringstream text;
    text << in.rdbuf();
    return text.str();
}
} // namespace

TEST_CASE("each estimator has a formula, a source and a page that names it") {
    for (const synth::Estimator& e : synth::estimators()) {
        CAPTURE(e.id);
        CHECK_FALSE(e.formula.empty());
        CHECK_FALSE(e.source.empty());
        CHECK(page(e.page).find("`" + std::string(e.id) + "`") != std::string::npos);
        CHECK(synth::find_estimator(e.id) == &e);
    }
    CHECK(synth::find_estimator("reml") == nullptr);
}

TEST_CASE("a published example: Borenstein, Hedges, Higgins & Rothstein 2009, chapter 14") {
    // Table 14.1: mean, SD, n of both groups of six studies. The digits were not read from the book again; three of them
    // are those that the formulas give, so this guards against changes and is no independent evidence until somebody
    // opens pages 88 to 90. The book's variance of g is vtype LS2.
    const double table[6][6] = {{94, 22, 60, 92, 20, 60},   {98, 21, 65, 92, 22, 65}, {98, 28, 40, 88, 26, 40},
                                {94, 19, 200, 82, 17, 200}, {98, 21, 50, 88, 22, 45}, {96, 21, 85, 92, 22, 85}};
    std::vector<effect::Row> rows(6);
    for (std::size_t i = 0; i < 6; ++i) {
        using effect::Role;
        constexpr Role roles[] = {Role::m1i, Role::sd1i, Role::n1i, Role::m2i, Role::sd2i, Role::n2i};
        for (std::size_t j = 0; j < 6; ++j)
            rows[i][roles[j]] = table[i][j];
    }
    effect::Options book;
    book.vtype = effect::Vtype::LS2;
    std::vector<double> g, v;
    for (const effect::Computed& c : effect::compute(effect::measure("SMD"), rows, book)) {
        g.push_back(c.y);
        v.push_back(c.v);
    }
    constexpr double four_digits = 0.00006;
    const auto fixed = synth::pool(effects(g, v), "SMD", options("common", "IV", "z"));
    CHECK(std::fabs(fixed.estimate - 0.4143) < four_digits);
    CHECK(std::fabs(fixed.se - 0.0640) < four_digits);
    CHECK(std::fabs(fixed.q - 12.0033) < four_digits);
    const auto random = synth::pool(effects(g, v), "SMD", options("random", "DL", "z"));
    CHECK(std::fabs(random.tau2 - 0.0373) < four_digits);
    CHECK(std::fabs(random.estimate - 0.3582) < four_digits);
    CHECK(std::fabs(random.se - 0.1052) < four_digits);
}

TEST_CASE("one study gives itself, none gives nothing") {
    for (const char* test : {"z", "t", "knha", "adhoc"}) {
        const auto one = synth::pool(effects({0.4}, {0.05}), "GEN", options("random", "REML", test));
        CHECK(one.k == 1);
        CHECK(one.estimate == 0.4);
        CHECK(one.test == "z");
        CHECK(one.tau2 == 0);
        CHECK(one.q == 0);
        CHECK(one.i2 == 0);
        CHECK_FALSE(one.pi_low);
        CHECK_FALSE(one.tau2_ci);
        CHECK_FALSE(one.df);
        CHECK(near(one.se, std::sqrt(0.05), same_number));
        CHECK(one.weights == std::vector<double>{100});
    }
    const auto none = synth::pool({}, "GEN", {});
    CHECK(none.k == 0);
    CHECK(std::isnan(none.estimate));
    CHECK(has_note(none, "no study"));
}

TEST_CASE("two studies have a prediction interval of metafor's kind only") {
    const auto two = synth::pool(effects({0.1, 0.9}, {0.03, 0.04}), "GEN", options("random", "REML", "knha"));
    CHECK(two.pi_low);
    CHECK_FALSE(two.pi_hts_low);
    CHECK(has_note(two, "two studies"));
}

TEST_CASE("equal effects: no scatter, no noise") {
    const auto equal = synth::pool(effects({0.25, 0.25, 0.25}, {0.1, 0.2, 0.3}), "GEN", options("random", "REML", "knha"));
    CHECK(equal.q == 0);
    CHECK(equal.tau2 == 0);
    CHECK(equal.se == 0);
    CHECK_FALSE(equal.tau2_ci);
    CHECK(has_note(equal, "empty"));
}

TEST_CASE("the scale of the data does not matter to the estimators") {
    // Tolerances that are absolute fail here: effects of 1e-4 and of 1e6.
    const std::vector<double> y = {0.1, 0.5, -0.2, 0.9, 0.3}, v = {0.02, 0.05, 0.04, 0.03, 0.06};
    for (const synth::Estimator& e : synth::estimators())
        for (double scale : {1e-6, 1e-4, 1e6}) {
            std::vector<double> ys, vs;
            for (std::size_t i = 0; i < y.size(); ++i) {
                ys.push_back(y[i] * scale);
                vs.push_back(v[i] * scale * scale);
            }
            const auto plain = synth::pool(effects(y, v), "GEN", options("random", std::string(e.id), "z"));
            const auto scaled = synth::pool(effects(ys, vs), "GEN", options("random", std::string(e.id), "z"));
            CAPTURE(e.id);
            CHECK(near(scaled.tau2, plain.tau2 * scale * scale, same_number));
            CHECK(near(scaled.tau2_ci->high, plain.tau2_ci->high * scale * scale, same_number));
        }
}

TEST_CASE("a likelihood with two maxima: the higher one is taken and told") {
    // One precise outlier among studies of very different precision.
    const std::vector<double> y = {0, 0, 0, 0, 0, 10, -10}, v = {1e-4, 1e-4, 1e-4, 1e-4, 1e-4, 60, 60};
    const synth::Problem problem{y, v};
    for (auto kind : {synth::Likelihood::full, synth::Likelihood::restricted}) {
        const synth::Tau2 best = synth::maximise_likelihood(problem, kind);
        const double height = synth::log_likelihood(problem, best.value, kind);
        for (double tau2 = 1e-7; tau2 < 1e4; tau2 *= 1.3)
            CHECK(synth::log_likelihood(problem, tau2, kind) <= height + 1e-9);
    }
}

TEST_CASE("Mantel-Haenszel: contrasts without counts carry no weight, all-zero data give no number") {
    auto list = effects({0.1, 0.2, 0.3}, {0.1, 0.1, 0.1});
    list[0].counts = model::Table2x2{5, 15, 3, 17};
    list[1].counts = model::Table2x2{8, 12, 6, 14};
    const auto mh = synth::pool(list, "OR", options("common", "MH", "z"));
    CHECK(mh.k == 2);
    CHECK(mh.weights[2] == 0);
    CHECK(has_note(mh, "1 study without counts"));
    list[0].counts = list[1].counts = model::Table2x2{0, 20, 0, 20};
    const auto zero = synth::pool(list, "OR", options("common", "MH", "z"));
    CHECK(zero.k == 0);
    CHECK(std::isnan(zero.estimate));
    CHECK_FALSE(zero.notes.empty());
    list[0].counts = model::Table2x2{0, 20, 3, 17}; // no event in any first group: log of zero
    CHECK(synth::pool(list, "RR", options("common", "MH", "z")).k == 0);
    CHECK(synth::pool(list, "OR", options("common", "Peto", "z")).k > 0); // Peto's is finite here
    CHECK(synth::pool(list, "MD", options("common", "MH", "z")).k == 0);
}

TEST_CASE("unknown names throw, data never does") {
    const auto two = effects({0.1, 0.2}, {0.1, 0.1});
    CHECK_THROWS_AS(synth::pool(two, "OR", options("mixed", "REML", "z")), Error);
    CHECK_THROWS_AS(synth::pool(two, "OR", options("random", "MH", "z")), Error);
    CHECK_THROWS_AS(synth::pool(two, "OR", options("common", "REML", "z")), Error);
    CHECK_THROWS_AS(synth::pool(two, "OR", options("random", "REML", "normal")), Error);
    synth::PoolOptions level;
    level.level = 95;
    CHECK_THROWS_AS(synth::pool(two, "OR", level), Error);
}

TEST_CASE("leaving one out equals pooling the others") {
    const auto list = effects({0.1, 0.5, -0.2, 0.9}, {0.02, 0.05, 0.04, 0.03});
    const auto without = synth::leave_one_out(list, "GEN", {});
    REQUIRE(without.size() == 4);
    for (std::size_t i = 0; i < 4; ++i) {
        auto rest = list;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        CHECK(without[i].estimate == synth::pool(rest, "GEN", {}).estimate);
    }
    CHECK(synth::leave_one_out(effects({0.1}, {0.1}), "GEN", {}).front().k == 0);
}

TEST_CASE("subgroups: two groups, Q between by hand") {
    auto list = effects({0.1, 0.3, 0.8, 1.0}, {0.04, 0.04, 0.04, 0.04});
    list[0].subgroup = list[1].subgroup = "a";
    list[2].subgroup = list[3].subgroup = "b";
    const auto test = synth::subgroups(list, "GEN", options("common", "IV", "z"), "form");
    REQUIRE(test.groups.size() == 2);
    CHECK(near(test.groups[0].synthesis.estimate, 0.2, same_number));
    CHECK(near(test.q, 0.35 * 0.35 / 0.02 * 2, same_number)); // means 0.2 and 0.9, each with variance 0.02
    CHECK(test.df == 1);
    CHECK(synth::subgroups(effects({1}, {1}), "GEN", {}, "form").df == 0);
}

TEST_CASE("correlated effects: diagonal covariance is plain inverse variance, a broken one is refused") {
    const std::vector<double> y = {1, 2, 4}, v = {0.5, 0.4, 0.3};
    const std::vector<double> diagonal = {0.5, 0, 0, 0, 0.4, 0, 0, 0, 0.3};
    const auto gls = synth::pool_correlated(y, diagonal);
    const auto plain = synth::pool(effects(y, v), "GEN", options("common", "IV", "z"));
    CHECK(near(gls.estimate, plain.estimate, same_number));
    CHECK(near(gls.se, plain.se, same_number));
    CHECK(near(gls.q, plain.q, same_number));
    const std::vector<double> impossible = {0.5, 0.9, 0, 0.9, 0.4, 0, 0, 0, 0.3};
    CHECK_FALSE(synth::pool_correlated(y, impossible).defined);
}

TEST_CASE("trim and fill with too few studies") {
    const std::vector<double> y = {1, 2}, v = {1, 1};
    CHECK_FALSE(synth::trim_and_fill({y, v}, nullptr, synth::Test::z).defined);
}
