// Results of R's meta package.
#include "effect/absolute.hpp"
#include "effect/proportion_interval.hpp"
#include "families.hpp"
#include "meta_call.hpp"
#include "num/distributions.hpp"
#include "synth/pooled_intervals.hpp"

#include <algorithm>
#include <cmath>

namespace assay::test {

namespace {

using Numbers = std::vector<std::optional<double>>;

struct Selected {
    std::vector<double> y, v;
    std::vector<synth::Stratum> strata;
};
Selected selected(const std::vector<MetaStudy>& studies) {
    Selected s;
    for (const MetaStudy& study : studies) {
        if (!study.pooled) continue;
        s.y.push_back(study.y);
        s.v.push_back(study.v);
        s.strata.push_back(study.stratum);
    }
    return s;
}

template<class Value>
Value choice(const std::string& name, std::initializer_list<std::pair<const char*, Value>> all) {
    for (const auto& [text, value] : all)
        if (name == text) return value;
    throw Unsupported{"choice " + name};
}

synth::IntervalOptions options_of(const MetaCall& call) {
    using namespace synth;
    IntervalOptions options;
    const std::string ci = call.option("method.random.ci", call.is_true("hakn") ? "HK" : "classic");
    options.mean = choice<MeanInterval>(ci, {{"classic", MeanInterval::classic},
                                             {"HK", MeanInterval::hartung_knapp},
                                             {"KR", MeanInterval::kenward_roger}});
    options.rule =
        choice<HartungKnappRule>(call.option("adhoc.hakn.ci"), {{"", HartungKnappRule::none},
                                                                {"se", HartungKnappRule::se},
                                                                {"ci", HartungKnappRule::ci},
                                                                {"IQWiG6", HartungKnappRule::iqwig6}});
    options.new_study =
        choice<NewStudyInterval>(call.option("method.predict", "V"), {{"V", NewStudyInterval::V},
                                                                      {"HTS", NewStudyInterval::HTS},
                                                                      {"HK", NewStudyInterval::HK},
                                                                      {"HK-PR", NewStudyInterval::HK_PR},
                                                                      {"KR", NewStudyInterval::KR},
                                                                      {"KR-PR", NewStudyInterval::KR_PR},
                                                                      {"S", NewStudyInterval::S}});
    // meta 8.4 prints the Q-profile interval when asked for the profile likelihood
    // (docs/methods/differences.md).
    options.tau2_interval =
        choice<Tau2Method>(call.option("method.tau.ci", call.option("method.tau") == "DL" ? "J" : "QP"),
                           {{"", Tau2Method::none},
                            {"QP", Tau2Method::QP},
                            {"PL", Tau2Method::QP},
                            {"J", Tau2Method::J},
                            {"BJ", Tau2Method::BJ}});
    options.i2_from_tau2 = call.option("method.I2", "Q") == "tau2";
    if (call.options.count("level.ma")) options.level = std::stod(call.option("level.ma"));
    if (call.options.count("level.predict")) options.new_level = std::stod(call.option("level.predict"));
    return options;
}

/// meta pools counts by Mantel-Haenszel unless told otherwise; with DerSimonian-Laird its Q is around that
/// estimate.
void add_common(synth::IntervalOptions& options, const MetaCall& call, const Selected& s) {
    const bool counts = call.function == "metabin" || call.function == "metainc";
    const std::string method = call.option("method", counts ? "MH" : "Inverse");
    if (method == "Inverse" || !counts) return;
    if (method != "MH" && method != "Peto") throw Unsupported{"method " + method};
    const std::string sm = call.option("sm", call.function == "metabin" ? "RR" : "IRR");
    const auto measure = synth::count_measure_of(method == "Peto" ? "PETO" : sm);
    if (!measure) return; // the arcsine difference has no such method
    synth::StrataOptions strata;
    strata.add = 0.5;
    strata.plain_differences = true;
    const bool exact = call.is_true("MH.exact") || method == "Peto" || call.function == "metainc";
    strata.where = exact ? synth::AddWhere::nowhere : synth::AddWhere::strata_with_zero;
    const auto got = synth::pool_strata(*measure, s.strata, s.y, s.v, strata);
    if (!got.problem.empty()) throw Unsupported{got.problem};
    synth::IntervalOptions::Centre centre{got.estimate, got.se, false};
    centre.for_q = method == "MH" && options.estimator == "DL" && call.option("Q.Cochrane") != "FALSE" &&
                   call.function == "metabin";
    options.common = centre;
    if (centre.for_q) options.tau2_interval = synth::Tau2Method::none;
}

Numbers ends(const std::optional<model::Interval>& interval) {
    if (!interval) return {std::nullopt, std::nullopt};
    return {interval->low, interval->high};
}

void check_pair(Checker& check, const std::string& name, const std::optional<model::Interval>& got) {
    const Numbers two = ends(got);
    check.number(name + "_lb", two[0]);
    check.number(name + "_ub", two[1]);
}

void check_whole(Checker& check, const synth::PooledIntervals& got, bool with_p) {
    const auto p = [&](double value) { return with_p ? std::optional(value) : std::nullopt; };
    check.number("k", got.k);
    check.number("TE_common", got.common.estimate);
    check.number("se_common", got.common.se);
    check.number("lb_common", got.common.low);
    check.number("ub_common", got.common.high);
    check.number("p_common", p(got.common.p));
    check.number("TE_random", got.random.estimate);
    check.number("se_random", got.random.se);
    check.number("lb_random", got.random.low);
    check.number("ub_random", got.random.high);
    check.number("df_random", got.random.df > 0 ? got.random.df : INFINITY);
    check.number("p_random", p(got.random.p));
    check.number("pi_lb", got.new_low);
    check.number("pi_ub", got.new_high);
    check.number("tau2", got.tau2);
    check_pair(check, "tau2", got.tau2_interval);
    check.number("Q", got.q);
    check.number("Q_df", got.q_df);
    check.number("Qp", got.q_p);
    check.number("I2", got.i2);
    check_pair(check, "I2", got.i2_interval);
    check.number("H", got.h);
    check_pair(check, "H", got.h_interval);
}

void check_study_intervals(Checker& check, const Case& golden, const MetaCall& call,
                           const std::vector<MetaStudy>& studies) {
    if (!check.has("study_lb")) return;
    const std::string sm = call.option("sm", "PLOGIT"), method = call.option("method.ci", "CP");
    const auto shown = [&](double p) {
        if (sm == "PLOGIT") return std::log(p / (1 - p));
        if (sm == "PLN") return std::log(p);
        if (sm == "PAS") return std::asin(std::sqrt(p));
        return p;
    };
    Numbers low, high;
    for (const MetaStudy& study : studies) {
        const double events = study.stratum.a, n = events + study.stratum.b;
        if (method == "NAsm") {
            const double reach = num::critical_value(0.95) * std::sqrt(study.v);
            low.push_back(study.y - reach);
            high.push_back(study.y + reach);
            continue;
        }
        const auto got = effect::proportion_interval(events, n, method, 0.95, false);
        if (!got) throw Unsupported{"interval " + method};
        low.push_back(shown(got->low));
        // Wilson's limit for n of n is 1; the oracle's sum rounds to the double before it, whose logit is
        // finite.
        const Json& printed = golden.expected().at("study_ub").at(high.size());
        if (got->high == 1 && printed.is_number()) {
            high.push_back(shown(std::nextafter(1.0, 0.0)));
            check.explain("study_ub: the limit is 1 and its logit infinite; compared as the double before 1");
        } else
            high.push_back(shown(got->high));
    }
    check.numbers("study_lb", low);
    check.numbers("study_ub", high);
}

/// The variance between studies that is left when the groups have means of their own.
double tau2_within(const std::vector<MetaStudy>& studies, const std::vector<std::string>& groups,
                   const std::vector<std::string>& levels, std::string_view estimator) {
    std::vector<double> y, v, x;
    for (const MetaStudy& study : studies)
        if (study.pooled) y.push_back(study.y), v.push_back(study.v);
    for (const std::string& level : levels)
        for (const MetaStudy& study : studies)
            if (study.pooled) x.push_back(groups[study.row] == level ? 1 : 0);
    synth::UniModel model{y, v};
    model.x = x;
    model.p = levels.size();
    model.method = estimator;
    return synth::estimate_tau2(model).value;
}

struct Between {
    double q = 0, p = 1;
    int df = 0;
};
Between between(const std::vector<synth::PooledMean>& groups) {
    double sum = 0, weight = 0;
    for (const auto& g : groups) {
        sum += g.estimate / (g.se * g.se);
        weight += 1 / (g.se * g.se);
    }
    Between b;
    for (const auto& g : groups)
        b.q += (g.estimate - sum / weight) * (g.estimate - sum / weight) / (g.se * g.se);
    b.df = static_cast<int>(groups.size()) - 1;
    b.p = num::chi_squared_upper(b.q, b.df);
    return b;
}

void check_groups(Checker& check, const Case& golden, const MetaCall& call,
                  const std::vector<MetaStudy>& studies, const synth::IntervalOptions& whole) {
    const Table table = golden.table();
    const std::string by = call.option("subgroup", golden.task().value("by", ""));
    const auto& groups = table.text.at(by);
    std::vector<std::string> levels;
    for (const MetaStudy& study : studies)
        if (study.pooled && std::find(levels.begin(), levels.end(), groups[study.row]) == levels.end())
            levels.push_back(groups[study.row]);
    check.texts("levels", levels);
    synth::IntervalOptions options = whole;
    options.tau2_interval = synth::Tau2Method::none;
    if (call.is_true("tau.common")) options.tau2 = tau2_within(studies, groups, levels, whole.estimator);
    std::map<std::string, Numbers> columns;
    std::vector<synth::PooledMean> common, random;
    for (const std::string& level : levels) {
        std::vector<MetaStudy> members;
        for (const MetaStudy& study : studies)
            if (groups[study.row] == level) members.push_back(study);
        const Selected s = selected(members);
        synth::IntervalOptions own = options;
        own.common.reset();
        add_common(own, call, s);
        const auto got = synth::pool_intervals(s.y, s.v, own);
        common.push_back(got.common);
        random.push_back(got.random);
        const auto add = [&](const char* name, double value) { columns[name].push_back(value); };
        add("TE_common_w", got.common.estimate);
        add("se_common_w", got.common.se);
        add("lb_common_w", got.common.low);
        add("ub_common_w", got.common.high);
        add("TE_random_w", got.random.estimate);
        add("se_random_w", got.random.se);
        add("lb_random_w", got.random.low);
        add("ub_random_w", got.random.high);
        add("k_w", got.k);
        add("Q_w", got.q);
        add("tau2_w", got.tau2);
        columns["I2_w"].push_back(got.k > 1 ? std::optional(got.i2) : std::nullopt);
    }
    for (const auto& [name, values] : columns)
        check.numbers(name, values);
    const Between c = between(common), r = between(random);
    check.number("Qb_common", c.q);
    check.number("Qb_common_p", c.p);
    check.number("Qb_random", r.q);
    check.number("Qb_random_p", r.p);
    check.number("Qb_df", r.df);
}

MetaCall call_of(const Json& call) {
    std::vector<std::string> lines;
    if (call.is_array())
        lines = call.get<std::vector<std::string>>();
    else
        lines.push_back(call.get<std::string>());
    for (const std::string& line : lines)
        for (const char* name : {"metabin(", "metacont(", "metagen(", "metaprop(", "metainc(", "metacor(",
                                 "metamean(", "metarate("})
            if (const std::size_t at = line.find(name); at != std::string::npos)
                return meta_call_of(line.substr(at));
    throw Unsupported{"call " + call.dump()};
}

} // namespace

void run_meta_package(const Case& golden, Checker& check) {
    const MetaCall call = call_of(golden.golden.at("oracle").at("call"));
    const auto studies = meta_studies(call, golden.table());
    const Selected s = selected(studies);
    const std::string estimator = call.option("method.tau", "REML");
    synth::IntervalOptions options = options_of(call);
    options.estimator = estimator;
    add_common(options, call, s);
    const auto got = synth::pool_intervals(s.y, s.v, options);
    const bool proportions = call.function == "metaprop" || call.function == "metarate";
    check_whole(check, got, !proportions);
    check_study_intervals(check, golden, call, studies);
    if (call.options.count("subgroup")) check_groups(check, golden, call, studies, options);
}

void run_absolute(const Case& golden, Checker& check) {
    const Json& calls = golden.golden.at("oracle").at("call");
    const MetaCall call = call_of(calls);
    const Selected s = selected(meta_studies(call, golden.table()));
    const std::string estimator = call.option("method.tau", "REML");
    synth::IntervalOptions options = options_of(call);
    options.estimator = estimator;
    add_common(options, call, s);
    const auto pooled = synth::pool_intervals(s.y, s.v, options);
    const synth::PooledMean& mean = call.option("random") == "FALSE" ? pooled.common : pooled.random;
    Numbers nnt, low, high;
    for (double risk : golden.task().at("p_c").get<std::vector<double>>()) {
        const auto at = [&](double y) {
            return effect::number_needed_to_treat(call.option("sm", "RR"), y, risk);
        };
        nnt.push_back(at(mean.estimate));
        low.push_back(at(mean.low));
        high.push_back(at(mean.high));
    }
    check.numbers("NNT", nnt);
    check.numbers("lb", low);
    check.numbers("ub", high);
}

} // namespace assay::test
