// The sampling covariance of effects that share participants: built from assumed correlations between
// measures, occasions and groups, or from a matrix of correlations; and rows of one cluster combined into
// one.
#pragma once

#include "num/dense.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace assay::synth {

/// What each row is: an estimate of a measure (`obs`, `type`) at a time, of group 1 against group 2 with
/// sizes. Empty spans: the same for all rows; `group2` empty: a second group that no first group equals.
struct SamplingDesign {
    std::span<const std::string> cluster, obs, type, group1, group2;
    std::span<const double> time1, time2, weight1, weight2;
    double rho_obs = 0;  ///< correlation between different `obs` of one `type`
    double rho_type = 0; ///< between different types
    double phi = 1;      ///< between neighbouring times: phi^|difference|
};

/// V with V_ij = r_ij sqrt(v_i v_j), r the correlation of two contrasts of group means (Gleser & Olkin 2009,
/// Handbook of Research Synthesis, chapter 19, section 3.4) times that of the measures; zero between
/// clusters. The parameters are those of metafor's vcalc. `not_positive` names clusters whose block is not
/// positive definite.
struct SamplingMatrix {
    num::Matrix v;
    std::vector<std::string> not_positive;
};
SamplingMatrix sampling_covariance(std::span<const double> v, const SamplingDesign& design);

/// One correlation between two variables in a study.
struct CorrelationRow {
    std::string study, variable1, variable2;
    double r = 0, n = 0;
    bool missing = false;
};
enum class StudySize { smallest, harmonic, mean };

/// The correlations of a study depend on one another: their covariance by Olkin & Siotani 1976 (Essays in
/// Probability and Statistics, 235), as R's rcalc gives it; with `fisher_z` for transformed ones (Steiger
/// 1980, Psychol Bull 87:245). A study's n is one number made of its rows' (n - 1, or n - 3 after the
/// transformation, divides). Cells that need a missing correlation are NaN.
struct CorrelationCovariance {
    std::vector<double> y;
    num::Matrix v;
};
CorrelationCovariance correlation_covariance(std::span<const CorrelationRow> rows, bool fisher_z,
                                             StudySize size = StudySize::smallest);

/// How the rows of one cluster are correlated when they are combined.
struct AggregateOptions {
    bool weighted = true;           ///< inverse of V; otherwise the plain mean
    double rho = 0;                 ///< CS: between rows of a cluster
    std::optional<double> phi = {}; ///< CAR: between neighbouring times
    bool sum_of_both = false;       ///< CS+CAR rather than CS*CAR where both are given
};
struct Aggregated {
    std::string cluster;
    double y = 0, v = 0;
    int rows = 0;
};

/// One row per cluster, in the order of first appearance: y = 1'W y / 1'W1, v = 1/1'W1 with W the inverse of
/// the cluster's V (metafor's aggregate). With `matrix` V is given; otherwise it is made of v and the
/// options. `obs` and `time` are needed for the structures that use them.
std::vector<Aggregated> aggregate(std::span<const double> y, std::span<const double> v,
                                  const num::Matrix* matrix, std::span<const std::string> cluster,
                                  const AggregateOptions& options, std::span<const std::string> obs = {},
                                  std::span<const double> time = {});

} // namespace assay::synth
