// Trim and fill: how many studies seem to be missing on one side of the funnel, and the result with mirror
// images of their counterparts put in. A sensitivity analysis, not a correction.
#pragma once

#include "synth/fit.hpp"

#include <vector>

namespace assay::synth {

enum class Side { automatic, left, right };
enum class TrimEstimator { L0, R0, Q0 };

struct TrimFill {
    int missing = 0; ///< k0
    double missing_se = 0;
    std::optional<double> missing_p;        ///< R0 only: P of no missing studies
    Side side = Side::left;                 ///< where studies seem to be missing
    std::vector<double> filled_y, filled_v; ///< the imputed studies, by rising y
    Mean mean;                              ///< with the filled studies
    double i2 = 0;
    bool converged = true;
    bool defined = true; ///< false: Q0 has no real solution here, or fewer than three studies
};

struct TrimOptions {
    TrimEstimator kind = TrimEstimator::L0;
    Side side = Side::automatic;
    /// Refits with tau2 from scoring.hpp: metafor's trimfill() hands no control values on, so that its refits
    /// stop at metafor's loose defaults even when the first fit was tight.
    bool early_stop = false;
};

/// Duval & Tweedie 2000, Biometrics 56:455. `estimator` null: common effect. Side `automatic`: where the
/// regression of y on its standard error says that studies are missing.
TrimFill trim_and_fill(const Problem& problem, const Estimator* estimator, Test test,
                       const TrimOptions& options = {});
inline TrimFill trim_and_fill(const Problem& problem, const Estimator* estimator, Test test,
                              TrimEstimator kind) {
    TrimOptions options;
    options.kind = kind;
    return trim_and_fill(problem, estimator, test, options);
}

} // namespace assay::synth
