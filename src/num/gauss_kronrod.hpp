// Adaptive integration by the 21-point Gauss-Kronrod rule with QUADPACK's error estimate, for where another
// program's early stop is to be repeated; for smooth functions to machine precision see gauss_legendre.hpp.
#pragma once

#include "num/function_ref.hpp"

namespace assay::num {

struct Integral {
    double value = 0, error = 0;
    int intervals = 1;
    bool converged = true;
};

/// Piessens, de Doncker, Ueberhuber & Kahaner 1983, QUADPACK, routine QAG with key 2: the interval with the
/// largest error is halved until the sum of errors is below tolerance times the value.
Integral integrate_adaptive(Function f, double low, double high, double tolerance, int most_intervals = 100);

} // namespace assay::num
