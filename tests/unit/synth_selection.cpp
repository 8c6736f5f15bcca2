// Selection models, p-uniform*, PET-PEESE, fail-safe N, Kendall: limits and direct formulas.
#include "num/kendall.hpp"
#include "num/richardson.hpp"
#include "synth/asymmetry.hpp"
#include "synth/excess.hpp"
#include "synth/fail_safe.hpp"
#include "synth/henmi_copas.hpp"
#include "synth/p_uniform.hpp"
#include "synth/pet_peese.hpp"
#include "synth/selection.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;
using namespace assay::synth;

namespace {
const std::vector<double> y{0.42, 0.11, 0.65, 0.30, -0.12, 0.55, 0.21, 0.71, 0.05, 0.38, 0.90, 0.15};
const std::vector<double> v{0.03, 0.01, 0.08, 0.02, 0.05, 0.06, 0.012, 0.09, 0.015, 0.04, 0.12, 0.006};
} // namespace

TEST_CASE("a weight fixed where nothing is selected gives back the ML fit, for every selection model") {
    const Mean ml = fit_mean({y, v}, find_estimator("ML"), Test::z);
    for (const SelectionModel& model : selection_models()) {
        SelectionOptions options;
        options.type = model.type;
        if (model.type == Selection::stepfun) options.steps = {0.025, 0.5};
        const std::size_t deltas =
            model.type == Selection::stepfun ? 3 : static_cast<std::size_t>(model.deltas);
        options.delta.assign(deltas, model.none);
        if (model.type == Selection::negexppow) options.delta[1] = 1;
        if (model.type == Selection::truncest) options.delta[1] = 0.2;
        const SelectionFit fit = select(y, v, {}, 1, options);
        CAPTURE(model.id);
        REQUIRE(fit.defined);
        CHECK(fit.beta[0] == doctest::Approx(ml.estimate).epsilon(1e-6));
        CHECK(fit.tau2 == doctest::Approx(ml.tau2.value).epsilon(1e-4));
        CHECK(fit.lrt == doctest::Approx(0).epsilon(1e-6));
        CHECK_FALSE(fit.lrt_p);
    }
}

TEST_CASE("selection turned around: less on mirrored effects is greater") {
    std::vector<double> mirrored;
    for (double one : y)
        mirrored.push_back(-one);
    for (const SelectionModel& model : selection_models()) {
        SelectionOptions options;
        options.type = model.type;
        if (model.type == Selection::stepfun) options.steps = {0.05};
        const SelectionFit a = select(y, v, {}, 1, options);
        options.alternative = Alternative::less;
        const SelectionFit b = select(mirrored, v, {}, 1, options);
        CAPTURE(model.id);
        CHECK(a.log_likelihood == doctest::Approx(b.log_likelihood).epsilon(1e-8));
    }
}

TEST_CASE("standard errors of a step function equal those of a numerical Hessian") {
    SelectionOptions options;
    options.steps = {0.025};
    const SelectionFit fit = select(y, v, {}, 1, options);
    REQUIRE(fit.defined);
    if (fit.tau2 > 0) {
        const auto value = [&](std::span<const double> at) {
            double sum = 0;
            for (std::size_t i = 0; i < y.size(); ++i) {
                const double s = v[i] + at[1], sd = std::sqrt(s), cut = 1.959963984540054 * std::sqrt(v[i]);
                const double above = 0.5 * std::erfc((cut - at[0]) / sd / std::sqrt(2.0));
                const double r = y[i] - at[0];
                sum += (y[i] >= cut ? 0 : std::log(at[2])) - 0.5 * std::log(s) - r * r / (2 * s) -
                       std::log(above + at[2] * (1 - above));
            }
            return sum;
        };
        const std::vector<double> at{fit.beta[0], fit.tau2, fit.delta[1]};
        const auto h = num::hessian(value, at);
        // The determinant and a cofactor of minus the Hessian give the variance of the mean.
        const double det = -(h[0] * (h[4] * h[8] - h[5] * h[7]) - h[1] * (h[3] * h[8] - h[5] * h[6]) +
                             h[2] * (h[3] * h[7] - h[4] * h[6]));
        CHECK(fit.se[0] == doctest::Approx(std::sqrt((h[4] * h[8] - h[5] * h[7]) / det)).epsilon(1e-5));
    }
}

TEST_CASE("decreasing weights decrease; bad input is told") {
    SelectionOptions options;
    options.steps = {0.01, 0.05, 0.2, 0.5};
    options.decreasing = true;
    const SelectionFit fit = select(y, v, {}, 1, options);
    REQUIRE(fit.defined);
    REQUIRE(fit.delta.size() == 5);
    for (std::size_t j = 1; j < 5; ++j)
        CHECK(fit.delta[j] <= fit.delta[j - 1]);
    options.decreasing = false;
    CHECK(select(y, v, {}, 1, options).log_likelihood >= fit.log_likelihood - 1e-9);
    options.steps = {2};
    CHECK_FALSE(select(y, v, {}, 1, options).defined);
    options.steps.clear();
    CHECK_FALSE(select(y, v, {}, 1, options).defined);
    options.steps = {0.025};
    CHECK_FALSE(select(std::span(y).first(2), std::span(v).first(2), {}, 1, options).defined);
    options.type = Selection::trunc;
    options.alternative = Alternative::two_sided;
    CHECK_FALSE(select(y, v, {}, 1, options).defined);
}

TEST_CASE("p-uniform*: mirrored data give mirrored answers; the estimate is the highest point") {
    const PUniform a = p_uniform_star(y, v);
    REQUIRE(a.defined);
    std::vector<double> mirrored;
    for (double one : y)
        mirrored.push_back(-one);
    PUniformOptions less;
    less.side = Alternative::less;
    const PUniform b = p_uniform_star(mirrored, v, less);
    CHECK(b.estimate == doctest::Approx(-a.estimate).epsilon(1e-6));
    CHECK(b.tau2 == doctest::Approx(a.tau2).epsilon(1e-5));
    CHECK(*b.ci_low == doctest::Approx(-*a.ci_high).epsilon(1e-5));
    CHECK(*a.ci_low < a.estimate);
    CHECK(a.estimate < *a.ci_high);
    // Far from any cut-point truncation does nothing: the ML fit.
    const std::vector<double> strong{10, 10.2, 9.7, 10.4, 9.9}, tiny(5, 0.01);
    const PUniform c = p_uniform_star(strong, tiny);
    const Mean ml = fit_mean({strong, tiny}, find_estimator("ML"), Test::z);
    CHECK(c.estimate == doctest::Approx(ml.estimate).epsilon(1e-7));
    CHECK(c.tau2 == doctest::Approx(ml.tau2.value).epsilon(1e-4));
    CHECK(c.lrt_bias == doctest::Approx(0).epsilon(1e-6));
    const std::vector<double> none{0.01, -0.02, 0.03}, wide(3, 1.0);
    CHECK_FALSE(p_uniform_star(none, wide).defined);
}

TEST_CASE("PET-PEESE takes PEESE only where PET's estimate differs from 0") {
    const PetPeese some = pet_peese(y, v);
    REQUIRE(some.defined);
    CHECK(some.uses_peese == (some.pet_p < 0.05));
    CHECK(some.estimate == (some.uses_peese ? some.peese.limit : some.pet.limit));
    const std::vector<double> strong{2.1, 2.0, 2.2, 1.9, 2.05}, own{0.01, 0.02, 0.03, 0.04, 0.05};
    CHECK(pet_peese(strong, own).uses_peese);
    CHECK_FALSE(pet_peese(std::span(y).first(2), std::span(v).first(2)).defined);
    const std::vector<double> equal(12, 0.1);
    CHECK_FALSE(pet_peese(y, equal).defined);
}

TEST_CASE("fail-safe N: the general method with a common effect is Rosenberg's and Orwin's") {
    FailSafeOptions options;
    options.type = FailSafe::rosenberg;
    const double rosenberg = fail_safe_n(y, v, options).n;
    options.type = FailSafe::orwin;
    options.target = 0.05;
    const double orwin = fail_safe_n(y, v, options).n;
    options.type = FailSafe::general;
    CHECK(fail_safe_n(y, v, options).n == orwin);
    options.target.reset();
    CHECK(fail_safe_n(y, v, options).n == rosenberg);
    options.estimator = find_estimator("REML");
    const FailSafeN reml = fail_safe_n(y, v, options);
    CHECK(reml.n > 0);
    CHECK(*reml.p_with >= 0.05);
    CHECK(fail_safe_n(std::span(y).first(0), std::span(v).first(0), options).defined == false);
}

TEST_CASE("Kendall's exact P: a perfect order of four has 2 chances in 24") {
    const std::vector<double> a{1, 2, 3, 4}, b{10, 20, 30, 40}, c{4, 3, 2, 1};
    CHECK(num::kendall(a, b).p == doctest::Approx(2.0 / 24));
    CHECK(num::kendall(a, c).p == doctest::Approx(2.0 / 24));
    CHECK(num::kendall(a, c).tau == -1);
    const std::vector<double> tied{1, 1, 2, 2};
    CHECK_FALSE(num::kendall(a, tied).exact);
    CHECK(std::isnan(num::kendall(std::span(a).first(1), std::span(b).first(1)).tau));
}

TEST_CASE("Henmi-Copas and excess significance at their limits") {
    CHECK_FALSE(henmi_copas(std::span(y).first(1), std::span(v).first(1)).defined);
    const HenmiCopas got = henmi_copas(y, v);
    CHECK(got.ci_low < got.estimate);
    CHECK(got.factor > 1.9);
    // One study that is surely significant.
    const std::vector<double> one{5}, variance{0.01};
    const Excess sure = excess_significance(one, variance, 5, 0);
    CHECK(sure.observed == 1);
    CHECK(sure.p == doctest::Approx(1).epsilon(1e-9));
    CHECK(excess_significance({}, {}, 0, 0).k == 0);
}

TEST_CASE("asymmetry tests: each row of the table runs, names are found") {
    CHECK(find_asymmetry_test("Peters") != nullptr);
    CHECK(find_asymmetry_test("Nobody") == nullptr);
    const std::vector<double> n1{30, 40, 25, 60, 55, 20, 80, 22, 70, 33, 18, 120}, n2 = n1;
    std::vector<model::Table2x2> tables;
    for (std::size_t i = 0; i < n1.size(); ++i)
        tables.push_back(
            {5.0 + static_cast<double>(i % 4), n1[i] - 5 - static_cast<double>(i % 4), 4, n2[i] - 4});
    for (const AsymmetryTest& test : asymmetry_tests()) {
        const AsymmetryResult result = test.run({y, v, tables, n1, n2});
        CAPTURE(test.id);
        CHECK(result.defined);
        CHECK(result.p > 0);
        CHECK(result.p <= 1);
        CHECK(result.statistic == doctest::Approx(result.bias / result.se).epsilon(1e-9));
    }
}
