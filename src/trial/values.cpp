#include "trial/values.hpp"

#include "base/error.hpp"
#include "num/gamma.hpp"
#include "trial/dense.hpp"
#include "trial/quadrature.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

namespace assay::trial {

namespace {

/// Degrees of freedom of the errors, equally likely before the data; 0 stands for infinity (normal).
constexpr std::array<double, 5> tails = {3, 5, 10, 30, 0};
constexpr double baseline_sd = 5, trend_sd = 1, scale_sd = 1; ///< in units of the spread within the arms

using Point = std::vector<double>; ///< a, log scale, atanh phi, trend; in units of the spread

/// Everything but b at one b and one tail.
class Errors {
public:
    explicit Errors(const ValueSeries& series) : series_(series) {
        unit_ = within_sd(series);
        if (!(unit_ > 0)) unit_ = 1;
        centre_ =
            std::accumulate(series.y.begin(), series.y.end(), 0.0) / static_cast<double>(series.y.size());
        for (double y : series.y)
            y_.push_back((y - centre_) / unit_);
        for (std::size_t i = 0; i < series.day.size(); ++i)
            gap_.push_back(
                i > 0 ? std::min(60, static_cast<int>(std::lround(series.day[i] - series.day[i - 1]))) : 0);
    }

    std::size_t size() const { return series_.z.empty() ? 3 : 4; }
    double unit() const { return unit_; }
    Point start() const { return Point(size(), 0); }

    double value(const Point& at, double b, double nu) const {
        const double phi = std::tanh(at[2]), log_scale = at[1], scale = std::exp(log_scale);
        const double stationary = 1 - phi * phi;
        std::array<double, 61> carry{}, spread{}, log_spread{};
        carry[0] = 1;
        for (std::size_t d = 1; d < carry.size(); ++d) {
            carry[d] = carry[d - 1] * phi;
            spread[d] = 1 / (scale * std::sqrt((1 - carry[d] * carry[d]) / stationary));
            log_spread[d] = std::log(spread[d]);
        }
        double sum = 0, last = 0;
        for (std::size_t i = 0; i < y_.size(); ++i) {
            const double r =
                y_[i] - at[0] - b / unit_ * series_.x[i] - (at.size() > 3 ? at[3] * series_.z[i] : 0);
            if (i == 0) {
                const double wide = std::sqrt(stationary) / scale;
                sum += std::log(wide) + kernel(r * wide, nu);
            } else {
                const auto d = static_cast<std::size_t>(gap_[i]);
                sum += log_spread[d] + kernel((r - carry[d] * last) * spread[d], nu);
            }
            last = r;
        }
        const double n = static_cast<double>(y_.size());
        sum += n * constant(nu) - n * std::log(unit_);
        sum += log_normal_density(at[0], 0, baseline_sd) + log_normal_density(log_scale, 0, scale_sd);
        sum += std::log(0.5 * stationary); // phi uniform between -1 and 1
        if (at.size() > 3) sum += log_normal_density(at[3], 0, trend_sd);
        return sum;
    }

private:
    static double kernel(double u, double nu) {
        return nu > 0 ? -0.5 * (nu + 1) * std::log1p(u * u / nu) : -0.5 * u * u;
    }
    static double constant(double nu) {
        if (!(nu > 0)) return -0.5 * log_two_pi;
        return num::log_gamma(0.5 * (nu + 1)) - num::log_gamma(0.5 * nu) -
               0.5 * std::log(nu * 3.14159265358979323846);
    }

    const ValueSeries& series_;
    double unit_ = 1, centre_ = 0;
    std::vector<double> y_;
    std::vector<int> gap_;
};

struct Summit {
    Point at;
    double value = 0;
    Dense root; ///< R with R R' = inverse of the curvature
    double log_det = 0;
    bool converged = false;
};

/// Lower triangle L with L L' = m.
bool root_of(const Dense& m, Dense& lower) {
    lower = Dense(m.rows, m.rows);
    for (std::size_t i = 0; i < m.rows; ++i)
        for (std::size_t j = 0; j <= i; ++j) {
            double sum = m(i, j);
            for (std::size_t k = 0; k < j; ++k)
                sum -= lower(i, k) * lower(j, k);
            if (i == j && !(sum > 0)) return false;
            lower(i, j) = i == j ? std::sqrt(sum) : sum / lower(j, j);
        }
    return true;
}

/// Newton's method with numerical slopes: four parameters of order one, and the rule about the mode forgives
/// a little.
Summit climb(const Errors& model, double b, double nu, Point at) {
    constexpr double h = 1e-3;
    const std::size_t n = at.size();
    Summit top;
    double value = model.value(at, b, nu);
    for (int step = 0; step < 60; ++step) {
        auto moved = [&](std::size_t i, double u, std::size_t j, double v) {
            auto there = at;
            there[i] += u;
            there[j] += v;
            return model.value(there, b, nu);
        };
        Point gradient(n);
        Dense bend(n, n);
        std::vector<double> up(n), down(n);
        for (std::size_t i = 0; i < n; ++i) {
            up[i] = moved(i, h, i, 0);
            down[i] = moved(i, -h, i, 0);
            gradient[i] = (up[i] - down[i]) / (2 * h);
            bend(i, i) = -(up[i] - 2 * value + down[i]) / (h * h);
        }
        for (std::size_t i = 0; i < n; ++i)
            for (std::size_t j = 0; j < i; ++j)
                bend(i, j) = bend(j, i) = -(moved(i, h, j, h) - up[i] - up[j] + 2 * value - down[i] -
                                            down[j] + moved(i, -h, j, -h)) /
                                          (2 * h * h);
        auto turned = inverse(bend);
        bool bent = turned.possible;
        for (double ridge = 1; !turned.possible && ridge < 1e9; ridge *= 10) {
            for (std::size_t i = 0; i < n; ++i)
                bend(i, i) += ridge;
            turned = inverse(bend);
        }
        Point move(n, 0);
        double longest = 0;
        for (std::size_t i = 0; i < n; ++i) {
            for (std::size_t j = 0; j < n; ++j)
                move[i] += turned.matrix(i, j) * gradient[j];
            longest = std::max(longest, std::fabs(move[i]));
        }
        double share = longest > 1 ? 1 / longest : 1;
        if (longest < 1e-4 && bent) {
            top.converged = root_of(turned.matrix, top.root);
            top.log_det = turned.log_det;
            break;
        }
        for (int halving = 0; halving < 40; ++halving, share /= 2) {
            auto next = at;
            for (std::size_t i = 0; i < n; ++i)
                next[i] += share * move[i];
            const double reached = model.value(next, b, nu);
            if (!(reached >= value - 1e-12)) continue;
            at = next;
            value = reached;
            break;
        }
    }
    top.at = at;
    top.value = value;
    return top;
}

/// The inner integral at one b over parameters and tails, with what is told of them.
struct Inner {
    double log_integral = 0, phi = 0, scale = 0, heavy = 0;
    bool converged = true;
};

constexpr double widen = 1.1;
constexpr int points_a_side = 5;

class Integrator {
public:
    explicit Integrator(const Errors& model)
        : model_(model), rule_(gauss_hermite(points_a_side)), last_(tails.size(), model.start()) {}

    Inner at(double b) {
        Inner inner;
        std::array<double, tails.size()> logs{}, phis{}, scales{};
        for (std::size_t t = 0; t < tails.size(); ++t) {
            const auto top = climb(model_, b, tails[t], last_[t]);
            if (!top.converged) {
                inner.converged = false;
                logs[t] = -std::numeric_limits<double>::infinity();
                continue;
            }
            last_[t] = top.at;
            logs[t] = about(top, b, tails[t], phis[t], scales[t]);
        }
        const double best = *std::max_element(logs.begin(), logs.end());
        double sum = 0;
        for (std::size_t t = 0; t < tails.size(); ++t) {
            const double weight = std::exp(logs[t] - best);
            sum += weight;
            inner.phi += weight * phis[t];
            inner.scale += weight * scales[t];
            if (tails[t] > 0 && tails[t] <= 5) inner.heavy += weight;
        }
        inner.phi /= sum;
        inner.scale /= sum;
        inner.heavy /= sum;
        inner.log_integral = best + std::log(sum / static_cast<double>(tails.size()));
        return inner;
    }

private:
    double about(const Summit& top, double b, double nu, double& phi, double& scale) const {
        const std::size_t n = top.at.size(), points = rule_.node.size();
        std::size_t count = 1;
        for (std::size_t i = 0; i < n; ++i)
            count *= points;
        double sum = 0;
        Point u(n), there(n);
        for (std::size_t flat = 0; flat < count; ++flat) {
            std::size_t rest = flat;
            double log_weight = 0;
            for (std::size_t i = 0; i < n; ++i) {
                const auto k = rest % points;
                rest /= points;
                u[i] = rule_.node[k] * std::sqrt(2.0) * widen;
                log_weight += std::log(rule_.weight[k]) + rule_.node[k] * rule_.node[k];
            }
            for (std::size_t i = 0; i < n; ++i) {
                there[i] = top.at[i];
                for (std::size_t j = 0; j <= i; ++j)
                    there[i] += top.root(i, j) * u[j];
            }
            const double term = std::exp(model_.value(there, b, nu) - top.value + log_weight);
            sum += term;
            phi += term * std::tanh(there[2]);
            scale += term * std::exp(there[1]);
        }
        phi /= sum;
        scale /= sum;
        return top.value + std::log(sum) + static_cast<double>(n) * (0.5 * std::log(2.0) + std::log(widen)) -
               0.5 * top.log_det;
    }

    const Errors& model_;
    Rule rule_;
    std::vector<Point> last_;
};

/// Where the likelihood of b has its mass, from the peak for t errors with few degrees of freedom over b:
/// golden section, then how far it falls.
struct Window {
    double low = 0, high = 0;
};

Window window(const Errors& model, double from, double reach) {
    Point at = model.start();
    auto height = [&](double b) {
        const auto top = climb(model, b, 5, at);
        if (top.converged) at = top.at;
        return top.value;
    };
    double low = from - reach, high = from + reach;
    constexpr double golden = 0.61803398874989484820;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = height(left), at_right = height(right);
    while (high - low > 1e-3 * reach) {
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
    const double centre = 0.5 * (low + high), best = height(centre);
    Window made{centre, centre};
    constexpr double fall = 28; // e^-28 of the top
    for (const int side : {-1, 1}) {
        double step = 0.02 * reach, off = 0;
        at = model.start();
        while (off < 8 * reach && height(centre + side * off) > best - fall) {
            off += step;
            step *= 1.25;
        }
        (side < 0 ? made.low : made.high) = centre + side * off;
    }
    return made;
}

double mean_where(const ValueSeries& series, double arm) {
    double sum = 0, n = 0;
    for (std::size_t i = 0; i < series.y.size(); ++i)
        if ((series.x[i] > 0.5) == (arm > 0.5)) {
            sum += series.y[i];
            ++n;
        }
    return n > 0 ? sum / n : 0;
}

} // namespace

double within_sd(const ValueSeries& series) {
    const double mean[2] = {mean_where(series, 0), mean_where(series, 1)};
    double sum = 0;
    for (std::size_t i = 0; i < series.y.size(); ++i) {
        const double off = series.y[i] - mean[series.x[i] > 0.5 ? 1 : 0];
        sum += off * off;
    }
    const double df = static_cast<double>(series.y.size()) - 2;
    return df > 0 ? std::sqrt(sum / df) : 0;
}

std::vector<ValuePosterior> posteriors(const ValueSeries& series, std::span<const Prior> priors,
                                       double matters) {
    ASSAY_EXPECT(series.y.size() >= 3 && series.x.size() == series.y.size() &&
                 series.day.size() == series.y.size());
    ASSAY_EXPECT(matters > 0);
    const Errors model(series);
    const auto seen = window(model, mean_where(series, 1) - mean_where(series, 0), 4 * model.unit());
    constexpr int cells = 60;
    const double step = (seen.high - seen.low) / cells;
    Integrator integrator(model);
    std::vector<Inner> inner;
    std::vector<double> logs;
    bool converged = true;
    for (int i = 0; i <= cells; ++i) {
        inner.push_back(integrator.at(seen.low + step * i));
        converged = converged && inner.back().converged;
        logs.push_back(inner.back().log_integral);
    }
    const Spline spline(seen.low, step, logs);
    Integrator at_zero(model);
    const double without = seen.low < 0 && seen.high > 0 ? spline.at(0) : at_zero.at(0).log_integral;
    std::vector<ValuePosterior> out;
    for (const auto& prior : priors) {
        const auto made =
            density([&](double b) { return spline.at(b) + log_normal_density(b, prior.mean, prior.sd); },
                    seen.low, seen.high, 6001);
        ValuePosterior p;
        p.converged = converged;
        p.mean = made.mean();
        p.sd = made.sd();
        p.q025 = made.quantile(0.025);
        p.q50 = made.quantile(0.5);
        p.q975 = made.quantile(0.975);
        p.p_below_0 = made.below(0);
        p.p_below_matters = made.below(-matters);
        p.p_above_matters = 1 - made.below(matters);
        p.p_rope = made.below(matters) - made.below(-matters);
        p.log_ml = made.log_total;
        p.log_bf10 = made.log_total - without;
        double total = 0;
        const double best = *std::max_element(logs.begin(), logs.end());
        for (std::size_t i = 0; i < inner.size(); ++i) {
            const double b = seen.low + step * static_cast<double>(i);
            const double weight = std::exp(logs[i] - best + log_normal_density(b, prior.mean, prior.sd) -
                                           log_normal_density(prior.mean, prior.mean, prior.sd));
            total += weight;
            p.phi += weight * inner[i].phi;
            p.sigma += weight * inner[i].scale * model.unit();
            p.heavy += weight * inner[i].heavy;
        }
        p.phi /= total;
        p.sigma /= total;
        p.heavy /= total;
        out.push_back(p);
    }
    return out;
}

Curve log_likelihood(const ValueSeries& series, double low, double high, double step) {
    const Errors model(series);
    Integrator integrator(model);
    Curve curve{low, step, {}};
    for (int i = 0; low + step * i <= high + 1e-9 * step; ++i)
        curve.value.push_back(integrator.at(low + step * i).log_integral);
    return curve;
}

} // namespace assay::trial
