#include "trial/counts.hpp"

#include "base/error.hpp"
#include "num/gamma.hpp"
#include "trial/quadrature.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace assay::trial {

namespace {

constexpr int most = 4; ///< a, log k, time, order
constexpr double prior_a_mean = 1, prior_a_sd = 1.5, prior_g_sd = 0.5, prior_k_mean = 1.0986122886681098,
                 prior_k_sd = 1;

using Vector = std::array<double, most>;
using Matrix = std::array<Vector, most>;

/// Lower triangle L with L L' = m; false where m is not positive definite.
bool cholesky(const Matrix& m, int n, Matrix& lower) {
    for (int i = 0; i < n; ++i)
        for (int j = 0; j <= i; ++j) {
            double sum = m[i][j];
            for (int k = 0; k < j; ++k)
                sum -= lower[i][k] * lower[j][k];
            if (i == j) {
                if (!(sum > 0)) return false;
                lower[i][i] = std::sqrt(sum);
            } else {
                lower[i][j] = sum / lower[j][j];
            }
        }
    return true;
}

/// Solves L L' v = r.
Vector solve(const Matrix& lower, int n, Vector r) {
    for (int i = 0; i < n; ++i) {
        for (int k = 0; k < i; ++k)
            r[i] -= lower[i][k] * r[k];
        r[i] /= lower[i][i];
    }
    for (int i = n - 1; i >= 0; --i) {
        for (int k = i + 1; k < n; ++k)
            r[i] -= lower[k][i] * r[k];
        r[i] /= lower[i][i];
    }
    return r;
}

/// u with L' u = t: maps a standard normal t to one of covariance (L L')^-1.
Vector spread(const Matrix& lower, int n, Vector t) {
    for (int i = n - 1; i >= 0; --i) {
        for (int k = i + 1; k < n; ++k)
            t[i] -= lower[k][i] * t[k];
        t[i] /= lower[i][i];
    }
    return t;
}

/// The posterior of everything but b, at one b.
class Model {
public:
    explicit Model(const CountSeries& series) : series_(series), n_(series.y.size()) {
        offset_.resize(n_, 0);
        for (std::size_t i = 0; i < series.exposure.size(); ++i)
            offset_[i] = std::log(series.exposure[i]);
        columns_ = {nullptr, nullptr, nullptr, nullptr};
        size_ = 2;
        if (!series.z.empty()) columns_[static_cast<std::size_t>(size_++)] = &series.z;
        if (!series.w.empty()) columns_[static_cast<std::size_t>(size_++)] = &series.w;
        double largest = 0;
        for (double y : series.y) {
            largest = std::max(largest, y);
            constant_ -= num::log_gamma(y + 1);
            total_ += y;
        }
        // sum of log Gamma(y_i + k) - log Gamma(k) = sum over j of (how many y_i exceed j) log(k + j).
        if (largest <= 400)
            for (double y : series.y)
                for (std::size_t j = 0; j < static_cast<std::size_t>(y); ++j) {
                    if (exceed_.size() <= j) exceed_.push_back(0);
                    ++exceed_[j];
                }
        tabled_ = largest <= 400;
    }

    int size() const { return size_; }

    Vector start() const {
        Vector at{};
        double time = 0;
        for (std::size_t i = 0; i < n_; ++i)
            time += std::exp(offset_[i]);
        at[0] = std::log((total_ + 0.5) / std::max(time, 1e-9));
        at[1] = prior_k_mean;
        return at;
    }

    /// Log of likelihood times priors of the other parameters.
    double value(const Vector& at, double b) const {
        const double k = std::exp(at[1]);
        double sum = constant_ + static_cast<double>(n_) * k * at[1];
        sum += gammas(k);
        for (std::size_t i = 0; i < n_; ++i) {
            const double eta = predictor(at, b, i), mu = std::exp(eta);
            sum += series_.y[i] * eta - (k + series_.y[i]) * std::log(k + mu);
        }
        sum += log_normal_density(at[0], prior_a_mean, prior_a_sd) +
               log_normal_density(at[1], prior_k_mean, prior_k_sd);
        for (int j = 2; j < size_; ++j)
            sum += log_normal_density(at[static_cast<std::size_t>(j)], 0, prior_g_sd);
        return sum;
    }

    /// Gradient and minus the matrix of second derivatives.
    void slopes(const Vector& at, double b, Vector& gradient, Matrix& curvature) const {
        gradient = {};
        curvature = {};
        const double l = at[1], k = std::exp(l);
        double dk = 0, dkk = 0;
        psis(k, dk, dkk);
        for (std::size_t i = 0; i < n_; ++i) {
            const double y = series_.y[i], mu = std::exp(predictor(at, b, i)), both = k + mu;
            const double de = y - (k + y) * mu / both;
            const double dee = (k + y) * k * mu / (both * both);
            const double dek = mu * (y - mu) / (both * both) * k;
            dk += 1 + l - std::log(both) - (k + y) / both;
            dkk += 1 / k - 2 / both + (k + y) / (both * both);
            std::array<double, most> column{};
            column[0] = 1;
            for (int j = 2; j < size_; ++j)
                column[static_cast<std::size_t>(j)] = (*columns_[static_cast<std::size_t>(j)])[i];
            for (std::size_t p = 0; p < static_cast<std::size_t>(size_); ++p) {
                if (p == 1) continue;
                gradient[p] += de * column[p];
                curvature[p][1] -= dek * column[p];
                for (std::size_t q = 0; q <= p; ++q)
                    if (q != 1) curvature[p][q] += dee * column[p] * column[q];
            }
        }
        gradient[1] = k * dk - (l - prior_k_mean) / (prior_k_sd * prior_k_sd);
        curvature[1][1] = -(k * dk + k * k * dkk) + 1 / (prior_k_sd * prior_k_sd);
        curvature[1][0] = curvature[0][1];
        gradient[0] -= (at[0] - prior_a_mean) / (prior_a_sd * prior_a_sd);
        curvature[0][0] += 1 / (prior_a_sd * prior_a_sd);
        for (std::size_t p = 2; p < static_cast<std::size_t>(size_); ++p) {
            gradient[p] -= at[p] / (prior_g_sd * prior_g_sd);
            curvature[p][p] += 1 / (prior_g_sd * prior_g_sd);
        }
        for (std::size_t p = 0; p < static_cast<std::size_t>(size_); ++p)
            for (std::size_t q = p + 1; q < static_cast<std::size_t>(size_); ++q)
                curvature[p][q] = curvature[q][p];
    }

private:
    double predictor(const Vector& at, double b, std::size_t i) const {
        double eta = offset_[i] + at[0] + b * series_.x[i];
        for (int j = 2; j < size_; ++j)
            eta += at[static_cast<std::size_t>(j)] * (*columns_[static_cast<std::size_t>(j)])[i];
        return std::min(eta, 500.0);
    }

    double gammas(double k) const {
        double sum = 0;
        if (tabled_) {
            for (std::size_t j = 0; j < exceed_.size(); ++j)
                sum += exceed_[j] * std::log(k + static_cast<double>(j));
            return sum;
        }
        for (double y : series_.y)
            sum += num::log_gamma(y + k) - num::log_gamma(k);
        return sum;
    }

    void psis(double k, double& first, double& second) const {
        first = second = 0;
        if (tabled_) {
            for (std::size_t j = 0; j < exceed_.size(); ++j) {
                const double inverse = 1 / (k + static_cast<double>(j));
                first += exceed_[j] * inverse;
                second -= exceed_[j] * inverse * inverse;
            }
            return;
        }
        // Counts this large: numerical derivatives of log Gamma are more than good enough to find the mode.
        const double h = 1e-4 * k;
        const double up = gammas(k + h), middle = gammas(k), down = gammas(k - h);
        first = (up - down) / (2 * h);
        second = (up - 2 * middle + down) / (h * h);
    }

    const CountSeries& series_;
    std::size_t n_;
    int size_ = 2;
    double constant_ = 0, total_ = 0;
    bool tabled_ = true;
    std::vector<double> offset_, exceed_;
    std::array<const std::vector<double>*, most> columns_{};
};

struct Peak {
    Vector at{};
    Matrix root{}; ///< Cholesky factor of the curvature
    double value = 0, log_det = 0;
    bool converged = false;
};

/// Newton's method with step halving; a ridge where the curvature is not positive definite.
Peak climb(const Model& model, double b, Vector at) {
    Peak peak;
    const int n = model.size();
    double value = model.value(at, b);
    for (int step = 0; step < 60; ++step) {
        Vector gradient;
        Matrix curvature;
        model.slopes(at, b, gradient, curvature);
        double ridge = 0;
        while (!cholesky(curvature, n, peak.root)) {
            const double more = ridge == 0 ? 0.1 : 9 * ridge;
            for (int i = 0; i < n; ++i)
                curvature[static_cast<std::size_t>(i)][static_cast<std::size_t>(i)] += more;
            ridge += more;
        }
        const auto move = trial::solve(peak.root, n, gradient);
        double size = 0, share = 1;
        for (int i = 0; i < n; ++i)
            size = std::max(size, std::fabs(move[static_cast<std::size_t>(i)]));
        if (size > 2) share = 2 / size;
        Vector next = at;
        double reached = value;
        for (int halving = 0; halving < 30; ++halving, share /= 2) {
            for (std::size_t i = 0; i < static_cast<std::size_t>(n); ++i)
                next[i] = at[i] + share * move[i];
            reached = model.value(next, b);
            if (reached >= value - 1e-12) break;
        }
        at = next;
        value = reached;
        if (size < 1e-7 && ridge == 0) {
            peak.converged = true;
            break;
        }
    }
    peak.at = at;
    peak.value = value;
    for (int i = 0; i < n; ++i)
        peak.log_det += 2 * std::log(peak.root[static_cast<std::size_t>(i)][static_cast<std::size_t>(i)]);
    return peak;
}

/// Log of the integral over the other parameters at one b, and the mean of exp(a) and log k there.
struct Inner {
    double log_integral = 0;
    double log_k = 0;
    std::vector<std::pair<double, double>> baseline; ///< exp(a) and its weight
};

Inner laplace(const Model& model, const Peak& peak) {
    Inner inner;
    inner.log_integral = peak.value + 0.5 * model.size() * log_two_pi - 0.5 * peak.log_det;
    inner.log_k = peak.at[1];
    inner.baseline = {{std::exp(peak.at[0]), 1.0}};
    return inner;
}

constexpr double widen = 1.15; ///< the nodes reach a little further than the normal approximation

Inner integrate(const Model& model, const Peak& peak, double b, const Rule& rule) {
    const int n = model.size();
    const std::size_t points = rule.node.size();
    Inner inner;
    std::array<std::size_t, most> index{};
    double sum = 0, k_sum = 0;
    std::size_t count = 1;
    for (int i = 0; i < n; ++i)
        count *= points;
    inner.baseline.reserve(count);
    for (std::size_t flat = 0; flat < count; ++flat) {
        std::size_t rest = flat;
        Vector t{};
        double log_weight = 0;
        for (int i = 0; i < n; ++i) {
            index[static_cast<std::size_t>(i)] = rest % points;
            rest /= points;
            const double node = rule.node[index[static_cast<std::size_t>(i)]];
            t[static_cast<std::size_t>(i)] = node * std::sqrt(2.0) * widen;
            log_weight += std::log(rule.weight[index[static_cast<std::size_t>(i)]]) + node * node;
        }
        if (log_weight < -60) continue;
        auto at = spread(peak.root, n, t);
        for (int i = 0; i < n; ++i)
            at[static_cast<std::size_t>(i)] += peak.at[static_cast<std::size_t>(i)];
        const double term = std::exp(model.value(at, b) - peak.value + log_weight);
        sum += term;
        k_sum += term * at[1];
        inner.baseline.emplace_back(std::exp(at[0]), term);
    }
    for (auto& [rate, weight] : inner.baseline)
        weight /= sum;
    inner.log_k = k_sum / sum;
    inner.log_integral =
        peak.value + std::log(sum) + n * (0.5 * std::log(2.0) + std::log(widen)) - 0.5 * peak.log_det;
    return inner;
}

struct Range {
    double centre = 0, scale = 1;
};

/// Where b has its mass: maximum and curvature of the profile with its prior, by golden section on the
/// Laplace values.
Range locate(const Model& model, const Prior& prior, Vector& at) {
    auto height = [&](double b) {
        const auto peak = climb(model, b, at);
        at = peak.at;
        return laplace(model, peak).log_integral + log_normal_density(b, prior.mean, prior.sd);
    };
    double low = prior.mean - 6 * prior.sd, high = prior.mean + 6 * prior.sd;
    low = std::max(low, -12.0);
    high = std::min(high, 12.0);
    constexpr double golden = 0.61803398874989484820;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = height(left), at_right = height(right);
    while (high - low > 0.02 * prior.sd + 0.005) {
        if (at_left < at_right) {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = height(right);
        } else {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = height(left);
        }
    }
    Range range;
    range.centre = 0.5 * (low + high);
    const double h = 0.25 * prior.sd;
    const double bend =
        -(height(range.centre + h) - 2 * height(range.centre) + height(range.centre - h)) / (h * h);
    range.scale = bend > 0 ? std::min(1 / std::sqrt(bend), prior.sd) : prior.sd;
    return range;
}

/// Quantiles of exp(a) (exp(b) - 1) over the nodes of both integrals.
void say_difference(const std::vector<double>& grid, const std::vector<double>& weight,
                    const std::vector<Inner>& inner, CountPosterior& out) {
    std::vector<std::pair<double, double>> points;
    double mean = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        if (weight[i] < 1e-9) continue;
        for (const auto& [rate, share] : inner[i].baseline) {
            const double mass = weight[i] * share;
            if (mass < 1e-12) continue;
            points.emplace_back(rate * std::expm1(grid[i]), mass);
            mean += mass * points.back().first;
        }
    }
    std::sort(points.begin(), points.end());
    double total = 0;
    for (const auto& point : points)
        total += point.second;
    auto quantile = [&](double p) {
        double sum = 0;
        for (const auto& point : points)
            if ((sum += point.second) >= p * total) return point.first;
        return points.back().first;
    };
    out.difference = mean / total;
    out.difference_low = quantile(0.025);
    out.difference_high = quantile(0.975);
}

} // namespace

CountPosterior posterior(const CountSeries& series, const Prior& prior) {
    ASSAY_EXPECT(!series.y.empty() && series.x.size() == series.y.size() && prior.sd > 0);
    const Model model(series);
    Vector at = model.start();
    const auto range = locate(model, prior, at);
    constexpr int cells = 60;
    constexpr double reach = 7.5;
    const double low = range.centre - reach * range.scale, step = 2 * reach * range.scale / cells;
    const Rule rule = gauss_hermite(model.size() == 4 ? 11 : model.size() == 3 ? 15 : 21);

    std::vector<double> grid, logs;
    std::vector<Inner> inner;
    CountPosterior out;
    auto evaluate = [&](double b) {
        const auto peak = climb(model, b, at);
        at = peak.at;
        out.converged = out.converged && peak.converged;
        return integrate(model, peak, b, rule);
    };
    for (int i = 0; i <= cells; ++i) {
        grid.push_back(low + step * i);
        inner.push_back(evaluate(grid.back()));
        logs.push_back(inner.back().log_integral + log_normal_density(grid.back(), prior.mean, prior.sd));
    }
    const auto made = density([&, spline = Spline(low, step, logs)](double b) { return spline.at(b); },
                              grid.front(), grid.back(), 6001);
    out.mean = made.mean();
    out.sd = made.sd();
    out.q025 = made.quantile(0.025);
    out.q50 = made.quantile(0.5);
    out.q975 = made.quantile(0.975);
    out.rr_median = std::exp(out.q50);
    out.p_below_1 = made.below(0);
    out.p_below_075 = made.below(std::log(0.75));
    out.p_rope = made.below(std::log(1.1)) - made.below(-std::log(1.1));
    out.log_ml = made.log_total;
    out.log_bf10 = made.log_total - evaluate(0).log_integral;

    std::vector<double> weight(grid.size());
    const double top = *std::max_element(logs.begin(), logs.end());
    for (std::size_t i = 0; i < grid.size(); ++i)
        weight[i] = std::exp(logs[i] - top);
    const double total = std::accumulate(weight.begin(), weight.end(), 0.0);
    double log_k = 0;
    for (std::size_t i = 0; i < grid.size(); ++i) {
        weight[i] /= total;
        log_k += weight[i] * inner[i].log_k;
    }
    out.dispersion = std::exp(log_k);
    say_difference(grid, weight, inner, out);
    return out;
}

std::vector<double> quick_p_below_1(const CountSeries& series, std::span<const Prior> priors) {
    constexpr double step = 0.25, farthest = 6, negligible = 25;
    const Model model(series);
    // Outwards from b = 0 in both directions, until no prior sees anything there.
    std::vector<double> left, right;
    double best = -std::numeric_limits<double>::infinity();
    auto seen = [&](double b, double log_likelihood) {
        double most = -std::numeric_limits<double>::infinity();
        for (const auto& prior : priors)
            most = std::max(most, log_likelihood + log_normal_density(b, prior.mean, prior.sd));
        best = std::max(best, most);
        return most > best - negligible;
    };
    for (int side : {-1, 1}) {
        Vector at = model.start();
        for (int i = side < 0 ? 0 : 1; i * step <= farthest; ++i) {
            const double b = side * i * step;
            const auto peak = climb(model, b, at);
            at = peak.at;
            (side < 0 ? left : right).push_back(laplace(model, peak).log_integral);
            if (!seen(b, (side < 0 ? left : right).back()) && i > 3) break;
        }
    }
    std::vector<double> curve(left.rbegin(), left.rend());
    curve.insert(curve.end(), right.begin(), right.end());
    const double low = -step * static_cast<double>(left.size() - 1),
                 high = step * static_cast<double>(right.size());
    const Spline spline(low, step, std::move(curve));
    std::vector<double> out;
    for (const auto& prior : priors)
        out.push_back(
            density([&](double b) { return spline.at(b) + log_normal_density(b, prior.mean, prior.sd); }, low,
                    high, 601)
                .below(0));
    return out;
}

Curve log_likelihood(const CountSeries& series, double low, double high, double step) {
    const Model model(series);
    Curve curve{low, step, {}};
    const Rule rule = gauss_hermite(model.size() == 4 ? 7 : 11);
    Vector at = model.start();
    for (int i = 0; low + step * i <= high + 1e-9; ++i) {
        const auto peak = climb(model, low + step * i, at);
        at = peak.at;
        curve.value.push_back(integrate(model, peak, low + step * i, rule).log_integral);
    }
    return curve;
}

std::vector<double> scaled_time(const std::vector<double>& week) {
    if (week.empty()) return {};
    const auto [low, high] = std::minmax_element(week.begin(), week.end());
    if (!(*high > *low)) return {};
    const double mean = std::accumulate(week.begin(), week.end(), 0.0) / static_cast<double>(week.size());
    std::vector<double> z;
    for (double w : week)
        z.push_back((w - mean) / (*high - *low));
    return z;
}

} // namespace assay::trial
