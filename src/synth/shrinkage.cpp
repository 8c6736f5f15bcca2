#include "synth/shrinkage.hpp"

#include "num/distributions.hpp"

#include <cmath>

namespace assay::synth {

Shrinkage shrink(const UniModel& model, const UniFit& fit) {
    Shrinkage result;
    if (!fit.defined) return result;
    const std::size_t k = model.y.size(), p = fit.beta.size();
    const double critical = num::critical_value(fit.level, fit.df);
    std::vector<double> row(p, 1.0);
    for (std::size_t i = 0; i < k; ++i) {
        if (!model.x.empty())
            for (std::size_t j = 0; j < p; ++j)
                row[j] = model.x[j * k + i];
        const Predicted mean = predict(fit, row);
        const double share = fit.tau2.value / (fit.tau2.value + model.v[i]), rest = 1 - share;
        const double variance = mean.se * mean.se;
        const double effect = share * model.y[i] + rest * mean.mean;
        const double effect_se = std::sqrt(share * model.v[i] + rest * rest * variance);
        const double deviation = share * (model.y[i] - mean.mean);
        const double deviation_se = std::sqrt(share * model.v[i] + share * share * variance);
        result.effect.push_back(effect);
        result.effect_se.push_back(effect_se);
        result.low.push_back(effect - critical * effect_se);
        result.high.push_back(effect + critical * effect_se);
        result.deviation.push_back(deviation);
        result.deviation_se.push_back(deviation_se);
        result.deviation_low.push_back(deviation - critical * deviation_se);
        result.deviation_high.push_back(deviation + critical * deviation_se);
    }
    return result;
}

} // namespace assay::synth
