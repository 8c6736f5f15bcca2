#include "synth/pet_peese.hpp"

#include "num/distributions.hpp"

#include <vector>

namespace assay::synth {

PetPeese pet_peese(std::span<const double> y, std::span<const double> v, const Estimator* estimator,
                   Test test, double alpha, double level) {
    PetPeese result;
    if (y.size() < 3) return result;
    const std::vector<double> variances(v.begin(), v.end());
    const auto fit = [&](std::span<const double> predictor) {
        return estimator ? egger_mixed(y, v, estimator, test, predictor, level)
                         : egger_classic(y, v, predictor, level);
    };
    result.pet = fit({});
    result.peese = fit(variances);
    result.defined = result.pet.defined && result.peese.defined;
    if (!result.defined) return result;
    // The standard error of the limit follows from its interval.
    const double critical = num::critical_value(level, result.pet.df);
    const double se = (result.pet.limit_high - result.pet.limit_low) / (2 * critical);
    const double direction = at_tau2({y, v}, 0).mean < 0 ? -1 : 1;
    const double statistic = direction * result.pet.limit / se;
    result.pet_p = result.pet.df > 0 ? num::t_upper(statistic, result.pet.df) : num::normal_upper(statistic);
    result.uses_peese = result.pet_p < alpha;
    const SmallStudyTest& used = result.uses_peese ? result.peese : result.pet;
    result.estimate = used.limit;
    result.ci_low = used.limit_low;
    result.ci_high = used.limit_high;
    return result;
}

} // namespace assay::synth
