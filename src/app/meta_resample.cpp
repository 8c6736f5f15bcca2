// Sections that run the analysis many times over: permutations, bootstrap, all choices, all subsets.
#include "app/meta_methods.hpp"
#include "base/error.hpp"
#include "synth/bootstrap.hpp"
#include "synth/parallel.hpp"
#include "synth/permutation.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <map>

namespace assay::app {

namespace {

using report::Cell;
using report::Look;
using report::Section;

unsigned threads_of(const MetaData& data) {
    return data.request.threads ? data.request.threads : synth::machine_threads();
}

/// 0 for "all".
std::uint64_t sample_of(const std::string& text, const std::string& option) {
    if (text == "all" || text == "exact") return 0;
    const auto parsed = text::parse_number(text);
    if (!parsed.value || *parsed.value < 1 || *parsed.value > 1e9 ||
        *parsed.value != std::floor(*parsed.value))
        throw Error("meta/number", "--" + option + ": 'all' or a whole number, not '" + text + "'",
                    Exit::input);
    return static_cast<std::uint64_t>(*parsed.value);
}

std::vector<std::string> parts(const std::string& list, char separator) {
    std::vector<std::string> all;
    for (std::size_t at = 0; at <= list.size();) {
        const auto end = std::min(list.find(separator, at), list.size());
        if (end > at) all.push_back(list.substr(at, end - at));
        at = end + 1;
    }
    return all;
}

} // namespace

Section permutation_section(const MetaData& data, const std::string& how_many) {
    Section section = titled("permutest", "Permutation test");
    const auto uni = data.model();
    synth::PermutationOptions options;
    options.random = sample_of(how_many, "permutest");
    options.seed = data.request.seed;
    options.threads = threads_of(data);
    const auto test =
        synth::permutation_test(data.y, data.v, uni.x, uni.p, data.estimator(), data.test(), options);
    if (!test.defined) {
        section.notes.push_back("not done: " + test.why);
        return section;
    }
    section.value("n_iter", test.exact ? "all permutations" : "random permutations",
                  whole(static_cast<double>(test.count)), Look::count);
    if (test.qm_p) section.value("QMp", "p of all moderators together", *test.qm_p, Look::p);
    section.columns = {{"name", "coefficient", Look::text}, {"pval", "p", Look::p}};
    const auto names = data.coefficient_names();
    for (std::size_t j = 0; j < test.p.size(); ++j)
        section.rows.push_back({names[j], test.p[j]});
    if (test.unsettled > 0)
        section.notes.push_back(std::to_string(test.unsettled) +
                                " refits did not settle and count as extreme");
    return section;
}

Section bootstrap_section(const MetaData& data, const std::string& kind) {
    if (kind != "studies" && kind != "parametric")
        throw Error("meta/bootstrap", "--bootstrap: studies or parametric, not '" + kind + "'", Exit::input);
    Section section = titled("bootstrap", "Bootstrap (" + kind + ")");
    synth::BootstrapOptions options;
    options.kind = kind == "studies" ? synth::BootstrapKind::studies : synth::BootstrapKind::parametric;
    options.draws = data.request.draws;
    options.seed = data.request.seed;
    options.threads = threads_of(data);
    options.level = data.request.pool.level;
    const auto result = synth::bootstrap_mean(data.y, data.v, data.estimator(), options);
    if (!result.defined) {
        section.notes.push_back("not estimable: fewer than two studies");
        return section;
    }
    section.value("draws", "draws", whole(static_cast<double>(options.draws)), Look::count)
        .value("estimate", "estimate", result.estimate)
        .value("bias", "bias", result.bias)
        .value("se", "SE", result.se);
    section.columns = {
        {"method", "interval", Look::text}, {"ci_lb", "low", Look::number}, {"ci_ub", "high", Look::number}};
    const auto row = [&](const char* name, const synth::BootstrapInterval& at) {
        section.rows.push_back({name, at.low, at.high});
    };
    row("percentile", result.percentile);
    row("basic", result.basic);
    row("normal", result.normal);
    row("BCa", result.bca);
    row("tau2, percentile", result.tau2_percentile);
    return section;
}

MultiverseResult multiverse_of(const MetaData& data, const std::string& choices) {
    std::map<std::string, std::vector<std::string>> wanted{{"measure", {std::string(data.measure.id)}},
                                                           {"method", {"EE", "DL", "PM", "REML"}},
                                                           {"test", {"z", "knha"}},
                                                           {"set", {"all"}}};
    for (const std::string& part : parts(choices == "standard" ? "" : choices, ';')) {
        const auto equals = part.find('=');
        const std::string name = part.substr(0, equals);
        if (equals == std::string::npos || !wanted.contains(name))
            throw Error(
                "meta/multiverse",
                "--multiverse: write measure=RR,OR;method=DL,REML;test=z,knha;set=all,leave1out, not '" +
                    part + "'",
                Exit::input);
        wanted[name] = parts(part.substr(equals + 1), ',');
    }
    synth::MultiverseChoices all;
    for (const std::string& id : wanted["measure"]) {
        const effect::Measure& measure = effect::measure(id);
        synth::MultiverseData column{id, {}, {}};
        for (const effect::Computed& one : effect::compute(measure, data.rows, data.request.effects)) {
            const bool ok = one.status == effect::Status::ok;
            column.y.push_back(ok ? one.y : std::nan(""));
            column.v.push_back(ok ? one.v : std::nan(""));
        }
        all.data.push_back(std::move(column));
    }
    all.methods = wanted["method"];
    all.tests = wanted["test"];
    for (const std::string& set : wanted["set"]) {
        if (set == "all")
            all.sets.push_back({"all", std::vector<char>(data.k(), 1)});
        else if (set == "leave1out") {
            for (std::size_t i = 0; i < data.k(); ++i) {
                all.sets.push_back({"without " + data.label(i), std::vector<char>(data.k(), 1)});
                all.sets.back().in[i] = 0;
            }
        } else
            throw Error("meta/multiverse",
                        "--multiverse: there is no set '" + set + "'; known are all, leave1out", Exit::input);
    }
    all.level = data.request.pool.level;
    all.threads = threads_of(data);
    return {wanted["measure"], synth::multiverse(all)};
}

Section multiverse_section(const MetaData& data, const std::string& choices) {
    Section section = titled("multiverse", "Every combination of choices");
    const auto all = multiverse_of(data, choices);
    section.value("specifications", "combinations",
                  whole(static_cast<double>(all.result.specifications.size())), Look::count);
    section.columns = {{"measure", "measure", Look::text},
                       {"count", "defined", Look::count},
                       {"significant", "p below level", Look::count},
                       {"positive", "above 0", Look::count},
                       {"lowest", "lowest", Look::number},
                       {"median", "median", Look::number},
                       {"highest", "highest", Look::number}};
    for (std::size_t i = 0; i < all.measures.size(); ++i) {
        const auto& spread = all.result.spread[i];
        const auto number = [](std::size_t n) { return whole(static_cast<double>(n)); };
        section.rows.push_back({all.measures[i], number(spread.count), number(spread.significant),
                                number(spread.positive), spread.lowest, spread.median, spread.highest});
    }
    section.notes.push_back("--plot specification=FILE draws the curve of the first measure");
    return section;
}

synth::GoshPlan gosh_plan(const MetaData& data, const std::string& sample) {
    synth::GoshPlan plan;
    plan.y = data.y;
    plan.v = data.v;
    plan.estimator = data.estimator();
    plan.sample = sample_of(sample, "gosh");
    plan.seed = data.request.seed;
    plan.threads = threads_of(data);
    if (plan.sample == 0 && data.k() > 25)
        throw Error("meta/gosh",
                    "--gosh: all subsets of " + std::to_string(data.k()) +
                        " studies are too many; give a number of random ones: --gosh 1000000",
                    Exit::input);
    return plan;
}

Section gosh_section(const MetaData& data, const std::string& sample) {
    Section section = titled("gosh", "Results of subsets of the studies (GOSH)");
    const auto summary = synth::gosh(gosh_plan(data, sample));
    section.value("n_subsets", "subsets", whole(static_cast<double>(summary.subsets)), Look::count);
    section.columns = {{"name", "", Look::text}, {"mean", "mean", Look::number}};
    for (double probability : summary.probabilities)
        section.columns.push_back({"q" + text::format_number(100 * probability),
                                   text::format_number(100 * probability) + " %", Look::number});
    constexpr const char* names[] = {"estimate", "tau2", "I2 %", "H2", "Q"};
    for (std::size_t n = 0; n < synth::gosh_numbers; ++n) {
        std::vector<Cell> row{names[n], summary.mean[n]};
        for (double quantile : summary.quantiles[n])
            row.emplace_back(quantile);
        section.rows.push_back(std::move(row));
    }
    std::size_t most = 0;
    double widest = -1;
    for (std::size_t i = 0; i < summary.mean_with.size(); ++i) {
        const double gap = std::fabs(summary.mean_with[i] - summary.mean_without[i]);
        if (gap > widest) widest = gap, most = i;
    }
    if (widest > 0)
        section.notes.push_back("the mean over subsets with " + data.label(most) +
                                " differs most from that over subsets without: " +
                                text::format_number(std::round(summary.mean_with[most] * 1e4) / 1e4) +
                                " against " +
                                text::format_number(std::round(summary.mean_without[most] * 1e4) / 1e4));
    return section;
}

} // namespace assay::app
