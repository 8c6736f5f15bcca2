// Small-study tests, trim-and-fill, fail-safe N, Henmi-Copas and excess significance against metafor and
// meta.
#include "families.hpp"
#include "synth/asymmetry.hpp"
#include "synth/excess.hpp"
#include "synth/fail_safe.hpp"
#include "synth/henmi_copas.hpp"
#include "synth/rank_test.hpp"
#include "synth/regtest.hpp"
#include "synth/trimfill.hpp"
#include "uni_model.hpp"

#include <algorithm>
#include <cmath>

namespace assay::test {

namespace {

std::vector<double> predictor_of(const std::string& name, const Inputs& inputs, const Json& golden) {
    if (name == "sei") return {};
    if (name == "vi") return inputs.v;
    std::vector<double> x = sizes_of(inputs, golden);
    for (double& n : x) {
        if (name == "ninv")
            n = 1 / n;
        else if (name == "sqrtni")
            n = std::sqrt(n);
        else if (name == "sqrtninv")
            n = 1 / std::sqrt(n);
        else if (name != "ni")
            throw Unsupported{"predictor " + name};
    }
    return x;
}

} // namespace

void run_regtest(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const std::string name = golden.task().at("predictor");
    const auto predictor = predictor_of(name, inputs, golden.golden);
    const bool classic = golden.task().at("model") == "lm";
    const double level = golden.model().value("level", 0.95);
    const auto got = classic ? synth::egger_classic(inputs.y, inputs.v, predictor, level)
                             : synth::egger_mixed(inputs.y, inputs.v, estimator_of(golden.model()),
                                                  test_of(golden.model()), predictor, level);
    check.number("stat", got.statistic);
    check.number("pval", got.p);
    check.number("df", got.df > 0 ? std::optional<double>(got.df) : std::nullopt);
    // With n or its root as predictor the intercept is the effect of a study without people: no limit.
    const bool limited = name != "ni" && name != "sqrtni";
    const auto limit = [&](double x) { return limited ? std::optional(x) : std::nullopt; };
    check.number("limit_est", limit(got.limit));
    check.number("limit_lb", limit(got.limit_low));
    check.number("limit_ub", limit(got.limit_high));
}

void run_trimfill(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const std::string kind = golden.task().at("estimator"), side = golden.task().at("side");
    synth::TrimOptions options;
    options.kind = kind == "L0"   ? synth::TrimEstimator::L0
                   : kind == "R0" ? synth::TrimEstimator::R0
                                  : synth::TrimEstimator::Q0;
    options.side = side == "left"    ? synth::Side::left
                   : side == "right" ? synth::Side::right
                                     : synth::Side::automatic;
    options.early_stop = true; // metafor's trimfill() refits with its default control values
    const synth::Test test = test_of(golden.model());
    const double level = golden.model().value("level", 0.95);
    auto got = synth::trim_and_fill({inputs.y, inputs.v}, estimator_of(golden.model()), test, options);
    const synth::MeanRow row =
        synth::mean_row(got.mean, level); // of the refit: z, whatever the first model's test
    check.number("k0", got.missing);
    check.number("se_k0", got.missing_se);
    check.number("p_k0", got.missing_p);
    check.number("k", got.mean.k);
    check.number("QE", got.mean.q);
    check.number("tau2", got.mean.tau2.value);
    check.number("beta", got.mean.estimate);
    check.number("se", got.mean.se);
    check.number("pval", row.p);
    check.number("ci_lb", row.ci_low);
    check.number("ci_ub", row.ci_high);
    check.number("I2", got.i2);
    check.text("side", got.side == synth::Side::left ? "left" : "right");
    // In metafor's object the mask of filled studies counts all rows of the data while the vectors hold only
    // rows with effects: for each row left out, the first filled study (in its order, from the largest mirror
    // image to the smallest) is missing from the case's list and a null stands at the end of the variances.
    std::vector<double> y = got.filled_y, v = got.filled_v;
    const std::size_t gone = std::min(y.size(), inputs.rows.size() - inputs.y.size());
    const bool from_top = got.side == synth::Side::left;
    for (std::size_t i = 0; i < gone; ++i) {
        y.erase(from_top ? y.end() - 1 : y.begin());
        v.erase(from_top ? v.end() - 1 : v.begin());
    }
    v.insert(v.end(), gone, NAN);
    check.numbers("filled_yi", y);
    check.numbers("filled_vi", v);
}

void run_ranktest(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const num::Kendall got = synth::rank_test(inputs.y, inputs.v);
    check.number("tau", got.tau);
    check.number("pval", got.p);
}

void run_fsn(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const Json& task = golden.task();
    synth::FailSafeOptions options;
    const auto type = synth::fail_safe_of(task.at("type").get<std::string>());
    if (!type) throw Unsupported{"fail-safe N " + task.at("type").dump()};
    options.type = *type;
    options.alpha = task.value("alpha", 0.05);
    if (task.contains("target") && task.at("target").is_number())
        options.target = task.at("target").get<double>();
    options.weighted = task.value("weighted", true);
    options.estimator = estimator_of(task.contains("method") ? task : golden.model());
    const synth::FailSafeN got = synth::fail_safe_n(inputs.y, inputs.v, options);
    check.number("fsnum", got.n);
    check.number("pval", got.p);
    check.number("meanes", got.mean);
    check.number("est", got.mean);
    check.number("tau2", got.tau2);
    check.number("target", got.target);
    check.number("est_fsn", got.mean_with);
    check.number("tau2_fsn", got.tau2_with);
    check.number("pval_fsn", got.p_with);
}

void run_hc(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const synth::HenmiCopas got = synth::henmi_copas(inputs.y, inputs.v, golden.model().value("level", 0.95));
    check.number("beta", got.estimate);
    check.number("se", got.se);
    check.number("ci_lb", got.ci_low);
    check.number("ci_ub", got.ci_high);
    check.number("tau2", got.tau2);
}

void run_tes(const Case& golden, Checker& check) {
    const Inputs inputs = inputs_of(golden);
    const Json& task = golden.task();
    const synth::Mean mean =
        synth::fit_mean({inputs.y, inputs.v}, estimator_of(golden.model()), synth::Test::z);
    synth::ExcessOptions options;
    if (task.contains("alternative"))
        options.alternative = synth::alternative_of(task.at("alternative").get<std::string>()).value();
    if (task.contains("tes_alternative"))
        options.excess_alternative =
            synth::alternative_of(task.at("tes_alternative").get<std::string>()).value();
    options.reach = 5;
    options.alpha = task.value("alpha", 0.05);
    options.excess_alpha = task.value("tes_alpha", 0.10);
    for (const char* test : {"chi2", "binom", "exact"})
        if (task.at("test") == test) options.test = test;
    const double theta = task.contains("theta") && task.at("theta").is_number()
                             ? task.at("theta").get<double>()
                             : mean.estimate;
    const synth::Excess got = synth::excess_significance(inputs.y, inputs.v, theta, mean.tau2.value, options);
    check.number("O", got.observed);
    check.number("E", got.expected);
    check.number("OE_ratio", got.observed / got.expected);
    check.number("pval", got.p);
    check.numbers("theta_lim", got.limits);
    check.numbers("power", got.power);
}

namespace {

/// The words between the parentheses of an R call: positional ones and name=value.
struct RCall {
    std::string function;
    std::vector<std::string> positional;
    std::map<std::string, std::string> named;
};
RCall parse_call(const std::string& text) {
    RCall call;
    const auto open = text.find('(');
    call.function = text.substr(0, open);
    std::string word;
    const auto take = [&] {
        const auto from = word.find_first_not_of(' ');
        if (from == std::string::npos) return;
        word = word.substr(from);
        word.erase(std::remove(word.begin(), word.end(), '"'), word.end());
        const auto equals = word.find('=');
        if (equals == std::string::npos)
            call.positional.push_back(word);
        else
            call.named[word.substr(0, equals)] = word.substr(equals + 1);
        word.clear();
    };
    int depth = 0;
    for (char c : text.substr(open + 1)) {
        if (c == ')' && depth == 0) break;
        depth += (c == '(') - (c == ')');
        if (c == ',' && depth == 0)
            take();
        else
            word += c;
    }
    take();
    return call;
}

/// The effect section that R's meta computes for such a call.
Json effect_of_call(const RCall& call) {
    Json effect{{"options", Json::object()}, {"columns", Json::object()}};
    const auto named = [&](const char* name, const char* otherwise) {
        const auto found = call.named.find(name);
        return found == call.named.end() ? std::string(otherwise) : found->second;
    };
    std::vector<const char*> roles;
    std::vector<const char*> arguments;
    if (call.function == "metabin") {
        roles = {"ai", "n1i", "ci", "n2i"};
        arguments = {"event.e", "n.e", "event.c", "n.c"};
        effect["measure"] = named("sm", "RR");
        if (effect["measure"] == "ASD") effect["measure"] = "AS";
    } else if (call.function == "metacont") {
        roles = {"n1i", "m1i", "sd1i", "n2i", "m2i", "sd2i"};
        arguments = {"n.e", "mean.e", "sd.e", "n.c", "mean.c", "sd.c"};
        effect["measure"] = named("sm", "MD");
        if (effect["measure"] == "SMD") effect["options"]["vtype"] = "UB"; // meta's default since exact.smd
    } else if (call.function == "metagen") {
        roles = {"yi", "sei"};
        arguments = {"TE", "seTE"};
        effect["measure"] = "GEN";
    } else if (call.function == "metacor") {
        roles = {"ri", "ni"};
        arguments = {"cor", "n"};
        effect["measure"] = named("sm", "ZCOR");
    } else if (call.function == "metainc") {
        roles = {"x1i", "t1i", "x2i", "t2i"};
        arguments = {"event.e", "time.e", "event.c", "time.c"};
        effect["measure"] = named("sm", "IRR");
    } else
        throw Unsupported{"meta's " + call.function};
    for (std::size_t i = 0; i < roles.size(); ++i) {
        const auto found = call.named.find(arguments[i]);
        if (found != call.named.end())
            effect["columns"][roles[i]] = found->second;
        else if (i < call.positional.size())
            effect["columns"][roles[i]] = call.positional[i];
    }
    if (effect["measure"] == "OR" || effect["measure"] == "RR") effect["options"]["drop00"] = true;
    return effect;
}

} // namespace

void run_metabias(const Case& golden, Checker& check) {
    const Json& task = golden.task();
    const RCall call = parse_call(task.at("pool").get<std::string>());
    Case with_effect = golden;
    with_effect.golden["effect"] = effect_of_call(call);
    const Inputs inputs = inputs_of(with_effect);
    const Json& columns = with_effect.golden["effect"]["columns"];
    std::vector<double> n1, n2;
    std::vector<model::Table2x2> tables;
    if (columns.contains("n1i") || columns.contains("t1i"))
        for (std::size_t row : inputs.kept) {
            const auto at = [&](const char* count, const char* time) {
                const std::string column = columns.at(columns.contains(count) ? count : time);
                return inputs.table.numbers.at(column)[row].value();
            };
            n1.push_back(at("n1i", "t1i"));
            n2.push_back(at("n2i", "t2i"));
        }
    for (const model::Effect& effect : inputs.effects)
        if (effect.counts) tables.push_back(*effect.counts);
    const synth::AsymmetryTest* test = synth::find_asymmetry_test(task.at("method").get<std::string>());
    if (!test) throw Unsupported{"metabias " + task.at("method").dump()};
    const synth::AsymmetryResult got = test->run({inputs.y, inputs.v, tables, n1, n2});
    check.number("stat", got.statistic);
    check.number("df", got.df > 0 ? std::optional<double>(got.df) : std::nullopt);
    check.number("pval", got.p);
    check.numbers("estimate", std::vector<double>{got.bias, got.se});
    check.pass_over("estimate_names");
}

} // namespace assay::test
