// Leave-one-out against metafor's leave1out.
#include "families.hpp"
#include "synth/estimators.hpp"
#include "synth/leave_one_out.hpp"
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

} // namespace

void run_leave_one_out(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const auto results =
        synth::leave_one_out(inputs.effects, std::string(inputs.measure->id), options_of(golden.model()));
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
}

} // namespace assay::test
