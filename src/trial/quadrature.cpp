#include "trial/quadrature.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

namespace assay::trial {

double log_normal_density(double x, double mean, double sd) {
    const double u = (x - mean) / sd;
    return -0.5 * (u * u + log_two_pi) - std::log(sd);
}

Rule gauss_hermite(int n) {
    Rule rule;
    rule.node.resize(static_cast<std::size_t>(n));
    rule.weight.resize(static_cast<std::size_t>(n));
    double root = 0;
    for (int i = 0; i < (n + 1) / 2; ++i) {
        if (i == 0)
            root = std::sqrt(2.0 * n + 1) - 1.85575 * std::pow(2.0 * n + 1, -1.0 / 6);
        else if (i == 1)
            root -= 1.14 * std::pow(n, 0.426) / root;
        else if (i == 2)
            root = 1.86 * root - 0.86 * rule.node[0];
        else if (i == 3)
            root = 1.91 * root - 0.91 * rule.node[1];
        else
            root = 2 * root - rule.node[static_cast<std::size_t>(i - 2)];
        double slope = 1;
        for (int step = 0; step < 100; ++step) {
            double p1 = 0.75112554446494248286, p2 = 0; // pi^(-1/4)
            for (int j = 0; j < n; ++j) {
                const double p3 = p2;
                p2 = p1;
                p1 = root * std::sqrt(2.0 / (j + 1)) * p2 - std::sqrt(static_cast<double>(j) / (j + 1)) * p3;
            }
            slope = std::sqrt(2.0 * n) * p2;
            const double move = p1 / slope;
            root -= move;
            if (std::fabs(move) < 1e-15 * std::max(1.0, std::fabs(root))) break;
        }
        const auto low = static_cast<std::size_t>(i), high = static_cast<std::size_t>(n - 1 - i);
        rule.node[low] = root;
        rule.node[high] = -root;
        rule.weight[low] = rule.weight[high] = 2 / (slope * slope);
    }
    return rule;
}

Spline::Spline(double low, double step, std::vector<double> y)
    : low_(low), step_(step), y_(std::move(y)), second_(y_.size(), 0) {
    const auto n = y_.size();
    std::vector<double> c(n, 0), d(n, 0);
    for (std::size_t i = 1; i + 1 < n; ++i) {
        const double rhs = 6 * (y_[i + 1] - 2 * y_[i] + y_[i - 1]) / (step_ * step_);
        const double m = 4 - c[i - 1];
        c[i] = 1 / m;
        d[i] = (rhs - d[i - 1]) / m;
    }
    for (std::size_t i = n - 1; i-- > 1;)
        second_[i] = d[i] - c[i] * second_[i + 1];
}

double Spline::at(double x) const {
    const double u = std::clamp((x - low_) / step_, 0.0, static_cast<double>(y_.size() - 1));
    const auto i = std::min(static_cast<std::size_t>(u), y_.size() - 2);
    const double r = u - static_cast<double>(i), l = 1 - r;
    return l * y_[i] + r * y_[i + 1] +
           ((l * l * l - l) * second_[i] + (r * r * r - r) * second_[i + 1]) * step_ * step_ / 6;
}

double Density::below(double x) const {
    if (x <= b.front()) return 0;
    if (x >= b.back()) return 1;
    const double u = (x - b.front()) / (b[1] - b[0]);
    const auto i = std::min(static_cast<std::size_t>(u), b.size() - 2);
    return cumulative[i] + (u - static_cast<double>(i)) * (cumulative[i + 1] - cumulative[i]);
}

double Density::quantile(double p) const {
    const auto next = std::lower_bound(cumulative.begin(), cumulative.end(), p);
    const auto i = static_cast<std::size_t>(
        std::clamp<std::ptrdiff_t>(next - cumulative.begin(), 1, static_cast<std::ptrdiff_t>(b.size()) - 1));
    const double span = cumulative[i] - cumulative[i - 1];
    return b[i - 1] + (span > 0 ? (p - cumulative[i - 1]) / span : 0) * (b[i] - b[i - 1]);
}

double Density::mean() const {
    double sum = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        sum += mass[i] * b[i];
    return sum * (b[1] - b[0]);
}

double Density::sd() const {
    const double centre = mean();
    double sum = 0;
    for (std::size_t i = 0; i < b.size(); ++i)
        sum += mass[i] * (b[i] - centre) * (b[i] - centre);
    return std::sqrt(sum * (b[1] - b[0]));
}

Density density(num::Function log_density, double low, double high, int points) {
    Density made;
    const auto n = static_cast<std::size_t>(points);
    made.b.resize(n);
    std::vector<double> log_value(n);
    double top = -std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < n; ++i) {
        made.b[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(n - 1);
        log_value[i] = log_density(made.b[i]);
        top = std::max(top, log_value[i]);
    }
    made.mass.resize(n);
    made.cumulative.resize(n, 0);
    const double step = made.b[1] - made.b[0];
    for (std::size_t i = 0; i < n; ++i) {
        made.mass[i] = std::exp(log_value[i] - top);
        if (i > 0)
            made.cumulative[i] = made.cumulative[i - 1] + 0.5 * step * (made.mass[i] + made.mass[i - 1]);
    }
    const double total = made.cumulative.back();
    made.log_total = top + std::log(total);
    for (auto& value : made.cumulative)
        value /= total;
    for (auto& value : made.mass)
        value /= total;
    return made;
}

} // namespace assay::trial
