#include "families.hpp"

namespace assay::test {

namespace {
constexpr Family table[] = {
    {"aggregate", run_aggregate},
    {"anova", run_anova},
    {"blup", run_blup},
    {"edge", run_uni},
    {"effect", run_effect},
    {"glmm", run_glmm},
    {"hettest", run_hettest},
    {"leave1out", run_leave_one_out},
    {"locscale", run_location_scale},
    {"metapkg", run_meta_package},
    {"mh", run_counts},
    {"mv", run_multilevel},
    {"pcombine", run_pcombine},
    {"peto", run_counts},
    {"plotdata", run_plotdata},
    {"profile", run_profile},
    {"regression", run_uni},
    {"regtest", run_regtest},
    {"residuals", run_residuals},
    {"robust", run_robust},
    {"rve", run_rve},
    {"trimfill", run_trimfill},
    {"uni", run_uni},
    {"vcalc", run_vcalc},
    {"vif", run_vif},
};
} // namespace

std::span<const Family> families() {
    return table;
}

} // namespace assay::test
