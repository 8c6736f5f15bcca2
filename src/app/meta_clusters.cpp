// Sections for effects that depend on one another or come from counts: several levels, robust standard
// errors, generalised linear mixed models, a variance that depends on moderators.
#include "app/meta_methods.hpp"
#include "base/error.hpp"
#include "synth/glmm.hpp"
#include "synth/location_scale.hpp"
#include "synth/multilevel.hpp"
#include "synth/robust.hpp"
#include "synth/rve.hpp"
#include "synth/sampling_covariance.hpp"

#include <cmath>
#include <cstdlib>

namespace assay::app {

namespace {

using report::Cell;
using report::Look;
using report::Section;

/// The design matrix of the model; a column of ones without moderators.
num::Matrix design_of(const MetaData& data) {
    const std::size_t k = data.k(), p = data.design ? data.design->columns() : 1;
    num::Matrix x(k, p);
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < p; ++j)
            x(i, j) = data.design ? data.design->x[j * k + i] : 1;
    return x;
}

const std::vector<report::SectionColumn>& coefficient_columns() {
    static const std::vector<report::SectionColumn> columns{
        {"name", "", Look::text},          {"beta", "estimate", Look::number}, {"se", "SE", Look::number},
        {"stat", "z or t", Look::number},  {"df", "df", Look::number},         {"pval", "p", Look::p},
        {"ci_lb", "CI low", Look::number}, {"ci_ub", "CI high", Look::number}};
    return columns;
}

/// Any result with these fields; `df` empty: normal.
template<class Fit>
void add_coefficients(Section& section, const std::vector<std::string>& names, const Fit& fit,
                      const std::vector<double>& df) {
    section.columns = coefficient_columns();
    for (std::size_t j = 0; j < fit.beta.size(); ++j)
        section.rows.push_back({names[j], fit.beta[j], fit.se[j], fit.statistic[j],
                                j < df.size() ? Cell(df[j]) : Cell(), fit.p_value[j], fit.ci_low[j],
                                fit.ci_high[j]});
}

void add_notes(Section& section, const std::vector<std::string>& notes) {
    section.notes.insert(section.notes.end(), notes.begin(), notes.end());
}

void add_search(Section& section, const num::Minimum& search) {
    section.value("iterations", "steps of the search", whole(search.iterations), Look::count);
    if (!search.converged())
        section.notes.push_back("the search did not converge: " + std::string(num::to_string(search.stop)));
}

synth::Factor factor_of(const MetaData& data, const std::string& column, const std::string& option) {
    return synth::factor_of(data.words(column, option));
}

std::vector<synth::RandomTerm> terms_of(const MetaData& data, const std::string& text) {
    const auto formulas = synth::parse_random(text);
    if (!formulas)
        throw Error("meta/random",
                    "--random: write ~ 1 | study/row, or ~ outcome | study, or list(...) of such; not '" +
                        text + "'",
                    Exit::input);
    std::vector<synth::RandomTerm> terms;
    for (const auto& formula : *formulas) {
        if (formula.inner != "1") {
            const auto* info = synth::find_structure(data.request.structure);
            if (!info)
                throw Error("meta/struct",
                            "--struct: there is no structure '" + data.request.structure +
                                "'; known are CS HCS UN ID DIAG AR HAR CAR",
                            Exit::input);
            synth::RandomTerm term;
            term.structure = info->structure;
            term.name = formula.inner + " | " + formula.groups[0];
            term.outer = factor_of(data, formula.groups[0], "random");
            term.inner = factor_of(data, formula.inner, "random");
            if (term.structure == synth::Structure::car)
                for (const std::string& level : term.inner.levels) {
                    char* end = nullptr;
                    term.positions.push_back(std::strtod(level.c_str(), &end));
                    if (level.empty() || *end)
                        throw Error("meta/random",
                                    "--struct CAR: '" + level + "' of " + formula.inner + " is not a number",
                                    Exit::input);
                }
            terms.push_back(std::move(term));
            continue;
        }
        synth::Factor factor;
        std::string name;
        for (const std::string& group : formula.groups) {
            factor = name.empty() ? factor_of(data, group, "random")
                                  : synth::nested(factor, factor_of(data, group, "random"));
            name += (name.empty() ? "" : "/") + group;
            synth::RandomTerm term;
            term.name = name;
            term.outer = factor;
            terms.push_back(std::move(term));
        }
    }
    return terms;
}

std::optional<synth::CountKind> count_kind(const effect::Measure& measure) {
    if (measure.id == "OR") return synth::CountKind::two_proportions;
    if (measure.id == "IRR") return synth::CountKind::two_rates;
    if (measure.id == "PLO") return synth::CountKind::proportion;
    if (measure.id == "IRLN") return synth::CountKind::rate;
    return std::nullopt;
}

/// The counts of one study for its kind of model; empty when a number is missing.
std::optional<synth::Counts> counts_of(const MetaData& data, std::size_t i, synth::CountKind kind) {
    using effect::Role;
    const effect::Row& row = data.rows[i];
    const auto& table = data.analysis.effects[i].counts;
    const auto either = [&](Role a, Role b) { return row[a] ? row[a] : row[b]; };
    switch (kind) {
    case synth::CountKind::two_proportions:
        if (!table) return std::nullopt;
        return synth::Counts{table->ai, table->ai + table->bi, table->ci, table->ci + table->di};
    case synth::CountKind::two_rates:
        if (!row[Role::x1i] || !row[Role::t1i] || !row[Role::x2i] || !row[Role::t2i]) return std::nullopt;
        return synth::Counts{*row[Role::x1i], *row[Role::t1i], *row[Role::x2i], *row[Role::t2i]};
    case synth::CountKind::proportion: {
        const auto n = row[Role::ni]                    ? row[Role::ni]
                       : row[Role::xi] && row[Role::mi] ? std::optional(*row[Role::xi] + *row[Role::mi])
                                                        : std::nullopt;
        if (!row[Role::xi] || !n) return std::nullopt;
        return synth::Counts{*row[Role::xi], *n, 0, 0};
    }
    case synth::CountKind::rate: {
        const auto time = either(Role::ti, Role::t1i);
        if (!row[Role::xi] || !time) return std::nullopt;
        return synth::Counts{*row[Role::xi], *time, 0, 0};
    }
    }
    return std::nullopt;
}

} // namespace

Section multilevel_section(const MetaData& data, const std::string& text) {
    Section section = titled("random", "Several levels: " + text);
    auto terms = terms_of(data, text);
    num::Matrix covariance;
    synth::Sampling sampling{data.v, nullptr};
    if (data.request.rho) {
        // Rows of the outermost group share people: their sampling errors correlate.
        std::vector<std::string> cluster, row;
        for (std::size_t i = 0; i < data.k(); ++i) {
            cluster.push_back(terms.front().outer.levels[terms.front().outer.of_row[i]]);
            row.push_back(std::to_string(i));
        }
        synth::SamplingDesign design;
        design.cluster = cluster;
        design.obs = row;
        design.rho_obs = *data.request.rho;
        auto made = synth::sampling_covariance(data.v, design);
        for (const std::string& name : made.not_positive)
            section.notes.push_back("sampling covariances of " + name + " are not positive definite");
        covariance = std::move(made.v);
        sampling.matrix = &covariance;
    }
    synth::MultilevelOptions options;
    options.likelihood =
        data.request.pool.method == "ML" ? synth::Likelihood::full : synth::Likelihood::restricted;
    options.t_tests = data.test() == synth::Test::t;
    options.level = data.request.pool.level;
    if (data.request.pool.method != "ML" && data.request.pool.method != "REML")
        section.notes.push_back("fitted by REML; " + data.request.pool.method +
                                " has no meaning with several levels");
    const synth::Multilevel model(data.y, design_of(data), sampling, std::move(terms), options);
    const synth::MultilevelFit& fit = model.fit();
    if (!fit.fitted()) {
        add_notes(section, fit.notes);
        return section;
    }
    for (std::size_t c = 0; c < fit.components.size(); ++c) {
        const auto interval = model.profile_interval(c);
        section.value(fit.components[c].name, fit.components[c].name, fit.components[c].value)
            .value(fit.components[c].name + "_lb", "  CI low", interval.low)
            .value(fit.components[c].name + "_ub", "  CI high", interval.high);
    }
    section.value("logLik", "log-likelihood", fit.statistics.log_likelihood)
        .value("AIC", "AIC", fit.statistics.aic)
        .value("BIC", "BIC", fit.statistics.bic)
        .value("QE", "residual heterogeneity Q", fit.q)
        .value("QE_df", "its df", whole(fit.q_df), Look::count)
        .value("QEp", "its p", fit.q_p, Look::p);
    add_search(section, fit.search);
    add_coefficients(section, data.coefficient_names(), fit, fit.df);
    add_notes(section, fit.notes);
    return section;
}

Section robust_section(const MetaData& data, const std::string& column) {
    const auto kind = synth::robust_kind_of(data.request.vcov);
    if (!kind)
        throw Error("meta/vcov", "--vcov: CR0, CR1 or CR2, not '" + data.request.vcov + "'", Exit::input);
    Section section =
        titled("robust", "Robust standard errors (" + data.request.vcov + "), clusters by " + column);
    const auto found = fitted(data, section);
    if (!found) return section;
    const synth::Factor clusters = factor_of(data, column, "robust");
    std::vector<double> weights, variances;
    for (double v : data.v) {
        variances.push_back(v + found->tau2.value);
        weights.push_back(1 / variances.back());
    }
    if (!data.weights.empty()) weights = data.weights;
    const num::Matrix x = design_of(data); // the input keeps its address, and that of the residuals
    auto input = synth::robust_input(data.y, x, weights, variances, clusters.of_row);
    input.residuals = found->residual;
    const auto fit = synth::robust(input, *kind, data.request.pool.level);
    section.value("n_clusters", "clusters", whole(fit.clusters), Look::count);
    if (!fit.se.empty()) add_coefficients(section, data.coefficient_names(), fit, fit.df);
    add_notes(section, fit.notes);
    if (fit.clusters < 10) section.notes.push_back("few clusters: read the degrees of freedom before the p");
    return section;
}

Section rve_section(const MetaData& data, const std::string& column) {
    Section section = titled("rve", "Robust variance estimation, correlated effects, studies by " + column);
    const synth::Factor studies = factor_of(data, column, "rve");
    const double rho = data.request.rho.value_or(0.8);
    const auto fit = synth::rve(data.y, data.v, design_of(data), studies.of_row,
                                synth::RveWeights::correlated, rho, true, data.request.pool.level);
    section.value("rho", "assumed correlation", rho)
        .value("n_clusters", "studies", whole(fit.robust.clusters), Look::count)
        .value("tau2", "tau2", fit.tau2);
    if (fit.i2) section.value("I2", "I2", *fit.i2, Look::percent);
    if (!fit.robust.se.empty())
        add_coefficients(section, data.coefficient_names(), fit.robust, fit.robust.df);
    add_notes(section, fit.notes);
    add_notes(section, fit.robust.notes);
    return section;
}

Section glmm_section(const MetaData& data, const std::string& name) {
    Section section = titled("glmm", "Generalised linear mixed model of the counts (" + name + ")");
    const auto kind = count_kind(data.measure);
    const auto model = synth::glmm_model_of(name);
    if (!model)
        throw Error("meta/glmm", "--glmm: UM.FS, UM.RS, CM.AL or CM.EL, not '" + name + "'", Exit::input);
    if (!kind) {
        section.notes.push_back("needs counts: measure OR, IRR, PLO or IRLN");
        return section;
    }
    std::vector<synth::Counts> counts;
    for (std::size_t i = 0; i < data.k(); ++i) {
        const auto one = counts_of(data, i, *kind);
        if (!one) {
            section.notes.push_back("the counts of " + data.label(i) + " are not known");
            return section;
        }
        counts.push_back(*one);
    }
    synth::GlmmOptions options;
    options.model = *model;
    options.random = data.request.pool.model != "common";
    options.t_tests = data.test() == synth::Test::t;
    options.level = data.request.pool.level;
    if (*model == synth::GlmmModel::um_rs && options.random) options.quadrature = 1;
    const auto fit = synth::glmm(*kind, counts, design_of(data), data.v, options);
    if (fit.k == 0) {
        add_notes(section, fit.notes);
        return section;
    }
    section.value("tau2", "tau2", fit.tau2);
    if (fit.sigma2) section.value("sigma2", "sigma2 (studies)", *fit.sigma2);
    section.value("I2", "I2", fit.i2, Look::percent)
        .value("logLik", "log-likelihood", fit.statistics.log_likelihood);
    if (fit.q_wald)
        section.value("QE_Wld", "heterogeneity, Wald", *fit.q_wald)
            .value("QEp_Wld", "its p", cell(fit.q_wald_p), Look::p);
    if (fit.q_lrt)
        section.value("QE_LRT", "heterogeneity, likelihood ratio", *fit.q_lrt)
            .value("QEp_LRT", "its p", cell(fit.q_lrt_p), Look::p);
    add_search(section, fit.search);
    add_coefficients(section, data.coefficient_names(), fit,
                     fit.df > 0 ? std::vector<double>(fit.beta.size(), fit.df) : std::vector<double>());
    add_notes(section, fit.notes);
    return section;
}

Section location_scale_section(const MetaData& data, const std::string& formula) {
    Section section = titled("scale", "Location-scale model, log tau2 " + formula);
    const auto scale = synth::design_matrix(formula, data.variables);
    if (scale.rows.size() != data.k()) {
        section.notes.push_back("some studies have no value of a variable of the scale");
        return section;
    }
    num::Matrix z(data.k(), scale.columns());
    for (std::size_t i = 0; i < z.rows; ++i)
        for (std::size_t j = 0; j < z.columns; ++j)
            z(i, j) = scale.x[j * z.rows + i];
    synth::LocationScaleOptions options;
    options.likelihood =
        data.request.pool.method == "ML" ? synth::Likelihood::full : synth::Likelihood::restricted;
    options.test = data.test();
    options.level = data.request.pool.level;
    const auto fit = synth::location_scale(data.y, data.v, design_of(data), z, options);
    if (fit.k == 0) {
        add_notes(section, fit.notes);
        return section;
    }
    section.value("logLik", "log-likelihood", fit.statistics.log_likelihood);
    add_search(section, fit.search);
    section.columns = coefficient_columns();
    const auto add = [&](const std::string& part, const std::vector<std::string>& names,
                         const synth::Coefficients& c) {
        for (std::size_t j = 0; j < c.estimate.size(); ++j)
            section.rows.push_back({part + names[j], c.estimate[j], c.se[j], c.statistic[j],
                                    c.df > 0 ? Cell(c.df) : Cell(), c.p[j], c.ci_low[j], c.ci_high[j]});
    };
    add("mean: ", data.coefficient_names(), fit.location);
    add("scale: ", scale.names, fit.scale);
    add_notes(section, fit.notes);
    return section;
}

} // namespace assay::app
