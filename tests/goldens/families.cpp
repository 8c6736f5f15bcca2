#include "families.hpp"

namespace assay::test {

namespace {
constexpr Family table[] = {
    {"edge", run_uni},
    {"effect", run_effect},
    {"leave1out", run_leave_one_out},
    {"metapkg", run_meta_package},
    {"mh", run_counts},
    {"peto", run_counts},
    {"regression", run_uni},
    {"regtest", run_regtest},
    {"trimfill", run_trimfill},
    {"uni", run_uni},
};
} // namespace

std::span<const Family> families() {
    return table;
}

} // namespace assay::test
