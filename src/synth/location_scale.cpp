#include "synth/location_scale.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::synth {

namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

/// Minus the likelihood of the scale's coefficients, with its gradient, in O(k (p^2 + q)).
class ScaleLikelihood {
public:
    ScaleLikelihood(std::span<const double> y, std::span<const double> v, const num::Matrix& q_x,
                    const num::Matrix& z, const LocationScaleOptions& options)
        : y_(y), v_(v), x_(q_x), z_(z), restricted_(options.likelihood == Likelihood::restricted),
          log_link_(options.link == ScaleLink::log), tau2(y.size()), w_(y.size()),
          xwx_(q_x.columns * q_x.columns), gamma(q_x.columns), inverse(q_x.columns, q_x.columns),
          scratch_(q_x.columns * q_x.columns) {}

    bool operator()(std::span<const double> alpha, double& value, std::span<double> gradient) {
        const std::size_t k = y_.size(), p = x_.columns;
        double log_det = 0;
        std::fill(xwx_.begin(), xwx_.end(), 0.0);
        std::fill(gamma.begin(), gamma.end(), 0.0);
        for (std::size_t i = 0; i < k; ++i) {
            const double linear = num::dot(z_.row(i), alpha);
            tau2[i] = log_link_ ? std::exp(linear) : linear;
            const double total = v_[i] + tau2[i];
            if (!(tau2[i] >= 0) || !(total > 0) || !std::isfinite(total)) return false;
            w_[i] = 1 / total;
            log_det += std::log(total);
            for (std::size_t j = 0; j < p; ++j) {
                const double wx = w_[i] * x_(i, j);
                gamma[j] += wx * y_[i];
                for (std::size_t l = j; l < p; ++l)
                    xwx_[j * p + l] += wx * x_(i, l);
            }
        }
        if (!num::cholesky(xwx_, p)) return false;
        num::solve_transposed(xwx_, p, gamma, 1);
        num::solve_upper(xwx_, p, gamma, 1);
        num::inverse_from_cholesky(xwx_, p, inverse.cells, scratch_);
        rss = 0;
        std::fill(gradient.begin(), gradient.end(), 0.0);
        for (std::size_t i = 0; i < k; ++i) {
            const double r = y_[i] - num::dot(x_.row(i), gamma);
            rss += w_[i] * r * r;
            if (gradient.empty()) continue;
            double p_ii = w_[i];
            if (restricted_) {
                double leverage = 0;
                for (std::size_t j = 0; j < p; ++j)
                    leverage += x_(i, j) * num::dot(inverse.row(j), x_.row(i));
                p_ii -= w_[i] * w_[i] * leverage;
            }
            const double slope = 0.5 * (p_ii - w_[i] * w_[i] * r * r) * (log_link_ ? tau2[i] : 1);
            for (std::size_t j = 0; j < gradient.size(); ++j)
                gradient[j] += slope * z_(i, j);
        }
        value = 0.5 * (log_det + rss + (restricted_ ? num::log_determinant(xwx_, p) : 0));
        return std::isfinite(value);
    }

private:
    std::span<const double> y_, v_;
    const num::Matrix& x_;
    const num::Matrix& z_;
    bool restricted_, log_link_;

public:
    std::vector<double> tau2;

private:
    std::vector<double> w_, xwx_;

public:
    std::vector<double> gamma; ///< coefficients of the orthonormal columns
    num::Matrix inverse;       ///< their covariance
    double rss = 0;

private:
    std::vector<double> scratch_;
};

bool is_intercept(const num::Matrix& x, std::size_t column) {
    for (std::size_t i = 0; i < x.rows; ++i)
        if (x(i, column) != 1) return false;
    return true;
}

void test_all(Coefficients& part, const num::Matrix& design, const std::vector<char>& estimated,
              double level) {
    const std::size_t p = design.columns;
    std::vector<std::size_t> tested;
    bool intercept = false;
    for (std::size_t j = 0; j < p; ++j) {
        const double se = estimated[j] ? std::sqrt(part.covariance(j, j)) : nan;
        const double half = num::critical_value(level, part.df) * se;
        part.se.push_back(se);
        part.statistic.push_back(part.estimate[j] / se);
        part.p.push_back(std::isnan(se) ? nan : num::two_sided_p(part.statistic.back(), part.df));
        part.ci_low.push_back(part.estimate[j] - half);
        part.ci_high.push_back(part.estimate[j] + half);
        if (!intercept && is_intercept(design, j))
            intercept = true;
        else if (estimated[j])
            tested.push_back(j);
    }
    if (tested.empty()) return;
    num::Matrix block(tested.size(), tested.size());
    for (std::size_t a = 0; a < tested.size(); ++a)
        for (std::size_t b = 0; b < tested.size(); ++b)
            block(a, b) = part.covariance(tested[a], tested[b]);
    const num::Matrix inverse = num::inverse_of(block);
    if (inverse.rows == 0) return;
    double form = 0;
    for (std::size_t a = 0; a < tested.size(); ++a)
        for (std::size_t b = 0; b < tested.size(); ++b)
            form += part.estimate[tested[a]] * inverse(a, b) * part.estimate[tested[b]];
    ModeratorTest test{form, 1, static_cast<int>(tested.size()), std::nullopt};
    if (part.df > 0) {
        test.statistic = form / test.df1;
        test.df2 = part.df;
        test.p = num::f_upper(test.statistic, test.df1, part.df);
    } else
        test.p = num::chi_squared_upper(form, test.df1);
    part.test = test;
}

/// alpha = R^-1 a when z = Q R: the search runs over orthonormal columns, which makes it independent of the
/// units of the scale's moderators.
struct ScaleBasis {
    num::Matrix q, r_inverse, r;
};

} // namespace

LocationScaleFit location_scale(std::span<const double> y, std::span<const double> v, const num::Matrix& x,
                                const num::Matrix& z, const LocationScaleOptions& options) {
    LocationScaleFit fit;
    const std::size_t k = y.size(), p = x.columns, q = z.columns;
    if (k <= p || k <= q) {
        fit.notes.emplace_back("there are not more studies than coefficients");
        return fit;
    }
    if (std::any_of(v.begin(), v.end(), [](double one) { return !(one > 0) || !std::isfinite(one); })) {
        fit.notes.emplace_back("a sampling variance is not positive");
        return fit;
    }
    const num::ThinQr location = num::thin_qr(x), scale = num::thin_qr(z);
    if (!location.dependent.empty() || !scale.dependent.empty()) {
        fit.notes.emplace_back("columns of a design matrix depend on one another");
        return fit;
    }
    const bool log_link = options.link == ScaleLink::log;
    const bool any_given = std::any_of(options.alpha.begin(), options.alpha.end(),
                                       [](const auto& one) { return one.has_value(); });
    // With given coefficients the search must keep the columns as they are.
    const double root_k = std::sqrt(static_cast<double>(k));
    num::Matrix basis = any_given ? z : scale.q, to_alpha(q, q);
    if (any_given)
        for (std::size_t j = 0; j < q; ++j)
            to_alpha(j, j) = 1;
    else {
        for (double& cell : basis.cells)
            cell *= root_k;
        to_alpha = num::inverse_upper(scale.r);
        for (double& cell : to_alpha.cells)
            cell *= root_k;
    }
    ScaleLikelihood likelihood(y, v, location.q, basis, options);

    // Start where a common tau2 of moment size would be.
    double mean_v = 0, spread = 0;
    {
        std::vector<double> fitted(k, 0.0);
        for (std::size_t j = 0; j < p; ++j) {
            double share = 0;
            for (std::size_t i = 0; i < k; ++i)
                share += location.q(i, j) * y[i];
            for (std::size_t i = 0; i < k; ++i)
                fitted[i] += share * location.q(i, j);
        }
        for (std::size_t i = 0; i < k; ++i) {
            spread += (y[i] - fitted[i]) * (y[i] - fitted[i]);
            mean_v += v[i];
        }
        spread /= static_cast<double>(k - p);
        mean_v /= static_cast<double>(k);
    }
    const double moment = std::max(spread - mean_v, 0.1 * mean_v);
    std::vector<double> low(q, -infinity), high(q, infinity), sizes(q, log_link ? 1.0 : mean_v);
    std::vector<char> estimated(q, 1);
    num::Minimum best;
    bool found = false;
    for (const double share : {1.0, 0.1, 3.0}) {
        // Coefficients whose linear predictor is nearest to the constant wanted.
        const double wanted = log_link ? std::log(share * moment) : share * moment;
        std::vector<double> start(q, 0.0);
        if (any_given) {
            for (std::size_t j = 0; j < q; ++j) {
                if (is_intercept(z, j)) start[j] = wanted;
                if (j < options.alpha.size() && options.alpha[j]) {
                    low[j] = high[j] = start[j] = *options.alpha[j];
                    estimated[j] = 0;
                }
            }
        } else
            for (std::size_t j = 0; j < q; ++j) {
                for (std::size_t i = 0; i < k; ++i)
                    start[j] += basis(i, j) * wanted;
                start[j] /= static_cast<double>(k);
            }
        const num::BoxOptions box{low, high, sizes};
        num::Minimum one = num::minimise_in_box(likelihood, start, box);
        if (one.stop == num::Stop::undefined_start) continue;
        if (!found || one.value < best.value - 1e-10 * (1 + std::fabs(best.value))) best = std::move(one);
        found = true;
    }
    if (!found) {
        fit.notes.emplace_back("no coefficients of the scale could be found at which every tau2 is positive");
        return fit;
    }
    if (!best.converged())
        fit.notes.push_back("the search for the maximum ended after " + std::to_string(best.iterations) +
                            " steps: " + std::string(to_string(best.stop)));
    fit.k = static_cast<int>(k);
    const num::BoxOptions box{low, high, sizes};
    const std::vector<double> hessian = num::hessian_of(likelihood, best.x, box, 1e-4);
    double value = 0;
    likelihood(best.x, value, {});
    fit.tau2 = likelihood.tau2;
    for (double tau2 : fit.tau2)
        if (tau2 < 1e-8 * mean_v) {
            fit.notes.emplace_back(
                "tau2 of a study is nearly 0; the scale's coefficients may be at their end");
            break;
        }

    // The location.
    const num::Matrix r_inverse = num::inverse_upper(location.r);
    fit.location.estimate.assign(p, 0.0);
    for (std::size_t j = 0; j < p; ++j)
        fit.location.estimate[j] = num::dot(r_inverse.row(j), likelihood.gamma);
    num::Matrix transposed(p, p);
    for (std::size_t i = 0; i < p; ++i)
        for (std::size_t j = 0; j < p; ++j)
            transposed(i, j) = r_inverse(j, i);
    fit.location.covariance = num::product(num::product(r_inverse, likelihood.inverse), transposed);
    if (options.test == Test::knha || options.test == Test::adhoc) {
        fit.factor = likelihood.rss / static_cast<double>(k - p);
        if (options.test == Test::adhoc) fit.factor = std::max(1.0, fit.factor);
        for (double& cell : fit.location.covariance.cells)
            cell *= fit.factor;
    }
    if (options.test != Test::z) {
        fit.location.df = static_cast<double>(k - p);
        fit.scale.df = static_cast<double>(k - q);
    }
    test_all(fit.location, x, std::vector<char>(p, 1), options.level);

    // The scale: the inverse of the observed information, taken back to the columns of z.
    std::vector<std::size_t> free;
    for (std::size_t j = 0; j < q; ++j)
        if (estimated[j]) free.push_back(j);
    num::Matrix information(free.size(), free.size());
    for (std::size_t a = 0; a < free.size(); ++a)
        for (std::size_t b = 0; b < free.size(); ++b)
            information(a, b) = hessian[free[a] * q + free[b]];
    const num::Matrix inverse = num::inverse_of(information);
    fit.scale.estimate.assign(q, 0.0);
    for (std::size_t j = 0; j < q; ++j)
        fit.scale.estimate[j] = num::dot(to_alpha.row(j), best.x);
    num::Matrix in_basis(q, q);
    if (inverse.rows == free.size())
        for (std::size_t a = 0; a < free.size(); ++a)
            for (std::size_t b = 0; b < free.size(); ++b)
                in_basis(free[a], free[b]) = inverse(a, b);
    else {
        std::fill(in_basis.cells.begin(), in_basis.cells.end(), nan);
        fit.notes.emplace_back("the information about the scale cannot be inverted");
    }
    fit.scale.covariance = num::Matrix(q, q);
    const num::Matrix half = num::product(to_alpha, in_basis);
    for (std::size_t i = 0; i < q; ++i)
        for (std::size_t j = 0; j < q; ++j)
            fit.scale.covariance(i, j) = num::dot(half.row(i), to_alpha.row(j));
    test_all(fit.scale, z, estimated, options.level);

    // Q at weights 1/v, and the likelihood with all constants.
    {
        LocationScaleOptions plain = options;
        plain.link = ScaleLink::identity;
        num::Matrix nothing(k, 1);
        ScaleLikelihood at_zero(y, v, location.q, nothing, plain);
        const double zero[1] = {0};
        double unused = 0;
        at_zero(zero, unused, {});
        fit.q = at_zero.rss;
        fit.q_df = static_cast<int>(k - p);
        fit.q_p = num::chi_squared_upper(fit.q, fit.q_df);
    }
    const double two_pi = 6.283185307179586476925;
    const double count = static_cast<double>(options.likelihood == Likelihood::restricted ? k - p : k);
    const double ll = -0.5 * count * std::log(two_pi) - best.value;
    const double parameters = static_cast<double>(p + free.size()), most = std::max(count, parameters + 2);
    fit.statistics = {ll, -2 * ll + 2 * parameters, -2 * ll + parameters * std::log(count),
                      -2 * ll + 2 * parameters * most / (most - parameters - 1)};
    fit.search = std::move(best);
    return fit;
}

} // namespace assay::synth
