// Regression with first-order autoregressive normal errors, fitted by restricted maximum likelihood (Pinheiro
// and Bates 2000, section 5.3): for one person's daily values, where yesterday resembles today.
#pragma once

#include "trial/dense.hpp"

#include <vector>

namespace assay::trial {

struct AutoregressiveFit {
    std::vector<double> beta, se;
    double phi = 0;   ///< correlation of values one unit of time apart
    double sigma = 0; ///< standard deviation of the errors
    double df = 0;    ///< rows - columns
    bool converged = false;
};

/// `time` in whole units, increasing; a gap of g units has the correlation phi^g.
AutoregressiveFit autoregressive_reml(const Dense& x, const std::vector<double>& y,
                                      const std::vector<double>& time);

} // namespace assay::trial
