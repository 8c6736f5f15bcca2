#include "screen/vector_ops.hpp"

#include <algorithm>
#include <limits>

#if defined(__x86_64__) && defined(__GNUC__)
#define ASSAY_WIDE __attribute__((target("avx2")))
#else
#define ASSAY_WIDE
#endif

namespace assay::screen {

namespace {

bool wide_registers() {
#if defined(__x86_64__) && defined(__GNUC__)
    static const bool wide = __builtin_cpu_supports("avx2") > 0;
    return wide;
#else
    return false;
#endif
}

template<class Sum>
[[gnu::always_inline]] inline void add_scaled_plain(Sum* __restrict out, const float* __restrict in,
                                                    Sum factor, std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
        out[i] += factor * static_cast<Sum>(in[i]);
}

template<std::size_t rows>
[[gnu::always_inline]] inline void add_rows_plain(float* __restrict out, const float* const* row,
                                                  const float* factor, std::size_t n) {
    const float* in[rows];
    float times[rows];
    for (std::size_t r = 0; r < rows; ++r)
        in[r] = row[r], times[r] = factor[r];
    for (std::size_t i = 0; i < n; ++i) {
        float sum = out[i];
        for (std::size_t r = 0; r < rows; ++r)
            sum += times[r] * in[r][i];
        out[i] = sum;
    }
}

[[gnu::always_inline]] inline void add_rows_by_count(float* out, const float* const* row, const float* factor,
                                                     std::size_t count, std::size_t n) {
    switch (count) {
    case 6:
        return add_rows_plain<6>(out, row, factor, n);
    case 5:
        return add_rows_plain<5>(out, row, factor, n);
    case 4:
        return add_rows_plain<4>(out, row, factor, n);
    case 3:
        return add_rows_plain<3>(out, row, factor, n);
    case 2:
        return add_rows_plain<2>(out, row, factor, n);
    case 1:
        return add_rows_plain<1>(out, row, factor, n);
    default:
        return;
    }
}

// Largest values of blocks first (a maximum does not depend on the order), then the place of the largest.
[[gnu::always_inline]] inline std::size_t index_plain(const float* __restrict x, float a,
                                                      const float* __restrict y, float b, std::size_t n) {
    constexpr std::size_t width = 16;
    float best = -std::numeric_limits<float>::infinity();
    std::size_t block = 0;
    for (std::size_t start = 0; start < n; start += 512) {
        const std::size_t end = std::min(n, start + 512), whole = start + (end - start) / width * width;
        float lanes[width];
        for (float& lane : lanes)
            lane = -std::numeric_limits<float>::infinity();
        for (std::size_t i = start; i < whole; i += width)
            for (std::size_t k = 0; k < width; ++k) {
                const float value = a * x[i + k] - b * y[i + k];
                lanes[k] = value > lanes[k] ? value : lanes[k];
            }
        float largest = lanes[0];
        for (const float lane : lanes)
            largest = std::max(largest, lane);
        for (std::size_t i = whole; i < end; ++i)
            largest = std::max(largest, a * x[i] - b * y[i]);
        if (largest > best) {
            best = largest;
            block = start;
        }
    }
    for (std::size_t i = block; i < n; ++i)
        if (a * x[i] - b * y[i] == best) return i;
    return 0;
}

ASSAY_WIDE void add_wide(float* out, const float* in, float factor, std::size_t n) {
    add_scaled_plain<float>(out, in, factor, n);
}
ASSAY_WIDE void add_wide(double* out, const float* in, double factor, std::size_t n) {
    add_scaled_plain<double>(out, in, factor, n);
}
ASSAY_WIDE void add_rows_wide(float* out, const float* const* row, const float* factor, std::size_t count,
                              std::size_t n) {
    add_rows_by_count(out, row, factor, count, n);
}
ASSAY_WIDE std::size_t index_wide(const float* x, float a, const float* y, float b, std::size_t n) {
    return index_plain(x, a, y, b, n);
}

} // namespace

void add_scaled(float* out, const float* in, float factor, std::size_t n) {
    if (wide_registers())
        add_wide(out, in, factor, n);
    else
        add_scaled_plain<float>(out, in, factor, n);
}

void add_scaled(double* out, const float* in, double factor, std::size_t n) {
    if (wide_registers())
        add_wide(out, in, factor, n);
    else
        add_scaled_plain<double>(out, in, factor, n);
}

void ScaledRows::finish() {
    if (wide_registers())
        add_rows_wide(out_, row_, factor_, count_, n_);
    else
        add_rows_by_count(out_, row_, factor_, count_, n_);
    count_ = 0;
}

std::size_t index_of_largest(const float* x, float a, const float* y, float b, std::size_t n) {
    return wide_registers() ? index_wide(x, a, y, b, n) : index_plain(x, a, y, b, n);
}

} // namespace assay::screen
