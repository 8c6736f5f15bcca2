// How close numbers must be, by name. No test compares with a bare number.
#pragma once

namespace assay::test {

struct Tolerance {
    double relative = 0, absolute = 0;
};

/// Results of other programs, run with tight control; the default of the golden cases.
constexpr Tolerance golden{1e-6, 1e-9};

/// Digits of a printed reference with eight significant digits.
constexpr Tolerance eight_digits{1e-6, 1e-9};

/// The rounding of a number printed with eight significant digits.
constexpr Tolerance printed_to_eight{5e-8, 5e-12};

/// Two ways to compute the same number in double precision.
constexpr Tolerance same_number{1e-11, 1e-12};

/// A defining equation that an iterative estimator must satisfy at its solution.
constexpr Tolerance equation{1e-12, 1e-12};

/// Where metafor stops with its default control: scoring when tau2 changes by less than 1e-5, root finding for
/// Paule-Mandel at .Machine$double.eps^0.25. Used only where ours is shown to satisfy the defining equation.
constexpr Tolerance metafor_scoring_stop{0, 1e-5};
constexpr Tolerance metafor_uniroot_stop{0, 1.220703125e-4};

/// A Newton step left at the solution of a score equation, relative to tau2.
constexpr Tolerance score_equation{0, 1e-10};

} // namespace assay::test
