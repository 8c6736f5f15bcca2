// Sections with a row for each study: residuals, true effects, what the result is without it.
#include "app/meta_methods.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/residuals.hpp"
#include "synth/shrinkage.hpp"

namespace assay::app {

namespace {

using report::Look;
using report::Section;

} // namespace

Section leave_one_out_section(const MetaData& data, const std::string&) {
    Section section = titled("leave1out", "Without each study in turn");
    section.columns = {
        {"study", "without", Look::text},  {"estimate", "estimate", Look::number}, {"se", "SE", Look::number},
        {"ci_lb", "CI low", Look::number}, {"ci_ub", "CI high", Look::number},     {"pval", "p", Look::p},
        {"tau2", "tau2", Look::number},    {"I2", "I2 %", Look::percent},          {"Q", "Q", Look::number}};
    const auto fits =
        synth::leave_one_out(data.analysis.effects, std::string(data.measure.id), data.request.pool);
    for (std::size_t i = 0; i < fits.size(); ++i) {
        const model::Synthesis& fit = fits[i];
        section.rows.push_back({data.label(i), fit.estimate, fit.se, fit.ci_low, fit.ci_high, cell(fit.p),
                                fit.tau2, fit.i2, fit.q});
    }
    return section;
}

Section residuals_section(const MetaData& data, const std::string&) {
    Section section = titled("residuals", "Residuals");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    const auto all = synth::residuals_of(data.model(), *fit);
    section.columns = {{"study", "study", Look::text},
                       {"fitted", "fitted", Look::number},
                       {"resid", "residual", Look::number},
                       {"rstandard", "standardised", Look::number},
                       {"rstudent", "studentised", Look::number},
                       {"pearson", "Pearson", Look::number}};
    for (std::size_t i = 0; i < data.k(); ++i)
        section.rows.push_back({data.label(i), all.fitted[i], all.raw[i], all.standardised[i],
                                all.studentised[i], all.pearson[i]});
    return section;
}

Section blup_section(const MetaData& data, const std::string&) {
    Section section = titled("blup", "True effects (best linear unbiased predictions)");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    const auto all = synth::shrink(data.model(), *fit);
    section.columns = {{"study", "study", Look::text},          {"yi", "observed", Look::number},
                       {"pred", "true effect", Look::number},   {"se", "SE", Look::number},
                       {"pi_lb", "low", Look::number},          {"pi_ub", "high", Look::number},
                       {"ranef", "from the mean", Look::number}};
    for (std::size_t i = 0; i < data.k(); ++i)
        section.rows.push_back({data.label(i), data.y[i], all.effect[i], all.effect_se[i], all.low[i],
                                all.high[i], all.deviation[i]});
    return section;
}

Section baujat_section(const MetaData& data, const std::string&) {
    Section section = titled("baujat", "Heterogeneity and influence (Baujat)");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    const auto points = synth::baujat_points(data.model(), *fit);
    section.columns = {{"study", "study", Look::text},
                       {"x", "contribution to Q", Look::number},
                       {"y", "influence", Look::number}};
    for (std::size_t i = 0; i < data.k(); ++i)
        section.rows.push_back({data.label(i), points.x[i], points.y[i]});
    return section;
}

} // namespace assay::app
