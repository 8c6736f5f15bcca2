#include "num/search.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace assay::num {

double minimum_between(Function f, double low, double high, double tolerance) {
    const double golden = (3 - std::sqrt(5.0)) / 2,
                 epsilon = std::sqrt(std::numeric_limits<double>::epsilon());
    double best = low + golden * (high - low), second = best, third = best;
    double f_best = f(best), f_second = f_best, f_third = f_best;
    double step = 0, before = 0; // the last step and the one before it
    for (;;) {
        const double middle = (low + high) / 2, near = epsilon * std::fabs(best) + tolerance / 3,
                     twice = 2 * near;
        if (std::fabs(best - middle) <= twice - (high - low) / 2) return best;
        double p = 0, q = 0, r = 0;
        if (std::fabs(before) > near) { // a parabola through the three best points
            r = (best - second) * (f_best - f_third);
            q = (best - third) * (f_best - f_second);
            p = (best - third) * q - (best - second) * r;
            q = 2 * (q - r);
            if (q > 0)
                p = -p;
            else
                q = -q;
            r = before;
            before = step;
        }
        if (std::fabs(p) >= std::fabs(q * 0.5 * r) || p <= q * (low - best) || p >= q * (high - best)) {
            before = best < middle ? high - best : low - best;
            step = golden * before;
        } else {
            step = p / q;
            const double u = best + step;
            if (u - low < twice || high - u < twice) step = best < middle ? near : -near;
        }
        const double u = best + (std::fabs(step) >= near ? step : step > 0 ? near : -near), f_u = f(u);
        if (f_u <= f_best) {
            (u < best ? high : low) = best;
            third = second, second = best, best = u;
            f_third = f_second, f_second = f_best, f_best = f_u;
            continue;
        }
        (u < best ? low : high) = u;
        if (f_u <= f_second || second == best) {
            third = second, second = u;
            f_third = f_second, f_second = f_u;
        } else if (f_u <= f_third || third == best || third == second)
            third = u, f_third = f_u;
    }
}

namespace {
struct Corner {
    std::vector<double> at;
    double value = 0;
};

double finite(double value) {
    constexpr double big = 1e35;
    return std::isfinite(value) ? value : big;
}

double distance(const std::vector<double>& a, const std::vector<double>& b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i)
        sum += std::fabs(a[i] - b[i]);
    return sum;
}
} // namespace

std::vector<double> simplex_minimum(const std::function<double(std::span<const double>)>& f,
                                    std::vector<double> start, double tolerance, int most_evaluations) {
    const std::size_t n = start.size();
    const double f_start = f(start);
    if (!std::isfinite(f_start)) return start;
    const double enough = tolerance * (std::fabs(f_start) + tolerance);
    double step = 0;
    for (double x : start)
        step = std::max(step, 0.1 * std::fabs(x));
    if (step == 0) step = 0.1;
    std::vector<Corner> corners(n + 1, Corner{start, f_start});
    for (std::size_t j = 1; j <= n; ++j)
        corners[j].at[j - 1] += step;
    double old_size = 10 * step * static_cast<double>(n);
    int evaluations = 1;
    const auto value_at = [&](const std::vector<double>& x) {
        ++evaluations;
        return finite(f(x));
    };
    std::size_t lowest = 0;
    bool values_known = false;
    for (;;) {
        if (!values_known)
            for (std::size_t j = 0; j <= n; ++j)
                if (j != lowest) corners[j].value = value_at(corners[j].at);
        values_known = true;
        std::size_t highest = lowest;
        const std::size_t was_lowest = lowest;
        double least = corners[lowest].value, most = least;
        for (std::size_t j = 0; j <= n; ++j) {
            if (j == lowest && lowest == was_lowest) continue;
            if (corners[j].value < least) lowest = j, least = corners[j].value;
            if (corners[j].value > most) highest = j, most = corners[j].value;
        }
        if (most <= least + enough) break;
        std::vector<double> centre(n), reflected(n), trial(n);
        for (std::size_t i = 0; i < n; ++i) {
            double sum = -corners[highest].at[i];
            for (const Corner& corner : corners)
                sum += corner.at[i];
            centre[i] = sum / static_cast<double>(n);
            reflected[i] = 2 * centre[i] - corners[highest].at[i];
        }
        const double f_reflected = value_at(reflected);
        if (f_reflected < least) {
            for (std::size_t i = 0; i < n; ++i)
                trial[i] = 2 * reflected[i] - centre[i];
            const double f_trial = value_at(trial);
            corners[highest] =
                f_trial < f_reflected ? Corner{trial, f_trial} : Corner{reflected, f_reflected};
        } else {
            if (f_reflected < most) corners[highest] = {reflected, f_reflected};
            for (std::size_t i = 0; i < n; ++i)
                trial[i] = (corners[highest].at[i] + centre[i]) / 2;
            const double f_trial = value_at(trial);
            if (f_trial < corners[highest].value)
                corners[highest] = {trial, f_trial};
            else if (f_reflected >= most) {
                double size = 0;
                for (std::size_t j = 0; j <= n; ++j) {
                    if (j == lowest) continue;
                    for (std::size_t i = 0; i < n; ++i)
                        corners[j].at[i] = (corners[j].at[i] + corners[lowest].at[i]) / 2;
                    size += distance(corners[j].at, corners[lowest].at);
                }
                if (!(size < old_size)) break;
                old_size = size;
                values_known = false;
            }
        }
        if (evaluations > most_evaluations) break;
    }
    return corners[lowest].at;
}

std::vector<double> difference_hessian(const std::function<double(std::span<const double>)>& f,
                                       std::span<const double> at, double h) {
    const std::size_t n = at.size();
    const auto gradient = [&](std::vector<double> x) {
        std::vector<double> g(n);
        for (std::size_t i = 0; i < n; ++i) {
            const double here = x[i];
            x[i] = here + h;
            const double up = f(x);
            x[i] = here - h;
            const double down = f(x);
            x[i] = here;
            g[i] = (up - down) / (2 * h);
        }
        return g;
    };
    std::vector<double> hessian(n * n);
    for (std::size_t i = 0; i < n; ++i) {
        std::vector<double> x(at.begin(), at.end());
        x[i] = at[i] + h;
        const auto up = gradient(x);
        x[i] = at[i] - h;
        const auto down = gradient(x);
        for (std::size_t j = 0; j < n; ++j)
            hessian[i * n + j] = (up[j] - down[j]) / (2 * h);
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j)
            hessian[i * n + j] = hessian[j * n + i] = (hessian[i * n + j] + hessian[j * n + i]) / 2;
    return hessian;
}

} // namespace assay::num
