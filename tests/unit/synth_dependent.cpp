#include "../support/near.hpp"
#include "num/distributions.hpp"
#include "synth/count_likelihood.hpp"
#include "synth/fit.hpp"
#include "synth/glmm.hpp"
#include "synth/location_scale.hpp"
#include "synth/robust.hpp"
#include "synth/rve.hpp"
#include "synth/sampling_covariance.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

using namespace assay;
using namespace assay::synth;
using namespace assay::test;

namespace {

// Twelve invented effects of five groups.
const std::vector<double> y{0.3, 0.5, 0.1, 0.9, 1.1, -0.2, 0.0, 0.1, 0.4, 0.6, 0.2, 0.7};
const std::vector<double> v{0.04, 0.05, 0.03, 0.06, 0.05, 0.04, 0.02, 0.03, 0.05, 0.04, 0.06, 0.03};
const std::vector<std::string> group{"a", "a", "a", "b", "b", "c", "c", "c", "d", "d", "e", "e"};
const std::vector<std::string> row{"1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12"};

num::Matrix ones(std::size_t k) {
    num::Matrix x(k, 1);
    std::fill(x.cells.begin(), x.cells.end(), 1.0);
    return x;
}

std::vector<RandomTerm> three_levels() {
    RandomTerm outer, inner;
    outer.name = "group";
    outer.outer = factor_of(group);
    inner.name = "group/row";
    inner.outer = nested(outer.outer, factor_of(row));
    return {outer, inner};
}

/// Restricted log-likelihood from the definition, with whole matrices.
double direct_reml(const num::Matrix& m, const num::Matrix& x) {
    const std::size_t k = m.rows;
    const num::Matrix w = num::inverse_of(m), wx = num::product(w, x), xwx = num::product_transposed(x, wx);
    num::Matrix u = m, c = xwx, g = num::product_transposed(x, x);
    REQUIRE(num::cholesky(u.cells, k));
    REQUIRE(num::cholesky(c.cells, c.rows));
    REQUIRE(num::cholesky(g.cells, g.rows));
    std::vector<double> beta(x.columns, 0.0);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < x.columns; ++j)
            beta[j] += wx(i, j) * y[i];
    num::solve_transposed(c.cells, c.rows, beta, 1);
    num::solve_upper(c.cells, c.rows, beta, 1);
    std::vector<double> r = y;
    for (std::size_t i = 0; i < k; ++i)
        r[i] -= num::dot(x.row(i), beta);
    double rss = 0;
    for (std::size_t i = 0; i < k; ++i)
        rss += r[i] * num::dot(w.row(i), r);
    return -0.5 * static_cast<double>(k - x.columns) * std::log(2 * 3.14159265358979323846) +
           0.5 * num::log_determinant(g.cells, g.rows) - 0.5 * num::log_determinant(u.cells, k) -
           0.5 * num::log_determinant(c.cells, c.rows) - 0.5 * rss;
}

num::Matrix marginal(double between, double within) {
    const Factor f = factor_of(group);
    num::Matrix m(y.size(), y.size());
    for (std::size_t i = 0; i < y.size(); ++i)
        for (std::size_t j = 0; j < y.size(); ++j)
            m(i, j) = (f.of_row[i] == f.of_row[j] ? between : 0) + (i == j ? within + v[i] : 0);
    return m;
}

std::vector<double> components(const MultilevelFit& fit) {
    std::vector<double> out;
    for (const auto& one : fit.components)
        out.push_back(one.value);
    return out;
}

} // namespace

TEST_CASE("synth: the multilevel likelihood is that of the whole matrices, and no neighbour is higher") {
    const Multilevel model(y, ones(y.size()), {v}, three_levels());
    const auto& fit = model.fit();
    REQUIRE(fit.fitted());
    CHECK(fit.search.converged());
    CHECK(!fit.search.trace.empty());
    const auto value = components(fit);
    const double best = direct_reml(marginal(value[0], value[1]), ones(y.size()));
    CHECK(near(fit.statistics.log_likelihood, best, same_number));
    for (const double step : {-0.003, 0.003}) {
        CHECK(direct_reml(marginal(value[0] + step, value[1]), ones(y.size())) < best);
        if (value[1] + step >= 0)
            CHECK(direct_reml(marginal(value[0], value[1] + step), ones(y.size())) < best);
    }
}

TEST_CASE("synth: the order of rows does not matter, and units only scale") {
    const Multilevel model(y, ones(y.size()), {v}, three_levels());
    std::vector<double> y2(y.rbegin(), y.rend()), v2(v.rbegin(), v.rend());
    for (double& one : y2)
        one *= 1000;
    for (double& one : v2)
        one *= 1e6;
    auto terms = three_levels();
    for (auto& term : terms)
        std::reverse(term.outer.of_row.begin(), term.outer.of_row.end());
    const Multilevel other(y2, ones(y.size()), {v2}, terms);
    constexpr Tolerance solved{1e-8, 1e-8};
    CHECK(near(other.fit().beta[0], 1000 * model.fit().beta[0], solved));
    CHECK(near(other.fit().components[0].value, 1e6 * model.fit().components[0].value, solved));
    CHECK(near(other.fit().q, model.fit().q, solved));
}

TEST_CASE("synth: with a row per group the multilevel model is the random-effects model") {
    RandomTerm term;
    term.outer = factor_of(row);
    const Multilevel model(y, ones(y.size()), {v}, {term});
    const Mean mean = fit_mean({y, v}, find_estimator("REML"), Test::z);
    constexpr Tolerance solved{1e-8, 1e-10};
    CHECK(near(model.fit().beta[0], mean.estimate, solved));
    CHECK(near(model.fit().components[0].value, mean.tau2.value, solved));
    CHECK(near(model.fit().q, mean.q, same_number));
}

TEST_CASE("synth: nested intercepts are compound symmetry") {
    const Multilevel levels(y, ones(y.size()), {v}, three_levels());
    RandomTerm term;
    term.structure = Structure::cs;
    term.outer = factor_of(group);
    term.inner = factor_of(row);
    const Multilevel symmetric(y, ones(y.size()), {v}, {term});
    const auto a = components(levels.fit()), b = components(symmetric.fit());
    constexpr Tolerance solved{1e-7, 1e-9};
    CHECK(near(b[0], a[0] + a[1], solved));
    CHECK(near(b[1], a[0] / (a[0] + a[1]), solved));
    CHECK(near(symmetric.fit().statistics.log_likelihood, levels.fit().statistics.log_likelihood, solved));
}

TEST_CASE("synth: at the ends of a profile interval twice the log-likelihood has fallen by the quantile") {
    const Multilevel model(y, ones(y.size()), {v}, three_levels());
    const double quantile = num::chi_squared_quantile(0.95, 1), best = model.fit().statistics.log_likelihood;
    constexpr Tolerance solved{1e-8, 1e-8};
    for (std::size_t c = 0; c < 2; ++c) {
        const auto interval = model.profile_interval(c);
        CHECK(interval.converged);
        CHECK(interval.low <= interval.estimate);
        CHECK(interval.high >= interval.estimate);
        CHECK(near(2 * (best - model.profile_log_likelihood(c, interval.high)), quantile, solved));
        if (interval.low > 0)
            CHECK(near(2 * (best - model.profile_log_likelihood(c, interval.low)), quantile, solved));
        else
            CHECK(2 * (best - model.profile_log_likelihood(c, 0)) <= quantile);
    }
}

TEST_CASE("synth: defective multilevel data are told, not fitted") {
    const auto fitted = [](std::span<const double> effects, const num::Matrix& x,
                           std::span<const double> variances, std::vector<RandomTerm> terms) {
        return Multilevel(effects, x, {variances}, std::move(terms)).fit();
    };
    CHECK(!fitted({}, num::Matrix(0, 1), {}, {}).fitted());
    RandomTerm term;
    term.outer = factor_of(std::vector<std::string>{"a"});
    CHECK(!fitted(std::span(y).first(1), ones(1), std::span(v).first(1), {term}).fitted());
    auto negative = v;
    negative[3] = -1;
    CHECK(!fitted(y, ones(y.size()), negative, three_levels()).fitted());
    negative[3] = NAN;
    CHECK(!fitted(y, ones(y.size()), negative, three_levels()).fitted());
    num::Matrix collinear(y.size(), 2);
    std::fill(collinear.cells.begin(), collinear.cells.end(), 1.0);
    const auto told = fitted(y, collinear, v, three_levels());
    CHECK(!told.fitted());
    CHECK(told.notes.at(0) == "columns of the design matrix depend on one another");
    // One group only: its own variance cannot be told and is held at 0.
    RandomTerm all;
    all.outer = factor_of(std::vector<std::string>(y.size(), "one"));
    const auto single = fitted(y, ones(y.size()), v, {all});
    REQUIRE(single.fitted());
    CHECK(single.components[0].value == 0);
    CHECK(single.components[0].fixed);
}

TEST_CASE("synth: equal effects give variances of 0") {
    const std::vector<double> same(y.size(), 0.25);
    const Multilevel model(same, ones(y.size()), {v}, three_levels());
    REQUIRE(model.fit().fitted());
    CHECK(model.fit().components[0].value == 0);
    CHECK(model.fit().components[1].value == 0);
    CHECK(near(model.fit().beta[0], 0.25, same_number));
}

TEST_CASE("synth: formulas of random effects") {
    const auto nested_terms = parse_random(" ~ 1 | a/b/c");
    REQUIRE(nested_terms);
    CHECK((*nested_terms)[0].groups == std::vector<std::string>{"a", "b", "c"});
    const auto list = parse_random("list(~ factor(x) | g, ~1|h)");
    REQUIRE(list);
    CHECK(list->size() == 2);
    CHECK((*list)[0].inner == "factor(x)");
    CHECK(!parse_random("a | b"));
    CHECK(!parse_random("~ 1"));
    CHECK(!parse_random("~ x | a/b"));
    CHECK(factor_of(std::vector<std::string>{"10", "9", "10"}).levels == std::vector<std::string>{"9", "10"});
}

TEST_CASE("synth: the sandwich with a cluster per row is that of White and, for CR2, HC2") {
    const std::vector<double> w(y.size(), 1.0);
    std::vector<std::size_t> cluster(y.size());
    for (std::size_t i = 0; i < cluster.size(); ++i)
        cluster[i] = i;
    const num::Matrix x = ones(y.size());
    auto input = robust_input(y, x, w, w, cluster);
    std::vector<double> r = y;
    double sum = 0;
    for (double& one : r) {
        one -= input.beta[0];
        sum += one * one;
    }
    input.residuals = r;
    const auto k = static_cast<double>(y.size());
    CHECK(near(robust(input, RobustKind::cr0).se[0], std::sqrt(sum) / k, same_number));
    CHECK(near(robust(input, RobustKind::cr1).se[0], std::sqrt(sum * k / (k - 1)) / k, same_number));
    // With equal weights every leverage is 1/k and Satterthwaite's degrees of freedom are k - 1.
    const auto small = robust(input, RobustKind::cr2);
    CHECK(near(small.se[0], std::sqrt(sum / (1 - 1 / k)) / k, same_number));
    CHECK(near(small.df[0], k - 1, same_number));
    auto one = robust_input(y, x, w, w, std::vector<std::size_t>(y.size(), 0));
    one.residuals = r;
    CHECK(robust(one, RobustKind::cr1).se.empty());
    CHECK(robust(one, RobustKind::cr2).notes.at(0) == "there is one cluster only");
}

TEST_CASE("synth: correlated weights with a row per study are the DerSimonian-Laird weights") {
    std::vector<std::size_t> study(y.size());
    for (std::size_t i = 0; i < study.size(); ++i)
        study[i] = i;
    const auto got = rve(y, v, ones(y.size()), study, RveWeights::correlated, 0.8, true);
    const Mean mean = fit_mean({y, v}, find_estimator("DL"), Test::z);
    CHECK(near(got.tau2, mean.tau2.value, same_number));
    CHECK(near(got.robust.beta[0], mean.estimate, same_number));
}

TEST_CASE("synth: contrasts with a shared group are correlated by its share of the variance") {
    // Two arms of 50 and 40 against one control of 30: cov/(sd sd) of the means' differences.
    const std::vector<std::string> trial{"t", "t", "u"}, first{"A", "B", "A"}, second{"C", "C", "C"};
    const std::vector<double> n1{50, 40, 20}, n2{30, 30, 20}, variance{0.4, 0.9, 1.0};
    SamplingDesign design;
    design.cluster = trial;
    design.group1 = first;
    design.group2 = second;
    design.weight1 = n1;
    design.weight2 = n2;
    const auto got = sampling_covariance(variance, design);
    const double r = (1.0 / 30) / std::sqrt((1.0 / 50 + 1.0 / 30) * (1.0 / 40 + 1.0 / 30));
    CHECK(near(got.v(0, 1), r * std::sqrt(0.4 * 0.9), same_number));
    CHECK(got.v(0, 2) == 0);
    CHECK(near(got.v(2, 2), 1.0, same_number));
    CHECK(got.not_positive.empty());
    // A correlation of 1 leaves no inverse.
    SamplingDesign same;
    const std::vector<std::string> obs{"1", "2", "3"};
    same.cluster = trial;
    same.obs = obs;
    same.rho_obs = 1;
    CHECK(sampling_covariance(std::vector<double>{1, 1, 1}, same).not_positive ==
          std::vector<std::string>{"t"});
}

TEST_CASE("synth: combining two correlated rows") {
    AggregateOptions options;
    options.rho = 0.5;
    const std::vector<std::string> cluster{"s", "s"};
    const std::vector<double> effects{1, 3}, variances{4, 4};
    const auto got = aggregate(effects, variances, nullptr, cluster, options);
    REQUIRE(got.size() == 1);
    CHECK(near(got[0].y, 2, same_number));
    CHECK(near(got[0].v, 4 * (1 + 0.5) / 2, same_number)); // v (1 + rho) / 2 for equal variances
}

TEST_CASE("synth: a correlation's own variance is (1 - r^2)^2 / (n - 1)") {
    const std::vector<CorrelationRow> rows{
        {"s", "a", "b", 0.4, 30, false}, {"s", "a", "c", 0.2, 30, false}, {"s", "b", "c", 0.3, 28, false}};
    const auto got = correlation_covariance(rows, false);
    CHECK(near(got.v(0, 0), std::pow(1 - 0.16, 2) / 27, same_number)); // the smallest n of the study
    CHECK(near(got.v(0, 1), got.v(1, 0), same_number));
    const auto z = correlation_covariance(rows, true);
    CHECK(near(z.v(0, 0), 1.0 / 25, same_number));
    CHECK(near(z.y[0], std::atanh(0.4), same_number));
}

TEST_CASE("synth: a scale of an intercept only is the random-effects model") {
    const auto fit = location_scale(y, v, ones(y.size()), ones(y.size()));
    REQUIRE(fit.k == 12);
    const Mean mean = fit_mean({y, v}, find_estimator("REML"), Test::z);
    constexpr Tolerance solved{1e-7, 1e-9};
    CHECK(near(std::exp(fit.scale.estimate[0]), mean.tau2.value, solved));
    CHECK(near(fit.location.estimate[0], mean.estimate, solved));
    LocationScaleOptions options;
    options.link = ScaleLink::identity;
    CHECK(near(location_scale(y, v, ones(y.size()), ones(y.size()), options).scale.estimate[0],
               mean.tau2.value, solved));
    CHECK(location_scale(std::span(y).first(1), std::span(v).first(1), ones(1), ones(1)).k == 0);
}

TEST_CASE("synth: the non-central hypergeometric cell is Fisher's distribution") {
    // Lady tasting tea: 3 of 4 right; at log odds ratio 0 the probability is 16/70.
    const CountCell cell = hypergeometric_cell(3, 4, 1, 4);
    CHECK(near(std::exp(at(cell, 0).value), 16.0 / 70, same_number));
    const double h = 1e-4, eta = 0.8;
    constexpr Tolerance differences{1e-6, 1e-6};
    const auto value = at(cell, eta), up = at(cell, eta + h), down = at(cell, eta - h);
    CHECK(near(value.d1, (up.value - down.value) / (2 * h), differences));
    CHECK(near(value.d2, (up.d1 - down.d1) / (2 * h), differences));
    CHECK(near(value.d3, (up.d2 - down.d2) / (2 * h), differences));
    CHECK(near(value.d4, (up.d3 - down.d3) / (2 * h), differences));
    // The conditional maximum: E x = 3 gives the odds ratio psi with psi^4 - 36 psi^2 - 32 psi - 3 = 0.
    const std::vector<Counts> table{{3, 4, 1, 4}};
    GlmmOptions options;
    options.model = GlmmModel::cm_el;
    options.random = false;
    const auto fit = glmm(CountKind::two_proportions, table, ones(1), {}, options);
    REQUIRE(fit.k == 1);
    const double psi = std::exp(fit.beta[0]);
    CHECK(psi > 6);
    CHECK(near(std::pow(psi, 4) - 36 * psi * psi - 32 * psi - 3, 0, Tolerance{0, 1e-8}));
}

TEST_CASE("synth: quadrature of a count with a random effect, and its derivatives") {
    CountStudy study;
    study.cell[0] = binomial_cell(7, 12);
    double mode = 0;
    const auto exact = integrated(study, 0.2, 0, 0.9, num::gauss_hermite(60), mode);
    // A fine sum over u.
    double sum = 0;
    constexpr double step = 1e-3;
    for (double u = -12; u <= 12; u += step)
        sum += step * num::normal_density(u) * std::exp(at(study.cell[0], 0.2 + 0.9 * u).value);
    CHECK(near(exact.value, std::log(sum), Tolerance{1e-10, 1e-10}));
    const double h = 1e-4;
    const auto rule = num::gauss_hermite(7);
    constexpr Tolerance differences{1e-6, 1e-6};
    const auto middle = integrated(study, 0.2, 0, 0.9, rule, mode),
               up = integrated(study, 0.2, 0, 0.9 + h, rule, mode),
               down = integrated(study, 0.2, 0, 0.9 - h, rule, mode);
    CHECK(near(middle.gradient[2], (up.value - down.value) / (2 * h), differences));
    CHECK(near(middle.second(2, 2), (up.gradient[2] - down.gradient[2]) / (2 * h), differences));
    CHECK(near(middle.second(0, 2), (up.gradient[0] - down.gradient[0]) / (2 * h), differences));
}

TEST_CASE("synth: counts without heterogeneity give tau2 0 and the pooled odds") {
    const std::vector<Counts> equal{{10, 40}, {20, 80}, {5, 20}, {15, 60}};
    const auto fit = glmm(CountKind::proportion, equal, ones(4), {});
    REQUIRE(fit.k == 4);
    CHECK(fit.search.converged());
    CHECK(fit.tau2 < 1e-8);
    CHECK(near(fit.beta[0], std::log(50.0 / 150), Tolerance{1e-8, 0}));
    CHECK(near(*fit.q_wald, 0, Tolerance{0, 1e-8}));
}

TEST_CASE("synth: defective counts are told") {
    const auto told = [](CountKind kind, std::vector<Counts> counts) {
        return glmm(kind, counts, ones(counts.size()), {}).notes;
    };
    CHECK(told(CountKind::proportion, {}).at(0) == "there are no studies");
    CHECK(told(CountKind::proportion, {{3, 2}, {1, 4}}).at(0) ==
          "a count is negative or larger than its group");
    CHECK(told(CountKind::two_rates, {{0, 5, 0, 5}, {0, 4, 0, 4}}).at(0) == "there are no events");
    CHECK(told(CountKind::proportion, {{3, 5}}).at(0) == "there are not more studies than coefficients");
}
