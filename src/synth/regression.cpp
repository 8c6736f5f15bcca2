#include "synth/regression.hpp"

#include "base/error.hpp"
#include "num/distributions.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

using Small = std::array<double, most_columns>;
using SmallSquare = std::array<Small, most_columns>;

/// The weighted columns sqrt(W) X = Q R with orthonormal Q, by Gram-Schmidt done twice ("twice is enough"), which
/// stays accurate where normal equations lose half the digits (variances that differ by 10^7).
struct Factors {
    std::span<double> q;    ///< k x p, column after column, in the problem's scratch
    std::span<double> root; ///< square roots of the weights
    SmallSquare r{};
    Small qy{};             ///< Q' sqrt(W) y
    bool full_rank = true;
};

double dot(std::span<const double> a, std::span<const double> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += a[i] * b[i];
    return sum;
}

Factors factorise(const Problem& problem, double (*weight)(double v, double tau2), double tau2) {
    const std::size_t k = problem.k(), p = problem.p;
    ASSAY_EXPECT(p >= 1 && p <= most_columns && problem.x.size() == k * p && problem.work.size() >= k * p + k);
    Factors f{problem.work.subspan(0, k * p), problem.work.subspan(k * p, k), {}, {}, true};
    for (std::size_t i = 0; i < k; ++i)
        f.root[i] = std::sqrt(weight(problem.v[i], tau2));
    for (std::size_t j = 0; j < p; ++j) {
        const auto column = f.q.subspan(j * k, k);
        for (std::size_t i = 0; i < k; ++i)
            column[i] = f.root[i] * problem.x[j * k + i];
        const double before = std::sqrt(dot(column, column));
        for (int pass = 0; pass < 2; ++pass)
            for (std::size_t m = 0; m < j; ++m) {
                const auto earlier = f.q.subspan(m * k, k);
                const double share = dot(earlier, column);
                f.r[m][j] += share;
                for (std::size_t i = 0; i < k; ++i)
                    column[i] -= share * earlier[i];
            }
        const double length = std::sqrt(dot(column, column));
        f.r[j][j] = length;
        constexpr double dependent = 1e-10;
        if (!(length > dependent * before)) {
            f.full_rank = false;
            return f;
        }
        for (double& cell : column)
            cell /= length;
    }
    for (std::size_t j = 0; j < p; ++j)
        for (std::size_t i = 0; i < k; ++i)
            f.qy[j] += f.q[j * k + i] * f.root[i] * problem.y[i];
    return f;
}

/// Weighted residual sqrt(w) * (y - x b) of study i: what is left after projecting on Q, twice for accuracy.
void residuals(const Problem& problem, const Factors& f, std::span<double> out) {
    const std::size_t k = problem.k();
    for (std::size_t i = 0; i < k; ++i)
        out[i] = f.root[i] * problem.y[i];
    for (int pass = 0; pass < 2; ++pass)
        for (std::size_t j = 0; j < problem.p; ++j) {
            const auto column = f.q.subspan(j * k, k);
            const double share = dot(column, out);
            for (std::size_t i = 0; i < k; ++i)
                out[i] -= share * column[i];
        }
}

/// Q' D Q for a diagonal D.
template<class Diagonal> SmallSquare sandwich(const Factors& f, std::size_t k, std::size_t p, Diagonal d) {
    SmallSquare m{};
    for (std::size_t a = 0; a < p; ++a)
        for (std::size_t b = 0; b <= a; ++b) {
            double sum = 0;
            for (std::size_t i = 0; i < k; ++i)
                sum += f.q[a * k + i] * d(i) * f.q[b * k + i];
            m[a][b] = m[b][a] = sum;
        }
    return m;
}

double trace(const SmallSquare& m, std::size_t p) {
    double sum = 0;
    for (std::size_t a = 0; a < p; ++a)
        sum += m[a][a];
    return sum;
}

double trace_of_square(const SmallSquare& m, std::size_t p) {
    double sum = 0;
    for (std::size_t a = 0; a < p; ++a)
        for (std::size_t b = 0; b < p; ++b)
            sum += m[a][b] * m[b][a];
    return sum;
}

double inverse_variance(double v, double tau2) { return 1 / (v + tau2); }
double one(double, double) { return 1; }

/// Solves R b = Q'y and forms (R'R)^-1.
struct Solution {
    Small b{};
    SmallSquare inverse{}; ///< (X'WX)^-1
};

Solution solve(const Factors& f, std::size_t p) {
    Solution s;
    SmallSquare r_inverse{};
    for (std::size_t j = 0; j < p; ++j) {
        r_inverse[j][j] = 1 / f.r[j][j];
        for (std::size_t i = j; i-- > 0;) {
            double sum = 0;
            for (std::size_t m = i + 1; m <= j; ++m)
                sum += f.r[i][m] * r_inverse[m][j];
            r_inverse[i][j] = -sum / f.r[i][i];
        }
    }
    for (std::size_t i = 0; i < p; ++i)
        for (std::size_t j = 0; j < p; ++j) {
            s.b[i] += r_inverse[i][j] * f.qy[j];
            for (std::size_t m = 0; m < p; ++m)
                s.inverse[i][j] += r_inverse[i][m] * r_inverse[j][m];
        }
    return s;
}

/// b' A^-1 b for a small positive definite A, by Gaussian elimination with the diagonal as pivots.
double quadratic_form(std::vector<double> a, std::vector<double> b) {
    const std::size_t n = b.size();
    double form = 0;
    for (std::size_t m = 0; m < n; ++m) {
        const double pivot = a[m * n + m];
        form += b[m] * b[m] / pivot;
        for (std::size_t i = m + 1; i < n; ++i) {
            const double share = a[i * n + m] / pivot;
            b[i] -= share * b[m];
            for (std::size_t j = m + 1; j < n; ++j)
                a[i * n + j] -= share * a[m * n + j];
        }
    }
    return form;
}

bool is_intercept(const Problem& problem, std::size_t column) {
    const auto cells = problem.x.subspan(column * problem.k(), problem.k());
    return std::all_of(cells.begin(), cells.end(), [](double x) { return x == 1; });
}

/// The joint test of all coefficients but the intercept (of all where there is none).
void test_moderators(Regression& result, const Problem& problem) {
    std::vector<std::size_t> tested;
    for (std::size_t j = 0; j < problem.p; ++j)
        if (problem.p == 1 || !is_intercept(problem, j)) tested.push_back(j);
    std::vector<double> a, b;
    for (std::size_t i : tested) {
        b.push_back(result.coefficients[i].estimate);
        for (std::size_t j : tested)
            a.push_back(result.covariance[i * problem.p + j]);
    }
    result.qm_df = static_cast<int>(tested.size());
    result.qm = quadratic_form(a, b);
    if (result.df > 0) {
        result.qm /= result.qm_df;
        result.qm_p = num::f_upper(result.qm, result.qm_df, result.df);
    } else result.qm_p = num::chi_squared_upper(result.qm, result.qm_df);
}

/// Everything at the given tau2; `problem` has columns and scratch.
Regression finish(const Problem& problem, const Tau2& tau2, const Estimator* estimator, Test test, double level) {
    const std::size_t p = problem.p;
    Regression result;
    result.k = static_cast<int>(problem.k());
    result.columns = static_cast<int>(p);
    result.residual_df = problem.df();
    result.tau2 = tau2;
    const Point common = at_tau2(problem, 0);
    const Point point = at_tau2(problem, tau2.value);
    const Factors f = factorise(problem, inverse_variance, tau2.value);
    const Solution s = solve(f, p);

    double factor = 1;
    if (test == Test::knha || test == Test::adhoc) {
        factor = point.q / problem.df();
        if (test == Test::adhoc) factor = std::max(1.0, factor);
    }
    if (test != Test::z) result.df = problem.df();
    const double critical = num::critical_value(level, result.df);
    for (std::size_t i = 0; i < p; ++i) {
        Coefficient c;
        c.estimate = s.b[i];
        c.se = std::sqrt(factor * s.inverse[i][i]);
        c.statistic = c.estimate / c.se;
        c.p = num::two_sided_p(c.statistic, result.df);
        c.ci_low = c.estimate - critical * c.se;
        c.ci_high = c.estimate + critical * c.se;
        result.coefficients.push_back(c);
        for (std::size_t j = 0; j < p; ++j)
            result.covariance.push_back(factor * s.inverse[i][j]);
    }
    result.q = common.q;
    result.q_p = num::chi_squared_upper(common.q, problem.df());
    const Heterogeneity h = estimator ? heterogeneity_from_tau2(tau2.value, common.tr_p, problem.df())
                                      : heterogeneity_from_q(common.q, problem.df());
    result.i2 = h.i2;
    result.h2 = h.h2;
    test_moderators(result, problem);
    return result;
}

/// Is a constant a combination of the columns? Then the model without moderators is part of it.
bool spans_constant(const Problem& problem) {
    const std::vector<double> ones(problem.k(), 1.0);
    const Problem constant{ones, problem.v, problem.x, problem.p, problem.work};
    constexpr double rounding = 1e-12;
    return unweighted_with_columns(constant).rss < rounding * static_cast<double>(problem.k());
}

/// Share of the variance between studies (common effects: of Q per degree of freedom) that the columns explain.
std::optional<double> explained(const Problem& problem, const Regression& fit, const Estimator* estimator) {
    const Problem plain{problem.y, problem.v};
    const double total = estimator ? estimator->estimate(plain).value : at_tau2(plain, 0).q / plain.df();
    const double left = estimator ? fit.tau2.value : fit.q / problem.df();
    if (!(total > 0)) return std::nullopt;
    return std::max(0.0, 100 * (total - left) / total);
}

Regression run(std::span<const double> y, std::span<const double> v, std::span<const double> x, std::size_t columns,
               const Estimator* estimator, std::optional<double> tau2, Test test, double level) {
    std::vector<double> work(y.size() * columns + y.size());
    const Problem problem{y, v, x, columns, work};
    Regression result;
    result.k = static_cast<int>(y.size());
    result.columns = static_cast<int>(columns);
    if (problem.df() < 1 || !factorise(problem, one, 0).full_rank) {
        result.full_rank = false;
        return result;
    }
    Tau2 between;
    if (tau2) between.value = *tau2;
    else if (estimator) between = estimator->estimate(problem);
    result = finish(problem, between, tau2 ? find_estimator("REML") : estimator, test, level);
    if (!tau2 && columns > 1 && spans_constant(problem)) result.r2 = explained(problem, result, estimator);
    return result;
}

} // namespace

Point at_tau2_with_columns(const Problem& problem, double tau2) {
    const std::size_t k = problem.k(), p = problem.p;
    const Factors f = factorise(problem, inverse_variance, tau2);
    Point point;
    if (!f.full_rank) return point;
    std::vector<double> r(k), z(k);
    residuals(problem, f, r);
    double w2r2 = 0, w3r2 = 0, sum_w3 = 0;
    for (std::size_t i = 0; i < k; ++i) {
        const double w = f.root[i] * f.root[i];
        point.sum_w += w;
        point.sum_w2 += w * w;
        sum_w3 += w * w * w;
        point.q += r[i] * r[i];
        w2r2 += w * r[i] * r[i];
        w3r2 += w * w * r[i] * r[i];
        z[i] = w * r[i]; // sqrt(w) times Py
    }
    point.ypp = w2r2;
    point.yppp = w3r2;
    for (std::size_t j = 0; j < p; ++j) {
        const double share = dot(f.q.subspan(j * k, k), z);
        point.yppp -= share * share;
        point.log_det += 2 * std::log(f.r[j][j]);
    }
    const SmallSquare qwq = sandwich(f, k, p, [&](std::size_t i) { return f.root[i] * f.root[i]; });
    const SmallSquare qw2q =
        sandwich(f, k, p, [&](std::size_t i) { return f.root[i] * f.root[i] * f.root[i] * f.root[i]; });
    point.tr_p = point.sum_w - trace(qwq, p);
    point.tr_pp = point.sum_w2 - 2 * trace(qw2q, p) + trace_of_square(qwq, p);
    return point;
}

Unweighted unweighted_with_columns(const Problem& problem) {
    const std::size_t k = problem.k(), p = problem.p;
    const Factors f = factorise(problem, one, 0);
    Unweighted result;
    if (!f.full_rank) return result;
    std::vector<double> r(k);
    residuals(problem, f, r);
    double sum_v = 0, sum_v2 = 0;
    for (std::size_t i = 0; i < k; ++i) {
        result.rss += r[i] * r[i];
        sum_v += problem.v[i];
        sum_v2 += problem.v[i] * problem.v[i];
    }
    const SmallSquare qvq = sandwich(f, k, p, [&](std::size_t i) { return problem.v[i]; });
    const SmallSquare qv2q = sandwich(f, k, p, [&](std::size_t i) { return problem.v[i] * problem.v[i]; });
    result.tr_pv = sum_v - trace(qvq, p);
    result.tr_pvpv = sum_v2 - 2 * trace(qv2q, p) + trace_of_square(qvq, p);
    return result;
}

Regression regress(std::span<const double> y, std::span<const double> v, std::span<const double> x, std::size_t columns,
                   const Estimator* estimator, Test test, double level) {
    return run(y, v, x, columns, estimator, std::nullopt, test, level);
}

Regression regress_at(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                      std::size_t columns, double tau2, Test test, double level) {
    return run(y, v, x, columns, nullptr, tau2, test, level);
}

} // namespace assay::synth
