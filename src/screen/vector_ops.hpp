// The loops that take the time, written so that every processor gives the same bits: element by
// element, no reassociated sums. Wider registers are used where the processor has them.
#pragma once

#include <cstddef>

namespace assay::screen {

/// out[i] += factor * in[i]
void add_scaled(float* out, const float* in, float factor, std::size_t n);
void add_scaled(double* out, const float* in, double factor, std::size_t n);

/// Row after row times its factor, added to `out`: the same sums as one add_scaled after the other, with one
/// pass over `out` for several rows.
class ScaledRows {
public:
    ScaledRows(float* out, std::size_t n) : out_(out), n_(n) {}
    ~ScaledRows() { finish(); }
    ScaledRows(const ScaledRows&) = delete;
    ScaledRows& operator=(const ScaledRows&) = delete;
    /// `row` is looked at with the sixth row that waits, or in finish(): keep it until then.
    void add(const float* row, float factor) {
        row_[count_] = row;
        factor_[count_] = factor;
        if (++count_ == at_once) finish();
    }
    void finish();

private:
    static constexpr std::size_t at_once = 6;
    float* out_;
    std::size_t n_, count_ = 0;
    const float* row_[at_once];
    float factor_[at_once];
};

/// The lowest index with the largest a * x[i] - b * y[i]; n > 0. Entries of minus infinity lose.
std::size_t index_of_largest(const float* x, float a, const float* y, float b, std::size_t n);

} // namespace assay::screen
