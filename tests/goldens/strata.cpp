// Pooled counts against metafor's rma.mh and rma.peto.
#include "synth/strata.hpp"

#include "effect/cells.hpp"
#include "families.hpp"

#include <algorithm>

namespace assay::test {

namespace {

/// An argument of the call: `add=c(1/2, 0)` gives {"1/2", "0"}, `correct=FALSE` gives {"FALSE"}.
std::vector<std::string> argument(const std::string& all, const std::string& name) {
    std::string text;
    for (char c : all)
        if (c != ' ' && c != '"') text += c;
    std::size_t at = 0;
    for (;; ++at) {
        at = text.find(name + "=", at);
        if (at == std::string::npos) return {};
        if (at == 0 || text[at - 1] == ',') break;
    }
    at += name.size() + 1;
    const bool many = text.compare(at, 2, "c(") == 0;
    if (many) at += 2;
    const std::size_t end = std::min(text.find(many ? ')' : ',', at), text.size());
    std::vector<std::string> parts(1);
    for (; at < end; ++at)
        if (text[at] == ',')
            parts.emplace_back();
        else
            parts.back() += text[at];
    return parts;
}

double number(const std::string& text) {
    const std::size_t slash = text.find('/');
    return slash == std::string::npos ? std::stod(text)
                                      : std::stod(text.substr(0, slash)) / std::stod(text.substr(slash + 1));
}

synth::AddWhere where_of(const std::string& to) {
    if (to == "only0") return synth::AddWhere::strata_with_zero;
    if (to == "if0all") return synth::AddWhere::all_if_some_zero;
    if (to == "all") return synth::AddWhere::everywhere;
    return synth::AddWhere::nowhere;
}

/// metafor's two places: the studies' own effects, and the strata that are pooled.
struct Additions {
    Json effects{{"add", 0.5}, {"to", "only0"}, {"drop00", true}};
    synth::StrataOptions strata;
};

Additions additions_of(const std::string& text) {
    Additions both;
    if (const auto add = argument(text, "add"); !add.empty()) {
        both.effects["add"] = number(add[0]);
        if (add.size() > 1) both.strata.add = number(add[1]);
    }
    if (const auto to = argument(text, "to"); !to.empty()) {
        both.effects["to"] = to[0];
        if (to.size() > 1) both.strata.where = where_of(to[1]);
    }
    if (const auto drop = argument(text, "drop00"); !drop.empty()) {
        both.effects["drop00"] = drop[0] == "TRUE" || drop[0] == "T";
        if (drop.size() > 1) both.strata.drop00 = drop[1] == "TRUE" || drop[1] == "T";
    }
    if (const auto correct = argument(text, "correct"); !correct.empty())
        both.strata.correct = correct[0] == "TRUE" || correct[0] == "T";
    return both;
}

std::vector<synth::Stratum> strata_of(const Inputs& inputs, bool rates) {
    std::vector<synth::Stratum> strata;
    for (const effect::Row& row : inputs.rows) {
        using effect::Role;
        if (rates) {
            if (row[Role::x1i] && row[Role::t1i] && row[Role::x2i] && row[Role::t2i])
                strata.push_back({*row[Role::x1i], *row[Role::t1i], *row[Role::x2i], *row[Role::t2i]});
        } else if (const auto cells = effect::cells_of(row))
            strata.push_back({cells->a, cells->b, cells->c, cells->d});
    }
    return strata;
}

void check_test(Checker& check, const std::string& name, const std::optional<synth::ChiSquared>& got) {
    check.number(name, got ? std::optional(got->statistic) : std::nullopt);
    check.number(name + "p", got ? std::optional(got->p) : std::nullopt);
}

} // namespace

void run_counts(const Case& golden, Checker& check) {
    const std::string name = golden.golden.at("effect").at("measure");
    const auto measure = synth::count_measure_of(golden.family == "peto" ? "PETO" : name);
    if (!measure) throw Unsupported{"pooled counts of " + name};
    Additions both = additions_of(golden.model().value("args", ""));
    both.strata.level = golden.model().value("level", 0.95);
    Case own = golden;
    for (const auto& [option, value] : golden.golden.at("effect").at("options").items())
        both.effects[option] = value;
    own.golden["effect"]["options"] = both.effects;
    const Inputs inputs = inputs_of(own);
    const bool rates = name == "IRR" || name == "IRD";
    const auto got = synth::pool_strata(*measure, strata_of(inputs, rates), inputs.y, inputs.v, both.strata);
    if (!got.problem.empty()) throw Unsupported{got.problem};
    check.number("k", got.k);
    check.number("beta", got.estimate);
    check.number("se", got.se);
    check.number("zval", got.statistic);
    check.number("pval", got.p);
    check.number("ci_lb", got.low);
    check.number("ci_ub", got.high);
    check.number("QE", got.q);
    check.number("QEp", got.q_p);
    check.number("I2", got.i2);
    check.number("H2", got.h2);
    check_test(check, "MH", got.mantel_haenszel);
    check_test(check, "CO", got.cochran);
    check_test(check, "BD", got.breslow_day);
    check_test(check, "TA", got.tarone);
}

} // namespace assay::test
