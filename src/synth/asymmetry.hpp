// Tests of funnel plot asymmetry that start from counts or group sizes, as a table; for the tests on y and v
// alone see regtest.hpp and rank_test.hpp, which the table uses.
#pragma once

#include "model/effect.hpp"
#include "synth/regtest.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace assay::synth {

/// What the tests can use; spans that a test does not need may be empty.
struct AsymmetryInput {
    std::span<const double> y, v;
    std::span<const model::Table2x2> tables; ///< Harbord, Peters, Schwarzer
    std::span<const double> n1, n2;          ///< Peters, Macaskill, Deeks, Pustejovsky
};

struct AsymmetryResult {
    double bias = 0, se = 0; ///< slope (rank tests: the score) with its standard error
    double statistic = 0, p = 1;
    int df = 0; ///< 0: normal
    bool defined = false;
};

struct AsymmetryTest {
    std::string_view id; ///< the name in R's meta package: "Egger"
    std::string_view formula, source;
    bool counts; ///< needs 2x2 tables
    bool sizes;  ///< needs group sizes
    bool rank;   ///< a rank test: `bias` is Kendall's score
    AsymmetryResult (*run)(const AsymmetryInput&);
};

std::span<const AsymmetryTest> asymmetry_tests();
const AsymmetryTest* find_asymmetry_test(std::string_view id);

} // namespace assay::synth
