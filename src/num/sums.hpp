// Sums that keep the digits plain addition loses: Neumaier's variant of Kahan summation.
#pragma once

#include <cmath>
#include <span>

namespace assay::num {

/// Adds numbers of any size and sign; the rounding errors are carried along and added at the end.
class Sum {
public:
    void add(double x) {
        const double next = total_ + x;
        lost_ += std::fabs(total_) >= std::fabs(x) ? (total_ - next) + x : (x - next) + total_;
        total_ = next;
    }
    Sum& operator+=(double x) {
        add(x);
        return *this;
    }
    double value() const { return total_ + lost_; }

private:
    double total_ = 0, lost_ = 0;
};

inline double sum(std::span<const double> numbers) {
    Sum total;
    for (double x : numbers)
        total += x;
    return total.value();
}

} // namespace assay::num
