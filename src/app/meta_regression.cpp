// Meta-regression for `assay meta --mods`.
#include "app/meta_data.hpp"
#include "base/error.hpp"
#include "num/distributions.hpp"
#include "synth/regression.hpp"

#include <cmath>

namespace assay::app {

namespace {

using report::Look;

/// The coefficients of a model as a table.
void coefficients(report::Section& section, const synth::DesignMatrix& design, const synth::Regression& fit) {
    section.columns = {{"name", "moderator", Look::text},
                       {"beta", "estimate", Look::number},
                       {"se", "SE", Look::number},
                       {"stat", fit.df > 0 ? "t" : "z", Look::number},
                       {"pval", "p", Look::p},
                       {"ci_lb", "CI low", Look::number},
                       {"ci_ub", "CI high", Look::number}};
    for (std::size_t j = 0; j < fit.coefficients.size(); ++j) {
        const synth::Coefficient& c = fit.coefficients[j];
        section.rows.push_back({design.names[j], c.estimate, c.se, c.statistic, c.p, c.ci_low, c.ci_high});
    }
}

/// The mean effect predicted at each of the new values.
void predictions(report::Section& section, const MetaData& data, const synth::Regression& fit) {
    const double factor = num::critical_value(data.request.pool.level, fit.df);
    const std::size_t p = fit.coefficients.size();
    for (const std::string& values : data.request.newmods) {
        const auto x = synth::design_row(data.request.mods, data.variables, values);
        double mean = 0, variance = 0;
        for (std::size_t a = 0; a < p; ++a) {
            mean += x[a] * fit.coefficients[a].estimate;
            for (std::size_t b = 0; b < p; ++b)
                variance += x[a] * x[b] * fit.covariance[a * p + b];
        }
        const double se = std::sqrt(variance);
        section.rows.push_back({"predicted at " + values, mean, se, std::monostate{}, std::monostate{},
                                mean - factor * se, mean + factor * se});
    }
}

} // namespace

report::Section regression_section(const MetaData& data) {
    const synth::DesignMatrix& design = *data.design;
    report::Section section;
    section.id = "mods";
    section.title = "Meta-regression " + data.request.mods;
    if (data.k() <= design.columns()) {
        section.notes.push_back(std::to_string(data.k()) + " studies cannot explain " +
                                std::to_string(design.columns()) + " coefficients; nothing was fitted");
        return section;
    }
    const synth::Regression fit =
        data.request.pool.tau2
            ? synth::regress_at(data.y, data.v, design.x, design.columns(), *data.request.pool.tau2,
                                data.test(), data.request.pool.level)
            : synth::regress(data.y, data.v, design.x, design.columns(), data.estimator(), data.test(),
                             data.request.pool.level);
    if (!fit.full_rank) {
        section.notes.push_back("columns of the formula depend on one another, so their coefficients are not "
                                "determined; leave one out");
        return section;
    }
    section.value("k", "studies", double(fit.k), Look::count)
        .value("tau2", "residual tau2", fit.tau2.value)
        .value("I2", "residual I2", fit.i2, Look::percent)
        .value("H2", "residual H2", fit.h2)
        .value("R2", "R2 (heterogeneity explained)", fit.r2 ? report::Cell(*fit.r2) : report::Cell(),
               Look::percent)
        .value("QE", "residual heterogeneity Q", fit.q)
        .value("QE_df", "its df", double(fit.residual_df), Look::count)
        .value("QEp", "its p", fit.q_p, Look::p)
        .value("QM", fit.df > 0 ? "test of moderators F" : "test of moderators Q", fit.qm)
        .value("QM_df1", "its df", double(fit.qm_df), Look::count)
        .value("QMp", "its p", fit.qm_p, Look::p);
    coefficients(section, design, fit);
    predictions(section, data, fit);
    if (!fit.tau2.converged) section.notes.push_back("the search for tau2 did not converge");
    if (data.k() < 10 * (design.columns() - (design.intercept ? 1 : 0)))
        section.notes.push_back("fewer than ten studies for each moderator: expect chance findings");
    return section;
}

} // namespace assay::app
