#include "synth/leave_one_out.hpp"

#include <algorithm>

namespace assay::synth {

std::vector<model::Synthesis> leave_one_out(std::span<const model::Effect> effects, const std::string& measure,
                                            const PoolOptions& options) {
    PoolOptions lean = options;
    lean.intervals_of_tau2 = false;
    std::vector<model::Synthesis> results;
    // The effect left out moves through the list: `rest` lacks effects[i] at step i, in order.
    if (effects.empty()) return results;
    std::vector<model::Effect> rest(effects.begin() + 1, effects.end());
    for (std::size_t i = 0; i < effects.size(); ++i) {
        results.push_back(pool(rest, measure, lean));
        if (i < rest.size()) rest[i] = effects[i];
    }
    return results;
}

} // namespace assay::synth
