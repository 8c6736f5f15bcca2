#include "families.hpp"

namespace assay::test {

namespace {
constexpr Family table[] = {
    {"cumulative", run_cumulative},
    {"edge", run_uni},
    {"effect", run_effect},
    {"fsn", run_fsn},
    {"gosh", run_gosh},
    {"hc", run_hc},
    {"influence", run_influence},
    {"leave1out", run_leave_each_out},
    {"metabias", run_metabias},
    {"metapkg", run_meta_package},
    {"mh", run_counts},
    {"permutest", run_permutest},
    {"peto", run_counts},
    {"ranktest", run_ranktest},
    {"regtest", run_regtest},
    {"selmodel", run_selmodel},
    {"tes", run_tes},
    {"trimfill", run_trimfill},
    {"uni", run_uni},
};
} // namespace

std::span<const Family> families() {
    return table;
}

} // namespace assay::test
