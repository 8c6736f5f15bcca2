#include "num/richardson.hpp"

#include <cmath>
#include <limits>

namespace assay::num {

namespace {
/// Extrapolates approximations whose step halves from one to the next.
double extrapolate(std::vector<double>& approximations) {
    double power = 4;
    for (std::size_t left = approximations.size(); left > 1; --left, power *= 4)
        for (std::size_t i = 0; i + 1 < left; ++i)
            approximations[i] = (approximations[i + 1] * power - approximations[i]) / (power - 1);
    return approximations[0];
}
} // namespace

std::vector<double> hessian(const std::function<double(std::span<const double>)>& f,
                            std::span<const double> x, const RichardsonRule& rule) {
    const std::size_t n = x.size(), rounds = static_cast<std::size_t>(rule.rounds);
    const double nearly_zero = std::sqrt(std::numeric_limits<double>::epsilon() / 7e-7);
    std::vector<double> first(n), at(x.begin(), x.end()), result(n * n);
    for (std::size_t i = 0; i < n; ++i)
        first[i] =
            std::fabs(rule.relative_step * x[i]) + (std::fabs(x[i]) < nearly_zero ? rule.small_step : 0);
    const double centre = f(x);
    std::vector<double> tries(rounds);
    for (std::size_t i = 0; i < n; ++i) {
        double h = first[i];
        for (std::size_t r = 0; r < rounds; ++r, h /= 2) {
            at[i] = x[i] + h;
            const double up = f(at);
            at[i] = x[i] - h;
            const double down = f(at);
            at[i] = x[i];
            tries[r] = (up - 2 * centre + down) / (h * h);
        }
        result[i * n + i] = extrapolate(tries);
        tries.assign(rounds, 0.0);
    }
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < i; ++j) {
            double share = 1;
            for (std::size_t r = 0; r < rounds; ++r, share /= 2) {
                const double hi = first[i] * share, hj = first[j] * share;
                at[i] = x[i] + hi;
                at[j] = x[j] + hj;
                const double up = f(at);
                at[i] = x[i] - hi;
                at[j] = x[j] - hj;
                const double down = f(at);
                at[i] = x[i];
                at[j] = x[j];
                tries[r] =
                    (up - 2 * centre + down - result[i * n + i] * hi * hi - result[j * n + j] * hj * hj) /
                    (2 * hi * hj);
            }
            result[i * n + j] = result[j * n + i] = extrapolate(tries);
            tries.assign(rounds, 0.0);
        }
    return result;
}

} // namespace assay::num
