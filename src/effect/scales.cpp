#include "effect/scales.hpp"

#include <cmath>

namespace assay::effect {

double same(double x) { return x; }
double exponential(double x) { return std::exp(x); }
double logarithm(double x) { return std::log(x); }

} // namespace assay::effect
