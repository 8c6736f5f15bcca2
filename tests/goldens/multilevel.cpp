// Multilevel and multivariate models against metafor's rma.mv.
#include "synth/multilevel.hpp"

#include "families.hpp"
#include "synth/robust.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>

namespace assay::test {

namespace {

using synth::ComponentKind;

std::string trimmed(std::string text) {
    const auto first = text.find_first_not_of(" \t"), last = text.find_last_not_of(" \t");
    return first == std::string::npos ? "" : text.substr(first, last - first + 1);
}

/// "1/2", "0.5", "NA".
std::optional<double> fraction(const std::string& text) {
    const auto slash = text.find('/');
    if (slash == std::string::npos) return number_of(trimmed(text));
    const auto top = number_of(trimmed(text.substr(0, slash))),
               bottom = number_of(trimmed(text.substr(slash + 1)));
    if (!top || !bottom) return std::nullopt;
    return *top / *bottom;
}

/// The parts of "c(a, b)", or the text itself.
std::vector<std::string> elements(std::string text) {
    text = trimmed(text);
    if (text.rfind("c(", 0) == 0) text = text.substr(2, text.size() - 3);
    std::vector<std::string> out;
    std::istringstream in(text);
    for (std::string part; std::getline(in, part, ',');)
        out.push_back(trimmed(part));
    return out;
}

/// The value of `name=` in R arguments, up to the comma outside brackets.
std::optional<std::string> argument(const std::string& text, const std::string& name) {
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i == text.size() || (text[i] == ',' && depth == 0)) {
            const std::string part = trimmed(text.substr(from, i - from));
            const auto equals = part.find('=');
            if (equals != std::string::npos && trimmed(part.substr(0, equals)) == name)
                return trimmed(part.substr(equals + 1));
            from = i + 1;
        } else if (text[i] == '(')
            ++depth;
        else if (text[i] == ')')
            --depth;
    }
    return std::nullopt;
}

std::string unquoted(std::string text) {
    text.erase(std::remove(text.begin(), text.end(), '"'), text.end());
    text.erase(std::remove(text.begin(), text.end(), '\''), text.end());
    return text;
}

std::string column_name(std::string text) {
    for (const std::string wrapper : {"factor(", "as.factor(", "as.numeric("})
        if (text.rfind(wrapper, 0) == 0)
            return trimmed(text.substr(wrapper.size(), text.size() - wrapper.size() - 1));
    return text;
}

/// What the case gives to the model.
struct MvInputs {
    std::vector<double> y, v;
    std::optional<num::Matrix> matrix;
    std::vector<std::size_t> kept;
    Table table;
    num::Matrix x;

    synth::Factor factor(const std::string& column) const {
        const auto at = table.text.find(column_name(column));
        if (at == table.text.end()) throw Unsupported{"column " + column};
        std::vector<std::string> values;
        for (std::size_t row : kept)
            values.push_back(at->second[row]);
        return synth::factor_of(values);
    }
};

num::Matrix matrix_of(const std::vector<std::vector<double>>& rows, const std::vector<std::size_t>& kept) {
    num::Matrix out(kept.size(), kept.size());
    const bool whole = rows.size() != kept.size();
    for (std::size_t a = 0; a < kept.size(); ++a)
        for (std::size_t b = 0; b < kept.size(); ++b)
            out(a, b) = whole ? rows.at(kept[a]).at(kept[b]) : rows[a].at(b);
    return out;
}

MvInputs inputs_of_mv(const Case& golden) {
    MvInputs in;
    const Json& data = golden.golden.at("data");
    const Json& columns = golden.golden.at("effect").at("columns");
    if (data.contains("V_file") && columns.contains("yi") && !columns.contains("vi")) {
        in.table = golden.table();
        const auto& y = in.table.numbers.at(columns.at("yi").get<std::string>());
        for (std::size_t i = 0; i < y.size(); ++i)
            if (y[i]) {
                in.kept.push_back(i);
                in.y.push_back(*y[i]);
            }
    } else {
        Inputs plain = inputs_of(golden);
        const Json& model = golden.model();
        if (model.contains("X") && model.at("X").is_array())
            drop_incomplete(plain, {model.at("mods").is_string() ? model.at("mods").get<std::string>() : ""},
                            model.at("X").size());
        in.table = std::move(plain.table);
        in.kept = std::move(plain.kept);
        in.y = std::move(plain.y);
        in.v = std::move(plain.v);
    }
    if (data.contains("V_file"))
        in.matrix =
            matrix_of(read_matrix(golden.folder + "/" + data.at("V_file").get<std::string>()), in.kept);
    const Design design = design_of(golden.model());
    in.x = num::Matrix(in.y.size(), design.present ? design.columns : 1);
    for (std::size_t j = 0; j < in.x.columns; ++j)
        for (std::size_t i = 0; i < in.x.rows; ++i)
            in.x(i, j) = design.present ? design.x[j * in.x.rows + i] : 1;
    return in;
}

void give(std::vector<std::optional<double>>& values, const std::optional<std::string>& text,
          std::size_t from, std::size_t count) {
    if (!text) return;
    const auto parts = elements(*text);
    for (std::size_t a = 0; a < count; ++a) {
        const std::string& part = parts.size() == 1 ? parts[0] : parts.at(from + a);
        values.push_back(fraction(part));
    }
}

std::vector<synth::RandomTerm> terms_of(const Case& golden, const MvInputs& in) {
    const Json& model = golden.model();
    const std::string extra = model.value("extra", "");
    const auto formulas = synth::parse_random(model.at("random").get<std::string>());
    if (!formulas) throw Unsupported{"random " + model.at("random").dump()};
    std::vector<std::string> structures;
    if (model.contains("struct") && model.at("struct").is_string())
        structures = elements(unquoted(model.at("struct").get<std::string>()));
    std::vector<synth::RandomTerm> terms;
    std::size_t structured = 0, intercepts = 0;
    for (const auto& formula : *formulas) {
        if (formula.inner == "1") {
            synth::Factor factor;
            std::string name;
            for (const std::string& group : formula.groups) {
                factor = name.empty() ? in.factor(group) : synth::nested(factor, in.factor(group));
                name += (name.empty() ? "" : "/") + group;
                synth::RandomTerm term;
                term.name = name;
                term.outer = factor;
                give(term.variances, argument(extra, "sigma2"), intercepts, 1);
                ++intercepts;
                terms.push_back(std::move(term));
            }
            continue;
        }
        synth::RandomTerm term;
        term.name = "~" + formula.inner + " | " + formula.groups[0];
        const std::string id = structures.empty()               ? "CS"
                               : structured < structures.size() ? structures[structured]
                                                                : structures[0];
        const auto* info = synth::find_structure(id);
        if (!info) throw Unsupported{"structure " + id};
        term.structure = info->structure;
        term.outer = in.factor(formula.groups[0]);
        term.inner = in.factor(formula.inner);
        if (term.structure == synth::Structure::car)
            for (const std::string& level : term.inner.levels)
                term.positions.push_back(number_of(level).value());
        give(term.variances, argument(extra, structured == 0 ? "tau2" : "gamma2"), 0,
             synth::variances_of(term));
        give(term.correlations, argument(extra, structured == 0 ? "rho" : "phi"), 0,
             synth::correlations_of(term));
        ++structured;
        terms.push_back(std::move(term));
    }
    return terms;
}

synth::MultilevelOptions options_of(const Json& model) {
    synth::MultilevelOptions options;
    const std::string method = model.value("method", "REML"), test = model.value("test", "z");
    if (method == "ML")
        options.likelihood = synth::Likelihood::full;
    else if (method != "REML")
        throw Unsupported{"method " + method};
    options.t_tests = test == "t";
    if (test != "t" && test != "z") throw Unsupported{"test " + test};
    options.level = model.value("level", 0.95);
    if (const auto rule = argument(model.value("extra", ""), "dfs"))
        options.df = unquoted(*rule) == "contain" ? synth::DfRule::contain : synth::DfRule::residual;
    return options;
}

/// Bounds that the oracle did not reach (its own search stopped) are not in the case; ours must then satisfy
/// the equation that defines them, or lie at an end of the range.
void check_intervals(const synth::Multilevel& model, Checker& check, const Case& golden) {
    if (!check.has("confint_lb")) return;
    std::vector<std::string> names;
    std::size_t at = 0;
    const auto& components = model.fit().components;
    constexpr double fallen = 3.841458820694124; // the chi-squared quantile of 95 %
    for (std::size_t c = 0; c < components.size(); ++c) {
        if (components[c].fixed) continue;
        const auto interval = model.profile_interval(c);
        names.push_back(interval.name);
        const double top = model.fit().statistics.log_likelihood;
        const auto one = [&](const char* field, double bound, bool open) {
            const Json& expected = golden.expected().at(field).at(at);
            if (!expected.is_null()) {
                // A bound of the oracle at which the profile likelihood is far from having fallen by the
                // quantile is where its root finding broke off.
                const double theirs = json_number(expected);
                const double fall_there = 2 * (top - model.profile_log_likelihood(c, theirs));
                const bool broken = !open && theirs != 0 && std::fabs(fall_there - fallen) > 0.1 * fallen &&
                                    std::fabs(bound - theirs) > 1e-3 * std::fabs(theirs);
                if (!broken) return check.element(field, at, bound);
            }
            const double fall = 2 * (top - model.profile_log_likelihood(c, bound));
            const bool end = open || bound == 0 || std::fabs(bound) == 1;
            if (!interval.converged || (end ? fall > fallen + 1e-6 : std::fabs(fall - fallen) > 1e-6))
                check.fail(std::string(field) + " of " + interval.name + ": the likelihood at " +
                           std::to_string(bound) + " has fallen by " + std::to_string(fall));
        };
        one("confint_lb", interval.low, interval.low_open);
        one("confint_ub", interval.high, interval.high_open);
        ++at;
    }
    check.pass_over("confint_lb");
    check.pass_over("confint_ub");
    check.texts("confint_names", names);
}

void check_predictions(const synth::Multilevel& model, const MvInputs& in, const Case& golden,
                       Checker& check) {
    if (!check.has("pred")) return;
    num::Matrix rows = in.x;
    if (in.x.columns == 1 && model.fit().intercept_only) rows = num::Matrix(1, 1), rows(0, 0) = 1;
    if (golden.task().contains("newmods") && golden.task().at("newmods").is_array()) {
        const Json& wanted = golden.task().at("newmods");
        rows = num::Matrix(wanted.size(), in.x.columns);
        for (std::size_t i = 0; i < wanted.size(); ++i) {
            const std::size_t given = wanted[i].size(), shift = in.x.columns - given;
            for (std::size_t j = 0; j < in.x.columns; ++j)
                rows(i, j) = j < shift ? 1 : wanted[i].at(j - shift).get<double>();
        }
    }
    std::vector<double> estimate, se, low, high;
    std::vector<std::optional<double>> pi_low, pi_high;
    for (const auto& one : model.predict(rows)) {
        estimate.push_back(one.estimate);
        se.push_back(one.se);
        low.push_back(one.ci_low);
        high.push_back(one.ci_high);
        pi_low.push_back(one.pi_low);
        pi_high.push_back(one.pi_high);
    }
    check.numbers("pred.pred", estimate);
    check.numbers("pred.se", se);
    check.numbers("pred.ci_lb", low);
    check.numbers("pred.ci_ub", high);
    check.numbers("pred.pi_lb", pi_low);
    check.numbers("pred.pi_ub", pi_high);
}

void check_robust(const synth::Multilevel& model, const MvInputs& in, const Case& golden, Checker& check) {
    for (const auto& [field, value] : golden.expected().items()) {
        const auto kind = synth::robust_kind_of(field.substr(0, 3));
        if (!kind || field.size() < 5 || field[3] != '_') continue;
        auto input = synth::robust_input(model, in.factor(field.substr(4)).of_row);
        const auto residuals = model.marginal().residuals();
        input.residuals = residuals;
        const auto got = synth::robust(input, *kind, golden.model().value("level", 0.95));
        if (got.se.empty()) throw Unsupported{got.notes.at(0)};
        check.numbers(field + ".se", got.se);
        check.numbers(field + ".dfs", got.df);
        check.number(field + ".df", got.df[0]);
        check.numbers(field + ".stat", got.statistic);
        check.numbers(field + ".pval", got.p_value);
        check.numbers(field + ".ci_lb", got.ci_low);
        check.numbers(field + ".ci_ub", got.ci_high);
    }
}

void check_random_effects(const synth::Multilevel& model, Checker& check, const Case& golden) {
    if (!check.has("ranef")) return;
    check.pass_over("ranef");
    for (const auto& term : model.random_effects()) {
        std::vector<std::string> levels;
        std::vector<double> estimate, se, low, high;
        std::size_t width = 0;
        for (const auto& effect : term.effects) {
            levels.push_back(effect.level);
            estimate.push_back(effect.estimate);
            se.push_back(effect.se);
            low.push_back(effect.pi_low);
            high.push_back(effect.pi_high);
            width = std::max(width, effect.level.find(" | "));
        }
        if (!golden.expected().at("ranef").contains(term.term)) {
            check.fail("ranef: no term " + term.term);
            continue;
        }
        const Json& expected = golden.expected().at("ranef").at(term.term);
        if (term.term.rfind('~', 0) == 0) // R pads the names of inner levels
            for (std::string& level : levels)
                level.insert(0, width - level.find(" | "), ' ');
        if (expected.contains("levels") && expected.at("levels") != Json(levels))
            check.fail("ranef." + term.term + ".levels: got " + Json(levels).dump());
        check.numbers("ranef." + term.term + ".est", estimate);
        check.numbers("ranef." + term.term + ".se", se);
        check.numbers("ranef." + term.term + ".pi_lb", low);
        check.numbers("ranef." + term.term + ".pi_ub", high);
    }
}

} // namespace

namespace {

/// What follows from the coefficients and their covariance.
void check_coefficients(const synth::MultilevelFit& fit, Checker& check) {
    check.number("k", fit.k);
    check.number("p", fit.p);
    check.pass_over("coef_names");
    check.numbers("beta", fit.beta);
    check.numbers("se", fit.se);
    check.numbers("stat", fit.statistic);
    check.numbers("zval", fit.statistic);
    check.numbers("pval", fit.p_value);
    check.numbers("ci_lb", fit.ci_low);
    check.numbers("ci_ub", fit.ci_high);
    check.numbers("ddf", fit.df);
    check.matrix("vcov", fit.covariance.cells, static_cast<std::size_t>(fit.p));
    check.number("QE", fit.q);
    check.number("QE_df", fit.q_df);
    check.number("QEp", fit.q_p);
    if (fit.moderators) {
        check.number("QM", fit.moderators->statistic);
        check.number("QM_df1", fit.moderators->df1);
        check.number("QM_df2", fit.moderators->df2);
        check.number("QMp", fit.moderators->p);
    }
}

/// rma.mv's optimisers stop early now and then, and a derived number then misses its tolerance though the
/// components are within theirs. Where our likelihood is at least as high, the numbers are compared once more
/// with the components held where the oracle stopped: they must follow from those to the stated tolerance.
void explain_early_stop(const synth::Multilevel& model, const MvInputs& in,
                        std::vector<synth::RandomTerm> terms, const Case& golden, Checker& check) {
    const Json& expected = golden.expected();
    std::map<std::string, std::size_t> used;
    std::size_t structured = 0;
    for (auto& term : terms) {
        const bool intercept = term.structure == synth::Structure::intercept;
        const char* variances = intercept ? "sigma2" : structured == 0 ? "tau2" : "gamma2";
        const char* correlations = structured == 0 ? "rho" : "phi";
        const auto take = [&](const char* name, std::size_t count) {
            std::vector<std::optional<double>> out;
            for (std::size_t a = 0; a < count; ++a) {
                const Json& list = expected.at(name);
                out.emplace_back(json_number(list.is_array() ? list.at(used[name]) : list));
                ++used[name];
            }
            return out;
        };
        term.variances = take(variances, synth::variances_of(term));
        if (!intercept && synth::correlations_of(term) > 0)
            term.correlations = take(correlations, synth::correlations_of(term));
        structured += !intercept;
    }
    const synth::Multilevel at_stop(in.y, in.x, {in.v, in.matrix ? &*in.matrix : nullptr}, terms,
                                    options_of(golden.model()));
    if (!at_stop.fit().fitted()) return;
    const double ours = model.fit().statistics.log_likelihood,
                 theirs = at_stop.fit().statistics.log_likelihood;
    if (!(ours >= theirs)) return check.fail("the oracle's components have the higher likelihood");
    Checker second(golden);
    check_coefficients(at_stop.fit(), second);
    check_robust(at_stop, in, golden, second);
    check_predictions(at_stop, in, golden, second);
    check.forgive_where_right(second);
}

} // namespace

void run_multilevel(const Case& golden, Checker& check) {
    const MvInputs in = inputs_of_mv(golden);
    const auto terms = terms_of(golden, in);
    const synth::Multilevel model(in.y, in.x, {in.v, in.matrix ? &*in.matrix : nullptr}, terms,
                                  options_of(golden.model()));
    const auto& fit = model.fit();
    if (!fit.fitted()) return check.fail(fit.notes.empty() ? "not fitted" : fit.notes[0]);
    if (!fit.search.converged()) check.fail("the search has not converged");
    check_coefficients(fit, check);
    check.number("logLik", fit.statistics.log_likelihood);
    check.number("AIC", fit.statistics.aic);
    check.number("BIC", fit.statistics.bic);
    check.number("AICc", fit.statistics.aicc);
    for (const auto kind : {ComponentKind::sigma2, ComponentKind::tau2, ComponentKind::rho,
                            ComponentKind::gamma2, ComponentKind::phi})
        check.numbers(std::string(synth::to_string(kind)), fit.values(kind));
    std::vector<std::string> names;
    std::vector<double> levels;
    std::size_t structured = 0;
    for (const auto& term : terms) {
        if (term.structure == synth::Structure::intercept) {
            names.push_back(term.name);
            levels.push_back(static_cast<double>(term.outer.levels.size()));
        } else
            check.texts(structured++ == 0 ? "g_levels" : "h_levels", term.inner.levels);
    }
    check.texts("s_names", names);
    check.numbers("s_nlevels", levels);
    check_intervals(model, check, golden);
    check_predictions(model, in, golden, check);
    check_robust(model, in, golden, check);
    if (!check.failures().empty()) explain_early_stop(model, in, terms, golden, check);
    check_random_effects(model, check, golden);
    const auto rows = model.rows();
    check.numbers("hat", rows.hat);
    check.numbers("rstandard_z", rows.standardised);
    check.numbers("rstandard_resid", rows.residual);
    check.numbers("rstandard_se", rows.residual_se);
    if (check.has("cooks")) check.numbers("cooks", model.cooks_distances());
}

} // namespace assay::test
