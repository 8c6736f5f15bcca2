// The transformations between the analysis scale and the displayed scale; each pair inverts the other.
#pragma once

namespace assay::effect {

double same(double x);
double exponential(double x);
double logarithm(double x);

} // namespace assay::effect
