// Standard errors that hold when effects of one cluster depend on one another in ways the model does not
// describe: the sandwich of cluster sums, with small-sample corrections.
#pragma once

#include "synth/multilevel.hpp"

namespace assay::synth {

enum class RobustKind {
    cr0, ///< the plain sandwich: Liang & Zeger 1986, Biometrika 73:13; Hedges, Tipton & Johnson 2010
    cr1, ///< times n/(n - p)
    cr2, ///< bias-reduced: Bell & McCaffrey 2002, Surv Methodol 28:169, with Satterthwaite degrees of freedom
};
std::optional<RobustKind> robust_kind_of(std::string_view name);

/// The rows of one cluster with the weights that were used and the covariance that the working model gives
/// them.
struct ClusterPart {
    std::vector<std::size_t> rows;
    num::Matrix weights;    ///< W_j
    num::Matrix covariance; ///< Phi_j
};

/// A fit whose coefficients are to get robust standard errors. `scores` holds W X, row by row.
struct RobustInput {
    const num::Matrix* x = nullptr;
    std::span<const double> residuals; ///< of the rows; the caller sets them
    std::vector<double> beta;
    num::Matrix bread;  ///< (X'WX)^-1
    num::Matrix scores; ///< W X
    std::vector<std::size_t> cluster_of_row;
    std::size_t clusters = 0;
    std::vector<ClusterPart> parts; ///< empty where weights link rows of different clusters: then no CR2
};

struct RobustFit {
    int clusters = 0;
    std::vector<double> beta, se, statistic, df, p_value, ci_low, ci_high;
    num::Matrix covariance;
    std::vector<std::string> notes; ///< not empty and no se: it cannot be computed
};

/// V^R = B (sum_j X_j'W_j A_j e_j e_j' A_j' W_j X_j) B, with A_j the identity for CR0 and CR1, and for CR2
/// A_j = D_j' G_j^(-1/2) D_j, G_j = D_j [(I - H) Phi (I - H)']_jj D_j', D_j'D_j = Phi_j (Pustejovsky & Tipton
/// 2018, J Bus Econ Stat 36:672, equations 4 to 6; degrees of freedom their equation 9).
RobustFit robust(const RobustInput& input, RobustKind kind, double level = 0.95);

/// The input from independent effects with weights w and working variances phi.
RobustInput robust_input(std::span<const double> y, const num::Matrix& x, std::span<const double> w,
                         std::span<const double> phi, std::span<const std::size_t> cluster_of_row);
/// The input from a multilevel fit.
RobustInput robust_input(const Multilevel& model, std::span<const std::size_t> cluster_of_row);

} // namespace assay::synth
