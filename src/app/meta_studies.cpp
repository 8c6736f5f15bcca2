// Sections with a row for each study: residuals, true effects, what the result is without it.
#include "app/meta_methods.hpp"
#include "base/error.hpp"
#include "synth/influence.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/residuals.hpp"
#include "synth/series.hpp"
#include "synth/shrinkage.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

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

Section influence_section(const MetaData& data, const std::string&) {
    Section section = titled("influence", "Influence of each study");
    const auto uni = data.model();
    if (!uni.weights.empty() || !uni.weighted || uni.tau2) {
        section.notes.push_back("needs inverse-variance weights and an estimated tau2");
        return section;
    }
    const auto all = synth::influence(data.y, data.v, uni.x, uni.p, data.estimator(), data.test());
    if (!all.defined) {
        section.notes.push_back("not estimable: fewer than two studies, or columns depend on one another");
        return section;
    }
    section.columns = {{"study", "study", Look::text},
                       {"rstudent", "rstudent", Look::number},
                       {"dffits", "dffits", Look::number},
                       {"cook_d", "Cook", Look::number},
                       {"cov_r", "cov.r", Look::number},
                       {"tau2_del", "tau2.del", Look::number},
                       {"QE_del", "QE.del", Look::number},
                       {"hat", "hat", Look::number},
                       {"weight_pct", "weight %", Look::percent},
                       {"is_infl", "", Look::text}};
    for (std::size_t i = 0; i < data.k(); ++i)
        section.rows.push_back({data.label(i), all.rstudent[i], all.dffits[i], all.cook_d[i], all.cov_r[i],
                                all.tau2_del[i], all.qe_del[i], all.hat[i], all.weight_pct[i],
                                std::string(all.is_influential[i] ? "*" : "")});
    section.notes.push_back("*: influential by the rule of Viechtbauer & Cheung 2010");
    return section;
}

std::vector<std::size_t> order_by(const MetaData& data, const std::string& column) {
    const auto values = data.numbers(column, "cumul");
    std::vector<std::size_t> order(data.k());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
    return order;
}

Section cumulative_section(const MetaData& data, const std::string& column) {
    Section section = titled("cumul", "One study after another, by " + column);
    const auto order = order_by(data, column);
    const auto rows =
        synth::cumulate(data.y, data.v, order, data.estimator(), data.test(), data.request.pool.level);
    section.columns = {{"study", "with", Look::text},
                       {"k", "k", Look::count},
                       {"estimate", "estimate", Look::number},
                       {"se", "SE", Look::number},
                       {"ci_lb", "CI low", Look::number},
                       {"ci_ub", "CI high", Look::number},
                       {"pval", "p", Look::p},
                       {"tau2", "tau2", Look::number},
                       {"I2", "I2 %", Look::percent}};
    for (std::size_t i = 0; i < rows.size(); ++i) {
        const auto& row = rows[i];
        section.rows.push_back({"+ " + data.label(order[i]), whole(row.k), row.estimate, row.se, row.ci_low,
                                row.ci_high, row.p, row.tau2, row.i2});
    }
    return section;
}

Section leave_sets_out_section(const MetaData& data, const std::string& how_many) {
    const auto parsed = text::parse_number(how_many);
    if (!parsed.value || *parsed.value < 1 || *parsed.value > 10 ||
        *parsed.value != std::floor(*parsed.value))
        throw Error("meta/leavekout", "--leavekout: a whole number from 1 to 10, not '" + how_many + "'",
                    Exit::input);
    Section section = titled("leavekout", "Without each set of " + how_many + " studies");
    const auto size = static_cast<std::size_t>(*parsed.value);
    if (data.k() <= size) {
        section.notes.push_back("not estimable: there are only " + std::to_string(data.k()) + " studies");
        return section;
    }
    const auto all =
        synth::leave_sets_out(data.y, data.v, size, data.estimator(), data.test(), data.request.pool.level);
    section.value("sets", "sets", whole(static_cast<double>(all.sets)), Look::count)
        .value("estimate_low", "lowest estimate", all.estimate_low)
        .value("estimate_high", "highest estimate", all.estimate_high)
        .value("sign_changes", "sets without which the sign changes",
               whole(static_cast<double>(all.sign_changes)), Look::count)
        .value("significance_changes", "sets without which p crosses the level",
               whole(static_cast<double>(all.significance_changes)), Look::count);
    section.columns = {{"without", "without", Look::text},
                       {"estimate", "estimate", Look::number},
                       {"ci_lb", "CI low", Look::number},
                       {"ci_ub", "CI high", Look::number},
                       {"pval", "p", Look::p}};
    const auto add = [&](const synth::LeftOut& left) {
        std::string names;
        for (std::size_t study : left.studies)
            names += (names.empty() ? "" : "; ") + data.label(study);
        section.rows.push_back({names, left.row.estimate, left.row.ci_low, left.row.ci_high, left.row.p});
    };
    for (const auto& left : all.lowest)
        add(left);
    for (const auto& left : all.highest)
        add(left);
    section.notes.push_back("the sets that move the estimate most down, then most up");
    return section;
}

} // namespace assay::app
