#include "synth/rve.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::synth {

namespace {

double trace_of_product(const num::Matrix& a, const num::Matrix& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < a.columns; ++j)
            sum += a(i, j) * b(j, i);
    return sum;
}

/// Sums over rows or studies of outer products of p-vectors.
struct Products {
    explicit Products(std::size_t p) : sum(p, p) {}
    void add(std::span<const double> a, std::span<const double> b, double factor = 1) {
        for (std::size_t i = 0; i < a.size(); ++i)
            for (std::size_t j = 0; j < b.size(); ++j)
                sum(i, j) += factor * a[i] * b[j];
    }
    num::Matrix sum;
};

/// Sum over the rows of a study of factor * x.
std::vector<double> column_sums(const num::Matrix& x, const std::vector<std::size_t>& rows,
                                std::span<const double> factor) {
    std::vector<double> out(x.columns, 0.0);
    for (std::size_t i : rows)
        for (std::size_t j = 0; j < x.columns; ++j)
            out[j] += (factor.empty() ? 1 : factor[i]) * x(i, j);
    return out;
}

} // namespace

RveFit rve(std::span<const double> y, std::span<const double> v, const num::Matrix& x,
           std::span<const std::size_t> study_of_row, RveWeights weights, double rho, bool small,
           double level) {
    RveFit out;
    const std::size_t k = y.size(), p = x.columns;
    if (k == 0 || p == 0) {
        out.notes.emplace_back("there are no rows or no coefficients");
        return out;
    }
    const std::size_t n = *std::max_element(study_of_row.begin(), study_of_row.end()) + 1;
    std::vector<std::vector<std::size_t>> studies(n);
    for (std::size_t i = 0; i < k; ++i)
        studies[study_of_row[i]].push_back(i);
    std::vector<double> w(k), mean_v(k);
    for (const auto& rows : studies) {
        double sum = 0;
        for (std::size_t i : rows)
            sum += v[i];
        for (std::size_t i : rows)
            mean_v[i] = sum / static_cast<double>(rows.size());
    }
    const bool correlated = weights == RveWeights::correlated;
    for (std::size_t i = 0; i < k; ++i)
        w[i] = correlated ? 1 / (static_cast<double>(studies[study_of_row[i]].size()) * mean_v[i]) : 1 / v[i];

    const RobustInput first = robust_input(y, x, w, v, study_of_row);
    if (first.bread.rows == 0) {
        out.notes.emplace_back("columns of the design matrix depend on one another");
        return out;
    }
    std::vector<double> residual(y.begin(), y.end());
    double q = 0;
    for (std::size_t i = 0; i < k; ++i) {
        residual[i] -= num::dot(x.row(i), first.beta);
        q += w[i] * residual[i] * residual[i];
    }
    const double sum_w = std::accumulate(w.begin(), w.end(), 0.0);
    Products xwjwx(p);
    for (const auto& rows : studies) {
        const auto xw = column_sums(x, rows, w);
        xwjwx.add(xw, xw);
    }
    const num::Matrix& bread = first.bread;
    if (correlated) {
        // Equation 15: Q less its expectation under sampling errors with the study's mean variance and
        // correlation rho, over the factor of tau2.
        Products own(p), crossed(p);
        std::vector<double> w_sd(k);
        for (std::size_t i = 0; i < k; ++i) {
            w_sd[i] = w[i] * std::sqrt(mean_v[i]);
            own.add(x.row(i), x.row(i), w[i] * w[i] * mean_v[i]);
        }
        for (const auto& rows : studies) {
            const auto sums = column_sums(x, rows, w_sd);
            crossed.add(sums, sums);
        }
        for (std::size_t c = 0; c < crossed.sum.cells.size(); ++c)
            crossed.sum.cells[c] -= own.sum.cells[c];
        const double a = trace_of_product(bread, own.sum), b = trace_of_product(bread, crossed.sum);
        const auto studies_count = static_cast<double>(n);
        const double expected = studies_count - a - rho * b;
        out.tau2 = std::max(0.0, (q - expected) / (sum_w - trace_of_product(bread, xwjwx.sum)));
        out.i2 = q > 0 ? std::max(0.0, 100 * (q - expected) / q) : 0;
        for (std::size_t i = 0; i < k; ++i)
            w[i] = 1 / (static_cast<double>(studies[study_of_row[i]].size()) * (mean_v[i] + out.tau2));
    } else {
        // Two sums of squares with their expectations A tau2 + B omega2 + C (appendix B).
        Products xjx(p), xjjwx(p), xjwx(p), xwwx(p);
        double jj = 0, between = 0, sum_v = 0;
        for (const auto& rows : studies) {
            const auto size = static_cast<double>(rows.size());
            const auto plain = column_sums(x, rows, {}), xw = column_sums(x, rows, w);
            xjx.add(plain, plain);
            xjjwx.add(plain, xw, size);
            xjwx.add(plain, xw);
            jj += size * size;
            double sum = 0;
            for (std::size_t i : rows) {
                sum += residual[i];
                sum_v += v[i];
                xwwx.add(x.row(i), x.row(i), w[i] * w[i]);
            }
            between += sum * sum;
        }
        const num::Matrix middle = num::product(num::product(bread, xjx.sum), bread);
        const double a1 = jj - 2 * trace_of_product(bread, xjjwx.sum) + trace_of_product(middle, xwjwx.sum);
        const double b1 = static_cast<double>(k) - 2 * trace_of_product(bread, xjwx.sum) +
                          trace_of_product(middle, xwwx.sum);
        const double c1 = sum_v - trace_of_product(bread, xjx.sum);
        const double a2 = sum_w - trace_of_product(bread, xwjwx.sum);
        const double b2 = sum_w - trace_of_product(bread, xwwx.sum);
        const double c2 = static_cast<double>(k) - static_cast<double>(p);
        const double omega2 = ((between - c1) * a2 - (q - c2) * a1) / (b1 * a2 - b2 * a1);
        out.omega2 = std::max(0.0, std::isfinite(omega2) ? omega2 : 0.0);
        out.tau2 = std::max(0.0, (q - c2) / a2 - *out.omega2 * b2 / a2);
        for (std::size_t i = 0; i < k; ++i)
            w[i] = 1 / (v[i] + out.tau2 + *out.omega2);
    }
    std::vector<double> phi(k);
    for (std::size_t i = 0; i < k; ++i)
        phi[i] = 1 / w[i];
    RobustInput input = robust_input(y, x, w, phi, study_of_row);
    std::vector<double> robust_residual(y.begin(), y.end());
    for (std::size_t i = 0; i < k; ++i)
        robust_residual[i] -= num::dot(x.row(i), input.beta);
    input.residuals = robust_residual;
    out.robust = robust(input, small ? RobustKind::cr2 : RobustKind::cr1, level);
    return out;
}

} // namespace assay::synth
