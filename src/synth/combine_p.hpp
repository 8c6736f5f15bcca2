// One P value from several: for syntheses where effects cannot be pooled.
#pragma once

#include <span>
#include <string>

namespace assay::synth {

/// P values are one-sided, strictly between 0 and 1; otherwise `problem` says so.
struct CombinedP {
    double statistic = 0; ///< NaN where the method has none
    double df = 0;        ///< 0: none
    double p = 1;
    std::string problem;
};

CombinedP combine_fisher(std::span<const double> p); ///< Fisher 1932, Statistical Methods, section 21.1
CombinedP
combine_stouffer(std::span<const double> p); ///< Stouffer et al. 1949, The American Soldier 1, page 45
CombinedP
combine_logit(std::span<const double> p); ///< Mudholkar & George 1979, Optimizing Methods in Statistics
CombinedP combine_mean(std::span<const double> p);      ///< Edgington 1972, J Psychol 82:85
CombinedP combine_edgington(std::span<const double> p); ///< Edgington 1972, J Psychol 80:351: the sum
CombinedP combine_wilkinson(std::span<const double> p,
                            int r); ///< Wilkinson 1951, Psychol Bull 48:156: the r-th smallest
CombinedP
combine_tippett(std::span<const double> p); ///< Tippett 1931, The Methods of Statistics: the smallest
CombinedP combine_largest(std::span<const double> p);
CombinedP combine_votes(std::span<const double> p,
                        double alpha = 0.5); ///< sign test of P < alpha against P > 1 - alpha
CombinedP combine_chi_squared(std::span<const double> p, double df); ///< Lancaster 1961, Aust J Stat 3:20

} // namespace assay::synth
