// Second derivatives by central differences with Richardson's extrapolation.
#pragma once

#include <functional>
#include <span>
#include <vector>

namespace assay::num {

struct RichardsonRule {
    int rounds = 6;
    double relative_step = 0.1; ///< first step, as a share of the parameter; halved in each round
    double small_step = 1e-4;   ///< first step of parameters that are (nearly) zero
};

/// The Hessian (n x n, row after row) of f at x; steps as in Gilbert & Varadhan's numDeriv, so that standard
/// errors of likelihoods with kinks come out as they do there.
std::vector<double> hessian(const std::function<double(std::span<const double>)>& f,
                            std::span<const double> x, const RichardsonRule& rule = {});

} // namespace assay::num
