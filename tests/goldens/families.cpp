#include "families.hpp"

namespace assay::test {

namespace {
constexpr Family table[] = {
    {"absolute", run_absolute},
    {"aggregate", run_aggregate},
    {"anova", run_anova},
    {"blup", run_blup},
    {"convert", run_convert},
    {"cumulative", run_cumulative},
    {"edge", run_uni},
    {"effect", run_effect},
    {"fsn", run_fsn},
    {"glmm", run_glmm},
    {"gosh", run_gosh},
    {"hc", run_hc},
    {"hettest", run_hettest},
    {"influence", run_influence},
    {"leave1out", run_leave_each_out},
    {"locscale", run_location_scale},
    {"metabias", run_metabias},
    {"metapkg", run_meta_package},
    {"mh", run_counts},
    {"mv", run_multilevel},
    {"pcombine", run_pcombine},
    {"permutest", run_permutest},
    {"peto", run_counts},
    {"plotdata", run_plotdata},
    {"profile", run_profile},
    {"ranktest", run_ranktest},
    {"regression", run_uni},
    {"regtest", run_regtest},
    {"residuals", run_residuals},
    {"robust", run_robust},
    {"rve", run_rve},
    {"selmodel", run_selmodel},
    {"tes", run_tes},
    {"transform", run_transform},
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
