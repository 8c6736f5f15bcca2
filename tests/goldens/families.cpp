#include "families.hpp"

namespace assay::test {

namespace {
constexpr Family table[] = {
    {"aggregate", run_aggregate},
    {"edge", run_uni},
    {"effect", run_effect},
    {"glmm", run_glmm},
    {"leave1out", run_leave_one_out},
    {"metapkg", run_meta_package},
    {"locscale", run_location_scale},
    {"mh", run_counts},
    {"mv", run_multilevel},
    {"peto", run_counts},
    {"regtest", run_regtest},
    {"robust", run_robust},
    {"rve", run_rve},
    {"trimfill", run_trimfill},
    {"uni", run_uni},
    {"vcalc", run_vcalc},
};
} // namespace

std::span<const Family> families() {
    return table;
}

} // namespace assay::test
