// Permutation tests: how often would data without effect show a statistic like the one observed?
#pragma once

#include "synth/fit.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace assay::synth {

struct PermutationOptions {
    std::uint64_t random =
        0; ///< 0: all; else that many random ones (the data as they are count as the first)
    std::uint64_t seed = 1;
    unsigned threads = 1;
    double tolerance = 1.4901161193847656e-8; ///< statistics this close count as equal
    std::uint64_t most = 200'000'000;         ///< exact tests with more are refused
};

struct PermutationTest {
    bool defined = false;
    std::string why;         ///< why not
    std::uint64_t count = 0; ///< permutations, the identity among them
    bool exact = true;
    std::vector<double> p;      ///< one per coefficient
    std::optional<double> qm_p; ///< of the joint test, with moderators
    std::uint64_t unsettled =
        0; ///< refits that did not converge or were not of full rank; they count as extreme
};

/// One mean: signs of the effects are flipped (2^k ways). With a design matrix: its rows are permuted among
/// the studies (distinct arrangements only). The model is refitted each time. Follmann & Proschan 1999,
/// Biometrics 55:732; Higgins & Thompson 2004, Stat Med 23:1663.
PermutationTest permutation_test(std::span<const double> y, std::span<const double> v,
                                 std::span<const double> x, std::size_t columns, const Estimator* estimator,
                                 Test test, const PermutationOptions& options = {});

} // namespace assay::synth
