// Small-study tests and trim-and-fill against metafor's regtest and trimfill, meta-regression against rma.uni.
#include "converged.hpp"
#include "golden_cases.hpp"

#include "synth/regression.hpp"
#include "synth/regtest.hpp"
#include "synth/trimfill.hpp"

#include <doctest/doctest.h>

#include <cmath>

using namespace assay;
using namespace assay::test;

namespace {

struct Numbers {
    std::vector<double> y, v;
    explicit Numbers(const Inputs& inputs) {
        for (const model::Effect& effect : inputs.effects) {
            y.push_back(effect.y);
            v.push_back(effect.v);
        }
    }
};

const synth::Estimator* estimator_of(const Json& model) {
    const std::string method = model.value("method", "REML");
    return method == "EE" || method == "FE" ? nullptr : synth::find_estimator(method);
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
        if (columns.contains("ni")) add("ni");
        else if (columns.contains("n1i")) add("n1i"), add("n2i");
        else for (const char* role : {"ai", "bi", "ci", "di"}) add(role);
        n.push_back(sum);
    }
    return n;
}

std::optional<std::vector<double>> predictor_of(const std::string& name, const Inputs& inputs, const Json& golden) {
    if (name == "sei") return std::vector<double>{};
    const Numbers numbers(inputs);
    if (name == "vi") return numbers.v;
    std::vector<double> x = sizes(inputs, golden);
    for (double& n : x) {
        if (name == "ninv") n = 1 / n;
        else if (name == "sqrtni") n = std::sqrt(n);
        else if (name == "sqrtninv") n = 1 / std::sqrt(n);
        else if (name != "ni") return std::nullopt;
    }
    return x;
}

void run_regtest(const Source& source) {
    int checked = 0;
    for (const Json& golden : source.cases) {
        const auto inputs = inputs_of(golden, source.data_folder);
        if (!inputs) continue;
        const Json& task = golden.at("task");
        const auto predictor = predictor_of(task.at("predictor"), *inputs, golden);
        if (!predictor) continue;
        const Numbers numbers(*inputs);
        const bool classic = task.at("model") == "lm";
        const auto got = classic ? synth::egger_classic(numbers.y, numbers.v, *predictor)
                                 : synth::egger_mixed(numbers.y, numbers.v, estimator_of(golden.at("model")),
                                                      synth::test_of(golden.at("model").at("test").get<std::string>()).value(), *predictor);
        Checker check(golden);
        check.number("stat", got.statistic);
        check.number("pval", got.p);
        check.number("df", got.df > 0 ? std::optional<double>(got.df) : std::nullopt);
        // With n or its root as predictor the intercept is the effect of a study without people: no limit.
        const std::string name = task.at("predictor");
        if (name != "ni" && name != "sqrtni") {
            check.number("limit_est", got.limit);
            check.number("limit_lb", got.limit_low);
            check.number("limit_ub", got.limit_high);
        }
        ++checked;
    }
    MESSAGE(source.name << ": " << checked << " of " << source.cases.size() << " cases");
    CHECK(checked >= 35);
}

/// trimfill refits with metafor's default control, which stops early: our tau2 must satisfy its own equation and lie
/// within that stop of metafor's, and at metafor's tau2 everything else must agree.
void check_filled_mean(const Json& golden, Checker& check, Numbers numbers, const synth::TrimFill& got) {
    numbers.y.insert(numbers.y.end(), got.filled_y.begin(), got.filled_y.end());
    numbers.v.insert(numbers.v.end(), got.filled_v.begin(), got.filled_v.end());
    const synth::Problem filled{numbers.y, numbers.v};
    const Json& model = golden.at("model");
    const std::string method = model.at("method");
    CHECK_MESSAGE(satisfies_equation(filled, got.mean.tau2.value, method), golden.at("id"));
    const double theirs = golden.at("expected").at("tau2");
    CHECK_MESSAGE(near(got.mean.tau2.value, theirs, stop_of(method)),
                  golden.at("id") << ": tau2 " << got.mean.tau2.value << ", metafor " << theirs);
    // metafor's refit forgets the test of the model and uses z.
    const auto there = synth::fit_mean_at(filled, theirs, synth::Test::z);
    check.number("beta", there.estimate);
    check.number("se", there.se);
    if (method != "EE") check.number("I2", synth::heterogeneity_from_tau2(theirs, there.tr_p, filled.df()).i2);
}

void run_trimfill(const Source& source) {
    int checked = 0;
    for (const Json& golden : source.cases) {
        const auto inputs = inputs_of(golden, source.data_folder);
        const Json& task = golden.at("task");
        const std::string kind = task.at("estimator"), side = task.at("side");
        if (!inputs) continue;
        const Numbers numbers(*inputs);
        const auto got = synth::trim_and_fill(
            {numbers.y, numbers.v}, estimator_of(golden.at("model")),
            synth::test_of(golden.at("model").at("test").get<std::string>()).value(),
            kind == "L0" ? synth::TrimEstimator::L0 : kind == "R0" ? synth::TrimEstimator::R0 : synth::TrimEstimator::Q0,
            side == "left" ? synth::Side::left : side == "right" ? synth::Side::right : synth::Side::automatic);
        Checker check(golden);
        check.number("k0", got.missing);
        check.number("se_k0", got.missing_se);
        check.number("p_k0", got.missing_p);
        check.number("k", got.mean.k);
        check.number("QE", got.mean.q);
        check_filled_mean(golden, check, numbers, got);
        const auto& filled = golden.at("expected").at("filled_yi");
        // metafor drops a filled study that ties with another in y; ours keeps all that are counted.
        if (!filled.is_array() || filled.size() == got.filled_y.size()) {
            check.numbers("filled_yi", {got.filled_y.begin(), got.filled_y.end()});
            check.numbers("filled_vi", {got.filled_v.begin(), got.filled_v.end()});
        }
        const std::string wanted = golden.at("expected").at("side");
        CHECK_MESSAGE((wanted == "left") == (got.side == synth::Side::left), golden.at("id"));
        ++checked;
    }
    MESSAGE(source.name << ": " << checked << " of " << source.cases.size() << " cases");
    CHECK(checked >= 20);
}

void run_regressions(const Source& source) {
    int checked = 0;
    for (const Json& golden : source.cases) {
        const Json& model = golden.at("model");
        if (model.value("mods", Json()).is_null()) continue;
        const bool common = model.at("method") == "EE";
        if ((!common && !estimator_of(model)) || model.contains("weights") || model.contains("tau2_fixed")) continue;
        const auto inputs = inputs_of(golden, source.data_folder);
        if (!inputs) continue;
        const Json& rows = model.at("X");
        const std::size_t p = rows.at(0).size();
        REQUIRE(rows.size() == inputs->effects.size());
        std::vector<double> x;
        for (std::size_t j = 0; j < p; ++j)
            for (const Json& row : rows)
                x.push_back(row.at(j).get<double>());
        const Numbers numbers(*inputs);
        const auto got = synth::regress(numbers.y, numbers.v, x, p, estimator_of(model),
                                        synth::test_of(model.at("test").get<std::string>()).value(), model.value("level", 0.95));
        Checker check(golden);
        REQUIRE(got.coefficients.size() == p);
        for (std::size_t j = 0; j < p; ++j) {
            const synth::Coefficient& c = got.coefficients[j];
            check.element("beta", j, c.estimate);
            check.element("se", j, c.se);
            check.element("stat", j, c.statistic);
            check.element("pval", j, c.p);
            check.element("ci_lb", j, c.ci_low);
            check.element("ci_ub", j, c.ci_high);
        }
        check.number("tau2", got.tau2.value);
        check.number("se_tau2", got.tau2.se);
        check.number("I2", got.i2);
        check.number("H2", got.h2);
        check.number("QE", got.q);
        check.number("QEp", got.q_p);
        check.number("QM", got.qm);
        check.number("QM_df1", got.qm_df);
        check.number("QMp", got.qm_p);
        check.number("R2", got.r2);
        ++checked;
    }
    MESSAGE(source.name << ": " << checked << " meta-regressions");
    CHECK(checked >= 15);
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

TEST_CASE("regression tests of the funnel equal metafor's, committed cases") { run_regtest(committed("regtest")); }
TEST_CASE("regression tests of the funnel equal metafor's, shared cases") { on_shared("regtest", run_regtest); }
TEST_CASE("trim and fill equals metafor's, committed cases") { run_trimfill(committed("trimfill")); }
TEST_CASE("trim and fill equals metafor's, shared cases") { on_shared("trimfill", run_trimfill); }
TEST_CASE("meta-regression equals metafor's, committed cases") { run_regressions(committed("regression")); }
TEST_CASE("meta-regression equals metafor's, shared cases") { on_shared("uni", run_regressions); }
