// Generalised linear mixed models against metafor's rma.glmm (lme4, and its own CM.EL).
#include "families.hpp"
#include "formula.hpp"
#include "num/distributions.hpp"
#include "synth/glmm.hpp"

#include <algorithm>
#include <cmath>

namespace assay::test {

namespace {

/// A count of a row by its role, or a difference of two ("ni" and "xi" give "mi").
std::optional<double> role(const Inputs& inputs, const Json& columns, std::size_t row,
                           const std::string& name) {
    if (!columns.contains(name)) return std::nullopt;
    return inputs.table.numbers.at(columns.at(name).get<std::string>())[row];
}

struct GlmmInputs {
    synth::CountKind kind = synth::CountKind::proportion;
    std::vector<synth::Counts> counts;
    std::vector<std::size_t> rows;
};

GlmmInputs counts_of(const std::string& measure, const Inputs& inputs, const Json& columns) {
    GlmmInputs out;
    for (std::size_t i = 0; i < inputs.table.rows; ++i) {
        const auto get = [&](const char* name) { return role(inputs, columns, i, name); };
        const auto sum = [](std::optional<double> a, std::optional<double> b) -> std::optional<double> {
            if (!a || !b) return std::nullopt;
            return *a + *b;
        };
        synth::Counts one;
        std::optional<double> x1, n1, x2 = 0, n2 = 1;
        bool empty = false;
        if (measure == "PLO") {
            out.kind = synth::CountKind::proportion;
            x1 = get("xi");
            n1 = columns.contains("ni") ? get("ni") : sum(x1, get("mi"));
        } else if (measure == "IRLN") {
            out.kind = synth::CountKind::rate;
            x1 = get("xi");
            n1 = get("ti");
        } else if (measure == "OR") {
            out.kind = synth::CountKind::two_proportions;
            x1 = get("ai");
            x2 = get("ci");
            n1 = columns.contains("n1i") ? get("n1i") : sum(x1, get("bi"));
            n2 = columns.contains("n2i") ? get("n2i") : sum(x2, get("di"));
            empty = x1 && x2 && n1 && n2 && (*x1 + *x2 == 0 || (*x1 == *n1 && *x2 == *n2));
        } else if (measure == "IRR") {
            out.kind = synth::CountKind::two_rates;
            x1 = get("x1i");
            x2 = get("x2i");
            n1 = get("t1i");
            n2 = get("t2i");
            empty = x1 && x2 && *x1 + *x2 == 0;
        } else
            throw Unsupported{"measure " + measure};
        if (!x1 || !n1 || !x2 || !n2 || empty) continue;
        out.counts.push_back({*x1, *n1, *x2, *n2});
        out.rows.push_back(i);
    }
    return out;
}

void check_fit(const synth::GlmmFit& got, Checker& check) {
    check.number("k", got.k);
    check.numbers("beta", got.beta);
    check.numbers("se", got.se);
    check.numbers("stat", got.statistic);
    check.numbers("zval", got.statistic);
    check.numbers("pval", got.p_value);
    check.numbers("ci_lb", got.ci_low);
    check.numbers("ci_ub", got.ci_high);
    check.number("tau2", got.tau2);
    check.number("sigma2", got.sigma2);
    check.number("I2", got.i2);
    check.number("H2", got.h2);
    check.number("QE_Wld", got.q_wald);
    check.number("QE_LRT", got.q_lrt);
    check.number("QEp_LRT", got.q_lrt_p);
    check.number("QE_df", got.q_df);
    check.number("logLik", got.statistics.log_likelihood);
    check.number("AIC", got.statistics.aic);
    check.number("BIC", got.statistics.bic);
    check.number("AICc", got.statistics.aicc);
    if (got.moderators) {
        check.number("QM", got.moderators->statistic);
        check.number("QM_df1", got.moderators->df1);
        check.number("QMp", got.moderators->p);
    }
}

} // namespace

void run_glmm(const Case& golden, Checker& check) {
    // The approximate effects: only their variances are used, for I2. rma.glmm leaves double zeros out.
    Case plain = golden;
    const std::string measure = golden.golden.at("effect").at("measure");
    Json& options_json = plain.golden["effect"]["options"];
    if ((measure == "OR" || measure == "IRR") && !options_json.contains("drop00"))
        options_json["drop00"] = true;
    const Inputs inputs = inputs_of(plain);
    const Json& model = golden.model();
    GlmmInputs in = counts_of(measure, inputs, golden.golden.at("effect").at("columns"));

    synth::GlmmOptions options;
    if (model.contains("glmm") && model.at("glmm").is_string()) {
        const auto known = synth::glmm_model_of(model.at("glmm").get<std::string>());
        if (!known) throw Unsupported{"model " + model.at("glmm").dump()};
        options.model = *known;
    }
    const std::string method = model.value("method", "ML"), test = model.value("test", "z");
    options.random = method == "ML";
    options.t_tests = test == "t";
    options.quadrature = model.value("nAGQ", 7);
    options.level = model.value("level", 0.95);
    const std::string call = golden.golden.at("oracle").at("call").dump();
    if (const auto coding = call.find("coding="); coding != std::string::npos)
        options.coding = call.compare(coding + 7, 3, "1/2") == 0 ? 0.5 : call[coding + 7] - '0';

    const bool moderated = model.contains("mods") && model.at("mods").is_string();
    num::Matrix x(in.counts.size(), 1);
    std::fill(x.cells.begin(), x.cells.end(), 1.0);
    if (moderated) {
        const std::string formula = model.at("mods");
        x = model_matrix(formula, inputs.table, in.rows);
    }
    // Variances of the same studies, in order.
    std::vector<double> v;
    for (std::size_t row : in.rows) {
        const auto at = std::find(inputs.kept.begin(), inputs.kept.end(), row);
        v.push_back(at == inputs.kept.end() ? NAN
                                            : inputs.v[static_cast<std::size_t>(at - inputs.kept.begin())]);
    }
    const auto got = synth::glmm(in.kind, in.counts, x, v, options);
    if (got.k == 0) throw Unsupported{got.notes.at(0)};
    if (!got.search.converged()) check.fail("the search has not converged");
    check_fit(got, check);
    // The Wald test's P is a function of its statistic, which has a tolerance of its own (numerical second
    // derivatives of a model with a parameter for each study): the function is compared at the oracle's
    // statistic.
    if (check.has("QEp_Wld") && got.q_wald) {
        const double theirs = json_number(golden.expected().at("QE_Wld"));
        check.number("QEp_Wld", num::chi_squared_upper(theirs, got.q_df));
    }
    if (check.failures().empty() || !options.random) return;
    // Where lme4's search over all parameters broke off before the maximum, our likelihood is the higher one
    // by no more than such searches leave, and the numbers follow from where it broke off.
    auto stopped = options;
    const Json& beta = golden.expected().at("beta");
    for (const Json& one : beta)
        stopped.given_beta.push_back(json_number(one));
    stopped.given_tau2 = json_number(golden.expected().at("tau2"));
    if (got.sigma2 && check.has("sigma2")) stopped.given_sigma2 = json_number(golden.expected().at("sigma2"));
    const auto at_stop = synth::glmm(in.kind, in.counts, x, v, stopped);
    const double left = got.marginal_log_likelihood - at_stop.marginal_log_likelihood;
    constexpr double most_left = 1e-5;
    if (!(left >= 0 && left < most_left))
        return check.fail("log-likelihood beyond the oracle's: " + std::to_string(left));
    Checker second(golden);
    check_fit(at_stop, second);
    check.forgive_where_right(second);
}

} // namespace assay::test
