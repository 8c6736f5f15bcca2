// The three loops that take the time, written so that every processor gives the same bits: element by
// element, no reassociated sums. Wider registers are used where the processor has them.
#pragma once

#include <cstddef>

namespace assay::screen {

/// out[i] += factor * in[i]
void add_scaled(float* out, const float* in, float factor, std::size_t n);
void add_scaled(double* out, const float* in, double factor, std::size_t n);

/// The lowest index with the largest a * x[i] - b * y[i]; n > 0. Entries of minus infinity lose.
std::size_t index_of_largest(const float* x, float a, const float* y, float b, std::size_t n);

} // namespace assay::screen
