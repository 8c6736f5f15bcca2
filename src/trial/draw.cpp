#include "trial/draw.hpp"

#include "base/random.hpp"

#include <cmath>

namespace assay::trial {

namespace {

/// Marsaglia and Tsang 2000, ACM Trans Math Softw 26:363; shapes below 1 by the power of a uniform number.
double gamma_variate(Random& random, double shape) {
    if (shape < 1) {
        const double more = gamma_variate(random, shape + 1);
        return more * std::pow(random.uniform(), 1 / shape);
    }
    const double d = shape - 1.0 / 3, c = 1 / std::sqrt(9 * d);
    for (;;) {
        const double x = random.normal();
        const double cube = 1 + c * x;
        if (cube <= 0) continue;
        const double v = cube * cube * cube;
        if (std::log(random.uniform()) < 0.5 * x * x + d - d * v + d * std::log(v)) return d * v;
    }
}

/// Waiting times in steps of at most 20, so that the product of uniform numbers does not underflow.
double poisson_variate(Random& random, double mean) {
    double count = 0;
    while (mean > 0) {
        const double step = mean < 20 ? mean : 20;
        mean -= step;
        const double floor = std::exp(-step);
        double product = random.uniform();
        while (product > floor) {
            ++count;
            product *= random.uniform();
        }
    }
    return count;
}

} // namespace

double draw_count(Random& random, double mean, double size) {
    if (!(mean > 0)) return 0;
    return poisson_variate(random, size > 0 ? mean * gamma_variate(random, size) / size : mean);
}

} // namespace assay::trial
