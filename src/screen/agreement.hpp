// How far two people agree on the records that both have read.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>

namespace assay::screen {

/// Both people's decisions on one record, as numbers of categories.
struct Pair {
    int first = 0, second = 0;
};

/// 95 % confidence.
using AgreementInterval = std::optional<std::pair<double, double>>;

struct Agreement {
    std::size_t both = 0;  ///< records that both have decided on
    std::size_t agree = 0; ///< of them with the same decision
    /// Cohen 1960 (Educational and Psychological Measurement 20:37): (p_o - p_e) / (1 - p_e), p_e from each
    /// person's own shares. Absent where both gave a single and the same answer throughout, or nothing.
    std::optional<double> kappa;
    /// From the large-sample variance (Fleiss, Cohen and Everitt 1969, Psychological Bulletin 72:323,
    /// equation 13), cut to -1 .. 1. Absent where the variance is zero: of perfect agreement it says nothing.
    AgreementInterval kappa_interval;
    /// Byrt, Bishop and Carlin 1993 (J Clin Epidemiol 46:423): kappa with equal shares, (q p_o - 1) / (q -
    /// 1).
    std::optional<double> pabak;
    /// Of p_o by Clopper and Pearson 1934, so exact, moved to the scale of PABAK.
    AgreementInterval pabak_interval;
    /// Gwet 2008 (Br J Math Stat Psychol 61:29): p_e = 1 / (q - 1) sum pi (1 - pi), pi the mean shares. Stays
    /// near the observed agreement where almost all records are excluded; kappa does not.
    std::optional<double> ac1;
    AgreementInterval ac1_interval; ///< as that of kappa, with AC1's p_e
};

/// `categories`: how many answers there are, at least two; those of `pairs` are 0 .. categories - 1.
Agreement agreement(std::span<const Pair> pairs, int categories);

} // namespace assay::screen
