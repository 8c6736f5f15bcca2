// Finding where a function of one variable crosses zero, to machine precision, with the outcome told, never thrown.
#pragma once

#include "num/function_ref.hpp"

namespace assay::num {

struct Root {
    double value = 0;      ///< the root, or the best point known
    int iterations = 0;    ///< evaluations of the function
    bool converged = false;
};

/// A root between low and high, where f changes sign (Alefeld, Potra and Shi 1995, algorithm TOMS 748). If f has the
/// same sign at both ends, `converged` is false and `value` the end where |f| is smaller.
Root root_between(Function f, double low, double high);

/// A root above `low`, for an f that changes sign somewhere above it. The bracket starts at [low, low + step] and its
/// length grows tenfold until the sign changes or it passes `limit`; then `value` is the limit and `converged` false.
Root root_above(Function f, double low, double step, double limit = 1e300);

} // namespace assay::num
