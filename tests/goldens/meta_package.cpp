// Results of R's meta package.
#include "families.hpp"
#include "synth/subgroups.hpp"

#include <algorithm>

namespace assay::test {

void run_meta_package(const Case& golden, Checker& check) {
    const Json& task = golden.task();
    if (task.at("op") != "subgroup" || task.value("common_tau2", true))
        throw Unsupported{"meta's " + task.at("op").get<std::string>()};
    Case with_effect = golden;
    const bool counts = golden.golden.at("data").at("file") == "dat.bcg_n.csv";
    Json& wanted = with_effect.golden["effect"];
    wanted["measure"] = counts ? "RR" : "GEN";
    wanted["columns"] = counts ? Json{{"ai", "tpos"}, {"n1i", "n1"}, {"ci", "cpos"}, {"n2i", "n2"}}
                               : Json{{"yi", "yi"}, {"sei", "se"}};
    wanted["options"] = Json::object();
    Inputs inputs = inputs_of(with_effect);
    for (std::size_t i = 0; i < inputs.effects.size(); ++i)
        inputs.effects[i].subgroup = inputs.table.text.at(task.at("by"))[inputs.kept[i]];
    synth::PoolOptions options;
    options.method = task.at("tau");
    options.test = task.value("ci", "classic") == "HK" ? "knha" : "z";
    const auto got = synth::subgroups(inputs.effects, "GEN", options, "by");
    const Json& levels = golden.expected().at("levels");
    check.pass_over("levels");
    for (const auto& group : got.groups) {
        const auto at =
            static_cast<std::size_t>(std::find(levels.begin(), levels.end(), group.level) - levels.begin());
        if (at >= levels.size()) throw Unsupported{"level " + group.level};
        check.element("TE_random_w", at, group.synthesis.estimate);
        check.element("se_random_w", at, group.synthesis.se);
        check.element("lb_random_w", at, group.synthesis.ci_low);
        check.element("ub_random_w", at, group.synthesis.ci_high);
        check.element("k_w", at, group.synthesis.k);
        check.element("tau2_w", at, group.synthesis.tau2);
        check.element("Q_w", at, group.synthesis.q);
    }
    check.number("Qb_random", got.q);
    check.number("Qb_random_p", got.p);
    check.number("Qb_df", got.df);
    options.model = "common";
    options.method = "IV";
    options.test = "z";
    const auto common = synth::subgroups(inputs.effects, "GEN", options, "by");
    check.number("Qb_common", common.q);
    check.number("Qb_common_p", common.p);
}

} // namespace assay::test
