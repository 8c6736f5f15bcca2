#include "num/optimise.hpp"

#include "num/dense.hpp"

#include <algorithm>
#include <cmath>

namespace assay::num {

std::string_view to_string(Stop stop) {
    switch (stop) {
    case Stop::converged:
        return "converged";
    case Stop::no_progress:
        return "no point along the Newton step is better";
    case Stop::too_many_steps:
        return "the number of steps allowed is used up";
    case Stop::undefined_start:
        return "the likelihood is not defined at the start";
    }
    return "";
}

namespace {

constexpr double difference_share = 1e-5;   ///< step of forward differences, of the variable's scale
constexpr double promised_decrease = 1e-19; ///< relative to the value, below which the search has ended
constexpr double rounding = 1e-12;          ///< relative to the value: a decrease that sums cannot show

class Search {
public:
    Search(const Objective& objective, std::span<const double> start, const BoxOptions& options)
        : f_(objective), box_(options), n_(start.size()), other_(n_), other_gradient_(n_), step_(n_),
          hessian_(n_ * n_), work_(n_ * n_), index_(n_) {
        min_.x.assign(start.begin(), start.end());
        for (std::size_t i = 0; i < n_; ++i)
            min_.x[i] = std::clamp(min_.x[i], box_.low[i], box_.high[i]);
        min_.gradient.assign(n_, 0);
        min_.held.assign(n_, 0);
    }

    Minimum run() {
        if (!evaluate(min_.x, min_.value, min_.gradient)) {
            min_.stop = Stop::undefined_start;
            return min_;
        }
        min_.stop = Stop::too_many_steps;
        int escapes = 0;
        for (min_.iterations = 0; min_.iterations < box_.most_iterations; ++min_.iterations) {
            find_free();
            if (free_ == 0) {
                min_.stop = Stop::converged;
                break;
            }
            make_hessian();
            const bool convex = newton_step();
            const double decrease = promised();
            if (decrease <= promised_decrease * (1 + std::fabs(min_.value))) {
                // A saddle at which the gradient vanishes (a standard deviation of zero) is left sideways.
                if (!convex && escapes < 3 && escape()) {
                    ++escapes;
                    continue;
                }
                record(0);
                min_.stop = Stop::converged;
                break;
            }
            const double length = line_search();
            record(length);
            if (length == 0) {
                min_.stop =
                    decrease <= rounding * (1 + std::fabs(min_.value)) ? Stop::converged : Stop::no_progress;
                break;
            }
        }
        find_free();
        return min_;
    }

private:
    bool evaluate(std::span<const double> x, double& value, std::span<double> gradient) {
        ++min_.evaluations;
        if (!f_(x, value, gradient) || !std::isfinite(value)) return false;
        return std::all_of(gradient.begin(), gradient.end(), [](double g) { return std::isfinite(g); });
    }

    void find_free() {
        free_ = 0;
        min_.gradient_size = 0;
        for (std::size_t i = 0; i < n_; ++i) {
            const double g = min_.gradient[i];
            const bool held = box_.low[i] == box_.high[i] || (min_.x[i] <= box_.low[i] && g > 0) ||
                              (min_.x[i] >= box_.high[i] && g < 0);
            min_.held[i] = held;
            if (held) continue;
            index_[free_++] = i;
            min_.gradient_size = std::max(min_.gradient_size, std::fabs(g));
        }
    }

    /// Forward differences of the gradient over the free variables.
    void make_hessian() {
        for (std::size_t a = 0; a < free_; ++a) {
            const std::size_t i = index_[a];
            other_ = min_.x;
            double h = difference_share * std::max(box_.scale[i], std::fabs(min_.x[i]));
            double value = 0;
            for (int attempt = 0; attempt < 12; ++attempt) {
                if (min_.x[i] + h > box_.high[i] || min_.x[i] + h < box_.low[i]) h = -h;
                other_[i] = min_.x[i] + h;
                if (other_[i] >= box_.low[i] && other_[i] <= box_.high[i] &&
                    evaluate(other_, value, other_gradient_))
                    break;
                h = attempt % 2 == 0 ? -h : h / 8;
            }
            h = other_[i] - min_.x[i];
            for (std::size_t b = 0; b < free_; ++b)
                hessian_[a * free_ + b] = (other_gradient_[index_[b]] - min_.gradient[index_[b]]) / h;
        }
        for (std::size_t a = 0; a < free_; ++a)
            for (std::size_t b = a + 1; b < free_; ++b)
                hessian_[a * free_ + b] = hessian_[b * free_ + a] =
                    0.5 * (hessian_[a * free_ + b] + hessian_[b * free_ + a]);
    }

    /// step_ = -H^-1 g; false if H had to be changed.
    bool newton_step() {
        double ridge = 0;
        for (int attempt = 0; attempt < 60; ++attempt) {
            const std::size_t m = free_;
            std::copy_n(hessian_.begin(), m * m, work_.begin());
            for (std::size_t a = 0; a < m; ++a) {
                const double size = std::fabs(hessian_[a * m + a]);
                const double s = box_.scale[index_[a]];
                work_[a * m + a] += ridge * (size + 1e-8 / (s * s));
            }
            const std::span<double> u(work_.data(), m * m);
            if (cholesky(u, m)) {
                for (std::size_t a = 0; a < m; ++a)
                    step_[a] = -min_.gradient[index_[a]];
                const std::span<double> b(step_.data(), m);
                solve_transposed(u, m, b, 1);
                solve_upper(u, m, b, 1);
                if (std::all_of(b.begin(), b.end(), [](double s) { return std::isfinite(s); }))
                    return ridge == 0;
            }
            ridge = ridge == 0 ? 1e-3 : 4 * ridge;
        }
        for (std::size_t a = 0; a < free_; ++a) {
            const double s = box_.scale[index_[a]];
            step_[a] = -min_.gradient[index_[a]] * s * s;
        }
        return false;
    }

    double promised() const {
        double sum = 0;
        for (std::size_t a = 0; a < free_; ++a)
            sum -= min_.gradient[index_[a]] * step_[a];
        return sum;
    }

    /// The share of the step taken, 0 if none improves.
    double line_search() {
        double share = 1;
        for (int attempt = 0; attempt < 60; ++attempt, share *= attempt < 4 ? 0.5 : 0.25) {
            other_ = min_.x;
            double slope = 0;
            for (std::size_t a = 0; a < free_; ++a) {
                const std::size_t i = index_[a];
                other_[i] = std::clamp(min_.x[i] + share * step_[a], box_.low[i], box_.high[i]);
                slope += min_.gradient[i] * (other_[i] - min_.x[i]);
            }
            if (other_ == min_.x) return 0;
            double value = 0;
            if (!evaluate(other_, value, other_gradient_)) continue;
            const double slack = 1e-15 * (1 + std::fabs(min_.value));
            const bool lower = value <= min_.value + 1e-4 * slope;
            const bool same = std::fabs(slope) <= rounding * (1 + std::fabs(min_.value)) &&
                              value <= min_.value + 100 * slack && smaller_gradient();
            if (!lower && !same) continue;
            min_.x = other_;
            min_.value = value;
            min_.gradient = other_gradient_;
            return share;
        }
        return 0;
    }

    /// Where values differ by rounding only, the gradient decides.
    bool smaller_gradient() const {
        double before = 0, after = 0;
        for (std::size_t a = 0; a < free_; ++a) {
            const double s = box_.scale[index_[a]];
            before = std::max(before, std::fabs(min_.gradient[index_[a]] * s));
            after = std::max(after, std::fabs(other_gradient_[index_[a]] * s));
        }
        return after < 0.9 * before;
    }

    bool escape() {
        for (std::size_t a = 0; a < free_; ++a) {
            if (!(hessian_[a * free_ + a] < 0)) continue;
            const std::size_t i = index_[a];
            for (double share : {0.1, -0.1, 0.01, -0.01}) {
                other_ = min_.x;
                other_[i] = std::clamp(min_.x[i] + share * box_.scale[i], box_.low[i], box_.high[i]);
                double value = 0;
                if (evaluate(other_, value, other_gradient_) && value < min_.value) {
                    min_.x = other_;
                    min_.value = value;
                    min_.gradient = other_gradient_;
                    return true;
                }
            }
        }
        return false;
    }

    void record(double length) {
        if (box_.trace) min_.trace.push_back({min_.iterations, min_.value, min_.gradient_size, length});
    }

    const Objective& f_;
    const BoxOptions& box_;
    std::size_t n_, free_ = 0;
    Minimum min_;
    std::vector<double> other_, other_gradient_, step_, hessian_, work_;
    std::vector<std::size_t> index_;
};

} // namespace

Minimum minimise_in_box(const Objective& objective, std::span<const double> start,
                        const BoxOptions& options) {
    return Search(objective, start, options).run();
}

std::vector<double> hessian_of(const Objective& objective, std::span<const double> x,
                               const BoxOptions& options, double share) {
    const std::size_t n = x.size();
    std::vector<double> point(x.begin(), x.end()), up(n), down(n), out(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        const double h = share * std::max(options.scale[i], std::fabs(x[i]));
        double value = 0;
        point[i] = x[i] + h;
        const double high = point[i];
        objective(point, value, up);
        point[i] = x[i] - h;
        const double width = high - point[i];
        objective(point, value, down);
        point[i] = x[i];
        for (std::size_t j = 0; j < n; ++j)
            out[i * n + j] = (up[j] - down[j]) / width;
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = i + 1; j < n; ++j)
            out[i * n + j] = out[j * n + i] = 0.5 * (out[i * n + j] + out[j * n + i]);
    return out;
}

} // namespace assay::num
