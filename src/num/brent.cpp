#include "num/brent.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace assay::num {

Root brent(Function f, double low, double high, double tolerance, int most_steps) {
    constexpr double epsilon = std::numeric_limits<double>::epsilon();
    double a = low, b = high, fa = f(a), fb = f(b);
    double c = a, fc = fa; // the other end of the bracket
    int evaluations = 2;
    if (fa == 0) return {a, evaluations, true};
    if (fb == 0) return {b, evaluations, true};
    if ((fa > 0) == (fb > 0)) return {std::fabs(fa) < std::fabs(fb) ? a : b, evaluations, false};
    while (evaluations < most_steps) {
        const double before = b - a;
        if (std::fabs(fc) < std::fabs(fb)) { // b is the best point
            a = b;
            b = c;
            c = a;
            fa = fb;
            fb = fc;
            fc = fa;
        }
        const double close = 2 * epsilon * std::fabs(b) + tolerance / 2;
        double step = (c - b) / 2;
        if (std::fabs(step) <= close || fb == 0) return {b, evaluations, true};
        if (std::fabs(before) >= close && std::fabs(fa) > std::fabs(fb)) {
            double p = 0, q = 0;
            const double cb = c - b;
            if (a == c) { // secant
                const double ratio = fb / fa;
                p = cb * ratio;
                q = 1 - ratio;
            } else { // inverse quadratic interpolation
                q = fa / fc;
                const double t1 = fb / fc, t2 = fb / fa;
                p = t2 * (cb * q * (q - t1) - (b - a) * (t1 - 1));
                q = (q - 1) * (t1 - 1) * (t2 - 1);
            }
            if (p > 0)
                q = -q;
            else
                p = -p;
            if (p < 0.75 * cb * q - std::fabs(close * q) / 2 && p < std::fabs(before * q / 2)) step = p / q;
        }
        if (std::fabs(step) < close) step = step > 0 ? close : -close;
        a = b;
        fa = fb;
        b += step;
        fb = f(b);
        ++evaluations;
        if ((fb > 0) == (fc > 0)) {
            c = a;
            fc = fa;
        }
    }
    return {b, evaluations, false};
}

} // namespace assay::num
