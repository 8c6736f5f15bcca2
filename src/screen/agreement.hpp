// How far two people agree on the records that both have read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

namespace assay::screen {

/// Both people's decisions on one record, as numbers of categories.
struct Pair {
    int first = 0, second = 0;
};

struct Agreement {
    std::size_t both = 0;  ///< records that both have decided on
    std::size_t agree = 0; ///< of them with the same decision
    /// Cohen 1960 (Educational and Psychological Measurement 20:37): (p_o - p_e) / (1 - p_e), p_e from each
    /// person's own shares. Absent where both gave a single and the same answer throughout, or nothing.
    std::optional<double> kappa;
    /// Byrt, Bishop and Carlin 1993 (J Clin Epidemiol 46:423): kappa with equal shares, (q p_o - 1) / (q -
    /// 1).
    std::optional<double> pabak;
    /// Gwet 2008 (Br J Math Stat Psychol 61:29): p_e = 1 / (q - 1) sum pi (1 - pi), pi the mean shares. Stays
    /// near the observed agreement where almost all records are excluded; kappa does not.
    std::optional<double> ac1;
};

/// `categories`: how many answers there are, at least two; those of `pairs` are 0 .. categories - 1.
Agreement agreement(std::span<const Pair> pairs, int categories);

} // namespace assay::screen
