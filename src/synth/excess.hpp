// The test of excess significance: are there more significant studies than their power explains?
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace assay::synth {

enum class Alternative { two_sided, greater, less };
std::optional<Alternative> alternative_of(std::string_view name);

struct ExcessOptions {
    double null_value = 0;
    Alternative alternative = Alternative::two_sided; ///< of each study's test
    double alpha = 0.05;                              ///< of each study's test
    std::string test;                                 ///< "chi2", "binom", "exact"; empty: chosen by size
    Alternative excess_alternative = Alternative::greater; ///< of the comparison
    double excess_alpha = 0.10;                            ///< for the limit estimate
    /// Power is averaged over theta +- this many tau; unset: over the whole normal distribution, which has a
    /// closed form. metafor integrates over 5.
    std::optional<double> reach;
};

struct Excess {
    int k = 0;
    int observed = 0; ///< significant studies
    double expected = 0;
    std::string test;
    double p = 1;
    std::vector<double> power;
    std::vector<char> significant;
    std::vector<double> limits; ///< effects at which P equals excess_alpha; empty: none
};

/// Ioannidis & Trikalinos 2007, Clin Trials 4:245; exact test: Francis 2013, J Math Psychol 57:153. `theta`
/// and `tau2` describe the true effects that the power is computed for; power is averaged over their normal
/// distribution.
Excess excess_significance(std::span<const double> y, std::span<const double> v, double theta, double tau2,
                           const ExcessOptions& options = {});

} // namespace assay::synth
