#include "synth/uni.hpp"

#include "base/error.hpp"
#include "num/distributions.hpp"
#include "num/eigenvalues.hpp"
#include "num/roots.hpp"
#include "num/weighted_chi_squared.hpp"
#include "synth/weighted_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double log_two_pi = 1.83787706640934548356;

double square(double x) {
    return x * x;
}

bool is_common(std::string_view method) {
    return method == "EE" || method == "FE" || method == "CE";
}
bool is_generalised(std::string_view method) {
    return method == "GENQ" || method == "GENQM";
}

/// The columns, with those of an intercept where the model has none of its own.
struct Design {
    std::vector<double> ones;
    std::span<const double> x;
    std::size_t k, p;
    explicit Design(const UniModel& model) : x(model.x), k(model.y.size()), p(model.x.empty() ? 1 : model.p) {
        if (!model.x.empty()) return;
        ones.assign(k, 1.0);
        x = ones;
    }
    int df() const { return static_cast<int>(k) - static_cast<int>(p); }
    std::span<const double> column(std::size_t j) const { return x.subspan(j * k, k); }
    bool is_intercept(std::size_t j) const {
        const auto cells = column(j);
        return std::all_of(cells.begin(), cells.end(), [](double c) { return c == 1; });
    }
    bool intercept_only() const { return p == 1 && is_intercept(0); }
    std::vector<double> row(std::size_t i) const {
        std::vector<double> cells(p);
        for (std::size_t j = 0; j < p; ++j)
            cells[j] = x[j * k + i];
        return cells;
    }
};

/// y and v as the estimators want them, with their scratch.
struct Working {
    std::vector<double> work;
    Problem problem;
    Working(const UniModel& model, const Design& design) {
        problem.y = model.y;
        problem.v = model.v;
        if (design.intercept_only()) return;
        work.resize(design.k * design.p + design.k);
        problem.x = design.x;
        problem.p = design.p;
        problem.work = work;
    }
};

std::vector<double> inverse_variances(std::span<const double> v, double tau2) {
    std::vector<double> w;
    for (double one : v)
        w.push_back(1 / (one + tau2));
    return w;
}

/// The generalised Q with fixed weights: its matrix and value (DerSimonian & Kacker 2007, Contemp Clin Trials
/// 28:105).
struct GeneralisedQ {
    std::vector<double> p; ///< k x k
    std::span<const double> v;
    double q = 0;

    GeneralisedQ(const UniModel& model, const Design& design) : v(model.v) {
        const auto weights = model.weights.empty()
                                 ? inverse_variances(v, 0)
                                 : std::vector<double>(model.weights.begin(), model.weights.end());
        p = weighted_columns(design.x, design.p, weights).projection();
        std::vector<double> centred;
        for (double y : model.y)
            centred.push_back(y - model.y[0]);
        // Only a model that contains a constant does not mind the shift.
        q = bilinear(model.y, p, model.y);
        const double shifted = bilinear(centred, p, centred);
        if (std::fabs(shifted - q) <= 1e-6 * std::fabs(q)) q = shifted;
    }
    std::size_t k() const { return v.size(); }
    double trace() const {
        double sum = 0;
        for (std::size_t i = 0; i < k(); ++i)
            sum += p[i * k() + i];
        return sum;
    }
    /// tr(PV), tr(PVPV), tr(PVP), tr(PP)
    struct Traces {
        double pv = 0, pvpv = 0, pvp = 0, pp = 0;
    };
    Traces traces() const {
        Traces t;
        for (std::size_t i = 0; i < k(); ++i) {
            t.pv += p[i * k() + i] * v[i];
            for (std::size_t j = 0; j < k(); ++j) {
                const double pp = square(p[i * k() + j]);
                t.pp += pp;
                t.pvp += pp * v[j];
                t.pvpv += pp * v[i] * v[j];
            }
        }
        return t;
    }
    /// P(Q > observed) when tau2 is true.
    double upper(double tau2) const {
        const std::size_t n = k();
        std::vector<double> s(n * n);
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < n; ++j)
                s[i * n + j] = std::sqrt(v[i] + tau2) * p[i * n + j] * std::sqrt(v[j] + tau2);
        std::vector<double> weights = num::symmetric_eigenvalues(std::move(s), n);
        const double noise = weights.empty() ? 0 : 1e-12 * weights.back();
        for (double& w : weights)
            if (w < noise) w = 0;
        return num::weighted_chi_squared_upper(weights, q);
    }
    /// The tau2 with P(Q > observed) = chance; 0 when that is less than what tau2 = 0 gives. It rises with
    /// tau2.
    Tau2 solve(double chance) const {
        Tau2 result;
        if (upper(0) >= chance) return result;
        double scale = 0;
        for (double one : v)
            scale = std::max(scale, one);
        const num::Root root = num::root_above([&](double t) { return upper(t) - chance; }, 0, scale);
        result.value = root.value;
        result.iterations = root.iterations;
        result.converged = root.converged;
        return result;
    }
};

Tau2 by_generalised_q(const UniModel& model, const Design& design) {
    const GeneralisedQ form(model, design);
    const auto t = form.traces();
    const double trace = form.trace();
    Tau2 tau2;
    if (model.tau2)
        tau2.value = *model.tau2;
    else if (model.method == "GENQ")
        tau2.value = std::max(0.0, (form.q - t.pv) / trace);
    else
        tau2 = form.solve(0.5);
    tau2.se = std::sqrt(2 * t.pvpv + 4 * tau2.value * t.pvp + 2 * square(tau2.value) * t.pp) / trace;
    return tau2;
}

/// Standard error of the estimator at a tau2 that was given: its large-sample formula there.
std::optional<double> se_at(const UniModel& model, const Problem& problem, double tau2) {
    const std::string_view method = model.method;
    const double df = problem.df(), k = static_cast<double>(problem.k());
    const Point here = at_tau2(problem, tau2), zero = at_tau2(problem, 0);
    const auto moment = [&](double divisor) {
        return std::sqrt(2 * df + 4 * tau2 * zero.tr_p + 2 * square(tau2) * zero.tr_pp) / divisor;
    };
    if (method == "DL") return moment(zero.tr_p);
    if (method == "HS") return moment(zero.sum_w);
    if (method == "HSk") return k / df * moment(zero.sum_w);
    if (method == "HE") {
        const Unweighted plain = unweighted(problem);
        return std::sqrt(2 * plain.tr_pvpv + 4 * tau2 * plain.tr_pv + 2 * square(tau2) * df) / df;
    }
    if (method == "ML") return std::sqrt(2 / here.sum_w2);
    if (method == "REML") return std::sqrt(2 / here.tr_pp);
    if (method == "SJ") {
        const double rough = unweighted({problem.y, problem.v}).rss / k, extra = tau2 - rough;
        const Point point = at_tau2(problem, rough);
        return rough * std::sqrt(2 * df + 4 * extra * point.tr_p + 2 * square(extra) * point.tr_pp) / df;
    }
    return std::sqrt(2 * k * k / df) / here.sum_w;
}

Tau2 tau2_of(const UniModel& model, const Design& design) {
    if (is_common(model.method)) return {};
    if (design.k == 1 || design.df() < 1) return Tau2{model.tau2.value_or(0)};
    if (is_generalised(model.method)) return by_generalised_q(model, design);
    const Working working(model, design);
    if (model.tau2) return {*model.tau2, se_at(model, working.problem, *model.tau2)};
    return find_estimator(model.method)->estimate(working.problem);
}

/// Coefficients at a tau2, their covariance before any factor, and the weighted sum of squared residuals.
struct Solution {
    std::vector<double> beta, covariance;
    double rss = 0;
    double log_det = 0; ///< of X'WX at inverse-variance weights
};

double weighted_rss(const UniModel& model, const Design& design, std::span<const double> beta, double tau2) {
    double sum = 0;
    for (std::size_t i = 0; i < design.k; ++i) {
        double fitted = 0;
        for (std::size_t j = 0; j < design.p; ++j)
            fitted += design.x[j * design.k + i] * beta[j];
        sum += square(model.y[i] - fitted) / (model.v[i] + tau2);
    }
    return sum;
}

Solution solve_at(const UniModel& model, const Design& design, double tau2) {
    const std::vector<double> w = inverse_variances(model.v, tau2);
    const WeightedColumns best = weighted_columns(design.x, design.p, w);
    Solution s;
    s.log_det = best.log_determinant();
    if (model.weighted && model.weights.empty()) {
        s.beta = best.solve(model.y);
        s.covariance = best.inverse();
    } else {
        const std::vector<double> a = model.weighted
                                          ? std::vector<double>(model.weights.begin(), model.weights.end())
                                          : std::vector<double>(design.k, 1.0);
        const WeightedColumns own = weighted_columns(design.x, design.p, a);
        const std::vector<double> g = own.smoother();
        s.beta = own.solve(model.y);
        s.covariance.assign(design.p * design.p, 0.0);
        for (std::size_t i = 0; i < design.p; ++i)
            for (std::size_t j = 0; j < design.p; ++j)
                for (std::size_t m = 0; m < design.k; ++m)
                    s.covariance[i * design.p + j] +=
                        g[i * design.k + m] * g[j * design.k + m] * (model.v[m] + tau2);
    }
    s.rss = weighted_rss(model, design, s.beta, tau2);
    return s;
}

double sum_of_logs(std::span<const double> v, double tau2) {
    double sum = 0;
    for (double one : v)
        sum += std::log(one + tau2);
    return sum;
}

double ml_at(const UniModel& model, const Design& design, const Solution& s, double tau2) {
    return -0.5 * (static_cast<double>(design.k) * log_two_pi + sum_of_logs(model.v, tau2) + s.rss);
}

double reml_at(const UniModel& model, const Design& design, const Solution& s, double tau2) {
    const std::vector<double> ones(design.k, 1.0);
    const double columns = weighted_columns(design.x, design.p, ones).log_determinant();
    return -0.5 * (design.df() * log_two_pi - columns + sum_of_logs(model.v, tau2) + s.log_det + s.rss);
}

FitStatistics statistics(double log_likelihood, double saturated, int parameters, int n) {
    FitStatistics f;
    const double top = std::max(n, parameters + 2);
    f.log_likelihood = log_likelihood;
    f.deviance = -2 * (log_likelihood - saturated);
    f.aic = -2 * log_likelihood + 2 * parameters;
    f.bic = -2 * log_likelihood + parameters * std::log(static_cast<double>(n));
    f.aicc = -2 * log_likelihood + 2 * parameters * top / (top - parameters - 1);
    return f;
}

void add_statistics(UniFit& fit, const UniModel& model, const Design& design, const Solution& s) {
    fit.parameters = fit.p + (fit.common || fit.tau2_given ? 0 : 1);
    const double ml = ml_at(model, design, s, fit.tau2.value),
                 reml = reml_at(model, design, s, fit.tau2.value);
    const double saturated = -0.5 * (static_cast<double>(design.k) * log_two_pi + sum_of_logs(model.v, 0));
    fit.ml = statistics(ml, saturated, fit.parameters, fit.k);
    fit.reml = statistics(reml, 0, fit.parameters, fit.residual_df);
    if (fit.residual_df < 1) fit.ml.deviance = 0;
}

void add_heterogeneity(UniFit& fit, const UniModel& model, const Design& design) {
    if (fit.residual_df < 1) return;
    const Working working(model, design);
    const Point common = at_tau2(working.problem, 0);
    fit.q = fit_mean_q(working.problem, common);
    fit.q_p = num::chi_squared_upper(fit.q, fit.residual_df);
    fit.typical_variance = fit.residual_df / common.tr_p;
    const Heterogeneity h = fit.common
                                ? heterogeneity_from_q(fit.q, fit.residual_df)
                                : heterogeneity_from_tau2(fit.tau2.value, common.tr_p, fit.residual_df);
    fit.i2 = h.i2;
    fit.h2 = h.h2;
}

double hartung_knapp_factor(const UniModel& model, const Design& design, double tau2) {
    const Working working(model, design);
    const Point point = at_tau2(working.problem, tau2);
    return fit_mean_q(working.problem, point, tau2) / design.df();
}

void add_coefficient_tests(UniFit& fit) {
    const std::size_t p = fit.beta.size();
    const double critical = num::critical_value(fit.level, fit.df);
    for (std::size_t j = 0; j < p; ++j) {
        const double se = std::sqrt(fit.covariance[j * p + j]), b = fit.beta[j];
        fit.se.push_back(se);
        fit.statistic.push_back(b / se);
        fit.p_value.push_back(num::two_sided_p(b / se, fit.df));
        fit.low.push_back(b - critical * se);
        fit.high.push_back(b + critical * se);
    }
}

struct Joint {
    double statistic, p;
    int df;
};

Joint joint_test(const UniFit& fit, std::vector<double> covariance, std::vector<double> estimates) {
    Joint test{0, 1, static_cast<int>(estimates.size())};
    test.statistic = inverse_form(std::move(covariance), std::move(estimates));
    if (fit.df > 0) {
        test.statistic /= test.df;
        test.p = num::f_upper(test.statistic, test.df, fit.df);
    } else
        test.p = num::chi_squared_upper(test.statistic, test.df);
    return test;
}

void test_moderators(UniFit& fit, const Design& design) {
    std::vector<double> a, b;
    std::vector<std::size_t> tested;
    for (std::size_t j = 0; j < design.p; ++j)
        if (design.p == 1 || !design.is_intercept(j)) tested.push_back(j);
    for (std::size_t i : tested) {
        b.push_back(fit.beta[i]);
        for (std::size_t j : tested)
            a.push_back(fit.covariance[i * design.p + j]);
    }
    const Joint test = joint_test(fit, a, b);
    fit.qm = test.statistic;
    fit.qm_p = test.p;
    fit.qm_df = test.df;
}

/// Is a constant a combination of the columns? Then the model without moderators is part of it.
bool spans_constant(const Design& design) {
    const std::vector<double> ones(design.k, 1.0);
    const WeightedColumns f = weighted_columns(design.x, design.p, ones);
    double left = static_cast<double>(design.k);
    for (std::size_t j = 0; j < design.p; ++j) {
        double share = 0;
        for (std::size_t i = 0; i < design.k; ++i)
            share += f.q[j * design.k + i];
        left -= share * share;
    }
    return left < 1e-10 * static_cast<double>(design.k);
}

/// Adjusted R^2 of the weighted regression, in percent.
double adjusted_r2(const UniModel& model, const Design& design) {
    std::vector<double> w = inverse_variances(model.v, 0);
    if (!model.weighted)
        std::fill(w.begin(), w.end(), 1.0);
    else if (!model.weights.empty())
        w.assign(model.weights.begin(), model.weights.end());
    const std::vector<double> b = weighted_columns(design.x, design.p, w).solve(model.y);
    double sum_w = 0, mean = 0;
    for (std::size_t i = 0; i < design.k; ++i) {
        sum_w += w[i];
        mean += w[i] * model.y[i];
    }
    mean /= sum_w;
    double left = 0, total = 0;
    for (std::size_t i = 0; i < design.k; ++i) {
        double fitted = 0;
        for (std::size_t j = 0; j < design.p; ++j)
            fitted += design.x[j * design.k + i] * b[j];
        left += w[i] * square(model.y[i] - fitted);
        total += w[i] * square(model.y[i] - mean);
    }
    if (!(total > 0)) return 0;
    const double n = static_cast<double>(design.k);
    return std::max(0.0, 100 * (1 - left / total * (n - 1) / design.df()));
}

/// The share of tau2 that the columns explain: Raudenbush 2009, Handbook of Research Synthesis, 295,
/// equation 16.22.
std::optional<double> explained(const UniModel& model, const Design& design, const UniFit& fit) {
    if (design.intercept_only() || design.df() < 1 || !spans_constant(design)) return std::nullopt;
    if (fit.common) return adjusted_r2(model, design);
    UniModel plain = model;
    plain.x = {};
    plain.p = 1;
    plain.tau2.reset();
    const double total = tau2_of(plain, Design(plain)).value;
    if (!(total > 0)) return 0;
    return std::max(0.0, 100 * (total - fit.tau2.value) / total);
}

void add_weights(UniFit& fit, const UniModel& model) {
    std::vector<double> w = inverse_variances(model.v, fit.tau2.value);
    if (!model.weighted)
        std::fill(w.begin(), w.end(), 1.0);
    else if (!model.weights.empty())
        w.assign(model.weights.begin(), model.weights.end());
    double sum = 0;
    for (double one : w)
        sum += one;
    for (double one : w)
        fit.weights_percent.push_back(100 * one / sum);
}

std::string problem_of(const UniModel& model, const Design& design) {
    if (design.k == 0) return "no study";
    if (!model.weights.empty() && model.weights.size() != design.k) return "not one weight for each study";
    for (double w : model.weights)
        if (!(w >= 0) || !std::isfinite(w)) return "a weight is negative or not a number";
    for (std::size_t i = 0; i < design.k; ++i) {
        if (!std::isfinite(model.y[i])) return "an effect is not a number";
        if (!(model.v[i] > 0) || !std::isfinite(model.v[i])) return "a sampling variance is not above zero";
    }
    if (design.df() < 0) return "fewer studies than columns";
    const std::vector<double> ones(design.k, 1.0);
    if (!weighted_columns(design.x, design.p, ones).full_rank) return "columns depend on one another";
    return {};
}

void check_names(const UniModel& model) {
    const bool known =
        is_common(model.method) || is_generalised(model.method) || find_estimator(model.method);
    if (!known)
        throw Error("synth/method", "no estimator of tau2 called '" + std::string(model.method) + "'",
                    Exit::input);
    if (!(model.level > 0 && model.level < 1))
        throw Error("synth/level", "the level of an interval lies between 0 and 1", Exit::input);
    if (model.tau2 && !(*model.tau2 >= 0 && std::isfinite(*model.tau2)))
        throw Error("synth/tau2", "a given tau2 is zero or more", Exit::input);
    if (is_generalised(model.method) && model.weights.empty())
        throw Error("synth/weights", "the estimator '" + std::string(model.method) + "' needs weights",
                    Exit::input);
    if (model.p > most_columns)
        throw Error("synth/columns",
                    "a design matrix of more than " + std::to_string(most_columns) + " columns", Exit::input);
    ASSAY_EXPECT(model.v.size() == model.y.size());
    ASSAY_EXPECT(model.x.empty() || model.x.size() == model.y.size() * model.p);
}

} // namespace

Tau2 estimate_tau2(const UniModel& model) {
    check_names(model);
    const Design design(model);
    if (!problem_of(model, design).empty()) return {};
    return tau2_of(model, design);
}

UniFit fit_uni(const UniModel& model) {
    check_names(model);
    const Design design(model);
    UniFit fit;
    fit.k = static_cast<int>(design.k);
    fit.p = static_cast<int>(design.p);
    fit.level = model.level;
    fit.problem = problem_of(model, design);
    if (!fit.problem.empty()) return fit;
    fit.defined = true;
    fit.residual_df = design.df();
    fit.common = is_common(model.method);
    fit.tau2_given = !fit.common && model.tau2.has_value();
    fit.tau2 = tau2_of(model, design);
    if (!fit.tau2.converged) fit.notes.push_back("the estimate of tau2 did not converge");
    if (fit.tau2.several_maxima)
        fit.notes.push_back("the likelihood of tau2 has several maxima; the highest was taken");
    if (model.test != Test::z) {
        if (fit.residual_df > 0)
            fit.df = fit.residual_df;
        else
            fit.notes.push_back("no residual degree of freedom: normal intervals");
    }

    const Solution s = solve_at(model, design, fit.tau2.value);
    fit.beta = s.beta;
    fit.covariance = s.covariance;
    if (fit.df > 0 && (model.test == Test::knha || model.test == Test::adhoc)) {
        fit.factor = hartung_knapp_factor(model, design, fit.tau2.value);
        if (model.test == Test::adhoc) fit.factor = std::max(1.0, fit.factor);
        for (double& cell : fit.covariance)
            cell *= fit.factor;
    }
    add_coefficient_tests(fit);
    test_moderators(fit, design);
    add_heterogeneity(fit, model, design);
    add_statistics(fit, model, design, s);
    fit.r2 = explained(model, design, fit);
    add_weights(fit, model);
    for (std::size_t i = 0; i < design.k; ++i) {
        double fitted = 0;
        for (std::size_t j = 0; j < design.p; ++j)
            fitted += design.x[j * design.k + i] * fit.beta[j];
        fit.fitted.push_back(fitted);
        fit.residual.push_back(model.y[i] - fitted);
    }
    return fit;
}

Contrasts contrasts(const UniFit& fit, std::span<const std::vector<double>> rows) {
    Contrasts result;
    const double critical = num::critical_value(fit.level, fit.df);
    std::vector<double> covariance;
    for (const auto& one : rows) {
        ASSAY_EXPECT(one.size() == fit.beta.size());
        double estimate = 0;
        for (std::size_t j = 0; j < one.size(); ++j)
            estimate += one[j] * fit.beta[j];
        for (const auto& other : rows)
            covariance.push_back(bilinear(one, fit.covariance, other));
        const double se = std::sqrt(bilinear(one, fit.covariance, one));
        result.estimate.push_back(estimate);
        result.se.push_back(se);
        result.statistic.push_back(estimate / se);
        result.p_value.push_back(num::two_sided_p(estimate / se, fit.df));
        result.low.push_back(estimate - critical * se);
        result.high.push_back(estimate + critical * se);
    }
    const Joint test = joint_test(fit, covariance, result.estimate);
    result.qm = test.statistic;
    result.qm_p = test.p;
    result.qm_df = test.df;
    return result;
}

Predicted predict(const UniFit& fit, std::span<const double> row, std::optional<double> new_df) {
    Predicted result;
    for (std::size_t j = 0; j < row.size(); ++j)
        result.mean += row[j] * fit.beta[j];
    const double variance = bilinear(row, fit.covariance, row);
    result.se = std::sqrt(variance);
    const double critical = num::critical_value(fit.level, fit.df);
    result.low = result.mean - critical * result.se;
    result.high = result.mean + critical * result.se;
    if (fit.common) return result;
    const double spread = std::sqrt(variance + fit.tau2.value);
    const double wide = new_df ? num::critical_value(fit.level, std::isinf(*new_df) ? 0 : *new_df) : critical;
    result.new_low = result.mean - wide * spread;
    result.new_high = result.mean + wide * spread;
    return result;
}

double riley_df(const UniFit& fit) {
    return std::max(1, fit.residual_df - (fit.tau2_given ? 0 : 1));
}

namespace {
Tau2Interval with_shares(model::Interval tau2, const UniFit& fit) {
    Tau2Interval result;
    result.tau2 = tau2;
    const auto i2 = [&](double t) { return std::isinf(t) ? 100 : 100 * t / (fit.typical_variance + t); };
    const auto h2 = [&](double t) { return t / fit.typical_variance + 1; };
    result.i2 = {i2(tau2.low), i2(tau2.high), tau2.low_open, tau2.high_open};
    result.h2 = {h2(tau2.low), h2(tau2.high), tau2.low_open, tau2.high_open};
    return result;
}

std::string no_interval(const UniFit& fit) {
    if (!fit.defined) return fit.problem;
    if (fit.residual_df < 1) return "no residual degree of freedom";
    if (fit.common) return "the model assumes no variance between studies";
    if (fit.tau2_given) return "tau2 was given, not estimated";
    return {};
}
} // namespace

Tau2Interval q_profile_interval(const UniModel& model, const UniFit& fit) {
    Tau2Interval result;
    result.problem = no_interval(fit);
    if (!result.problem.empty()) return result;
    const Design design(model);
    const Working working(model, design);
    const Profile profile = q_profile(working.problem, model.level);
    result = with_shares(profile.empty ? model::Interval{} : profile.interval, fit);
    result.empty = profile.empty;
    return result;
}

double profile_log_likelihood(const UniModel& model, double tau2) {
    const Design design(model);
    const Solution s = solve_at(model, design, tau2);
    return model.method == "ML" ? ml_at(model, design, s, tau2) : reml_at(model, design, s, tau2);
}

Tau2Interval profile_likelihood_interval(const UniModel& model, const UniFit& fit) {
    Tau2Interval result;
    result.problem = no_interval(fit);
    if (!result.problem.empty()) return result;
    const double top = profile_log_likelihood(model, fit.tau2.value);
    const double drop = num::chi_squared_quantile(model.level, 1) / 2;
    const auto height = [&](double tau2) { return profile_log_likelihood(model, tau2) - top + drop; };
    model::Interval tau2;
    if (fit.tau2.value > 0 && height(0) < 0) tau2.low = num::root_between(height, 0, fit.tau2.value).value;
    const double scale = std::max(fit.tau2.value, fit.typical_variance);
    const num::Root high = num::root_above(height, fit.tau2.value, scale, 1e15 * scale);
    tau2.high = high.value;
    tau2.high_open = !high.converged;
    return with_shares(tau2, fit);
}

Tau2Interval generalised_q_interval(const UniModel& model, const UniFit& fit) {
    Tau2Interval result;
    result.problem = no_interval(fit);
    if (!result.problem.empty()) return result;
    const Design design(model);
    const GeneralisedQ form(model, design);
    const double tail = (1 - model.level) / 2;
    if (form.upper(0) > 1 - tail) {
        result = with_shares({}, fit);
        result.empty = true;
        return result;
    }
    const Tau2 low = form.solve(tail), high = form.solve(1 - tail);
    return with_shares({low.value, high.value, !low.converged, !high.converged}, fit);
}

LikelihoodRatio likelihood_ratio(const UniFit& full, const UniFit& reduced, bool restricted) {
    const auto of = [&](const UniFit& fit) { return (restricted ? fit.reml : fit.ml).log_likelihood; };
    LikelihoodRatio test;
    test.statistic = std::max(0.0, 2 * (of(full) - of(reduced)));
    test.df = full.parameters - reduced.parameters;
    test.p = num::chi_squared_upper(test.statistic, test.df);
    return test;
}

std::vector<double> variance_inflation(const UniModel& model, const UniFit& fit) {
    const Design design(model);
    std::vector<std::size_t> own;
    for (std::size_t j = 0; j < design.p; ++j)
        if (!design.is_intercept(j)) own.push_back(j);
    const std::size_t m = own.size();
    std::vector<double> result;
    // The diagonal of the inverse of the correlation matrix of the estimates.
    for (std::size_t i = 0; i < m; ++i) {
        std::vector<double> correlation, unit(m, 0.0);
        unit[i] = 1;
        for (std::size_t a : own)
            for (std::size_t b : own)
                correlation.push_back(fit.covariance[a * design.p + b] / (fit.se[a] * fit.se[b]));
        result.push_back(inverse_form(correlation, unit));
    }
    return result;
}

} // namespace assay::synth
