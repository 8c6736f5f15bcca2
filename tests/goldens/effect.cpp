// Effect sizes against metafor's escalc.
#include "families.hpp"

namespace assay::test {

void run_effect(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    std::vector<std::optional<double>> y, v;
    for (const effect::Computed& one : inputs.computed) {
        const bool ok = one.status == effect::Status::ok;
        y.push_back(ok ? std::optional(one.y) : std::nullopt);
        v.push_back(ok ? std::optional(one.v) : std::nullopt);
    }
    check.numbers("yi", y);
    check.numbers("vi", v);
}

} // namespace assay::test
