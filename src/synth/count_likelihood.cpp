#include "synth/count_likelihood.hpp"

#include "num/gamma.hpp"

#include <algorithm>
#include <cmath>

namespace assay::synth {

namespace {

double log_choose(double n, double k) {
    return num::log_gamma(n + 1) - num::log_gamma(k + 1) - num::log_gamma(n - k + 1);
}

/// log(1 + e^x) without overflow.
double softplus(double x) {
    return x > 0 ? x + std::log1p(std::exp(-x)) : std::log1p(std::exp(x));
}

double x_log_x(double x, double y) {
    return x > 0 ? x * std::log(y) : 0;
}

CellValue hypergeometric_at(const CountCell& cell, double eta) {
    // Moments of the support's index with weights exp(log_weights + index eta), about the mean.
    double top = -INFINITY;
    const std::size_t size = cell.log_weights.size();
    for (std::size_t j = 0; j < size; ++j)
        top = std::max(top, cell.log_weights[j] + static_cast<double>(j) * eta);
    double sum = 0, mean = 0;
    for (std::size_t j = 0; j < size; ++j) {
        const double w = std::exp(cell.log_weights[j] + static_cast<double>(j) * eta - top);
        sum += w;
        mean += w * static_cast<double>(j);
    }
    mean /= sum;
    double m2 = 0, m3 = 0, m4 = 0;
    for (std::size_t j = 0; j < size; ++j) {
        const double w = std::exp(cell.log_weights[j] + static_cast<double>(j) * eta - top) / sum;
        const double d = static_cast<double>(j) - mean;
        m2 += w * d * d;
        m3 += w * d * d * d;
        m4 += w * d * d * d * d;
    }
    const double index = cell.x - cell.first;
    return {cell.constant + index * eta - top - std::log(sum), index - mean, -m2, -m3, -(m4 - 3 * m2 * m2)};
}

/// Log density of a study and its derivatives along u.
struct Along {
    double value = 0, slope = 0, curvature = 0;
};

template<std::size_t N> num::Jet<N> cell_value(const CellValue& c, const num::Jet<N>& eta) {
    return num::chain(eta, c.value, c.d1, c.d2);
}
template<std::size_t N> num::Jet<N> cell_slope(const CellValue& c, const num::Jet<N>& eta) {
    return num::chain(eta, c.d1, c.d2, c.d3);
}
template<std::size_t N> num::Jet<N> cell_curvature(const CellValue& c, const num::Jet<N>& eta) {
    return num::chain(eta, c.d2, c.d3, c.d4);
}

/// The mode of the log-concave density along one random effect, by Newton's method with halving.
double mode_of(const CountStudy& study, const double (&base)[2], double s, double start) {
    const auto along = [&](double u) {
        Along out{-0.5 * u * u, -u, -1};
        for (int c = 0; c < 2; ++c) {
            if (study.cell[c].family == CountCell::Family::none) continue;
            const double slope = s * study.z[c];
            const CellValue v = at(study.cell[c], base[c] + slope * u);
            out.value += v.value;
            out.slope += slope * v.d1;
            out.curvature += slope * slope * v.d2;
        }
        return out;
    };
    double u = std::isfinite(start) ? start : 0;
    Along here = along(u);
    if (!std::isfinite(here.value)) {
        u = 0;
        here = along(u);
    }
    for (int iteration = 0; iteration < 100; ++iteration) {
        const double step = -here.slope / here.curvature;
        if (std::fabs(step) <= 1e-14 * (1 + std::fabs(u))) break;
        double share = 1;
        Along next = along(u + step);
        while (!(next.value >= here.value - 1e-13 * std::fabs(here.value)) && share > 1e-8) {
            share *= 0.5;
            next = along(u + share * step);
        }
        u += share * step;
        here = next;
        if (share * std::fabs(step) <= 1e-13 * (1 + std::fabs(u))) break;
    }
    return u;
}

} // namespace

CountCell binomial_cell(double x, double n, double offset) {
    CountCell cell;
    cell.family = CountCell::Family::binomial;
    cell.x = x;
    cell.size = n;
    cell.constant = log_choose(n, x);
    cell.offset = offset;
    return cell;
}

CountCell poisson_cell(double x, double time) {
    CountCell cell;
    cell.family = CountCell::Family::poisson;
    cell.x = x;
    cell.size = time;
    cell.constant = -num::log_gamma(x + 1);
    cell.offset = std::log(time);
    return cell;
}

CountCell hypergeometric_cell(double x1, double n1, double x2, double n2) {
    CountCell cell;
    cell.family = CountCell::Family::hypergeometric;
    const double events = x1 + x2;
    cell.x = x1;
    cell.first = std::max(0.0, events - n2);
    const double last = std::min(events, n1);
    for (double j = cell.first; j <= last; ++j)
        cell.log_weights.push_back(log_choose(n1, j) + log_choose(n2, events - j));
    cell.constant = cell.log_weights[static_cast<std::size_t>(x1 - cell.first)];
    return cell;
}

CellValue at(const CountCell& cell, double eta) {
    eta += cell.offset;
    switch (cell.family) {
    case CountCell::Family::none:
        return {};
    case CountCell::Family::binomial: {
        const double p = 1 / (1 + std::exp(-eta)), q = 1 / (1 + std::exp(eta)), v = cell.size * p * q;
        return {cell.constant + cell.x * eta - cell.size * softplus(eta), cell.x - cell.size * p, -v,
                -v * (q - p), -v * (1 - 6 * p * q)};
    }
    case CountCell::Family::poisson: {
        const double mean = std::exp(eta);
        return {cell.constant + cell.x * eta - mean, cell.x - mean, -mean, -mean, -mean};
    }
    case CountCell::Family::hypergeometric:
        return hypergeometric_at(cell, eta);
    }
    return {};
}

double saturated(const CountCell& cell) {
    switch (cell.family) {
    case CountCell::Family::binomial:
        return cell.constant + x_log_x(cell.x, cell.x / cell.size) +
               x_log_x(cell.size - cell.x, (cell.size - cell.x) / cell.size);
    case CountCell::Family::poisson:
        return cell.constant + x_log_x(cell.x, cell.x) - cell.x;
    case CountCell::Family::hypergeometric: {
        const double index = cell.x - cell.first;
        if (index == 0 || index + 1 == static_cast<double>(cell.log_weights.size())) return 0;
        double eta = 0;
        for (int iteration = 0; iteration < 200; ++iteration) {
            const CellValue v = at(cell, eta);
            const double step = std::clamp(-v.d1 / v.d2, -2.0, 2.0);
            eta += step;
            if (std::fabs(step) < 1e-14 * (1 + std::fabs(eta))) break;
        }
        return at(cell, eta).value;
    }
    case CountCell::Family::none:
        break;
    }
    return 0;
}

num::Jet<3> integrated(const CountStudy& study, double b1, double b2, double s, const num::Rule& rule,
                       double& mode) {
    using J = num::Jet<3>;
    const double base[2] = {b1, b2};
    mode = mode_of(study, base, s, mode);
    const J b[2] = {J::variable(b1, 0), J::variable(b2, 1)}, scale = J::variable(s, 2);
    const auto eta_at = [&](int c, const J& u) { return b[c] + scale * u * study.z[c]; };
    // Newton steps from the mode carry its derivatives: one step the first, two steps the second.
    J u(mode);
    J information(1);
    for (int step = 0; step < 3; ++step) {
        J slope = u * -1.0;
        information = J(1);
        for (int c = 0; c < 2; ++c) {
            if (study.cell[c].family == CountCell::Family::none) continue;
            const J eta = eta_at(c, u), load = scale * study.z[c];
            const CellValue v = at(study.cell[c], eta.value);
            slope = slope + load * cell_slope(v, eta);
            information = information - load * load * cell_curvature(v, eta);
        }
        if (step < 2) u = u + slope / information;
    }
    const J spread = num::sqrt(J(1) / information);
    // log sum of w exp(h + node^2/2), scaled by the value at the mode.
    J sum, top;
    const std::size_t n = rule.nodes.size();
    for (std::size_t m = 0; m < n + 1; ++m) {
        // The first pass (m = 0) is the mode itself.
        const double node = m == 0 ? 0 : rule.nodes[m - 1];
        const J at_node = m == 0 ? u : u + spread * node;
        J h = at_node * at_node * -0.5 + 0.5 * node * node;
        for (int c = 0; c < 2; ++c) {
            if (study.cell[c].family == CountCell::Family::none) continue;
            const J eta = eta_at(c, at_node);
            h = h + cell_value(at(study.cell[c], eta.value), eta);
        }
        if (m == 0) {
            top = h;
            if (n == 1) return h + num::log(spread);
        } else
            sum = sum + num::exp(h - top) * rule.weights[m - 1];
    }
    return top + num::log(spread) + num::log(sum);
}

num::Jet<4> integrated_twice(const CountStudy& study, double theta, double alpha, double sigma, double tau,
                             double (&mode)[2]) {
    using J = num::Jet<4>;
    // The mode in plain numbers first.
    double u[2] = {mode[0], mode[1]};
    const auto value_at = [&](const double(&x)[2], double(&slope)[2], double(&info)[3]) {
        double value = -0.5 * (x[0] * x[0] + x[1] * x[1]);
        slope[0] = -x[0];
        slope[1] = -x[1];
        info[0] = info[2] = 1;
        info[1] = 0;
        for (int c = 0; c < 2; ++c) {
            const double a0 = sigma, a1 = tau * study.z[c];
            const CellValue v = at(study.cell[c], alpha + (c == 0 ? theta : 0) + a0 * x[0] + a1 * x[1]);
            value += v.value;
            slope[0] += a0 * v.d1;
            slope[1] += a1 * v.d1;
            info[0] -= a0 * a0 * v.d2;
            info[1] -= a0 * a1 * v.d2;
            info[2] -= a1 * a1 * v.d2;
        }
        return value;
    };
    double slope[2], info[3];
    double here = value_at(u, slope, info);
    if (!std::isfinite(here)) {
        u[0] = u[1] = 0;
        here = value_at(u, slope, info);
    }
    for (int iteration = 0; iteration < 100; ++iteration) {
        const double det = info[0] * info[2] - info[1] * info[1];
        const double step[2] = {(info[2] * slope[0] - info[1] * slope[1]) / det,
                                (info[0] * slope[1] - info[1] * slope[0]) / det};
        double share = 1, next[2];
        for (;; share *= 0.5) {
            next[0] = u[0] + share * step[0];
            next[1] = u[1] + share * step[1];
            const double there = value_at(next, slope, info);
            if (there >= here - 1e-13 * std::fabs(here) || share < 1e-8) {
                here = there;
                break;
            }
        }
        u[0] = next[0];
        u[1] = next[1];
        if (share * (std::fabs(step[0]) + std::fabs(step[1])) <=
            1e-13 * (1 + std::fabs(u[0]) + std::fabs(u[1])))
            break;
    }
    mode[0] = u[0];
    mode[1] = u[1];
    const J th = J::variable(theta, 0), al = J::variable(alpha, 1), si = J::variable(sigma, 2),
            ta = J::variable(tau, 3);
    J x0(u[0]), x1(u[1]), i00(1), i01, i11(1), h;
    for (int step = 0; step < 3; ++step) {
        J s0 = x0 * -1.0, s1 = x1 * -1.0;
        i00 = J(1);
        i01 = J(0);
        i11 = J(1);
        h = (x0 * x0 + x1 * x1) * -0.5;
        for (int c = 0; c < 2; ++c) {
            const J a1 = ta * study.z[c];
            J eta = al + si * x0 + a1 * x1;
            if (c == 0) eta = eta + th;
            const CellValue v = at(study.cell[c], eta.value);
            const J d = cell_slope(v, eta), w = cell_curvature(v, eta) * -1.0;
            h = h + cell_value(v, eta);
            s0 = s0 + si * d;
            s1 = s1 + a1 * d;
            i00 = i00 + si * si * w;
            i01 = i01 + si * a1 * w;
            i11 = i11 + a1 * a1 * w;
        }
        if (step == 2) break;
        const J det = i00 * i11 - i01 * i01;
        const J d0 = (i11 * s0 - i01 * s1) / det, d1 = (i00 * s1 - i01 * s0) / det;
        x0 = x0 + d0;
        x1 = x1 + d1;
    }
    return h - num::log(i00 * i11 - i01 * i01) * 0.5;
}

} // namespace assay::synth
