// One effect per study against metafor's rma.uni.
#include "uni.hpp"

#include "expression.hpp"
#include "families.hpp"
#include "synth/estimators.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

namespace assay::test {

namespace {

using Numbers = std::vector<std::optional<double>>;

/// The user's weights: numbers, or an expression over the data, yi and vi.
std::vector<double> weights_of(const Json& wanted, const Inputs& inputs) {
    std::vector<double> weights;
    for (std::size_t i = 0; i < inputs.kept.size(); ++i) {
        if (wanted.is_array()) {
            weights.push_back(
                wanted.at(inputs.kept.size() == wanted.size() ? i : inputs.kept[i]).get<double>());
            continue;
        }
        weights.push_back(evaluate(wanted.get<std::string>(), [&](const std::string& name) {
            const auto column = inputs.table.numbers.find(name);
            if (column != inputs.table.numbers.end()) return column->second[inputs.kept[i]].value();
            if (name == "vi") return inputs.v[i];
            if (name == "yi") return inputs.y[i];
            throw Unsupported{"weights by " + name};
        }));
    }
    return weights;
}

/// Leaves out the studies that miss a number or name the formula uses.
void keep_complete(Inputs& inputs, const std::string& formula) {
    std::set<std::string> names;
    std::string word;
    for (char c : formula + " ")
        if (std::isalnum(static_cast<unsigned char>(c)) || c == '.' || c == '_')
            word += c;
        else {
            if (inputs.table.text.count(word)) names.insert(word);
            word.clear();
        }
    Inputs complete = inputs;
    complete.y.clear();
    complete.v.clear();
    complete.kept.clear();
    complete.effects.clear();
    for (std::size_t i = 0; i < inputs.kept.size(); ++i) {
        const std::size_t row = inputs.kept[i];
        if (std::any_of(names.begin(), names.end(), [&](const std::string& name) {
                const std::string& cell = inputs.table.text.at(name)[row];
                return cell.empty() || cell == "NA";
            }))
            continue;
        complete.y.push_back(inputs.y[i]);
        complete.v.push_back(inputs.v[i]);
        complete.kept.push_back(row);
        complete.effects.push_back(inputs.effects[i]);
    }
    inputs = complete;
}

Numbers ends(const model::Interval& interval) {
    return {interval.low, interval.high};
}

void check_interval(Checker& check, const std::string& name, const synth::Tau2Interval& got) {
    const bool none = !got.problem.empty();
    check.numbers(name + "_tau2", none ? Numbers{} : ends(got.tau2));
    check.numbers(name + "_I2", none ? Numbers{} : ends(got.i2));
    check.numbers(name + "_H2", none ? Numbers{} : ends(got.h2));
}

void check_statistics(Checker& check, const std::string& kind, const synth::FitStatistics& got) {
    check.number("logLik_" + kind, got.log_likelihood);
    check.number("dev_" + kind, got.deviance);
    check.number("AIC_" + kind, got.aic);
    check.number("BIC_" + kind, got.bic);
    check.number("AICc_" + kind, got.aicc);
}

void check_prediction(Checker& check, const std::string& field, const std::vector<synth::Predicted>& got) {
    Numbers mean, se, low, high, new_low, new_high;
    for (const auto& one : got) {
        mean.push_back(one.mean);
        se.push_back(one.se);
        low.push_back(one.low);
        high.push_back(one.high);
        new_low.push_back(one.new_low);
        new_high.push_back(one.new_high);
    }
    check.numbers(field + ".pred", mean);
    check.numbers(field + ".se", se);
    check.numbers(field + ".ci_lb", low);
    check.numbers(field + ".ci_ub", high);
    check.numbers(field + ".pi_lb", new_low);
    check.numbers(field + ".pi_ub", new_high);
}

/// Rows of new values, with the intercept where the model has one and the row leaves it out.
std::vector<std::vector<double>> new_rows(const Json& wanted, const Design& design) {
    std::vector<std::vector<double>> rows;
    for (const Json& row : wanted) {
        std::vector<double> cells;
        if (row.is_array())
            for (const Json& cell : row)
                cells.push_back(cell.get<double>());
        else
            cells.push_back(row.get<double>());
        if (cells.size() + 1 == design.columns) cells.insert(cells.begin(), 1.0);
        rows.push_back(cells);
    }
    return rows;
}

} // namespace

UniCase::UniCase(const Case& golden)
    : inputs(inputs_of(golden)), design(design_of(golden.model())),
      method(golden.model().value("method", "REML")) {
    const Json& wanted = golden.model();
    const auto test = synth::test_of(wanted.value("test", "z"));
    if (!test) throw Unsupported{"test " + wanted.at("test").dump()};
    model.y = inputs.y;
    model.v = inputs.v;
    if (design.present) {
        model.x = design.x;
        model.p = design.columns;
        if (design.x.size() != design.columns * inputs.y.size()) keep_complete(inputs, wanted.at("mods"));
        if (design.x.size() != design.columns * inputs.y.size()) throw Unsupported{"design of other rows"};
        model.y = inputs.y;
        model.v = inputs.v;
    }
    model.method = method;
    model.test = *test;
    model.level = wanted.value("level", 0.95);
    if (wanted.contains("tau2_fixed") && !wanted.at("tau2_fixed").is_null())
        model.tau2 = wanted.at("tau2_fixed").get<double>();
    model.weighted = wanted.value("weighted", true);
    if (wanted.contains("weights") && !wanted.at("weights").is_null()) {
        weights = weights_of(wanted.at("weights"), inputs);
        model.weights = weights;
    }
}

void run_uni(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const synth::UniFit got = synth::fit_uni(task.model);
    if (!got.defined) throw Unsupported{got.problem};
    check.number("k", got.k);
    check.number("p", got.p);
    check.texts("coef_names", task.design.present && golden.model().contains("X_cols")
                                  ? golden.model().at("X_cols").get<std::vector<std::string>>()
                                  : std::vector<std::string>{"intrcpt"});
    check.numbers("beta", got.beta);
    check.numbers("se", got.se);
    check.numbers("stat", got.statistic);
    check.numbers("pval", got.p_value);
    check.numbers("ci_lb", got.low);
    check.numbers("ci_ub", got.high);
    check.number("ddf", got.df > 0 ? std::optional<double>(got.df) : std::nullopt);
    check.matrix("vcov", got.covariance, static_cast<std::size_t>(got.p));
    check.number("tau2", got.tau2.value);
    check.number("se_tau2", got.tau2.se);
    check.number("I2", got.i2);
    check.number("H2", got.h2);
    check.number("R2", got.r2);
    check.number("QE", got.q);
    check.number("QE_df", got.residual_df);
    check.number("QEp", got.q_p);
    check.number("QM", got.qm);
    check.number("QM_df1", got.qm_df);
    check.number("QM_df2", got.df > 0 ? std::optional<double>(got.df) : std::nullopt);
    check.number("QMp", got.qm_p);
    check_statistics(check, "ML", got.ml);
    check_statistics(check, "REML", got.reml);
    check.numbers("weights_pct", got.weights_percent);
    check_interval(check, "ci_qp", synth::q_profile_interval(task.model, got));
    if (check.has("ci_pl_tau2"))
        check_interval(check, "ci_pl", synth::profile_likelihood_interval(task.model, got));
    if (check.has("ci_genq_tau2"))
        check_interval(check, "ci_genq", synth::generalised_q_interval(task.model, got));
    const std::vector<double> one{1.0};
    if (!task.design.present) {
        check_prediction(check, "pred_default", {synth::predict(got, one)});
        check_prediction(check, "pred_riley", {synth::predict(got, one, synth::riley_df(got))});
    }
    if (check.has("pred_new")) {
        std::vector<synth::Predicted> predicted;
        for (const auto& row : new_rows(golden.model().at("newmods"), task.design))
            predicted.push_back(synth::predict(got, row));
        check_prediction(check, "pred_new", predicted);
    }
}

} // namespace assay::test
