// Sections about the fitted model: coefficients, fit statistics, intervals of tau2, contrasts.
#include "app/meta_methods.hpp"
#include "base/error.hpp"
#include "synth/residuals.hpp"
#include "synth/strata.hpp"
#include "text/number.hpp"

#include <cmath>

namespace assay::app {

namespace {

using report::Cell;
using report::Look;
using report::Section;

std::vector<report::SectionColumn> estimate_columns(const char* head, bool t) {
    return {{"name", head, Look::text},
            {"beta", "estimate", Look::number},
            {"se", "SE", Look::number},
            {"stat", t ? "t" : "z", Look::number},
            {"pval", "p", Look::p},
            {"ci_lb", "CI low", Look::number},
            {"ci_ub", "CI high", Look::number}};
}

/// The mean effect predicted at each of the new values, and where a new study's true effect would lie.
Section& predictions(Section& section, const MetaData& data, const synth::UniFit& fit) {
    for (const std::string& values : data.request.newmods) {
        const auto at = synth::predict(fit, synth::design_row(data.request.mods, data.variables, values));
        section.rows.push_back({"at " + values, at.mean, at.se, {}, {}, at.low, at.high});
        if (at.new_low && at.new_high)
            section.rows.push_back({"  a new study there", {}, {}, {}, {}, *at.new_low, *at.new_high});
    }
    return section;
}

Cell interval_cell(double bound, bool empty) {
    return empty ? Cell() : Cell(bound);
}

/// Numbers separated by commas.
std::vector<double> numbers_of(const std::string& list, const std::string& option) {
    std::vector<double> numbers;
    for (std::size_t at = 0; at <= list.size();) {
        const auto comma = std::min(list.find(',', at), list.size());
        const std::string part = list.substr(at, comma - at);
        const auto parsed = text::parse_number(part);
        if (!parsed.value)
            throw Error("meta/number", "--" + option + ": '" + part + "' is not a number", Exit::input);
        numbers.push_back(*parsed.value);
        at = comma + 1;
    }
    return numbers;
}

} // namespace

std::optional<synth::UniFit> fitted(const MetaData& data, Section& section) {
    synth::UniFit fit = synth::fit_uni(data.model());
    if (!fit.defined) {
        section.notes.push_back("not estimable: " + fit.problem);
        return std::nullopt;
    }
    return fit;
}

Section model_section(const MetaData& data) {
    Section section = titled("mods", data.request.mods.empty() ? "Model with the given weights"
                                                               : "Meta-regression " + data.request.mods);
    const auto found = fitted(data, section);
    if (!found) return section;
    const synth::UniFit& fit = *found;
    section.value("k", "studies", whole(fit.k), Look::count)
        .value("tau2", "residual tau2", fit.tau2.value)
        .value("I2", "residual I2", fit.i2, Look::percent)
        .value("H2", "residual H2", fit.h2)
        .value("R2", "R2 (heterogeneity explained)", cell(fit.r2), Look::percent)
        .value("QE", "residual heterogeneity Q", fit.q)
        .value("QE_df", "its df", whole(fit.residual_df), Look::count)
        .value("QEp", "its p", fit.q_p, Look::p);
    if (fit.qm_df > 0)
        section.value("QM", fit.df > 0 ? "test of moderators F" : "test of moderators Q", fit.qm)
            .value("QM_df1", "its df", whole(fit.qm_df), Look::count)
            .value("QMp", "its p", fit.qm_p, Look::p);
    section.columns = estimate_columns("moderator", fit.df > 0);
    const auto names = data.coefficient_names();
    for (std::size_t j = 0; j < fit.beta.size(); ++j)
        section.rows.push_back(
            {names[j], fit.beta[j], fit.se[j], fit.statistic[j], fit.p_value[j], fit.low[j], fit.high[j]});
    predictions(section, data, fit);
    for (const std::string& note : fit.notes)
        section.notes.push_back(note);
    const std::size_t moderators = fit.beta.size() - (!data.design || data.design->intercept ? 1 : 0);
    if (data.k() < 10 * moderators)
        section.notes.push_back("fewer than ten studies for each moderator: expect chance findings");
    return section;
}

Section fit_statistics_section(const MetaData& data, const std::string&) {
    Section section = titled("fitstats", "Fit statistics");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    section.columns = {{"name", "", Look::text}, {"ML", "ML", Look::number}, {"REML", "REML", Look::number}};
    section.rows = {{"log-likelihood", fit->ml.log_likelihood, fit->reml.log_likelihood},
                    {"deviance", fit->ml.deviance, fit->reml.deviance},
                    {"AIC", fit->ml.aic, fit->reml.aic},
                    {"BIC", fit->ml.bic, fit->reml.bic},
                    {"AICc", fit->ml.aicc, fit->reml.aicc}};
    return section;
}

Section confint_section(const MetaData& data, const std::string& method) {
    Section section = titled("confint", "Interval of tau2 (" + method + ")");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    const auto model = data.model();
    synth::Tau2Interval interval;
    if (method == "QP")
        interval = synth::q_profile_interval(model, *fit);
    else if (method == "PL")
        interval = synth::profile_likelihood_interval(model, *fit);
    else if (method == "GENQ")
        interval = synth::generalised_q_interval(model, *fit);
    else
        throw Error("meta/confint", "--confint: QP, PL or GENQ, not '" + method + "'", Exit::input);
    if (!interval.problem.empty()) section.notes.push_back(interval.problem);
    if (interval.empty) section.notes.push_back("no tau2 fits: the data scatter less than chance explains");
    const bool none = interval.empty || !interval.problem.empty();
    section.columns = {{"name", "", Look::text},
                       {"estimate", "estimate", Look::number},
                       {"ci_lb", "CI low", Look::number},
                       {"ci_ub", "CI high", Look::number}};
    const auto row = [&](const char* name, double value, const model::Interval& at) {
        section.rows.push_back({name, value, interval_cell(at.low, none), interval_cell(at.high, none)});
    };
    row("tau2", fit->tau2.value, interval.tau2);
    row("tau", std::sqrt(fit->tau2.value), {std::sqrt(interval.tau2.low), std::sqrt(interval.tau2.high)});
    row("I2 %", fit->i2, interval.i2);
    row("H2", fit->h2, interval.h2);
    if (interval.tau2.high_open && !none)
        section.notes.push_back("the upper bound is where the search ended; the interval goes on");
    return section;
}

Section vif_section(const MetaData& data, const std::string&) {
    Section section = titled("vif", "Variance inflation factors");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    const auto factors = synth::variance_inflation(data.model(), *fit);
    section.columns = {{"name", "moderator", Look::text}, {"vif", "VIF", Look::number}};
    const auto names = data.coefficient_names();
    const std::size_t first = names.size() - factors.size();
    for (std::size_t j = 0; j < factors.size(); ++j)
        section.rows.push_back({names[first + j], factors[j]});
    if (factors.empty()) section.notes.push_back("there is no moderator: --mods names some");
    return section;
}

Section contrast_section(const MetaData& data, const std::string& rows) {
    Section section = titled("anova", "Contrasts of coefficients");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    std::vector<std::vector<double>> matrix;
    for (std::size_t at = 0; at <= rows.size();) {
        const auto end = std::min(rows.find(';', at), rows.size());
        matrix.push_back(numbers_of(rows.substr(at, end - at), "anova"));
        if (matrix.back().size() != fit->beta.size())
            throw Error("meta/anova",
                        "--anova: a row needs " + std::to_string(fit->beta.size()) +
                            " numbers, one for each coefficient",
                        Exit::input);
        at = end + 1;
    }
    const auto result = synth::contrasts(*fit, matrix);
    section.value("QM", fit->df > 0 ? "all together F" : "all together Q", result.qm)
        .value("QM_df1", "its df", whole(result.qm_df), Look::count)
        .value("QMp", "its p", result.qm_p, Look::p);
    section.columns = estimate_columns("contrast", fit->df > 0);
    for (std::size_t i = 0; i < matrix.size(); ++i) {
        std::string name;
        for (double x : matrix[i])
            name += (name.empty() ? "" : ",") + text::format_number(x);
        section.rows.push_back({name, result.estimate[i], result.se[i], result.statistic[i],
                                result.p_value[i], result.low[i], result.high[i]});
    }
    return section;
}

Section equal_tau2_section(const MetaData& data, const std::string&) {
    Section section = titled("hettest", "Score test of one tau2 for all studies");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    const auto test = synth::test_equal_tau2(data.model(), *fit);
    if (!test.problem.empty()) {
        section.notes.push_back(test.problem);
        return section;
    }
    return section.value("stat", "chi-squared", test.statistic)
        .value("df", "df", whole(test.df), Look::count)
        .value("pval", "p", test.p, Look::p);
}

std::vector<double> profile_grid(const MetaData& data, const synth::UniFit& fit) {
    const auto interval = synth::profile_likelihood_interval(data.model(), fit);
    double end = interval.empty || !interval.problem.empty() ? 0 : interval.tau2.high;
    if (!(end > 0) || !std::isfinite(end)) end = std::max(4 * fit.tau2.value, fit.typical_variance);
    std::vector<double> grid;
    constexpr int steps = 60;
    for (int i = 0; i <= steps; ++i)
        grid.push_back(1.1 * end * i / steps);
    return grid;
}

Section profile_section(const MetaData& data, const std::string&) {
    Section section = titled("profile", "Log-likelihood against tau2");
    const auto fit = fitted(data, section);
    if (!fit) return section;
    section.columns = {{"tau2", "tau2", Look::number}, {"logLik", "log-likelihood", Look::number}};
    const auto grid = profile_grid(data, *fit);
    for (std::size_t i = 0; i < grid.size(); i += 6)
        section.rows.push_back({grid[i], synth::profile_log_likelihood(data.model(), grid[i])});
    return section;
}

Section strata_section(const MetaData& data, const std::string&) {
    Section section = titled("mh", "Mantel-Haenszel: tests of association and of one odds ratio");
    const auto measure = synth::count_measure_of(data.measure.id);
    if (!measure) {
        section.notes.push_back("needs counts of two groups: OR, RR, RD, IRR or IRD");
        return section;
    }
    const bool rates = data.measure.family == effect::Family::rates;
    std::vector<synth::Stratum> strata;
    for (std::size_t i = 0; i < data.k(); ++i) {
        using effect::Role;
        const effect::Row& row = data.rows[i];
        if (rates && row[Role::x1i] && row[Role::t1i] && row[Role::x2i] && row[Role::t2i])
            strata.push_back({*row[Role::x1i], *row[Role::t1i], *row[Role::x2i], *row[Role::t2i]});
        else if (const auto& counts = data.analysis.effects[i].counts)
            strata.push_back({counts->ai, counts->bi, counts->ci, counts->di});
    }
    if (strata.size() != data.k()) {
        section.notes.push_back("the counts of some studies are not known");
        return section;
    }
    synth::StrataOptions options;
    options.level = data.request.pool.level;
    const auto fit = synth::pool_strata(*measure, strata, data.y, data.v, options);
    if (!fit.problem.empty()) {
        section.notes.push_back(fit.problem);
        return section;
    }
    section.value("beta", "estimate", fit.estimate)
        .value("se", "SE", fit.se)
        .value("ci_lb", "CI low", fit.low)
        .value("ci_ub", "CI high", fit.high)
        .value("pval", "p", fit.p, Look::p);
    section.columns = {{"test", "test", Look::text},
                       {"stat", "chi-squared", Look::number},
                       {"df", "df", Look::count},
                       {"pval", "p", Look::p}};
    const auto row = [&](const char* name, const std::optional<synth::ChiSquared>& test) {
        if (test) section.rows.push_back({name, test->statistic, whole(test->df), test->p});
    };
    row("no association (Cochran-Mantel-Haenszel)", fit.mantel_haenszel);
    row("no association (Cochran)", fit.cochran);
    row("one odds ratio (Breslow-Day)", fit.breslow_day);
    row("one odds ratio (Tarone)", fit.tarone);
    return section;
}

} // namespace assay::app
