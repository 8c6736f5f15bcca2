// Robust variance meta-regression with approximate weights for effects that are correlated within studies, as
// the R package robumeta fits it.
#pragma once

#include "synth/robust.hpp"

namespace assay::synth {

enum class RveWeights {
    correlated,   ///< w = 1/(k_j (mean v_j + tau2)): Hedges, Tipton & Johnson 2010, Res Synth Methods 1:39,
                  ///< section 3.1
    hierarchical, ///< w = 1/(v_ij + tau2 + omega2): their section 3.2
};

struct RveFit {
    RobustFit robust;
    double tau2 = 0;
    std::optional<double> omega2; ///< hierarchical: variance within studies
    std::optional<double> i2;     ///< correlated: percent
    std::vector<std::string> notes;
};

/// `rho` is the correlation assumed between sampling errors within a study (correlated weights). `small`: CR2
/// with Satterthwaite degrees of freedom (Tipton 2015, Psychol Methods 20:375); otherwise CR1 with n - p.
RveFit rve(std::span<const double> y, std::span<const double> v, const num::Matrix& x,
           std::span<const std::size_t> study_of_row, RveWeights weights, double rho, bool small,
           double level = 0.95);

} // namespace assay::synth
