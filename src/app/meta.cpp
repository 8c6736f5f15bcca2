#include "app/meta.hpp"

#include "app/meta_data.hpp"
#include "app/meta_table.hpp"
#include "base/error.hpp"
#include "report/results_json.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/subgroups.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <set>

namespace assay::app {

namespace {

using effect::Role;

std::string data_text(const effect::Row& row, effect::Family family, bool first) {
    auto at = [&](Role a, Role b) { return row[first ? a : b]; };
    if (family == effect::Family::binary || family == effect::Family::association) {
        const auto events = at(Role::ai, Role::ci);
        auto n = at(Role::n1i, Role::n2i);
        if (const auto rest = at(Role::bi, Role::di); events && rest) n = *events + *rest;
        if (events && n) return text::format_number(*events) + "/" + text::format_number(*n);
    } else if (family == effect::Family::means) {
        const auto mean = at(Role::m1i, Role::m2i), sd = at(Role::sd1i, Role::sd2i),
                   n = at(Role::n1i, Role::n2i);
        if (mean && sd && n)
            return text::format_number(*mean) + " (" + text::format_number(*sd) + "), n " +
                   text::format_number(*n);
    }
    return "";
}

std::optional<model::Table2x2> counts_of(const effect::Row& row, effect::Family family) {
    if (family != effect::Family::binary) return std::nullopt;
    const auto a = row[Role::ai], c = row[Role::ci];
    auto b = row[Role::bi], d = row[Role::di];
    if (!b && a && row[Role::n1i]) b = *row[Role::n1i] - *a;
    if (!d && c && row[Role::n2i]) d = *row[Role::n2i] - *c;
    if (!a || !b || !c || !d) return std::nullopt;
    return model::Table2x2{*a, *b, *c, *d};
}

void leave_one_out(model::AnalysisResult& analysis, const MetaRequest& request) {
    auto fits = synth::leave_one_out(analysis.effects, request.measure, request.pool);
    for (std::size_t i = 0; i < fits.size(); ++i) {
        model::Variant variant;
        variant.id = "without-" + std::to_string(i + 1);
        variant.label = "without " + analysis.effects[i].label;
        variant.kind = "leave-one-out";
        variant.dropped.push_back(analysis.effects[i].study);
        variant.synthesis = std::move(fits[i]);
        analysis.variants.push_back(std::move(variant));
    }
}

/// Which rows have a value of each moderator; all without a formula.
std::vector<bool> rows_kept(const MetaRequest& request, const MetaTable& table,
                            const std::vector<effect::Computed>& outcomes) {
    std::vector<bool> kept(table.size(), request.mods.empty());
    if (request.mods.empty()) return kept;
    std::vector<std::size_t> with_effect;
    for (std::size_t i = 0; i < outcomes.size(); ++i)
        if (outcomes[i].status == effect::Status::ok) with_effect.push_back(i);
    for (const std::size_t at : synth::design_matrix(request.mods, table.variables(with_effect)).rows)
        kept[with_effect[at]] = true;
    return kept;
}

/// Meta-regression, the sections and plots that were asked for, the script.
void further(const MetaRequest& request, const effect::Measure& measure, const MetaTable& table,
             const std::vector<effect::Row>& rows, const std::vector<std::size_t>& used, MetaResult& result) {
    MetaData data{request, measure, result.analysis, {}, table.variables(used), {}, {}, {}, {}};
    for (const std::size_t row : used)
        data.rows.push_back(rows[row]);
    for (const model::Effect& effect : result.analysis.effects) {
        data.y.push_back(effect.y);
        data.v.push_back(effect.v);
    }
    if (!request.mods.empty()) {
        data.design = synth::design_matrix(request.mods, data.variables);
    }
    if (!request.weights.empty()) data.weights = data.numbers(request.weights, "weights");
    if (data.design || !data.weights.empty() || request.unweighted)
        result.sections.push_back(model_section(data));
    for (const auto& wanted : request.sections)
        for (const SectionMethod& method : section_methods())
            if (method.id == wanted.id) result.sections.push_back(method.run(data, wanted.argument));
    if (request.script) result.script = meta_script(request);
    if (!result.analysis.main) return;
    for (const auto& wanted : request.plots)
        for (const PlotMethod& method : plot_methods())
            if (method.id == wanted.id)
                result.figures.push_back({wanted.id, wanted.argument, method.draw(data)});
}

} // namespace

MetaResult meta(const MetaRequest& request, std::string_view csv) {
    MetaResult result;
    result.measure = request.measure;
    const auto* measure = effect::find_measure(request.measure);
    if (!measure) {
        std::vector<std::string> names;
        for (const auto& row : effect::measures())
            names.emplace_back(row.id);
        const auto near = nearest_name(request.measure, names);
        throw Error("meta/unknown-measure",
                    "there is no measure '" + request.measure + "'" +
                        (near.empty() ? "" : "; did you mean '" + near + "'?") +
                        " (assay meta --list-measures shows all)",
                    Exit::input);
    }
    MetaTable table(request, csv, result.diagnostics);
    if (!table.readable()) return result;
    const auto layout = table.layout(*measure);
    if (result.diagnostics.has_errors()) return result;
    const auto rows = table.rows(layout);
    if (result.diagnostics.has_errors()) return result;
    const auto outcomes = effect::compute(*measure, rows, request.effects);

    const auto kept = rows_kept(request, table, outcomes);
    std::set<std::string> taken;
    std::vector<std::size_t> used;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::string label = table.cell(i, layout.slab);
        if (label.empty()) label = "Study " + std::to_string(i + 1);
        if (!taken.insert(label).second) {
            label += " (line " + std::to_string(table.line(i)) + ")";
            taken.insert(label);
        }
        if (outcomes[i].status != effect::Status::ok) {
            result.analysis.excluded.push_back({model::StudyId(label),
                                                {},
                                                "no-effect",
                                                label + ": " +
                                                    std::string(effect::to_string(outcomes[i].status)) +
                                                    " (line " + std::to_string(table.line(i)) + ")"});
            continue;
        }
        if (!kept[i]) {
            result.analysis.excluded.push_back(
                {model::StudyId(label),
                 {},
                 "no-moderator",
                 label + ": a moderator has no value (line " + std::to_string(table.line(i)) + ")"});
            continue;
        }
        used.push_back(i);
        model::Effect effect;
        effect.study = model::StudyId(label);
        effect.label = label;
        effect.measure = request.measure;
        effect.y = outcomes[i].y;
        effect.v = outcomes[i].v;
        effect.counts = counts_of(rows[i], measure->family);
        effect.formula = std::string(measure->formula);
        effect.subgroup = table.cell(i, layout.subgroup);
        effect.data1 = data_text(rows[i], measure->family, true);
        effect.data2 = data_text(rows[i], measure->family, false);
        if (outcomes[i].added > 0)
            effect.notes.push_back(text::format_number(outcomes[i].added) + " added to each cell");
        result.analysis.effects.push_back(std::move(effect));
    }
    if (result.analysis.effects.empty()) return result;
    result.analysis.main = synth::pool(result.analysis.effects, request.measure, request.pool);
    if (result.analysis.effects.size() >= 3 && result.analysis.effects.size() <= 1000)
        leave_one_out(result.analysis, request);
    if (layout.subgroup >= 0)
        result.analysis.subgroups =
            synth::subgroups(result.analysis.effects, request.measure, request.pool, request.subgroup);
    further(request, *measure, table, rows, used, result);
    return result;
}

} // namespace assay::app
