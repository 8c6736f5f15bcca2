// Small-study tests and trim-and-fill against metafor's regtest and trimfill.
#include "families.hpp"
#include "synth/regtest.hpp"
#include "synth/trimfill.hpp"

#include <cmath>

namespace assay::test {

namespace {

const synth::Estimator* estimator_of(const Json& model) {
    const std::string method = model.value("method", "REML");
    if (method == "EE" || method == "FE") return nullptr;
    const synth::Estimator* found = synth::find_estimator(method);
    if (!found) throw Unsupported{"estimator " + method};
    return found;
}

/// People behind each kept study, for the predictors made of n.
std::vector<double> sizes(const Inputs& inputs, const Json& golden) {
    std::vector<double> n;
    const Json& columns = golden.at("effect").at("columns");
    for (std::size_t row : inputs.kept) {
        double sum = 0;
        const auto add = [&](const char* role) {
            if (columns.contains(role)) sum += inputs.table.numbers.at(columns.at(role))[row].value();
        };
        if (columns.contains("ni"))
            add("ni");
        else if (columns.contains("n1i"))
            add("n1i"), add("n2i");
        else
            for (const char* role : {"ai", "bi", "ci", "di"})
                add(role);
        n.push_back(sum);
    }
    return n;
}

std::vector<double> predictor_of(const std::string& name, const Inputs& inputs, const Json& golden) {
    if (name == "sei") return {};
    if (name == "vi") return inputs.v;
    std::vector<double> x = sizes(inputs, golden);
    for (double& n : x) {
        if (name == "ninv")
            n = 1 / n;
        else if (name == "sqrtni")
            n = std::sqrt(n);
        else if (name == "sqrtninv")
            n = 1 / std::sqrt(n);
        else if (name != "ni")
            throw Unsupported{"predictor " + name};
    }
    return x;
}

synth::Test test_of(const Json& model) {
    return synth::test_of(model.at("test").get<std::string>()).value();
}

} // namespace

void run_regtest(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const std::string name = golden.task().at("predictor");
    const auto predictor = predictor_of(name, inputs, golden.golden);
    const bool classic = golden.task().at("model") == "lm";
    const auto got = classic ? synth::egger_classic(inputs.y, inputs.v, predictor)
                             : synth::egger_mixed(inputs.y, inputs.v, estimator_of(golden.model()),
                                                  test_of(golden.model()), predictor);
    check.number("stat", got.statistic);
    check.number("pval", got.p);
    check.number("df", got.df > 0 ? std::optional<double>(got.df) : std::nullopt);
    // With n or its root as predictor the intercept is the effect of a study without people: no limit.
    const bool limited = name != "ni" && name != "sqrtni";
    const auto limit = [&](double x) { return limited ? std::optional(x) : std::nullopt; };
    check.number("limit_est", limit(got.limit));
    check.number("limit_lb", limit(got.limit_low));
    check.number("limit_ub", limit(got.limit_high));
}

void run_trimfill(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const std::string kind = golden.task().at("estimator"), side = golden.task().at("side");
    const auto got =
        synth::trim_and_fill({inputs.y, inputs.v}, estimator_of(golden.model()), test_of(golden.model()),
                             kind == "L0"   ? synth::TrimEstimator::L0
                             : kind == "R0" ? synth::TrimEstimator::R0
                                            : synth::TrimEstimator::Q0,
                             side == "left"    ? synth::Side::left
                             : side == "right" ? synth::Side::right
                                               : synth::Side::automatic);
    check.number("k0", got.missing);
    check.number("se_k0", got.missing_se);
    check.number("p_k0", got.missing_p);
    check.number("k", got.mean.k);
    check.number("QE", got.mean.q);
    check.number("tau2", got.mean.tau2.value);
    check.number("beta", got.mean.estimate);
    check.number("se", got.mean.se);
    check.number("I2", got.i2);
    check.numbers("filled_yi", got.filled_y);
    check.numbers("filled_vi", got.filled_v);
    check.text("side", got.side == synth::Side::left ? "left" : "right");
}

} // namespace assay::test
