#include "trial/autoregressive.hpp"

#include "base/error.hpp"

#include <cmath>

namespace assay::trial {

namespace {

struct Whitened {
    LeastSquares fit;
    double log_det = 0; ///< of the correlation matrix
};

/// Rows turned so that their errors are independent: the first as it is, each other minus phi^gap times the
/// one before, over sqrt(1 - phi^(2 gap)).
Whitened whiten(const Dense& x, const std::vector<double>& y, const std::vector<double>& time, double phi) {
    Dense turned(x.rows, x.columns);
    std::vector<double> right(x.rows);
    Whitened made;
    for (std::size_t i = 0; i < x.rows; ++i) {
        const double gap = i > 0 ? time[i] - time[i - 1] : 0;
        const double sign = phi < 0 && std::fmod(std::round(gap), 2.0) != 0 ? -1 : 1;
        const double carry = i > 0 ? sign * std::pow(std::fabs(phi), gap) : 0;
        const double spread = std::sqrt(1 - carry * carry);
        made.log_det += 2 * std::log(spread);
        right[i] = (y[i] - (i > 0 ? carry * y[i - 1] : 0)) / spread;
        for (std::size_t j = 0; j < x.columns; ++j)
            turned(i, j) = (x(i, j) - (i > 0 ? carry * x(i - 1, j) : 0)) / spread;
    }
    made.fit = least_squares(turned, right);
    return made;
}

} // namespace

AutoregressiveFit autoregressive_reml(const Dense& x, const std::vector<double>& y,
                                      const std::vector<double>& time) {
    ASSAY_EXPECT(x.rows == y.size() && time.size() == y.size());
    AutoregressiveFit out;
    if (x.rows <= x.columns + 1) return out;
    const double df = static_cast<double>(x.rows - x.columns);
    // Minus twice the restricted log likelihood with sigma at its best, without constants.
    auto deviance = [&](double phi) {
        const auto at = whiten(x, y, time, phi);
        if (!at.fit.possible) return 1e300;
        return df * std::log(at.fit.rss / df) + at.log_det + at.fit.log_det;
    };
    // A coarse look over the whole range first: there can be more than one valley. Then golden section.
    double low = -0.99, high = 0.99, best = 0, depth = 1e301;
    for (int i = -99; i <= 99; i += 3)
        if (const double here = deviance(i / 100.0); here < depth) {
            depth = here;
            best = i / 100.0;
        }
    low = std::max(-0.9999, best - 0.03);
    high = std::min(0.9999, best + 0.03);
    constexpr double golden = 0.61803398874989484820;
    double left = high - golden * (high - low), right = low + golden * (high - low);
    double at_left = deviance(left), at_right = deviance(right);
    while (high - low > 1e-9) {
        if (at_left < at_right) {
            high = right;
            right = left;
            at_right = at_left;
            left = high - golden * (high - low);
            at_left = deviance(left);
        } else {
            low = left;
            left = right;
            at_left = at_right;
            right = low + golden * (high - low);
            at_right = deviance(right);
        }
    }
    out.phi = 0.5 * (low + high);
    const auto at = whiten(x, y, time, out.phi);
    if (!at.fit.possible) return out;
    out.beta = at.fit.beta;
    out.df = df;
    out.sigma = std::sqrt(at.fit.rss / df);
    for (std::size_t j = 0; j < x.columns; ++j)
        out.se.push_back(out.sigma * std::sqrt(at.fit.unscaled(j, j)));
    out.converged = std::fabs(out.phi) < 0.999;
    return out;
}

} // namespace assay::trial
