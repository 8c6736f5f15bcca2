// Selection models against metafor's selmodel.
#include "synth/selection.hpp"

#include "families.hpp"
#include "uni_model.hpp"

#include <algorithm>
#include <cmath>

namespace assay::test {

namespace {
std::vector<double> list(const Json& value) {
    std::vector<double> numbers;
    if (value.is_array())
        for (const Json& one : value)
            numbers.push_back(json_number(one));
    else if (value.is_number())
        numbers.push_back(value.get<double>());
    return numbers;
}
/// The oracle's optimisers stop below the maximum now and then. Proof: our likelihood function gives, at the
/// oracle's parameters, the log-likelihood that the oracle printed, and at ours a higher one.
void explain_below_maximum(const Inputs& inputs, const Design& design, const synth::SelectionOptions& options,
                           const Case& golden, const synth::SelectionFit& got, Checker& check) {
    const Json& expected = golden.expected();
    const std::vector<double> delta = list(expected.at("delta"));
    const auto at = [&](std::span<const double> beta, double tau2, const std::vector<double>& weights) {
        return synth::selection_log_likelihood(inputs.y, inputs.v, design.x, design.columns, options, beta,
                                               tau2, weights);
    };
    const double printed = expected.at("logLik").get<double>();
    const double theirs = at(list(expected.at("beta")), json_number(expected.at("tau2")), delta);
    const double ours = at(got.beta, got.tau2, got.delta);
    if (std::fabs(theirs - printed) < 1e-8 * std::fabs(printed) && ours > theirs)
        check.forgive("the oracle's answer is not the maximum: log-likelihood " + std::to_string(theirs) +
                      " there, higher by " + Json(ours - theirs).dump() + " at ours");
}

} // namespace

void run_selmodel(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const Json& task = golden.task();
    const auto* model = synth::find_selection_model(task.at("type").get<std::string>());
    if (!model) throw Unsupported{"selection model " + task.at("type").dump()};
    synth::SelectionOptions options;
    options.type = model->type;
    options.alternative = synth::alternative_of(task.value("alternative", "greater")).value();
    if (task.contains("steps")) options.steps = list(task.at("steps"));
    if (task.contains("delta"))
        for (double one : list(task.at("delta")))
            options.delta.push_back(std::isnan(one) ? std::nullopt : std::optional(one));
    options.decreasing = task.value("decreasing", false);
    options.common = estimator_of(golden.model()) == nullptr;
    options.level = golden.model().value("level", 0.95);
    std::vector<double> imprecision;
    if (task.contains("prec") && task.at("prec").is_string()) {
        const std::string prec = task.at("prec");
        if (prec == "sei" || prec == "vi")
            imprecision = inputs.v;
        else
            for (double n : sizes_of(inputs, golden.golden))
                imprecision.push_back(1 / n);
        if (prec == "sei" || prec == "sqrtninv")
            for (double& one : imprecision)
                one = std::sqrt(one);
        const double largest = *std::max_element(imprecision.begin(), imprecision.end());
        for (double& one : imprecision)
            one /= largest;
        options.imprecision = imprecision;
    }
    const Design design = design_of(golden.model());
    const synth::SelectionFit got = synth::select(inputs.y, inputs.v, design.x, design.columns, options);
    if (!got.defined) check.fail("not fitted: " + got.why);
    check.numbers("beta", got.beta);
    check.numbers("se", got.se);
    check.numbers("zval", got.statistic);
    check.numbers("pval", got.p);
    check.numbers("ci_lb", got.ci_low);
    check.numbers("ci_ub", got.ci_high);
    check.number("tau2", got.tau2);
    check.number("se_tau2", got.tau2_se);
    check.numbers("delta", got.delta);
    check.numbers("se_delta", got.delta_se);
    check.number("LRT", got.lrt);
    check.number("LRTp", got.lrt_p);
    check.number("LRT_df", got.lrt_df);
    check.number("logLik", got.log_likelihood);
    if (!check.failures().empty()) explain_below_maximum(inputs, design, options, golden, got, check);
}

} // namespace assay::test
