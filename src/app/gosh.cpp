#include "app/gosh.hpp"

#include "app/analyse.hpp"
#include "app/folder.hpp"
#include "base/error.hpp"
#include "report/json_writer.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cstring>

namespace assay::app {

namespace {

// Bytes for the way between processes of one machine or of machines of one kind.
template<class T> void put(std::string& bytes, const std::vector<T>& values) {
    const std::uint64_t size = values.size();
    bytes.append(reinterpret_cast<const char*>(&size), sizeof size);
    bytes.append(reinterpret_cast<const char*>(values.data()), size * sizeof(T));
}
template<class T> std::vector<T> take(std::string_view& bytes) {
    std::uint64_t size = 0;
    std::memcpy(&size, bytes.data(), sizeof size);
    std::vector<T> values(size);
    std::memcpy(values.data(), bytes.data() + sizeof size, size * sizeof(T));
    bytes.remove_prefix(sizeof size + size * sizeof(T));
    return values;
}

std::string pack(const synth::GoshPart& part) {
    std::string bytes;
    put(bytes, part.block_sums);
    put(bytes, part.histogram);
    put(bytes, part.grid);
    put(bytes, std::vector<std::uint64_t>{part.block_length, part.several});
    return bytes;
}
synth::GoshPart unpack(std::string_view bytes) {
    synth::GoshPart part;
    part.block_sums = take<double>(bytes);
    part.histogram = take<std::uint64_t>(bytes);
    part.grid = take<std::uint64_t>(bytes);
    const auto rest = take<std::uint64_t>(bytes);
    part.block_length = rest[0];
    part.several = rest[1];
    return part;
}

struct Effects {
    std::vector<double> y, v;
};

Effects effects_of(const model::AnalysisResult& analysis, GoshResult& result) {
    Effects effects;
    for (const model::Effect& effect : analysis.effects) {
        effects.y.push_back(effect.y);
        effects.v.push_back(effect.v);
        result.labels.push_back(effect.label.empty() ? effect.study.value : effect.label);
    }
    return effects;
}

/// y and v of a CSV or of an analysis of a review, with the model's name.
Effects load(const GoshRequest& request, std::string_view csv, GoshResult& result) {
    if (request.folder.empty()) {
        const MetaResult meta = app::meta(request.meta, csv);
        result.diagnostics = meta.diagnostics;
        result.measure = meta.measure;
        result.method = request.meta.pool.model == "common" ? "EE" : request.meta.pool.method;
        return meta.diagnostics.has_errors() ? Effects{} : effects_of(meta.analysis, result);
    }
    const Checked checked = check(request.folder);
    result.diagnostics = checked.diagnostics;
    if (checked.diagnostics.has_errors()) return {};
    const model::ReviewResults all = analyse(checked.review);
    const auto found =
        std::find_if(all.analyses.begin(), all.analyses.end(), [&](const model::AnalysisResult& one) {
            return request.analysis.empty() || one.id.value == request.analysis;
        });
    if (found == all.analyses.end())
        throw Error("gosh/analysis", "the review has no analysis '" + request.analysis + "'", Exit::input);
    if (found->main) {
        result.measure = found->main->measure;
        result.method = found->main->model == "common" ? "EE" : found->main->method;
    }
    return effects_of(*found, result);
}

} // namespace

GoshResult gosh(const GoshRequest& request, std::string_view csv, Processes& processes) {
    GoshResult result;
    result.sample = request.sample;
    result.seed = request.seed;
    const Effects effects = load(request, csv, result);
    if (result.diagnostics.has_errors()) return result;
    synth::GoshPlan plan;
    plan.y = effects.y;
    plan.v = effects.v;
    plan.sample = request.sample;
    plan.seed = request.seed;
    plan.threads = request.threads;
    if (result.method != "EE") {
        plan.estimator = synth::find_estimator(result.method);
        if (!plan.estimator)
            throw Error("gosh/method",
                        "no subsets with method '" + result.method +
                            "': an estimator of tau2, or --model common",
                        Exit::input);
    }
    if (effects.y.empty()) throw Error("gosh/empty", "no study: there are no subsets", Exit::input);
    if (plan.sample == 0 && effects.y.size() > synth::gosh_most_studies)
        throw Error("gosh/size",
                    "all subsets of " + std::to_string(effects.y.size()) +
                        " studies are too many: --sample N draws some",
                    Exit::input);

    const synth::VariantTable table(plan.y, plan.v, plan.estimator);
    synth::Variant variant(table);
    variant.set_all();
    const synth::VariantFit full = variant.fit();
    result.full_estimate = full.mean;
    result.full_tau2 = full.tau2;
    result.full_i2 = synth::i2_of(full, !plan.estimator);

    // Each process takes a stretch of blocks; rank 0 joins the stretches in their order.
    const auto rank = static_cast<std::uint64_t>(processes.rank()),
               size = static_cast<std::uint64_t>(processes.size());
    const std::uint64_t blocks = plan.blocks(), first = blocks * rank / size,
                        last = blocks * (rank + 1) / size;
    synth::GoshPart all;
    for (const std::string& bytes : processes.gather(pack(synth::gosh_part(plan, first, last)))) {
        if (all.histogram.empty())
            all = unpack(bytes);
        else
            join(all, unpack(bytes));
    }
    synth::GoshWanted wanted{request.probabilities, {}};
    std::string bins;
    if (rank == 0) {
        wanted = synth::gosh_wanted(all, request.probabilities);
        put(bins, wanted.bins);
    }
    bins = processes.broadcast(bins);
    std::string_view left = bins;
    wanted.bins = take<std::uint8_t>(left);
    std::string found;
    for (const auto& values : synth::gosh_collect(plan, wanted, first, last))
        put(found, values);
    std::array<std::vector<double>, synth::gosh_numbers> collected;
    for (const std::string& bytes : processes.gather(found)) {
        std::string_view part = bytes;
        for (auto& values : collected) {
            const auto more = take<double>(part);
            values.insert(values.end(), more.begin(), more.end());
        }
    }
    if (rank != 0) return result;
    for (auto& values : collected)
        std::sort(values.begin(), values.end());
    result.summary = synth::gosh_summary(plan, all, wanted, collected);
    return result;
}

namespace {
constexpr const char* names[synth::gosh_numbers] = {"estimate", "tau2", "I2", "H2", "QE"};
}

std::string gosh_json(const GoshResult& result) {
    const synth::GoshSummary& summary = result.summary;
    report::JsonWriter json;
    json.begin_object()
        .member("schema", "assay/gosh/1")
        .member("measure", result.measure)
        .member("method", result.method);
    json.member("k", static_cast<int>(result.labels.size()));
    json.member("subsets", static_cast<double>(summary.subsets)).member("all", result.sample == 0);
    if (result.sample > 0) json.member("seed", static_cast<double>(result.seed));
    json.key("full").begin_object().member("estimate", result.full_estimate).member("tau2", result.full_tau2);
    json.member("I2", result.full_i2).end_object();
    json.key("probabilities").begin_array();
    for (double one : summary.probabilities)
        json.value(one);
    json.end_array();
    json.key("quantiles").begin_object();
    for (std::size_t n = 0; n < synth::gosh_numbers; ++n) {
        json.key(names[n]).begin_array();
        for (double one : summary.quantiles[n])
            json.value(one);
        json.end_array();
    }
    json.end_object().key("mean").begin_object();
    for (std::size_t n = 0; n < synth::gosh_numbers; ++n)
        json.member(names[n], summary.mean[n]);
    json.end_object();
    json.member("estimate_sd", summary.estimate_sd).member("correlation_estimate_I2", summary.correlation);
    json.member("not_converged", static_cast<double>(summary.unsettled));
    json.key("studies").begin_array();
    for (std::size_t i = 0; i < result.labels.size(); ++i)
        json.begin_object()
            .member("study", result.labels[i])
            .member("mean_with", summary.mean_with[i])
            .member("mean_without", summary.mean_without[i])
            .end_object();
    json.end_array();
    json.key("grid").begin_object().member("estimate_low", summary.estimate_low);
    json.member("estimate_high", summary.estimate_high)
        .member("columns", static_cast<int>(synth::gosh_columns));
    json.member("rows", static_cast<int>(synth::gosh_rows)).key("counts").begin_array();
    for (std::uint64_t count : summary.grid)
        json.value(static_cast<double>(count));
    json.end_array().end_object().end_object();
    return json.take();
}

std::string gosh_text(const GoshResult& result) {
    const synth::GoshSummary& summary = result.summary;
    const auto padded = [](std::string text, std::size_t width) {
        return text.size() < width ? std::string(width - text.size(), ' ') + text : text;
    };
    std::string out = std::to_string(summary.subsets) +
                      (result.sample == 0 ? " subsets (all)" : " subsets (a random sample)") + " of " +
                      std::to_string(result.labels.size()) + " studies, " + result.measure + ", " +
                      result.method + "\nall studies: " + text::fixed(result.full_estimate, 4) + ", tau2 " +
                      text::fixed(result.full_tau2, 4) + ", I2 " + text::fixed(result.full_i2, 1) + " %\n\n";
    out += padded("quantile", 10);
    for (const char* name : names)
        out += padded(name, 12);
    for (std::size_t p = 0; p < summary.probabilities.size(); ++p) {
        out += "\n" + padded(text::fixed(100 * summary.probabilities[p], 1) + " %", 10);
        for (std::size_t n = 0; n < synth::gosh_numbers; ++n)
            out += padded(text::fixed(summary.quantiles[n][p], n == 2 || n == 4 ? 1 : 4), 12);
    }
    out += "\n" + padded("mean", 10);
    for (std::size_t n = 0; n < synth::gosh_numbers; ++n)
        out += padded(text::fixed(summary.mean[n], n == 2 || n == 4 ? 1 : 4), 12);
    out += "\n\nmean estimate of subsets with and without each study\n";
    for (std::size_t i = 0; i < result.labels.size(); ++i)
        out += padded(text::fixed(summary.mean_with[i], 4), 10) +
               padded(text::fixed(summary.mean_without[i], 4), 10) + "  " + result.labels[i] + "\n";
    if (summary.unsettled > 0)
        out += "note: tau2 did not settle in " + std::to_string(summary.unsettled) + " subsets\n";
    return out;
}

} // namespace assay::app
