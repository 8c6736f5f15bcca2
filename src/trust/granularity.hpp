// Which means, standard deviations and percentages whole numbers can give. Pure arithmetic: no review, no
// opinion.
#pragma once

#include "trust/printed.hpp"

#include <vector>

namespace assay::trust {

/// GRIM (Brown and Heathers 2017, Soc Psychol Personal Sci 8:363): can the mean of n values, each a multiple
/// of `step`, be printed as `mean`? True where n is not a whole number >= 1: nothing is known then.
bool grim(const Printed& mean, double n, double step = 1);

/// Whether GRIM can say anything: fewer than one mean per printed unit is possible.
bool grim_informative(const Printed& mean, double n, double step = 1);

/// GRIMMER (Anaya 2016, PeerJ Preprints 4:e2400v1; Allard 2018): can n whole numbers have this mean and SD at
/// once? A sum of squares of the right size must exist that is odd exactly when the sum is. `sample`: SD with
/// n - 1.
bool grimmer(const Printed& mean, const Printed& sd, double n, double step = 1, bool sample = true);

/// DEBIT (Heathers and Brown 2019): mean and SD of n zeros and ones. The count fixes both.
bool debit(const Printed& mean, const Printed& sd, double n);

/// Can `percent` of n people be a whole number of people?
bool percent_possible(const Printed& percent, double n);

/// Does `events` of n give the printed percentage?
bool percent_of(const Printed& percent, double events, double n);

/// Numbers of people near n (within a fifth, at most 5 of them, nearest first) for which the printed mean is
/// possible.
std::vector<int> sizes_for_mean(const Printed& mean, double n, double step = 1);
/// The same for a percentage.
std::vector<int> sizes_for_percent(const Printed& percent, double n);

} // namespace assay::trust
