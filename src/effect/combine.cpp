#include "effect/combine.hpp"

#include <cmath>

namespace assay::effect {

Group combined(const Group& a, const Group& b) {
    const double n = a.n + b.n, difference = a.mean - b.mean;
    const double within = (a.n - 1) * a.sd * a.sd + (b.n - 1) * b.sd * b.sd;
    const double between = a.n * b.n / n * difference * difference;
    return {n, (a.n * a.mean + b.n * b.mean) / n, std::sqrt((within + between) / (n - 1))};
}

} // namespace assay::effect
