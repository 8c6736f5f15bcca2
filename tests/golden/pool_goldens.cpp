// Pooled results against metafor's rma.uni, rma.mh, rma.peto and leave1out, and meta's subgroups.
#include "golden_cases.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/mantel_haenszel.hpp"
#include "synth/pool.hpp"
#include "synth/subgroups.hpp"

#include <doctest/doctest.h>

#include "synth/estimators.hpp"

using namespace assay;
using namespace assay::test;

namespace {

/// Cases whose model is more than a mean with one of our estimators.
bool beyond_us(const Json& model) {
    const std::string method = model.value("method", "REML");
    const bool known = method == "EE" || method == "FE" || synth::find_estimator(method);
    return !known || !model.value("mods", Json()).is_null() || model.contains("weights") ||
           model.contains("weighted");
}

synth::PoolOptions options_of(const Json& model) {
    synth::PoolOptions options;
    const std::string method = model.value("method", "REML");
    const bool common = method == "EE" || method == "FE";
    options.model = common ? "common" : "random";
    options.method = common ? "IV" : method;
    options.test = model.value("test", "z");
    options.level = model.value("level", 0.95);
    if (model.contains("tau2_fixed")) options.tau2 = model.at("tau2_fixed").get<double>();
    return options;
}

std::vector<std::optional<double>> pair(const std::optional<model::Interval>& interval) {
    if (!interval) return {0.0, 0.0}; // metafor prints an empty Q-profile interval as 0 to 0
    return {interval->low, interval->high};
}

void check_fit(const Json& golden, const Inputs& inputs) {
    const synth::PoolOptions options = options_of(golden.at("model"));
    const model::Synthesis got = synth::pool(inputs.effects, std::string(inputs.measure->id), options);
    Checker check(golden);
    check.number("k", got.k);
    check.number("beta", got.estimate);
    check.number("se", got.se);
    check.number("stat", got.statistic);
    check.number("pval", got.p);
    check.number("ci_lb", got.ci_low);
    check.number("ci_ub", got.ci_high);
    check.number("ddf", got.df);
    check.number("tau2", got.tau2);
    // A given tau2 has no standard error, though metafor prints what REML's would be.
    if (!options.tau2) check.number("se_tau2", got.tau2_se);
    check.number("I2", got.i2);
    check.number("H2", got.h2);
    check.number("QE", got.q);
    check.number("QE_df", got.q_df);
    check.number("QEp", got.q_p);
    if (got.k > 1) {
        if (!options.tau2) check.numbers("ci_qp_tau2", pair(got.tau2_ci));
        if (!options.tau2) check.numbers("ci_qp_I2", pair(got.i2_ci));
        check.number("pred_default.pi_lb", got.pi_low);
        check.number("pred_default.pi_ub", got.pi_high);
        check.number("pred_riley.pi_lb", got.pi_hts_low);
        check.number("pred_riley.pi_ub", got.pi_hts_high);
    }
    check.numbers("weights_pct", {got.weights.begin(), got.weights.end()});
    CHECK(check.compared() >= 15);
}

void run_fits(const Source& source, int at_least) {
    int checked = 0;
    std::string missing;
    for (const Json& golden : source.cases) {
        const auto inputs = beyond_us(golden.at("model")) ? std::nullopt : inputs_of(golden, source.data_folder);
        if (!inputs) {
            missing += " " + golden.at("id").get<std::string>();
            continue;
        }
        check_fit(golden, *inputs);
        ++checked;
    }
    MESSAGE(source.name << ": " << checked << " cases; not within the engine:" << (missing.empty() ? " none" : missing));
    CHECK(checked >= at_least);
}

/// All tables that are complete, as Mantel-Haenszel and Peto pool counts whether or not there is an effect.
std::vector<model::Effect> with_counts(const Json& golden, const std::string& folder) {
    Json plain = golden;
    plain["effect"]["options"] = Json::object();
    return inputs_of(plain, folder)->effects;
}

void run_counts(const Source& source, const std::string& method) {
    for (const Json& golden : source.cases) {
        const std::string measure = golden.at("effect").at("measure");
        // Rates have no 2x2 table; "-add" adds to the pooled counts, which assay never does.
        const bool added = golden.at("model").value("args", "").find("add=c(1/2,1/2)") != std::string::npos;
        if (!golden.at("effect").at("columns").contains("ai") || added) continue;
        synth::PoolOptions options;
        options.model = "common";
        options.method = method;
        options.test = "z";
        options.level = golden.at("model").value("level", 0.95);
        const auto effects = with_counts(golden, source.data_folder);
        const model::Synthesis got = synth::pool(effects, measure, options);
        Checker check(golden);
        check.number("k", got.k);
        check.number("beta", got.estimate);
        check.number("se", got.se);
        check.number("zval", got.statistic);
        check.number("pval", got.p);
        check.number("ci_lb", got.ci_low);
        check.number("ci_ub", got.ci_high);
        check.number("QE", got.q);
        check.number("QEp", got.q_p);
        check.number("I2", got.i2);
        check.number("H2", got.h2);
        CHECK(check.compared() >= 10);
    }
}

void run_leave_one_out(const Source& source) {
    int checked = 0;
    for (const Json& golden : source.cases) {
        if (beyond_us(golden.at("model"))) continue;
        const auto inputs = inputs_of(golden, source.data_folder);
        if (!inputs) continue;
        const auto results = synth::leave_one_out(inputs->effects, std::string(inputs->measure->id), options_of(golden.at("model")));
        Checker check(golden);
        for (std::size_t i = 0; i < results.size(); ++i) {
            check.element("estimate", i, results[i].estimate);
            check.element("se", i, results[i].se);
            check.element("stat", i, results[i].statistic);
            check.element("pval", i, results[i].p);
            check.element("ci_lb", i, results[i].ci_low);
            check.element("ci_ub", i, results[i].ci_high);
            check.element("Q", i, results[i].q);
            check.element("Qp", i, results[i].q_p);
            check.element("tau2", i, results[i].tau2);
            check.element("I2", i, results[i].i2);
            check.element("H2", i, results[i].h2);
        }
        CHECK(check.compared() > 0);
        ++checked;
    }
    CHECK(checked >= 8);
}

/// Subgroups of the meta package: own tau2 in each group.
void run_subgroups(const Source& source) {
    int checked = 0;
    for (Json golden : source.cases) {
        const Json& task = golden.at("task");
        if (task.at("op") != "subgroup" || task.value("common_tau2", true)) continue;
        const bool counts = golden.at("data").at("file") == "dat.bcg_n.csv";
        golden["effect"]["measure"] = counts ? "RR" : "GEN";
        golden["effect"]["columns"] = counts ? Json{{"ai", "tpos"}, {"n1i", "n1"}, {"ci", "cpos"}, {"n2i", "n2"}}
                                             : Json{{"yi", "yi"}, {"sei", "se"}};
        golden["effect"]["options"] = Json::object();
        auto inputs = inputs_of(golden, source.data_folder);
        for (std::size_t i = 0; i < inputs->effects.size(); ++i)
            inputs->effects[i].subgroup = inputs->table.text.at(task.at("by"))[inputs->kept[i]];
        synth::PoolOptions options;
        options.method = task.at("tau");
        options.test = task.value("ci", "classic") == "HK" ? "knha" : "z";
        const auto got = synth::subgroups(inputs->effects, "GEN", options, "by");
        Checker check(golden);
        const Json& levels = golden.at("expected").at("levels");
        REQUIRE(levels.size() == got.groups.size());
        for (const auto& group : got.groups) {
            const auto at = static_cast<std::size_t>(std::find(levels.begin(), levels.end(), group.level) - levels.begin());
            REQUIRE(at < levels.size());
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
        const auto common = synth::subgroups(inputs->effects, "GEN", options, "by");
        check.number("Qb_common", common.q);
        check.number("Qb_common_p", common.p);
        CHECK(check.compared() >= 15);
        ++checked;
    }
    CHECK(checked >= 3);
}

template<class Run> void on_shared(const std::string& family, Run run) {
    const auto source = shared(family);
    if (!source) {
        MESSAGE("skipped: no shared data");
        return;
    }
    run(*source);
}

} // namespace

TEST_CASE("pooled means equal metafor's, committed cases") { run_fits(committed("uni"), 50); }
TEST_CASE("pooled means equal metafor's, shared cases") {
    on_shared("uni", [](const Source& s) { run_fits(s, 50); });
}
TEST_CASE("pooled means at the edges equal metafor's, committed cases") { run_fits(committed("edge"), 15); }
TEST_CASE("pooled means at the edges equal metafor's, shared cases") {
    on_shared("edge", [](const Source& s) { run_fits(s, 15); });
}
TEST_CASE("Mantel-Haenszel equals metafor's, committed cases") { run_counts(committed("mh"), "MH"); }
TEST_CASE("Mantel-Haenszel equals metafor's, shared cases") {
    on_shared("mh", [](const Source& s) { run_counts(s, "MH"); });
}
TEST_CASE("Peto equals metafor's, committed cases") { run_counts(committed("peto"), "Peto"); }
TEST_CASE("Peto equals metafor's, shared cases") {
    on_shared("peto", [](const Source& s) { run_counts(s, "Peto"); });
}
TEST_CASE("leave-one-out equals metafor's, committed cases") { run_leave_one_out(committed("leave1out")); }
TEST_CASE("leave-one-out equals metafor's, shared cases") { on_shared("leave1out", run_leave_one_out); }
TEST_CASE("subgroups equal meta's, committed cases") { run_subgroups(committed("metapkg")); }
TEST_CASE("subgroups equal meta's, shared cases") { on_shared("metapkg", run_subgroups); }
