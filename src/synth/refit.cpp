#include "synth/refit.hpp"

#include "base/error.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {
constexpr std::size_t grid = 18;
constexpr std::size_t most_studies_on_stack = 256;

/// The inverse of a small symmetric positive definite matrix; false when it is not.
template<std::size_t P> bool invert(const double (&a)[P][P], double (&inverse)[P][P]) {
    double l[P][P] = {};
    for (std::size_t j = 0; j < P; ++j) {
        double pivot = a[j][j];
        for (std::size_t m = 0; m < j; ++m)
            pivot -= l[j][m] * l[j][m];
        if (!(pivot > 1e-12 * a[j][j])) return false;
        l[j][j] = std::sqrt(pivot);
        for (std::size_t i = j + 1; i < P; ++i) {
            double sum = a[i][j];
            for (std::size_t m = 0; m < j; ++m)
                sum -= l[i][m] * l[j][m];
            l[i][j] = sum / l[j][j];
        }
    }
    double r[P][P] = {}; // inverse of l
    for (std::size_t j = 0; j < P; ++j) {
        r[j][j] = 1 / l[j][j];
        for (std::size_t i = j + 1; i < P; ++i) {
            double sum = 0;
            for (std::size_t m = j; m < i; ++m)
                sum += l[i][m] * r[m][j];
            r[i][j] = -sum / l[i][i];
        }
    }
    for (std::size_t i = 0; i < P; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = 0;
            for (std::size_t m = i; m < P; ++m)
                sum += r[m][i] * r[m][j];
            inverse[i][j] = inverse[j][i] = sum;
        }
    return true;
}

template<std::size_t P> double trace_of_product(const double (&a)[P][P], const double (&b)[P][P]) {
    double sum = 0;
    for (std::size_t i = 0; i < P; ++i)
        for (std::size_t j = 0; j < P; ++j)
            sum += a[i][j] * b[j][i];
    return sum;
}
} // namespace

/// The model at one tau2, as Point in problem.hpp.
template<std::size_t P> struct RefitTable::Sums {
    double inverse[P][P] = {};
    double b[P] = {};
    double w = 0, w2 = 0, q = 0, ypp = 0, yppp = 0, tr_p = 0, tr_pp = 0;
    bool full_rank = true;
};

template<std::size_t P> RefitTable::Sums<P> RefitTable::sums_at(const double* rows, double tau2) const {
    Sums<P> s;
    double a[P][P] = {}, a2[P][P] = {}, a3[P][P] = {}, c[P] = {};
    for (std::size_t i = 0; i < k_; ++i) {
        const double w = 1 / (v_[i] + tau2), w2 = w * w;
        s.w += w;
        s.w2 += w2;
        const double* x = rows + i * P;
        for (std::size_t m = 0; m < P; ++m) {
            const double x1 = w * x[m], x2 = w * x1, x3 = w * x2;
            c[m] += x1 * y_[i];
            for (std::size_t n = 0; n <= m; ++n) {
                a[m][n] += x1 * x[n];
                a2[m][n] += x2 * x[n];
                a3[m][n] += x3 * x[n];
            }
        }
    }
    for (std::size_t m = 0; m < P; ++m)
        for (std::size_t n = 0; n < m; ++n) {
            a[n][m] = a[m][n];
            a2[n][m] = a2[m][n];
            a3[n][m] = a3[m][n];
        }
    s.full_rank = invert<P>(a, s.inverse);
    if (!s.full_rank) return s;
    for (std::size_t m = 0; m < P; ++m)
        for (std::size_t n = 0; n < P; ++n)
            s.b[m] += s.inverse[m][n] * c[n];
    double w3r2 = 0, g[P] = {};
    for (std::size_t i = 0; i < k_; ++i) {
        const double* x = rows + i * P;
        double r = y_[i];
        for (std::size_t m = 0; m < P; ++m)
            r -= x[m] * s.b[m];
        const double w = 1 / (v_[i] + tau2), wr = w * r, w2r = w * wr;
        s.q += wr * r;
        s.ypp += wr * wr;
        w3r2 += w2r * wr;
        for (std::size_t m = 0; m < P; ++m)
            g[m] += x[m] * w2r;
    }
    s.yppp = w3r2;
    for (std::size_t m = 0; m < P; ++m)
        for (std::size_t n = 0; n < P; ++n)
            s.yppp -= g[m] * s.inverse[m][n] * g[n];
    s.tr_p = s.w - trace_of_product<P>(s.inverse, a2);
    double product[P][P] = {};
    for (std::size_t m = 0; m < P; ++m)
        for (std::size_t n = 0; n < P; ++n)
            for (std::size_t l = 0; l < P; ++l)
                product[m][n] += s.inverse[m][l] * a2[l][n];
    s.tr_pp = s.w2 - 2 * trace_of_product<P>(s.inverse, a3) + trace_of_product<P>(product, product);
    return s;
}

/// The highest maximum of the likelihood when the scanned score shows one only; false: look closer.
template<std::size_t P> bool RefitTable::maximise(const double* rows, double& tau2) const {
    double before = 0, at_before = 0, low = 0, high = 0, low_score = 0, high_score = 0;
    int changes = 0;
    bool boundary = false;
    for (std::size_t g = 0; g < tau2_.size(); ++g) {
        const Sums<P> s = sums_at<P>(rows, tau2_[g]);
        if (!s.full_rank) return false;
        const double score = s.ypp - (restricted_ ? s.tr_p : s.w);
        if (g == 0)
            boundary = score <= 0;
        else if (before > 0 && score <= 0) {
            ++changes;
            low = at_before;
            high = tau2_[g];
            low_score = before;
            high_score = score;
        }
        before = score;
        at_before = tau2_[g];
    }
    if (before > 0 || changes > 1 || (changes == 1 && boundary)) return false;
    if (changes == 0) {
        tau2 = 0;
        return true;
    }
    double x = low + (high - low) * low_score / (low_score - high_score);
    if (low > 0) { // the score falls roughly like a power of tau2
        const double share = low_score / (low_score - high_score);
        x = low * std::pow(high / low, share);
    }
    for (int step = 0; step < 60; ++step) {
        const Sums<P> s = sums_at<P>(rows, x);
        const double value = 0.5 * (s.ypp - (restricted_ ? s.tr_p : s.w));
        const double slope = 0.5 * (restricted_ ? s.tr_pp : s.w2) - s.yppp;
        if (value > 0)
            low = x;
        else
            high = x;
        double next = x - value / slope;
        const bool newton = slope < 0 && next >= low && next <= high;
        if (!newton) next = low + (high - low) / 2;
        const double change = std::fabs(next - x);
        x = next;
        if (newton && change <= 1e-8 * x) {
            tau2 = x;
            return true;
        }
    }
    return false;
}

template<std::size_t P> bool RefitTable::solve_q(const double* rows, double target, double& tau2) const {
    tau2 = 0;
    for (int step = 0; step < 500; ++step) {
        const Sums<P> s = sums_at<P>(rows, tau2);
        const double change = (s.q - target) / s.ypp;
        if (!(change > 1e-10 * tau2)) {
            if (change > 0) tau2 += change;
            return true;
        }
        tau2 += change;
    }
    return false;
}

RefitTable::RefitTable(std::span<const double> y, std::span<const double> v, std::span<const double> x,
                       std::size_t columns, const Estimator* estimator, Test test)
    : estimator_(estimator), test_(test), k_(y.size()), p_(columns), y_(y.begin(), y.end()),
      v_(v.begin(), v.end()) {
    ASSAY_EXPECT(columns >= 1 && columns <= refit_most_columns && x.size() == k_ * columns);
    if (estimator) {
        const auto id = estimator->id;
        kind_ = id == "DL"                   ? Kind::DL
                : id == "PM" || id == "EB"   ? Kind::PM
                : id == "REML" || id == "ML" ? Kind::likelihood
                                             : Kind::other;
        restricted_ = id == "REML";
    }
    const auto first = x.subspan(0, k_);
    intercept_ = std::all_of(first.begin(), first.end(), [](double one) { return one == 1; });
    x_.resize(k_ * p_);
    for (std::size_t j = 0; j < p_; ++j) {
        double mean = 0;
        if (intercept_ && j > 0)
            for (std::size_t i = 0; i < k_; ++i)
                mean += x[j * k_ + i] / static_cast<double>(k_);
        mean_[j] = mean;
        for (std::size_t i = 0; i < k_; ++i)
            x_[i * p_ + j] = x[j * k_ + i] - mean;
    }
    if (kind_ != Kind::likelihood) return;
    const auto [v_low, v_high] = std::minmax_element(v_.begin(), v_.end());
    const auto [y_low, y_high] = std::minmax_element(y_.begin(), y_.end());
    const double range = *y_high - *y_low, low = 1e-3 * *v_low, high = std::max(range * range, *v_high);
    const double ratio = std::pow(high / low, 1.0 / static_cast<double>(grid - 2));
    tau2_.push_back(0);
    for (double t = low; tau2_.size() < grid; t *= ratio)
        tau2_.push_back(t);
}

double RefitTable::slow_tau2(const double* rows, bool& converged) const {
    std::vector<double> columns(k_ * p_), work(k_ * p_ + k_);
    for (std::size_t i = 0; i < k_; ++i)
        for (std::size_t j = 0; j < p_; ++j)
            columns[j * k_ + i] = rows[i * p_ + j];
    const Tau2 tau2 = estimator_->estimate({y_, v_, columns, p_, work});
    converged = tau2.converged;
    return tau2.value;
}

template<std::size_t P> Refit RefitTable::fit_columns(std::span<const std::size_t> order) const {
    Refit result;
    std::array<double, most_studies_on_stack * P> stack;
    std::vector<double> heap;
    double* rows = stack.data();
    if (k_ > most_studies_on_stack) {
        heap.resize(k_ * P);
        rows = heap.data();
    }
    for (std::size_t i = 0; i < k_; ++i)
        for (std::size_t j = 0; j < P; ++j)
            rows[i * P + j] = x_[order[i] * P + j];

    const int df = static_cast<int>(k_ - P);
    switch (kind_) {
    case Kind::common:
        break;
    case Kind::DL: {
        const Sums<P> s = sums_at<P>(rows, 0);
        result.tau2 = std::max(0.0, (s.q - df) / s.tr_p);
        break;
    }
    case Kind::PM:
        result.converged = solve_q<P>(rows, df, result.tau2);
        break;
    case Kind::likelihood:
        if (!maximise<P>(rows, result.tau2)) result.tau2 = slow_tau2(rows, result.converged);
        break;
    case Kind::other:
        result.tau2 = slow_tau2(rows, result.converged);
        break;
    }
    const Sums<P> s = sums_at<P>(rows, result.tau2);
    result.full_rank = s.full_rank;
    if (!s.full_rank) return result;
    double factor = 1;
    if (test_ == Test::knha || test_ == Test::adhoc) {
        factor = s.q / df;
        if (test_ == Test::adhoc) factor = std::max(1.0, factor);
    }
    for (std::size_t m = 0; m < P; ++m) {
        double estimate = s.b[m], variance = s.inverse[m][m];
        if (intercept_ && m == 0) // of the model that is not centred: a combination of all coefficients
            for (std::size_t n = 1; n < P; ++n) {
                estimate -= mean_[n] * s.b[n];
                variance -= 2 * mean_[n] * s.inverse[0][n];
                for (std::size_t l = 1; l < P; ++l)
                    variance += mean_[n] * s.inverse[n][l] * mean_[l];
            }
        result.estimate[m] = estimate;
        result.statistic[m] = estimate / std::sqrt(factor * variance);
    }
    if constexpr (P > 1) {
        // The joint test does not depend on the centring.
        const std::size_t from = intercept_ ? 1 : 0;
        double block[P][P] = {}, inverse[P][P] = {};
        for (std::size_t m = 0; m < P; ++m) {
            if (m + from >= P) block[m][m] = 1; // padding
            for (std::size_t n = 0; n + from < P && m + from < P; ++n)
                block[m][n] = s.inverse[m + from][n + from];
        }
        if (invert<P>(block, inverse))
            for (std::size_t m = 0; m + from < P; ++m)
                for (std::size_t n = 0; n + from < P; ++n)
                    result.qm += s.b[m + from] * inverse[m][n] * s.b[n + from] / factor;
        if (test_ != Test::z) result.qm /= static_cast<double>(P - from);
    } else
        result.qm = result.statistic[0] * result.statistic[0];
    return result;
}

Refit RefitTable::fit(std::span<const std::size_t> order) const {
    switch (p_) {
    case 1:
        return fit_columns<1>(order);
    case 2:
        return fit_columns<2>(order);
    case 3:
        return fit_columns<3>(order);
    case 4:
        return fit_columns<4>(order);
    default:
        return fit_columns<5>(order);
    }
}

} // namespace assay::synth
