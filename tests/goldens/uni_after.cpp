// What is computed from one fitted model: comparisons, predictions of true effects, residuals, points of
// figures.
#include "families.hpp"
#include "synth/combine_p.hpp"
#include "synth/residuals.hpp"
#include "synth/shrinkage.hpp"
#include "uni.hpp"

#include <algorithm>
#include <cmath>

namespace assay::test {

namespace {

/// The design of a formula of plain columns, powers and factors of the table: "~ ablat + factor(alloc)".
std::vector<double> design_from(const std::string& formula, const Inputs& inputs, std::size_t& columns) {
    std::vector<std::string> terms;
    std::string word;
    int depth = 0;
    for (char c : formula) {
        if (c == ' ' || c == '~') continue;
        depth += c == '(' ? 1 : c == ')' ? -1 : 0;
        if (c == '+' && depth == 0) {
            terms.push_back(word);
            word.clear();
        } else
            word += c;
    }
    if (!word.empty()) terms.push_back(word);
    const auto& kept = inputs.kept;
    std::vector<double> x(kept.size(), 1.0);
    columns = 1;
    for (const std::string& term : terms) {
        if (term == "1") continue;
        if (term.rfind("factor(", 0) == 0) {
            const std::string name = term.substr(7, term.size() - 8);
            std::vector<std::string> levels;
            for (std::size_t i : kept)
                levels.push_back(inputs.table.text.at(name)[i]);
            std::sort(levels.begin(), levels.end());
            levels.erase(std::unique(levels.begin(), levels.end()), levels.end());
            for (std::size_t l = 1; l < levels.size(); ++l, ++columns)
                for (std::size_t i : kept)
                    x.push_back(inputs.table.text.at(name)[i] == levels[l] ? 1 : 0);
            continue;
        }
        const bool squared = term.rfind("I(", 0) == 0 && term.find("^2)") != std::string::npos;
        const std::string name = squared ? term.substr(2, term.size() - 5) : term;
        const auto column = inputs.table.numbers.find(name);
        if (column == inputs.table.numbers.end()) throw Unsupported{"term " + term};
        for (std::size_t i : kept) {
            const auto cell = column->second[i];
            if (!cell) throw Unsupported{"missing numbers in " + name};
            x.push_back(squared ? *cell * *cell : *cell);
        }
        ++columns;
    }
    return x;
}

synth::UniFit fit_formula(const UniCase& task, const std::string& formula, const std::string& method) {
    std::size_t columns = 1;
    const std::vector<double> x = design_from(formula, task.inputs, columns);
    synth::UniModel model = task.model;
    model.method = method;
    model.x = x;
    model.p = columns;
    return synth::fit_uni(model);
}

} // namespace

void run_anova(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const Json& wanted = golden.task();
    const std::string op = wanted.at("op");
    if (op == "lrt") {
        const std::string method = wanted.value("method", task.method);
        const auto full = fit_formula(task, wanted.at("full"), method);
        const auto reduced = fit_formula(task, wanted.at("reduced"), method);
        const auto got = synth::likelihood_ratio(full, reduced, method != "ML");
        check.number("LRT", got.statistic);
        check.number("pval", got.p);
        check.number("df", got.df);
        return;
    }
    if (op != "contrast") throw Unsupported{op};
    const synth::UniFit fit = synth::fit_uni(task.model);
    std::vector<std::vector<double>> rows;
    if (!wanted.at("L").empty() && wanted.at("L").at(0).is_number())
        rows.push_back(wanted.at("L").get<std::vector<double>>());
    else
        rows = wanted.at("L").get<std::vector<std::vector<double>>>();
    const auto got = synth::contrasts(fit, rows);
    check.numbers("estimate", got.estimate);
    check.numbers("se", got.se);
    check.numbers("stat", got.statistic);
    check.numbers("pval", got.p_value);
    check.numbers("ci_lb", got.low);
    check.numbers("ci_ub", got.high);
    check.number("QM", got.qm);
    check.number("QMp", got.qm_p);
    check.number("QM_df1", got.qm_df);
}

void run_blup(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const synth::UniFit fit = synth::fit_uni(task.model);
    const synth::Shrinkage got = synth::shrink(task.model, fit);
    check.numbers("pred", got.effect);
    check.numbers("se", got.effect_se);
    check.numbers("pi_lb", got.low);
    check.numbers("pi_ub", got.high);
    check.numbers("ranef", got.deviation);
    check.numbers("ranef_se", got.deviation_se);
    check.numbers("ranef_pi_lb", got.deviation_low);
    check.numbers("ranef_pi_ub", got.deviation_high);
}

void run_residuals(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const synth::UniFit fit = synth::fit_uni(task.model);
    const synth::Residuals got = synth::residuals_of(task.model, fit);
    check.numbers("resid", got.raw);
    check.numbers("rstandard_se", got.standard_se);
    check.numbers("rstandard_z", got.standardised);
    check.numbers("rstudent_resid", got.deleted);
    check.numbers("rstudent_se", got.deleted_se);
    check.numbers("rstudent_z", got.studentised);
    check.numbers("pearson", got.pearson);
    check.numbers("fitted", got.fitted);
}

void run_plotdata(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const synth::UniFit fit = synth::fit_uni(task.model);
    const std::string op = golden.task().at("op");
    if (op != "baujat_xy" && op != "radial_xy") throw Unsupported{op};
    const synth::Points got =
        op == "baujat_xy" ? synth::baujat_points(task.model, fit) : synth::radial_points(task.model, fit);
    check.numbers("x", got.x);
    check.numbers("y", got.y);
}

void run_profile(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const auto grid = golden.expected().at("tau2").get<std::vector<double>>();
    std::vector<double> got;
    for (double tau2 : grid)
        got.push_back(synth::profile_log_likelihood(task.model, tau2));
    check.pass_over("tau2"); // the points at which the oracle was asked
    check.numbers("logLik", got);
}

void run_hettest(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const synth::UniFit fit = synth::fit_uni(task.model);
    const synth::EqualTau2 got = synth::test_equal_tau2(task.model, fit);
    if (!got.problem.empty()) throw Unsupported{got.problem};
    check.number("stat", got.statistic);
    check.number("pval", got.p);
    check.number("df", got.df);
}

void run_vif(const Case& golden, Checker& check) {
    const UniCase task(golden);
    const synth::UniFit fit = synth::fit_uni(task.model);
    check.numbers("vif", synth::variance_inflation(task.model, fit));
}

void run_pcombine(const Case& golden, Checker& check) {
    const Table table = golden.table();
    std::vector<double> p;
    for (const auto& one : table.numbers.at(golden.task().value("column", "p")))
        if (one) p.push_back(*one);
    const auto compare = [&](const std::string& name, const synth::CombinedP& got,
                             const std::string& statistic) {
        if (!check.has(name)) return;
        if (!statistic.empty()) check.number(name + "." + statistic, got.statistic);
        check.number(name + ".df", got.df);
        check.number(name + ".p", got.p);
    };
    compare("fisher_sumlog", synth::combine_fisher(p), "chisq");
    compare("stouffer_sumz", synth::combine_stouffer(p), "z");
    compare("logit", synth::combine_logit(p), "t");
    compare("meanp", synth::combine_mean(p), "z");
    compare("edgington_sump", synth::combine_edgington(p), "");
    compare("tippett_minimump", synth::combine_tippett(p), "");
    compare("maximump", synth::combine_largest(p), "");
    compare("votep", synth::combine_votes(p), "");
    for (int r = 1; r <= static_cast<int>(p.size()); ++r)
        compare("wilkinson_r" + std::to_string(r), synth::combine_wilkinson(p, r), "");
    for (int df = 1; df <= 20; ++df)
        compare("invchisq_k" + std::to_string(df), synth::combine_chi_squared(p, df), "chisq");
}

} // namespace assay::test
