#include "synth/influence.hpp"

#include "num/distributions.hpp"
#include "synth/variants.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The inverse and determinant of a small symmetric positive definite matrix, by Gauss-Jordan steps.
struct Inverse {
    std::vector<double> cells;
    double determinant = 1;
};
Inverse inverse_of(std::vector<double> a, std::size_t p) {
    Inverse result;
    result.cells.assign(p * p, 0.0);
    for (std::size_t i = 0; i < p; ++i)
        result.cells[i * p + i] = 1;
    for (std::size_t m = 0; m < p; ++m) {
        const double pivot = a[m * p + m];
        result.determinant *= pivot;
        for (std::size_t j = 0; j < p; ++j) {
            a[m * p + j] /= pivot;
            result.cells[m * p + j] /= pivot;
        }
        for (std::size_t i = 0; i < p; ++i) {
            if (i == m) continue;
            const double share = a[i * p + m];
            for (std::size_t j = 0; j < p; ++j) {
                a[i * p + j] -= share * a[m * p + j];
                result.cells[i * p + j] -= share * result.cells[m * p + j];
            }
        }
    }
    return result;
}

/// (X'WX)^-1 at weights 1/(v + tau2).
std::vector<double> covariance_at(std::span<const double> v, std::span<const double> x, std::size_t p,
                                  double tau2) {
    const std::size_t k = v.size();
    std::vector<double> a(p * p);
    for (std::size_t i = 0; i < p; ++i)
        for (std::size_t j = 0; j < p; ++j)
            for (std::size_t r = 0; r < k; ++r)
                a[i * p + j] += x[i * k + r] * x[j * k + r] / (v[r] + tau2);
    return inverse_of(std::move(a), p).cells;
}

double form(std::span<const double> matrix, std::span<const double> b) {
    double sum = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        for (std::size_t j = 0; j < b.size(); ++j)
            sum += b[i] * matrix[i * b.size() + j] * b[j];
    return sum;
}

double factor_of(double q, int df, Test test) {
    if (df < 1 || (test != Test::knha && test != Test::adhoc)) return 1;
    return test == Test::adhoc ? std::max(1.0, q / df) : q / df;
}

void flag(Influence& result, std::size_t k) {
    const double p = static_cast<double>(result.columns), n = static_cast<double>(k);
    for (std::size_t i = 0; i < k; ++i) {
        bool any = std::fabs(result.dffits[i]) > 3 * std::sqrt(p / (n - p)) ||
                   num::chi_squared_cdf(result.cook_d[i], p) > 0.5 || result.hat[i] > 3 * p / n;
        for (std::size_t j = 0; j < result.columns; ++j)
            any = any || std::fabs(result.dfbetas[i * result.columns + j]) > 1;
        result.is_influential.push_back(any);
    }
}

void add_weights(Influence& result, std::span<const double> v, double tau2) {
    double total = 0;
    for (double one : v)
        total += 1 / (one + tau2);
    for (double one : v)
        result.weight_pct.push_back(100 / ((one + tau2) * total));
}

/// One mean: everything from the fits of variants.hpp.
Influence of_mean(std::span<const double> y, std::span<const double> v, const Estimator* estimator,
                  Test test) {
    const std::size_t k = y.size();
    Influence result;
    result.defined = true;
    const VariantTable table(y, v, estimator);
    Variant variant(table);
    variant.set_all();
    const VariantFit full = variant.fit();
    const double full_variance = factor_of(full.q, full.n - 1, test) / full.sum_w;
    add_weights(result, v, full.tau2);
    for (std::size_t i = 0; i < k; ++i) {
        variant.remove(i);
        const VariantFit rest = variant.fit();
        variant.add(i);
        const double factor = factor_of(rest.q, rest.n - 1, test);
        const double rest_variance = factor / rest.sum_w;
        const double hat = 1 / ((v[i] + full.tau2) * full.sum_w);
        const double moved = full.mean - rest.mean;
        const double sum_w = rest.sum_w + 1 / (v[i] + rest.tau2); // all studies, at tau2 without this one
        result.hat.push_back(hat);
        result.rstudent.push_back((y[i] - rest.mean) /
                                  std::sqrt(factor * (v[i] + rest.tau2 + 1 / rest.sum_w)));
        result.dffits.push_back(moved / std::sqrt(factor * hat * (rest.tau2 + v[i])));
        result.cook_d.push_back(moved * moved / full_variance);
        result.cov_r.push_back(rest_variance / full_variance);
        result.tau2_del.push_back(rest.tau2);
        result.qe_del.push_back(rest.q0);
        result.dfbetas.push_back(moved / std::sqrt(factor / sum_w));
    }
    flag(result, k);
    return result;
}

Influence of_regression(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                        std::size_t p, const Estimator* estimator, Test test) {
    const std::size_t k = y.size();
    Influence result;
    result.columns = p;
    const Regression full = regress(y, v, x, p, estimator, test);
    if (!full.full_rank) return result;
    result.defined = true;
    const std::vector<double> plain = covariance_at(v, x, p, full.tau2.value);
    const Inverse inverse = inverse_of(full.covariance, p);
    add_weights(result, v, full.tau2.value);

    std::vector<double> ry(k - 1), rv(k - 1), rx((k - 1) * p), row(p), moved(p);
    for (std::size_t i = 0; i < k; ++i) {
        std::size_t at = 0;
        for (std::size_t r = 0; r < k; ++r) {
            if (r == i) continue;
            ry[at] = y[r];
            rv[at] = v[r];
            for (std::size_t j = 0; j < p; ++j)
                rx[j * (k - 1) + at] = x[j * k + r];
            ++at;
        }
        for (std::size_t j = 0; j < p; ++j)
            row[j] = x[j * k + i];
        const double hat = form(plain, row) / (v[i] + full.tau2.value);
        result.hat.push_back(hat);
        const Regression rest = regress(ry, rv, rx, p, estimator, test);
        if (!rest.full_rank) { // the study alone carries a column
            for (auto* list : {&result.rstudent, &result.dffits, &result.cook_d, &result.cov_r,
                               &result.tau2_del, &result.qe_del})
                list->push_back(nan);
            result.dfbetas.insert(result.dfbetas.end(), p, nan);
            continue;
        }
        double with = 0, without = 0;
        for (std::size_t j = 0; j < p; ++j) {
            moved[j] = full.coefficients[j].estimate - rest.coefficients[j].estimate;
            with += row[j] * full.coefficients[j].estimate;
            without += row[j] * rest.coefficients[j].estimate;
        }
        const double tau2 = rest.tau2.value;
        const std::vector<double> rest_plain = covariance_at(rv, rx, p, tau2);
        const double factor = rest.covariance[0] / rest_plain[0];
        result.rstudent.push_back((y[i] - without) /
                                  std::sqrt(factor * (v[i] + tau2 + form(rest_plain, row))));
        result.dffits.push_back((with - without) / std::sqrt(factor * hat * (tau2 + v[i])));
        result.cook_d.push_back(form(inverse.cells, moved));
        result.cov_r.push_back(inverse_of(rest.covariance, p).determinant / inverse.determinant);
        result.tau2_del.push_back(tau2);
        result.qe_del.push_back(rest.q);
        const std::vector<double> all = covariance_at(v, x, p, tau2);
        for (std::size_t j = 0; j < p; ++j)
            result.dfbetas.push_back(moved[j] / std::sqrt(factor * all[j * p + j]));
    }
    flag(result, k);
    return result;
}

} // namespace

Influence influence(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                    std::size_t columns, const Estimator* estimator, Test test) {
    if (y.size() < columns + 1 || y.size() < 2) {
        Influence nothing;
        nothing.columns = columns;
        return nothing;
    }
    return x.empty() ? of_mean(y, v, estimator, test) : of_regression(y, v, x, columns, estimator, test);
}

} // namespace assay::synth
