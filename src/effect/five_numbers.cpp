#include "effect/five_numbers.hpp"

#include "num/distributions.hpp"

#include <algorithm>
#include <cmath>

namespace assay::effect {

namespace {

double square(double x) {
    return x * x;
}

/// Which numbers are there.
enum class Shape { none, range, quartiles, all };

Shape shape_of(const FiveNumbers& f) {
    if (!f.median || !f.n) return Shape::none;
    const bool range = f.minimum && f.maximum, quartiles = f.q1 && f.q3;
    if (range && quartiles) return Shape::all;
    if (range && !f.q1 && !f.q3) return Shape::range;
    if (quartiles && !f.minimum && !f.maximum) return Shape::quartiles;
    return Shape::none;
}

struct Numbers {
    double a, q1, m, q3, b, n;
    /// Expected range and distance of quartiles of a standard normal sample: Blom's approximation.
    double range() const { return 2 * num::normal_quantile((n - 0.375) / (n + 0.25)); }
    double distance() const { return 2 * num::normal_quantile((0.75 * n - 0.125) / (n + 0.25)); }
    double sd_by_range() const { return (b - a) / range(); }
    double sd_by_quartiles() const { return (q3 - q1) / distance(); }
};

bool is_skewed(const Numbers& x, Shape shape) {
    const double by_range = std::fabs((x.a + x.b - 2 * x.m) / (x.b - x.a));
    const double by_quartiles = std::fabs((x.q1 + x.q3 - 2 * x.m) / (x.q3 - x.q1));
    const double n = x.n, root = std::sqrt(n);
    if (shape == Shape::range) return by_range >= 1 / std::log(n + 9) + 2.5 / (n + 1);
    if (shape == Shape::quartiles) return by_quartiles >= 2.65 / root - 6 / (n * n);
    return std::max(2.65 * std::log(0.6 * n) / root * by_range, by_quartiles) >= 3 / root - 40 / (n * n * n);
}

std::optional<double> mean_of(const Numbers& x, Shape shape, std::string_view method) {
    const double n = x.n;
    if (method == "luo/wan/shi" || method == "luo2016") {
        if (shape == Shape::range) {
            const double w = 4 / (4 + std::pow(n, 0.75));
            return w * (x.a + x.b) / 2 + (1 - w) * x.m;
        }
        if (shape == Shape::quartiles) {
            const double w = 0.7 + 0.39 / n;
            return w * (x.q1 + x.q3) / 2 + (1 - w) * x.m;
        }
        const double w1 = 2.2 / (2.2 + std::pow(n, 0.75)), w2 = 0.7 - 0.72 / std::pow(n, 0.55);
        return w1 * (x.a + x.b) / 2 + w2 * (x.q1 + x.q3) / 2 + (1 - w1 - w2) * x.m;
    }
    if (method == "hozo2005" && shape == Shape::range) return n <= 25 ? (x.a + 2 * x.m + x.b) / 4 : x.m;
    if (method == "wan2014" && shape == Shape::range) return (x.a + 2 * x.m + x.b) / 4;
    if (method == "wan2014" && shape == Shape::quartiles) return (x.q1 + x.m + x.q3) / 3;
    if ((method == "wan2014" || method == "bland2015") && shape == Shape::all)
        return (x.a + 2 * x.q1 + 2 * x.m + 2 * x.q3 + x.b) / 8;
    return std::nullopt;
}

double shi_weight(double n) {
    return 1 / (1 + 0.07 * std::pow(n, 0.6));
}

std::optional<double> sd_of(const Numbers& x, Shape shape, std::string_view method) {
    const bool usual = method == "luo/wan/shi";
    if ((usual || method == "wan2014") && shape == Shape::range) return x.sd_by_range();
    if ((usual || method == "wan2014") && shape == Shape::quartiles) return x.sd_by_quartiles();
    if ((usual || method == "shi2020") && shape == Shape::all) {
        const double w = shi_weight(x.n);
        return w * x.sd_by_range() + (1 - w) * x.sd_by_quartiles();
    }
    if (method == "wan2014") return (x.sd_by_range() + x.sd_by_quartiles()) / 2;
    if (method == "hozo2005" && shape == Shape::range) {
        if (x.n <= 15) return std::sqrt((square(x.a - 2 * x.m + x.b) / 4 + square(x.b - x.a)) / 12);
        return (x.b - x.a) / (x.n <= 70 ? 4 : 6);
    }
    if (method == "bland2015" && shape == Shape::all) {
        const double squares =
            (square(x.a) + 2 * square(x.q1) + 2 * square(x.m) + 2 * square(x.q3) + square(x.b)) / 16;
        const double products = (x.a * x.q1 + x.q1 * x.m + x.m * x.q3 + x.q3 * x.b) / 8;
        return std::sqrt(squares + products - square(x.a + 2 * x.q1 + 2 * x.m + 2 * x.q3 + x.b) / 64);
    }
    return std::nullopt;
}

/// Numbers of Shi et al. 2020 for each shape: the correction of the SD of the logarithms, of its fourth
/// power, and the coefficients of the three factors that take the bias out of the way back.
struct LogFactors {
    double sd, fourth, mean2, mean4, spread2, up4, down4;
};
LogFactors log_factors(Shape shape, double n) {
    const double l = std::log(n);
    if (shape == Shape::range)
        return {1.01 + 0.25 / (l * l), 1 + 2.23 / (l * l), 0.565, 0.37, 2.26, 5.92, 1.48};
    if (shape == Shape::quartiles)
        return {1 + 1.58 / n, 1 + 19.2 / std::pow(n, 1.2), 0.57, 0.75, 2.28, 12, 3};
    return {1 + 0.28 / (l * l), 1 + 3.93 / n, 0.405, 0.315, 1.62, 5.04, 1.26};
}

MeanAndSd back_from_logs(double mean, double raw_sd, Shape shape, double n) {
    const LogFactors f = log_factors(shape, n);
    const double v = square(raw_sd) / f.sd, fourth = square(square(raw_sd)) / f.fourth;
    const double out = 1 + f.mean2 * v / n + f.mean4 * fourth / n;
    const double up = 1 + f.spread2 * v / n + f.up4 * fourth / n,
                 down = 1 + f.spread2 * v / n + f.down4 * fourth / n;
    MeanAndSd result;
    result.mean = std::exp(mean + v / 2) / out;
    result.sd = std::sqrt(std::exp(2 * mean + 2 * v) / up - std::exp(2 * mean + v) / down);
    return result;
}
} // namespace

MeanAndSd mean_and_sd(const FiveNumbers& f, std::string_view method, bool log_normal, bool refuse_skewed) {
    MeanAndSd result;
    const Shape shape = shape_of(f);
    if (shape == Shape::none) {
        result.problem = "needs n and median with the range, the quartiles or both";
        return result;
    }
    if (method == "default" || log_normal) method = "luo/wan/shi";
    Numbers x{f.minimum.value_or(0), f.q1.value_or(0),      *f.median,
              f.q3.value_or(0),      f.maximum.value_or(0), *f.n};
    const bool range = shape != Shape::quartiles, quartiles = shape != Shape::range;
    if (!(x.n >= 5)) result.problem = "fewer than five people";
    const bool sorted = (!range || (x.a <= x.m && x.m <= x.b)) &&
                        (!quartiles || (x.q1 <= x.m && x.m <= x.q3)) &&
                        (shape != Shape::all || (x.a <= x.q1 && x.q3 <= x.b));
    if (!sorted) result.problem = "the five numbers do not rise";
    if (log_normal) {
        if ((range && !(x.a > 0)) || (quartiles && !(x.q1 > 0)) || !(x.m > 0))
            result.problem = "a log-normal sample has no value at or below 0";
        for (double* one : {&x.a, &x.q1, &x.m, &x.q3, &x.b})
            *one = *one > 0 ? std::log(*one) : 0;
    }
    if (!result.problem.empty()) return result;
    result.skewed = is_skewed(x, shape);
    if (result.skewed && refuse_skewed) {
        result.problem = "the numbers are skewed";
        return result;
    }
    const bool skewed = result.skewed;
    result.mean = mean_of(x, shape, method);
    result.sd = sd_of(x, shape, method);
    if (log_normal) result = back_from_logs(*result.mean, *result.sd, shape, x.n);
    result.skewed = skewed;
    if (!result.mean && !result.sd) result.problem = "this method does not use these numbers";
    return result;
}

double sd_from_se(double se, double n) {
    return se * std::sqrt(n);
}

double sd_from_interval(double low, double high, double n, double level) {
    return std::sqrt(n) * (high - low) / (2 * num::critical_value(level, n - 1));
}

double sd_from_p(double mean, double p, double n) {
    return std::fabs(mean) * std::sqrt(n) / -num::t_quantile(p / 2, n - 1);
}

} // namespace assay::effect
