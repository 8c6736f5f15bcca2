#include "trial/glm.hpp"

#include "base/error.hpp"
#include "num/gamma.hpp"
#include "num/roots.hpp"

#include <algorithm>
#include <cmath>

namespace assay::trial {

namespace {

std::vector<double> fitted(const Dense& x, const std::vector<double>& beta) {
    std::vector<double> mu(x.rows);
    for (std::size_t i = 0; i < x.rows; ++i) {
        double eta = 0;
        for (std::size_t j = 0; j < x.columns; ++j)
            eta += x(i, j) * beta[j];
        mu[i] = std::exp(std::clamp(eta, -500.0, 500.0));
    }
    return mu;
}

double deviance(const std::vector<double>& y, const std::vector<double>& mu, double theta) {
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
        sum += y[i] > 0 ? y[i] * std::log(y[i] / mu[i]) : 0;
        sum -= theta > 0 ? (y[i] + theta) * std::log((y[i] + theta) / (mu[i] + theta)) : y[i] - mu[i];
    }
    return 2 * sum;
}

/// One fit at a given theta (0: Poisson) from these means on. It stops where the deviance moves by less than
/// 1e-8 of itself, and the standard errors are those of the last weights: the rule of the usual programs,
/// kept so that printed digits can be compared (standard errors of few counts differ from the exact ones in
/// the fifth digit).
bool reweigh(const Dense& x, const std::vector<double>& y, double theta, std::vector<double> mu,
             CountFit& fit) {
    double last = deviance(y, mu, theta);
    for (int step = 0; step < 200; ++step) {
        std::vector<double> weight(mu.size()), working(mu.size());
        for (std::size_t i = 0; i < mu.size(); ++i) {
            weight[i] = theta > 0 ? mu[i] / (1 + mu[i] / theta) : mu[i];
            working[i] = std::log(mu[i]) + (y[i] - mu[i]) / mu[i];
        }
        const auto solved = least_squares(x, working, weight);
        if (!solved.possible) return false;
        fit.beta = solved.beta;
        fit.se.assign(x.columns, 0);
        for (std::size_t j = 0; j < x.columns; ++j)
            fit.se[j] = std::sqrt(solved.unscaled(j, j));
        mu = fitted(x, fit.beta);
        fit.pearson = 0;
        for (std::size_t i = 0; i < mu.size(); ++i)
            fit.pearson += weight[i] * (y[i] - mu[i]) / mu[i] * (y[i] - mu[i]) / mu[i];
        const double now = deviance(y, mu, theta);
        if (!std::isfinite(now)) return false;
        if (std::fabs(now - last) < 1e-8 * (std::fabs(now) + 0.1)) return true;
        last = now;
    }
    return false;
}

std::vector<double> first_means(const std::vector<double>& y) {
    std::vector<double> mu;
    for (double value : y)
        mu.push_back(value + 0.1);
    return mu;
}

/// Slope of the log likelihood in theta.
double theta_score(const std::vector<double>& y, const std::vector<double>& mu, double theta) {
    double sum = 0;
    for (std::size_t i = 0; i < y.size(); ++i)
        sum += num::digamma(theta + y[i]) - num::digamma(theta) + std::log(theta / (theta + mu[i])) + 1 -
               (theta + y[i]) / (theta + mu[i]);
    return sum;
}

double log_density(double y, double eta, double theta) {
    const double mu = std::exp(std::min(eta, 500.0));
    if (!(theta > 0)) return y * eta - mu - num::log_gamma(y + 1);
    return num::log_gamma(y + theta) - num::log_gamma(theta) - num::log_gamma(y + 1) +
           theta * std::log(theta) + y * eta - (theta + y) * std::log(theta + mu);
}

/// The marginal log likelihood of a random-intercept model; parameters: beta, log sd, log theta.
class Marginal {
public:
    Marginal(const Dense& x, const std::vector<double>& y, const std::vector<std::size_t>& subject,
             std::size_t subjects, bool negative_binomial)
        : x_(x), y_(y), rows_(subjects), negative_binomial_(negative_binomial) {
        for (std::size_t i = 0; i < y.size(); ++i)
            rows_[subject[i]].push_back(i);
    }

    std::size_t size() const { return x_.columns + 1 + (negative_binomial_ ? 1 : 0); }

    double value(const std::vector<double>& at) const {
        const double sd = std::exp(at[x_.columns]);
        const double theta = negative_binomial_ ? std::exp(at[x_.columns + 1]) : 0;
        double sum = 0;
        for (const auto& rows : rows_)
            sum += subject_value(rows, at, sd, theta);
        return sum;
    }

private:
    double subject_value(const std::vector<std::size_t>& rows, const std::vector<double>& at, double sd,
                         double theta) const {
        std::vector<double> eta;
        for (auto i : rows) {
            double sum = 0;
            for (std::size_t j = 0; j < x_.columns; ++j)
                sum += x_(i, j) * at[j];
            eta.push_back(sum);
        }
        double u = 0, bend = 1;
        for (int step = 0; step < 200; ++step) {
            double slope = -u;
            bend = 1;
            for (std::size_t r = 0; r < rows.size(); ++r) {
                const double mu = std::exp(std::min(eta[r] + sd * u, 500.0)), y = y_[rows[r]];
                slope += sd * (theta > 0 ? y - (theta + y) * mu / (theta + mu) : y - mu);
                bend += sd * sd * (theta > 0 ? (theta + y) * theta * mu / ((theta + mu) * (theta + mu)) : mu);
            }
            const double move = std::clamp(slope / bend, -2.0, 2.0);
            u += move;
            if (std::fabs(move) < 1e-13) break;
        }
        double value = -0.5 * u * u - 0.5 * std::log(bend);
        for (std::size_t r = 0; r < rows.size(); ++r)
            value += log_density(y_[rows[r]], eta[r] + sd * u, theta);
        return value;
    }

    const Dense& x_;
    const std::vector<double>& y_;
    std::vector<std::vector<std::size_t>> rows_;
    bool negative_binomial_;
};

constexpr double wide_step = 2e-3; ///< of the four-point differences: error h^4, rounding eps/h

/// Four-point central difference of f along one axis.
template<class F> double slope_along(const F& f, std::vector<double> at, std::size_t axis) {
    auto moved = [&](double by) {
        auto there = at;
        there[axis] += by;
        return f(there);
    };
    return (8 * (moved(wide_step) - moved(-wide_step)) - (moved(2 * wide_step) - moved(-2 * wide_step))) /
           (12 * wide_step);
}

/// Minus the matrix of second derivatives.
Dense curvature(const Marginal& model, const std::vector<double>& at) {
    const std::size_t n = at.size();
    Dense made(n, n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j <= i; ++j)
            made(i, j) = made(j, i) = -slope_along(
                [&](const std::vector<double>& there) {
                    return slope_along([&](const std::vector<double>& p) { return model.value(p); }, there,
                                       j);
                },
                at, i);
    return made;
}

} // namespace

CountFit poisson_regression(const Dense& x, const std::vector<double>& y) {
    CountFit fit;
    fit.converged = reweigh(x, y, 0, first_means(y), fit);
    return fit;
}

CountFit negative_binomial_regression(const Dense& x, const std::vector<double>& y) {
    auto fit = poisson_regression(x, y);
    if (!fit.converged) return fit;
    fit.converged = false;
    double last = 0;
    for (int turn = 0; turn < 200; ++turn) {
        const auto mu = fitted(x, fit.beta);
        // Above this theta the counts are as even as Poisson's and the likelihood has no top.
        constexpr double most = 1e7;
        const auto score = [&](double log_theta) { return theta_score(y, mu, std::exp(log_theta)); };
        if (score(std::log(most)) > 0) {
            fit = poisson_regression(x, y);
            return fit;
        }
        const auto root = num::root_between(score, std::log(1e-6), std::log(most));
        if (!root.converged) return fit;
        fit.theta = std::exp(root.value);
        if (!reweigh(x, y, fit.theta, mu, fit)) return fit;
        if (std::fabs(root.value - last) < 1e-11) {
            fit.converged = true;
            break;
        }
        last = root.value;
    }
    return fit;
}

CountFit random_intercept(const Dense& x, const std::vector<double>& y,
                          const std::vector<std::size_t>& subject, std::size_t subjects,
                          bool negative_binomial) {
    ASSAY_EXPECT(x.rows == y.size() && subject.size() == y.size());
    const Marginal model(x, y, subject, subjects, negative_binomial);
    auto fit = poisson_regression(x, y);
    if (!fit.converged) return fit;
    fit.converged = false;
    auto at = fit.beta;
    at.push_back(std::log(0.5));
    if (negative_binomial) at.push_back(std::log(5.0));
    double value = model.value(at);
    const auto f = [&](const std::vector<double>& p) { return model.value(p); };
    for (int step = 0; step < 100; ++step) {
        std::vector<double> gradient;
        for (std::size_t j = 0; j < at.size(); ++j)
            gradient.push_back(slope_along(f, at, j));
        auto bend = curvature(model, at);
        auto turned = inverse(bend);
        for (double ridge = 0.1; !turned.possible && ridge < 1e6; ridge *= 10) {
            for (std::size_t j = 0; j < at.size(); ++j)
                bend(j, j) += ridge;
            turned = inverse(bend);
        }
        if (!turned.possible) return fit;
        std::vector<double> move(at.size(), 0);
        double longest = 0;
        for (std::size_t i = 0; i < at.size(); ++i) {
            for (std::size_t j = 0; j < at.size(); ++j)
                move[i] += turned.matrix(i, j) * gradient[j];
            longest = std::max(longest, std::fabs(move[i]));
        }
        double share = longest > 1 ? 1 / longest : 1;
        for (int halving = 0; halving < 30; ++halving, share /= 2) {
            auto next = at;
            for (std::size_t i = 0; i < at.size(); ++i)
                next[i] += share * move[i];
            const double reached = model.value(next);
            if (reached < value - 1e-10) continue;
            at = next;
            value = reached;
            break;
        }
        if (longest < 1e-8) {
            fit.converged = true;
            break;
        }
    }
    const auto turned = inverse(curvature(model, at));
    fit.converged = fit.converged && turned.possible;
    for (std::size_t j = 0; j < x.columns; ++j) {
        fit.beta[j] = at[j];
        fit.se[j] = turned.possible ? std::sqrt(turned.matrix(j, j)) : 0;
    }
    fit.sd_subject = std::exp(at[x.columns]);
    fit.theta = negative_binomial ? std::exp(at[x.columns + 1]) : 0;
    return fit;
}

} // namespace assay::trial
