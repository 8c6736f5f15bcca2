#include "synth/residuals.hpp"

#include "num/distributions.hpp"
#include "synth/weighted_columns.hpp"

#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

double square(double x) {
    return x * x;
}

std::size_t columns_of(const UniModel& model) {
    return model.x.empty() ? 1 : model.p;
}

std::vector<double> design_of(const UniModel& model) {
    if (model.x.empty()) return std::vector<double>(model.y.size(), 1.0);
    return {model.x.begin(), model.x.end()};
}

std::vector<double> row_of(const std::vector<double>& x, std::size_t k, std::size_t p, std::size_t i) {
    std::vector<double> row(p);
    for (std::size_t j = 0; j < p; ++j)
        row[j] = x[j * k + i];
    return row;
}

/// The p x k matrix that makes coefficients of effects.
std::vector<double> smoother_of(const UniModel& model, const UniFit& fit, const std::vector<double>& x) {
    std::vector<double> a;
    for (std::size_t i = 0; i < model.y.size(); ++i)
        a.push_back(!model.weighted          ? 1.0
                    : !model.weights.empty() ? model.weights[i]
                                             : 1 / (model.v[i] + fit.tau2.value));
    return weighted_columns(x, columns_of(model), a).smoother();
}

/// The numbers of a model without one study.
struct Without {
    std::vector<double> y, v, x, weights;
    UniModel model;

    Without(const UniModel& whole, const std::vector<double>& design, std::size_t left_out) : model(whole) {
        const std::size_t k = whole.y.size();
        for (std::size_t i = 0; i < k; ++i) {
            if (i == left_out) continue;
            y.push_back(whole.y[i]);
            v.push_back(whole.v[i]);
            if (!whole.weights.empty()) weights.push_back(whole.weights[i]);
        }
        for (std::size_t j = 0; j < columns_of(whole); ++j)
            for (std::size_t i = 0; i < k; ++i)
                if (i != left_out) x.push_back(design[j * k + i]);
        model.y = y;
        model.v = v;
        model.weights = weights;
        if (!whole.x.empty()) model.x = x;
    }
    Without(const Without&) = delete;
    Without& operator=(const Without&) = delete;
};

} // namespace

Residuals residuals_of(const UniModel& model, const UniFit& fit) {
    Residuals r;
    if (!fit.defined) return r;
    const std::size_t k = model.y.size(), p = columns_of(model);
    const std::vector<double> x = design_of(model), g = smoother_of(model, fit, x);
    r.raw = fit.residual;
    r.fitted = fit.fitted;
    for (std::size_t i = 0; i < k; ++i) {
        const std::vector<double> row = row_of(x, k, p, i);
        // Variance of the residual (I - H) y at the marginal variances.
        double variance = 0;
        for (std::size_t s = 0; s < k; ++s) {
            double hat = 0;
            for (std::size_t j = 0; j < p; ++j)
                hat += row[j] * g[j * k + s];
            variance += square((s == i ? 1 : 0) - hat) * (model.v[s] + fit.tau2.value);
        }
        r.standard_se.push_back(std::sqrt(variance));
        r.standardised.push_back(r.raw[i] / r.standard_se[i]);
        r.pearson.push_back(r.raw[i] / std::sqrt(model.v[i] + fit.tau2.value));

        const Without rest(model, x, i);
        const UniFit other = fit_uni(rest.model);
        if (!other.defined) {
            r.deleted.push_back(nan);
            r.deleted_se.push_back(nan);
            r.studentised.push_back(nan);
            continue;
        }
        const Predicted predicted = predict(other, row);
        r.deleted.push_back(model.y[i] - predicted.mean);
        // Hartung-Knapp's factor scales the whole variance: that of the prediction holds it already.
        r.deleted_se.push_back(
            std::sqrt(other.factor * (model.v[i] + other.tau2.value) + square(predicted.se)));
        r.studentised.push_back(r.deleted[i] / r.deleted_se[i]);
    }
    return r;
}

Points baujat_points(const UniModel& model, const UniFit& fit) {
    Points points;
    if (!fit.defined) return points;
    const std::size_t k = model.y.size(), p = columns_of(model);
    const std::vector<double> x = design_of(model);
    for (std::size_t i = 0; i < k; ++i) {
        points.x.push_back(square(fit.residual[i]) / (model.v[i] + fit.tau2.value));
        const Without rest(model, x, i);
        const UniFit other = fit_uni(rest.model);
        if (!other.defined) {
            points.y.push_back(nan);
            continue;
        }
        const Predicted predicted = predict(other, row_of(x, k, p, i));
        points.y.push_back(square((predicted.mean - fit.fitted[i]) / predicted.se));
    }
    return points;
}

Points radial_points(const UniModel& model, const UniFit& fit) {
    Points points;
    for (std::size_t i = 0; i < model.y.size() && fit.defined; ++i) {
        const double se = std::sqrt(model.v[i] + fit.tau2.value);
        points.x.push_back(1 / se);
        points.y.push_back(model.y[i] / se);
    }
    return points;
}

EqualTau2 test_equal_tau2(const UniModel& model, const UniFit& fit) {
    EqualTau2 test;
    const std::size_t k = model.y.size();
    if (!fit.defined)
        test.problem = fit.problem;
    else if (fit.p != 1 || k < 2)
        test.problem = "needs a model without columns and two studies";
    else if (model.method != "ML" && model.method != "REML")
        test.problem = "needs ML or REML";
    if (!test.problem.empty()) return test;
    test.df = static_cast<int>(k) - 1;
    std::vector<double> w, score;
    double sum_w = 0;
    for (double v : model.v) {
        w.push_back(1 / (v + fit.tau2.value));
        sum_w += w.back();
    }
    const bool restricted = model.method == "REML";
    for (std::size_t i = 0; i < k; ++i) {
        const double own = w[i] * square(fit.residual[i]);
        score.push_back(0.5 * w[i] * (own - 1 + (restricted ? w[i] / sum_w : 0)));
    }
    if (restricted) {
        // Expected information: half of the squared cells of P = W - w w'/sum(w).
        std::vector<double> information;
        for (std::size_t i = 0; i < k; ++i)
            for (std::size_t j = 0; j < k; ++j)
                information.push_back(0.5 * square((i == j ? w[i] : 0) - w[i] * w[j] / sum_w));
        test.statistic = inverse_form(information, score);
    } else
        for (std::size_t i = 0; i < k; ++i)
            test.statistic += 2 * square(score[i] / w[i]);
    test.p = num::chi_squared_upper(test.statistic, test.df);
    return test;
}

} // namespace assay::synth
