// PET-PEESE: the effect that a study without sampling error would have, by regression on the standard error
// or on the variance.
#pragma once

#include "synth/regtest.hpp"

namespace assay::synth {

struct PetPeese {
    SmallStudyTest pet;   ///< y on sqrt(v); its limit is the PET estimate
    SmallStudyTest peese; ///< y on v; its limit is the PEESE estimate
    double pet_p = 1;     ///< one-sided P of the PET estimate, in the direction of the common effect
    bool uses_peese = false;
    double estimate = 0, ci_low = 0, ci_high = 0; ///< of the one used
    bool defined = false;                         ///< false: fewer than three studies, or all equally precise
};

/// Stanley & Doucouliagos 2014, Res Synth Methods 5:60: PEESE where PET's estimate differs from 0 (one-sided
/// P < alpha), PET elsewhere. `estimator` null: weighted least squares with multiplicative dispersion, as
/// they use; else additive variance between studies.
PetPeese pet_peese(std::span<const double> y, std::span<const double> v, const Estimator* estimator = nullptr,
                   Test test = Test::t, double alpha = 0.05, double level = 0.95);

} // namespace assay::synth
