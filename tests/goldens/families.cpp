#include "families.hpp"

namespace assay::test {

namespace {
constexpr Family table[] = {
    {"absolute", run_absolute},
    {"anova", run_anova},
    {"blup", run_blup},
    {"convert", run_convert},
    {"edge", run_uni},
    {"effect", run_effect},
    {"hettest", run_hettest},
    {"leave1out", run_leave_one_out},
    {"metapkg", run_meta_package},
    {"mh", run_counts},
    {"pcombine", run_pcombine},
    {"peto", run_counts},
    {"plotdata", run_plotdata},
    {"profile", run_profile},
    {"regression", run_uni},
    {"regtest", run_regtest},
    {"residuals", run_residuals},
    {"transform", run_transform},
    {"trimfill", run_trimfill},
    {"uni", run_uni},
    {"vif", run_vif},
};
} // namespace

std::span<const Family> families() {
    return table;
}

} // namespace assay::test
