// Pooled results against metafor's rma.uni, rma.mh, rma.peto and leave1out.
#include "families.hpp"
#include "synth/estimators.hpp"
#include "synth/mantel_haenszel.hpp"
#include "synth/pool.hpp"

namespace assay::test {

namespace {

synth::PoolOptions options_of(const Json& model) {
    synth::PoolOptions options;
    const std::string method = model.value("method", "REML");
    const bool common = method == "EE" || method == "FE";
    if (!common && !synth::find_estimator(method)) throw Unsupported{"estimator " + method};
    if (model.contains("weights") || model.contains("weighted")) throw Unsupported{"weights of the user"};
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

} // namespace

void run_uni(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    if (design_of(golden.model()).present) throw Unsupported{"design matrix"};
    const synth::PoolOptions options = options_of(golden.model());
    const model::Synthesis got = synth::pool(inputs.effects, std::string(inputs.measure->id), options);
    check.number("k", got.k);
    check.number("beta", got.estimate);
    check.number("se", got.se);
    check.number("stat", got.statistic);
    check.number("pval", got.p);
    check.number("ci_lb", got.ci_low);
    check.number("ci_ub", got.ci_high);
    check.number("ddf", got.df);
    check.number("tau2", got.tau2);
    check.number("se_tau2", got.tau2_se);
    check.number("I2", got.i2);
    check.number("H2", got.h2);
    check.number("QE", got.q);
    check.number("QE_df", got.q_df);
    check.number("QEp", got.q_p);
    check.numbers("ci_qp_tau2", pair(got.tau2_ci));
    check.numbers("ci_qp_I2", pair(got.i2_ci));
    check.number("pred_default.pi_lb", got.pi_low);
    check.number("pred_default.pi_ub", got.pi_high);
    check.number("pred_riley.pi_lb", got.pi_hts_low);
    check.number("pred_riley.pi_ub", got.pi_hts_high);
    check.numbers("weights_pct", std::vector<std::optional<double>>(got.weights.begin(), got.weights.end()));
}

void run_counts(const Case& golden, Checker& check) {
    const std::string measure = golden.golden.at("effect").at("measure");
    // All tables that are complete, as Mantel-Haenszel and Peto pool counts whether or not there is an
    // effect.
    Case plain = golden;
    plain.golden["effect"]["options"] = Json::object();
    const Inputs inputs = inputs_of(plain);
    synth::PoolOptions options;
    options.model = "common";
    options.method = golden.family == "peto" ? "Peto" : "MH";
    options.test = "z";
    options.level = golden.model().value("level", 0.95);
    const model::Synthesis got = synth::pool(inputs.effects, measure, options);
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
}

} // namespace assay::test
