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

/// Two ways to compute the same number in double precision.
constexpr Tolerance same_number{1e-11, 1e-12};

/// A defining equation that an iterative estimator must satisfy at its solution.
constexpr Tolerance equation{1e-12, 1e-12};

} // namespace assay::test
