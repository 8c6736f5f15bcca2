#include "synth/problem.hpp"

#include "synth/regression.hpp"

#include <cmath>

namespace assay::synth {

Point at_tau2(const Problem& problem, double tau2) {
    if (!problem.x.empty()) return at_tau2_with_columns(problem, tau2);
    const auto y = problem.y, v = problem.v;
    const std::size_t k = y.size();
    Point point;
    if (k == 0) return point;

    // Relative to the first effect, a large common offset costs no digits.
    const double origin = y[0];
    double sum_w = 0, sum_w2 = 0, sum_w3 = 0, sum_wy = 0;
    for (std::size_t i = 0; i < k; ++i) {
        const double w = 1 / (v[i] + tau2);
        sum_w += w;
        sum_w2 += w * w;
        sum_w3 += w * w * w;
        sum_wy += w * (y[i] - origin);
    }
    const double offset = sum_wy / sum_w;
    double q = 0, ypp = 0, w3r2 = 0, w2r = 0;
    for (std::size_t i = 0; i < k; ++i) {
        const double w = 1 / (v[i] + tau2);
        const double r = (y[i] - origin) - offset;
        const double wr = w * r;
        q += wr * r;
        ypp += wr * wr;
        w2r += w * wr;
        w3r2 += w * wr * wr;
    }
    point.mean = origin + offset;
    point.sum_w = sum_w;
    point.sum_w2 = sum_w2;
    point.log_det = std::log(sum_w);
    if (k == 1) return point; // nothing left after the mean: every form and trace of P is exactly zero
    point.q = q;
    point.ypp = ypp;
    point.yppp = w3r2 - w2r * w2r / sum_w;
    const double ratio = sum_w2 / sum_w;
    point.tr_p = sum_w - ratio;
    point.tr_pp = sum_w2 - 2 * sum_w3 / sum_w + ratio * ratio;
    return point;
}

Unweighted unweighted(const Problem& problem) {
    if (!problem.x.empty()) return unweighted_with_columns(problem);
    const auto y = problem.y, v = problem.v;
    const std::size_t k = y.size();
    Unweighted result;
    if (k == 0) return result;
    const double n = static_cast<double>(k), origin = y[0];
    double sum = 0, sum_v = 0, sum_v2 = 0;
    for (std::size_t i = 0; i < k; ++i) {
        sum += y[i] - origin;
        sum_v += v[i];
        sum_v2 += v[i] * v[i];
    }
    const double offset = sum / n;
    for (std::size_t i = 0; i < k; ++i) {
        const double r = (y[i] - origin) - offset;
        result.rss += r * r;
    }
    result.tr_pv = sum_v * (n - 1) / n;
    result.tr_pvpv = sum_v2 * (1 - 2 / n) + sum_v * sum_v / (n * n);
    return result;
}

} // namespace assay::synth
