// Sections about small studies and selective publication.
#include "app/meta_methods.hpp"
#include "base/error.hpp"
#include "synth/asymmetry.hpp"
#include "synth/excess.hpp"
#include "synth/fail_safe.hpp"
#include "synth/henmi_copas.hpp"
#include "synth/p_uniform.hpp"
#include "synth/rank_test.hpp"
#include "synth/regtest.hpp"
#include "synth/selection.hpp"
#include "synth/series.hpp"
#include "synth/trimfill.hpp"

#include <cmath>

namespace assay::app {

namespace {

using report::Cell;
using report::Look;
using report::Section;

std::vector<double> predictor_of(const MetaData& data, const std::string& name) {
    if (name == "sei") return {};
    if (name == "vi") return data.v;
    std::vector<double> x = data.sizes("regtest");
    for (double& n : x) {
        if (name == "ninv")
            n = 1 / n;
        else if (name == "sqrtni")
            n = std::sqrt(n);
        else if (name == "sqrtninv")
            n = 1 / std::sqrt(n);
        else if (name != "ni")
            throw Error("meta/predictor",
                        "--regtest: there is no predictor '" + name +
                            "'; known are sei, vi, ni, ninv, sqrtni, sqrtninv",
                        Exit::input);
    }
    return x;
}

} // namespace

Section regtest_section(const MetaData& data, const std::string& name) {
    Section section = titled("regtest", "Regression test for funnel plot asymmetry, predictor " + name);
    const auto predictor = predictor_of(data, name);
    const bool limited = name != "ni" && name != "sqrtni";
    section.columns = {{"model", "model", Look::text},
                       {"stat", "t or z", Look::number},
                       {"df", "df", Look::count},
                       {"pval", "p", Look::p},
                       {"limit_est", "limit", Look::number},
                       {"limit_lb", "CI low", Look::number},
                       {"limit_ub", "CI high", Look::number}};
    const auto row = [&](const std::string& model, const synth::SmallStudyTest& test) {
        if (!test.defined) return section.rows.push_back({model, {}, {}, {}, {}, {}, {}});
        const auto limit = [&](double x) { return limited ? Cell(x) : Cell(); };
        section.rows.push_back({model, test.statistic, test.df > 0 ? Cell(double(test.df)) : Cell(), test.p,
                                limit(test.limit), limit(test.limit_low), limit(test.limit_high)});
    };
    row("weighted regression (Egger)", synth::egger_classic(data.y, data.v, predictor));
    row("meta-regression", synth::egger_mixed(data.y, data.v, data.estimator(), data.test(), predictor));
    if (data.k() < 10)
        section.notes.push_back("fewer than ten studies: the test says nothing (Cochrane Handbook 13.3.5.4)");
    if (limited)
        section.notes.push_back("limit: the effect of an infinitely precise study, as the line predicts it");
    return section;
}

Section trimfill_section(const MetaData& data, const std::string& name) {
    if (name != "L0" && name != "R0" && name != "Q0")
        throw Error("meta/trimfill", "--trimfill: L0, R0 or Q0, not '" + name + "'", Exit::input);
    Section section = titled("trimfill", "Trim and fill (" + name + ")");
    synth::TrimOptions options;
    options.kind = name == "L0"   ? synth::TrimEstimator::L0
                   : name == "R0" ? synth::TrimEstimator::R0
                                  : synth::TrimEstimator::Q0;
    const auto fit = synth::trim_and_fill({data.y, data.v}, data.estimator(), data.test(), options);
    if (!fit.defined) {
        section.notes.push_back("not estimable: fewer than three studies, or no real solution");
        return section;
    }
    const auto row = synth::mean_row(fit.mean, data.request.pool.level);
    section.value("k0", "studies that seem to be missing", whole(fit.missing), Look::count)
        .value("se_k0", "standard error", fit.missing_se)
        .value("side", "side", std::string(fit.side == synth::Side::left ? "left" : "right"), Look::text)
        .value("k", "studies with the filled ones", whole(fit.mean.k), Look::count)
        .value("beta", "estimate with them", row.estimate)
        .value("se", "SE", row.se)
        .value("ci_lb", "CI low", row.ci_low)
        .value("ci_ub", "CI high", row.ci_high)
        .value("tau2", "tau2", fit.mean.tau2.value)
        .value("I2", "I2", fit.i2, Look::percent);
    section.columns = {{"filled_yi", "filled y", Look::number}, {"filled_vi", "filled v", Look::number}};
    for (std::size_t i = 0; i < fit.filled_y.size(); ++i)
        section.rows.push_back({fit.filled_y[i], fit.filled_v[i]});
    section.notes.push_back("a sensitivity analysis, not a correction");
    return section;
}

Section rank_test_section(const MetaData& data, const std::string&) {
    Section section = titled("ranktest", "Rank correlation test for funnel plot asymmetry");
    if (data.k() < 2) {
        section.notes.push_back("not estimable: fewer than two studies");
        return section;
    }
    const auto test = synth::rank_test(data.y, data.v);
    section.value("tau", "Kendall's tau", test.tau)
        .value("pval", test.exact ? "p (exact)" : "p", test.p, Look::p);
    if (data.k() < 10)
        section.notes.push_back("fewer than ten studies: the test says nothing (Cochrane Handbook 13.3.5.4)");
    return section;
}

Section asymmetry_section(const MetaData& data, const std::string& name) {
    Section section = titled("metabias", "Tests of funnel plot asymmetry");
    std::vector<model::Table2x2> tables;
    std::vector<double> n1, n2;
    for (std::size_t i = 0; i < data.k(); ++i) {
        const auto& counts = data.analysis.effects[i].counts;
        const effect::Row& row = data.rows[i];
        using effect::Role;
        if (counts) tables.push_back(*counts);
        const auto first = row[Role::n1i] ? row[Role::n1i]
                           : counts       ? std::optional(counts->ai + counts->bi)
                                          : std::nullopt;
        const auto second = row[Role::n2i] ? row[Role::n2i]
                            : counts       ? std::optional(counts->ci + counts->di)
                                           : std::nullopt;
        if (first && second) n1.push_back(*first), n2.push_back(*second);
    }
    const bool counted = tables.size() == data.k(), sized = n1.size() == data.k();
    section.columns = {{"method", "test", Look::text}, {"bias", "bias", Look::number},
                       {"se", "SE", Look::number},     {"stat", "t or z", Look::number},
                       {"df", "df", Look::count},      {"pval", "p", Look::p}};
    bool found = name == "all";
    for (const synth::AsymmetryTest& test : synth::asymmetry_tests()) {
        if (name != "all" && name != test.id) continue;
        found = true;
        if ((test.counts && !counted) || (test.sizes && !sized)) {
            section.notes.push_back(std::string(test.id) + (test.counts
                                                                ? " needs the counts of every study"
                                                                : " needs the group sizes of every study"));
            continue;
        }
        const auto result = test.run({data.y, data.v, tables, n1, n2});
        if (!result.defined)
            section.notes.push_back(std::string(test.id) + ": not estimable");
        else
            section.rows.push_back({std::string(test.id), result.bias, result.se, result.statistic,
                                    result.df > 0 ? whole(result.df) : Cell(), result.p});
    }
    if (!found) {
        std::string known;
        for (const synth::AsymmetryTest& test : synth::asymmetry_tests())
            known += " " + std::string(test.id);
        throw Error("meta/metabias", "--metabias: there is no test '" + name + "'; known are all" + known,
                    Exit::input);
    }
    if (data.k() < 10)
        section.notes.push_back("fewer than ten studies: the tests say nothing (Cochrane Handbook 13.3.5.4)");
    return section;
}

Section fail_safe_section(const MetaData& data, const std::string& name) {
    Section section = titled("fsn", "Fail-safe N (" + name + ")");
    const auto type = synth::fail_safe_of(name);
    if (!type)
        throw Error("meta/fsn", "--fsn: Rosenthal, Orwin, Rosenberg or General, not '" + name + "'",
                    Exit::input);
    synth::FailSafeOptions options;
    options.type = *type;
    options.alpha = 1 - data.request.pool.level;
    options.estimator = data.estimator();
    options.test = data.test();
    const auto result = synth::fail_safe_n(data.y, data.v, options);
    if (!result.defined) {
        section.notes.push_back("not estimable: no study");
        return section;
    }
    section.value("fsnum", "studies without effect that would overturn it", result.n, Look::count);
    if (result.mean) section.value("meanes", "mean of the observed", *result.mean);
    if (result.p) section.value("pval", "its p", *result.p, Look::p);
    if (result.target) section.value("target", "effect that would not matter", *result.target);
    section.notes.push_back(
        "assumes that unpublished studies show no effect on average; selection models assume less");
    return section;
}

Section henmi_copas_section(const MetaData& data, const std::string&) {
    Section section = titled("hc", "Henmi and Copas: common-effect mean, random-effects uncertainty");
    const auto fit = synth::henmi_copas(data.y, data.v, data.request.pool.level);
    if (!fit.defined) {
        section.notes.push_back("not estimable: fewer than two studies");
        return section;
    }
    section.value("beta", "estimate", fit.estimate)
        .value("se", "SE", fit.se)
        .value("ci_lb", "CI low", fit.ci_low)
        .value("ci_ub", "CI high", fit.ci_high)
        .value("tau2", "tau2 (DL)", fit.tau2);
    if (!fit.converged) section.notes.push_back("the search for the interval did not converge");
    return section;
}

static synth::Alternative alternative_of(const MetaData& data) {
    const auto found = synth::alternative_of(data.request.alternative);
    if (!found)
        throw Error("meta/alternative",
                    "--alternative: greater, less or two.sided, not '" + data.request.alternative + "'",
                    Exit::input);
    return *found;
}

Section excess_section(const MetaData& data, const std::string&) {
    Section section = titled("tes", "Test of excess significance");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    if (data.design) {
        section.notes.push_back("needs a model without moderators");
        return section;
    }
    const auto result = synth::excess_significance(data.y, data.v, fit->beta[0], fit->tau2.value);
    section.value("O", "significant studies", whole(result.observed), Look::count)
        .value("E", "expected from their power", result.expected)
        .value("OE_ratio", "observed/expected", result.observed / result.expected)
        .value("pval", "p (" + result.test + ")", result.p, Look::p);
    if (!result.limits.empty())
        section.value("theta_lim", "effect at which p would be 0.10", result.limits.front());
    section.columns = {{"study", "study", Look::text},
                       {"power", "power", Look::number},
                       {"significant", "significant", Look::text}};
    for (std::size_t i = 0; i < result.power.size(); ++i)
        section.rows.push_back(
            {data.label(i), result.power[i], std::string(result.significant[i] ? "yes" : "no")});
    return section;
}

Section selection_section(const MetaData& data, const std::string& name) {
    const auto* model = synth::find_selection_model(name);
    if (!model) {
        std::string known;
        for (const synth::SelectionModel& one : synth::selection_models())
            known += " " + std::string(one.id);
        throw Error("meta/selmodel", "--selmodel: there is no model '" + name + "'; known are" + known,
                    Exit::input);
    }
    Section section = titled("selmodel", "Selection model (" + name + ")");
    synth::SelectionOptions options;
    options.type = model->type;
    options.alternative = alternative_of(data);
    options.steps = data.request.steps;
    if (options.steps.empty() && model->type == synth::Selection::stepfun) options.steps = {0.025};
    options.common = data.request.pool.model == "common";
    options.level = data.request.pool.level;
    const auto uni = data.model();
    const auto fit = synth::select(data.y, data.v, uni.x, uni.p, options);
    if (!fit.defined) {
        section.notes.push_back("not estimable: " + fit.why);
        return section;
    }
    section.value("tau2", "tau2", fit.tau2)
        .value("logLik", "log-likelihood", fit.log_likelihood)
        .value("LRT", "against no selection, chi-squared", fit.lrt)
        .value("LRT_df", "its df", whole(fit.lrt_df), Look::count)
        .value("LRTp", "its p", cell(fit.lrt_p), Look::p);
    section.columns = {
        {"name", "", Look::text}, {"estimate", "estimate", Look::number}, {"se", "SE", Look::number},
        {"pval", "p", Look::p},   {"ci_lb", "CI low", Look::number},      {"ci_ub", "CI high", Look::number},
        {"k", "k", Look::count}};
    const auto names = data.coefficient_names();
    for (std::size_t j = 0; j < fit.beta.size(); ++j)
        section.rows.push_back(
            {names[j], fit.beta[j], fit.se[j], fit.p[j], fit.ci_low[j], fit.ci_high[j], {}});
    for (std::size_t j = 0; j < fit.delta.size(); ++j)
        section.rows.push_back({"delta " + std::to_string(j + 1),
                                fit.delta[j],
                                j < fit.delta_se.size() ? cell(fit.delta_se[j]) : Cell(),
                                {},
                                {},
                                {},
                                j < fit.counts.size() ? whole(fit.counts[j]) : Cell()});
    for (const std::string& note : fit.notes)
        section.notes.push_back(note);
    if (!fit.converged)
        section.notes.push_back("the search did not converge after " + std::to_string(fit.iterations) +
                                " steps");
    return section;
}

Section p_uniform_section(const MetaData& data, const std::string&) {
    Section section = titled("puniform", "p-uniform*");
    synth::PUniformOptions options;
    options.side = alternative_of(data);
    options.level = data.request.pool.level;
    const auto fit = synth::p_uniform_star(data.y, data.v, options);
    if (!fit.defined) {
        section.notes.push_back("not estimable: " + fit.why);
        return section;
    }
    return section.value("k", "studies", whole(fit.k), Look::count)
        .value("significant", "of these significant in that direction", whole(fit.significant), Look::count)
        .value("estimate", "estimate", fit.estimate)
        .value("ci_lb", "CI low", cell(fit.ci_low))
        .value("ci_ub", "CI high", cell(fit.ci_high))
        .value("tau2", "tau2", fit.tau2)
        .value("tau2_lb", "tau2 CI low", cell(fit.tau2_low))
        .value("tau2_ub", "tau2 CI high", cell(fit.tau2_high))
        .value("LRTp_effect", "p of no effect", fit.lrt_effect_p, Look::p)
        .value("LRTp_tau2", "p of no heterogeneity", fit.lrt_tau2_p, Look::p)
        .value("LRTp_bias", "p of no publication bias", fit.lrt_bias_p, Look::p);
}

Section pet_peese_section(const MetaData& data, const std::string&) {
    Section section = titled("petpeese", "PET-PEESE: the effect of an infinitely precise study");
    const auto pet = synth::egger_classic(data.y, data.v, {}, data.request.pool.level);
    const auto peese = synth::egger_classic(data.y, data.v, data.v, data.request.pool.level);
    section.columns = {{"model", "model", Look::text},
                       {"limit", "effect", Look::number},
                       {"ci_lb", "CI low", Look::number},
                       {"ci_ub", "CI high", Look::number}};
    if (!pet.defined || !peese.defined) {
        section.notes.push_back("not estimable: fewer than three studies, or all equally precise");
        return section;
    }
    section.rows = {{"PET (standard error)", pet.limit, pet.limit_low, pet.limit_high},
                    {"PEESE (variance)", peese.limit, peese.limit_low, peese.limit_high}};
    const bool peese_rules = pet.limit_low > 0 || pet.limit_high < 0;
    section.notes.push_back(std::string("PET's interval ") +
                            (peese_rules ? "excludes 0: read PEESE" : "holds 0: read PET") +
                            " (Stanley & Doucouliagos 2014, Res Synth Methods 5:60)");
    if (data.k() < 20) section.notes.push_back("fewer than twenty studies: both are unstable");
    return section;
}

} // namespace assay::app
