#include "families.hpp"

namespace assay::test {

namespace {
constexpr Family table[] = {
    {"anova", run_anova},
    {"blup", run_blup},
    {"cumulative", run_cumulative},
    {"edge", run_uni},
    {"effect", run_effect},
    {"fsn", run_fsn},
    {"gosh", run_gosh},
    {"hc", run_hc},
    {"hettest", run_hettest},
    {"influence", run_influence},
    {"leave1out", run_leave_each_out},
    {"metabias", run_metabias},
    {"metapkg", run_meta_package},
    {"mh", run_counts},
    {"pcombine", run_pcombine},
    {"permutest", run_permutest},
    {"peto", run_counts},
    {"plotdata", run_plotdata},
    {"profile", run_profile},
    {"ranktest", run_ranktest},
    {"regression", run_uni},
    {"regtest", run_regtest},
    {"residuals", run_residuals},
    {"selmodel", run_selmodel},
    {"tes", run_tes},
    {"trimfill", run_trimfill},
    {"uni", run_uni},
    {"vif", run_vif},
};
} // namespace

std::span<const Family> families() {
    return table;
}

} // namespace assay::test
