#include "num/weighted_chi_squared.hpp"

#include <algorithm>
#include <cmath>
#include <complex>
#include <vector>

namespace assay::num {

namespace {
using Complex = std::complex<double>;

/// The cumulant generating function -1/2*sum(log(1 - 2*w*s)) and its derivatives at a real s.
struct Cumulants {
    double first = 0, second = 0, third = 0;
};
Cumulants cumulants(std::span<const double> w, double s) {
    Cumulants k;
    for (double one : w) {
        const double a = one / (1 - 2 * one * s);
        k.first += a;
        k.second += 2 * a * a;
        k.third += 8 * a * a * a;
    }
    return k;
}

/// The s with first cumulant x; weights are scaled to a largest of 1, so that s is below 1/2.
double saddle(std::span<const double> w, double x) {
    double low = -0.5 * static_cast<double>(w.size()) / x - 1, high = 0.5;
    double s = 0;
    for (int step = 0; step < 200; ++step) {
        const Cumulants k = cumulants(w, s);
        (k.first > x ? high : low) = s;
        double next = s - (k.first - x) / k.second;
        if (!(next > low && next < high)) next = low + (high - low) / 2;
        if (std::fabs(next - s) <= 1e-10 * (1 + std::fabs(s))) return next;
        s = next;
    }
    return s;
}

struct Path {
    double start, bend; ///< s(u) = start + iu + bend*u^2
    std::span<const double> w;
    double x;
    /// The imaginary part of exp(K(s) - s*x)/s ds/du.
    double operator()(double u) const {
        const Complex s(start + bend * u * u, u);
        Complex log_value = -s * x;
        for (double one : w)
            log_value -= 0.5 * std::log(1.0 - 2 * one * s);
        return (std::exp(log_value) / s * Complex(2 * bend * u, 1)).imag();
    }
};

/// (1/pi) times the integral from 0: the trapezoidal rule with steps halved until nothing changes.
double integral(const Path& path, double width) {
    constexpr double pi = 3.14159265358979323846;
    constexpr int most_halvings = 12;
    constexpr double negligible = 1e-18, enough = 1e-13;
    double step = width / 2;
    const auto sum_from = [&](double offset, double stride) {
        double sum = 0, largest = 0;
        int small = 0;
        for (int i = 0; i < 2000000; ++i) {
            const double value = path(offset + i * stride);
            sum += value;
            largest = std::max(largest, std::fabs(value));
            small = std::fabs(value) <= negligible * largest ? small + 1 : 0;
            if (small == 3) break;
        }
        return sum;
    };
    double sum = sum_from(0, step) - 0.5 * path(0), last = sum * step;
    for (int halving = 0; halving < most_halvings; ++halving) {
        sum += sum_from(step / 2, step);
        step /= 2;
        const double next = sum * step;
        if (std::fabs(next - last) <= enough * std::fabs(next)) return next / pi;
        last = next;
    }
    return last / pi;
}
} // namespace

double weighted_chi_squared_upper(std::span<const double> weights, double x) {
    double largest = 0;
    for (double w : weights)
        largest = std::max(largest, w);
    if (!(x > 0)) return x == 0 && largest == 0 ? 0 : 1;
    if (!(largest > 0)) return 0;
    std::vector<double> w;
    for (double one : weights)
        if (one > 1e-15 * largest) w.push_back(one / largest);
    x /= largest;
    // The saddle is at zero where x is the mean; keep away from the pole there.
    double start = saddle(w, x);
    const double spread = std::sqrt(cumulants(w, 0).second);
    if (std::fabs(start) < 0.2 / spread) start = start < 0 ? -0.2 / spread : 0.2 / spread;
    const Cumulants k = cumulants(w, start);
    const Path path{start, k.third / (6 * k.second), w, x};
    const double tail = integral(path, 1 / std::sqrt(k.second));
    return std::clamp(start > 0 ? tail : 1 + tail, 0.0, 1.0);
}

} // namespace assay::num
