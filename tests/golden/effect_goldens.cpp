// Effect sizes against metafor's escalc.
#include "golden_cases.hpp"

#include <doctest/doctest.h>

using namespace assay;
using namespace assay::test;

namespace {
/// Measures of the cases that the table does not have yet are counted, never passed over in silence.
void run(const Source& source) {
    int checked = 0;
    std::string missing;
    for (const Json& golden : source.cases) {
        const auto inputs = inputs_of(golden, source.data_folder);
        if (!inputs) {
            missing += " " + golden.at("id").get<std::string>();
            continue;
        }
        std::vector<std::optional<double>> y, v;
        for (const effect::Computed& one : inputs->computed) {
            const bool ok = one.status == effect::Status::ok;
            y.push_back(ok ? std::optional(one.y) : std::nullopt);
            v.push_back(ok ? std::optional(one.v) : std::nullopt);
        }
        Checker check(golden);
        check.numbers("yi", y);
        check.numbers("vi", v);
        CHECK(check.compared() > 0);
        ++checked;
    }
    MESSAGE(source.name << ": " << checked << " cases; measures not there:" << (missing.empty() ? " none" : missing));
    CHECK(checked >= 40);
}
} // namespace

TEST_CASE("effect sizes equal metafor's, committed cases") { run(committed("effect")); }

TEST_CASE("effect sizes equal metafor's, shared cases") {
    const auto source = shared("effect");
    if (!source) {
        MESSAGE("skipped: no shared data");
        return;
    }
    run(*source);
}
