// Effect sizes against metafor's escalc.
#include "families.hpp"

#include <cmath>

namespace assay::test {

void run_effect(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    std::vector<std::optional<double>> y, v;
    for (const effect::Computed& one : inputs.computed) {
        // metafor keeps a variance of zero, and an effect without one where only the variance is not defined.
        const bool finite = std::isfinite(one.y) && std::isfinite(one.v);
        const bool effect = finite || (std::isfinite(one.y) && one.status == effect::Status::too_small);
        y.push_back(effect ? std::optional(one.y) : std::nullopt);
        v.push_back(finite && one.v >= 0 ? std::optional(one.v) : std::nullopt);
    }
    check.numbers("yi", y);
    check.numbers("vi", v);
}

} // namespace assay::test
