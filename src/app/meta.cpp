#include "app/meta.hpp"

#include "base/error.hpp"
#include "plot/forest.hpp"
#include "plot/forest_text.hpp"
#include "report/results_json.hpp"
#include "synth/leave_one_out.hpp"
#include "synth/subgroups.hpp"
#include "text/csv.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace assay::app {

namespace {

using effect::Role;

constexpr std::size_t role_count = static_cast<std::size_t>(Role::count);

std::string trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos) return "";
    return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// Where the inputs stand in the table.
struct Layout {
    std::array<int, role_count> column{}; ///< -1: none
    int slab = -1, subgroup = -1;
};

class Reader {
public:
    Reader(const MetaRequest& request, std::string_view csv, Diagnostics& diagnostics)
        : request_(request), diagnostics_(diagnostics), table_(text::read_csv(request.file, csv, diagnostics)) {
        for (const auto& cell : table_.header()) names_.push_back(trimmed(cell.text));
    }

    bool readable() const { return table_.readable(); }

    Layout layout(const effect::Measure& measure) {
        Layout found;
        found.column.fill(-1);
        for (const auto& [role, name] : request_.columns) {
            const auto known = effect::role_of(role);
            ASSAY_EXPECT(known);
            found.column[static_cast<std::size_t>(*known)] = named(name, "--" + role);
        }
        for (std::size_t i = 0; i < role_count; ++i) {
            const std::string own(effect::role_name(static_cast<Role>(i)));
            if (found.column[i] < 0 && !request_.columns.contains(own)) found.column[i] = index(own);
        }
        if (!request_.slab.empty()) found.slab = named(request_.slab, "--slab");
        else
            for (const char* guess : {"slab", "study", "author", "trial"})
                if (found.slab < 0) found.slab = index(guess);
        if (!request_.subgroup.empty()) found.subgroup = named(request_.subgroup, "--subgroup");
        complain_about_missing(measure, found);
        return found;
    }

    std::vector<effect::Row> rows(const Layout& layout) {
        std::vector<effect::Row> rows;
        for (const auto& line : table_.rows()) {
            auto& row = rows.emplace_back();
            if (line.damaged) continue; // a message was given; the row stays, without numbers
            for (std::size_t i = 0; i < role_count; ++i)
                if (layout.column[i] >= 0) row[static_cast<Role>(i)] = number(line, layout.column[i]);
        }
        return rows;
    }

    std::string cell(std::size_t row, int column) const {
        if (column < 0) return "";
        const auto cells = table_.cells(table_.rows()[row]);
        return static_cast<std::size_t>(column) < cells.size() ? trimmed(cells[static_cast<std::size_t>(column)].text) : "";
    }
    int line(std::size_t row) const { return table_.rows()[row].line; }

private:
    int index(const std::string& name) const {
        const auto at = std::find(names_.begin(), names_.end(), name);
        return at == names_.end() ? -1 : static_cast<int>(at - names_.begin());
    }

    int named(const std::string& name, const std::string& option) {
        const int at = index(name);
        if (at < 0) {
            const auto near = nearest_name(name, names_);
            diagnostics_.add("csv/unknown-column", {request_.file, 1, 0}, option + ": there is no column '" + name + "'",
                             near.empty() ? "" : "did you mean '" + near + "'?");
        }
        return at;
    }

    void complain_about_missing(const effect::Measure& measure, const Layout& found) {
        auto has = [&](Role role) { return found.column[static_cast<std::size_t>(role)] >= 0; };
        // What may stand in for what, as in metafor's escalc.
        auto instead = [&](Role role) {
            switch (role) {
            case Role::bi: return has(Role::n1i);
            case Role::di: return has(Role::n2i);
            case Role::mi: return has(Role::ni);
            case Role::vi: return has(Role::sei);
            case Role::sei: return has(Role::vi);
            default: return false;
            }
        };
        std::string missing;
        for (const auto role : measure.needs)
            if (!has(role) && !instead(role)) missing += (missing.empty() ? "" : ", ") + std::string(effect::role_name(role));
        if (!missing.empty())
            diagnostics_.add("csv/missing-column", {request_.file, 1, 0},
                             std::string(measure.id) + " needs columns for " + missing,
                             "name them: --" + missing.substr(0, missing.find(',')) + " COLUMN");
    }

    std::optional<double> number(const text::CsvRow& line, int column) {
        const auto cells = table_.cells(line);
        if (static_cast<std::size_t>(column) >= cells.size()) return std::nullopt;
        const auto& cell = cells[static_cast<std::size_t>(column)];
        const auto written = trimmed(cell.text);
        if (written.empty() || written == "NA" || written == ".") return std::nullopt; // R and Stata write these
        const auto parsed = text::parse_number(written);
        if (!parsed.value)
            diagnostics_.add("csv/bad-value", table_.place(line, cell),
                             names_[static_cast<std::size_t>(column)] + ": " + parsed.message, parsed.hint);
        return parsed.value;
    }

    const MetaRequest& request_;
    Diagnostics& diagnostics_;
    text::CsvTable table_;
    std::vector<std::string> names_;
};

std::string data_text(const effect::Row& row, effect::Family family, bool first) {
    auto at = [&](Role a, Role b) { return row[first ? a : b]; };
    if (family == effect::Family::binary || family == effect::Family::association) {
        const auto events = at(Role::ai, Role::ci);
        auto n = at(Role::n1i, Role::n2i);
        if (const auto rest = at(Role::bi, Role::di); events && rest) n = *events + *rest;
        if (events && n) return text::format_number(*events) + "/" + text::format_number(*n);
    } else if (family == effect::Family::means) {
        const auto mean = at(Role::m1i, Role::m2i), sd = at(Role::sd1i, Role::sd2i), n = at(Role::n1i, Role::n2i);
        if (mean && sd && n)
            return text::format_number(*mean) + " (" + text::format_number(*sd) + "), n " + text::format_number(*n);
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

std::string study_table(const MetaResult& result) {
    // Widths in code points: labels may carry accents.
    auto length = [](const std::string& s) {
        return static_cast<std::size_t>(std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    };
    std::size_t widest = 5;
    for (const auto& effect : result.analysis.effects) widest = std::max(widest, length(effect.label));
    widest = std::min<std::size_t>(widest, 40);
    auto right = [](const std::string& s, std::size_t width) {
        return std::string(width > s.size() ? width - s.size() : 0, ' ') + s;
    };
    std::string text = "Study" + std::string(widest - 5, ' ') + right("y", 12) + right("v", 12) + right("weight %", 11) + "\n";
    for (std::size_t i = 0; i < result.analysis.effects.size(); ++i) {
        const auto& effect = result.analysis.effects[i];
        const auto pad = widest > length(effect.label) ? widest - length(effect.label) : 0;
        text += effect.label + std::string(pad, ' ') + right(text::fixed(effect.y, 4), 12) + right(text::fixed(effect.v, 4), 12);
        if (result.analysis.main && i < result.analysis.main->weights.size()) text += right(text::fixed(result.analysis.main->weights[i], 2), 11);
        text += "\n";
    }
    return text;
}

std::string summary(const MetaResult& result) {
    const auto& fit = *result.analysis.main;
    const auto& measure = *effect::find_measure(result.measure);
    const bool ratio = effect::is_ratio(measure);
    auto shown = [&](double value) { return text::fixed(ratio ? std::exp(value) : value, 4); };
    auto line = [](const std::string& name, const std::string& value) {
        return name + std::string(name.size() < 22 ? 22 - name.size() : 1, ' ') + value + "\n";
    };
    const std::string level = text::format_number(std::round(fit.level * 1e4) / 100) + " %";
    const std::string interval_name = fit.test == "knha" ? "Hartung-Knapp" : fit.test == "adhoc" ? "Hartung-Knapp, not below the z variance" : fit.test;
    std::string text = line("model", fit.model + " effect" + (fit.model == "random" ? "s" : "") + ", " + fit.method +
                                         ", interval: " + interval_name);
    text += line("k", std::to_string(fit.k));
    text += line(std::string(measure.title), shown(fit.estimate) + "  " + level + " CI " + shown(fit.ci_low) + " to " + shown(fit.ci_high) +
                                                 (fit.p ? "  p " + text::p_value(*fit.p) : ""));
    if (ratio) text += line("on the log scale", text::fixed(fit.estimate, 4) + "  SE " + text::fixed(fit.se, 4));
    else text += line("SE", text::fixed(fit.se, 4));
    if (fit.pi_low && fit.pi_high)
        text += line("prediction interval", shown(*fit.pi_low) + " to " + shown(*fit.pi_high));
    if (fit.model == "random") {
        std::string tau = text::fixed(fit.tau2, 4);
        if (fit.tau2_ci) tau += "  " + level + " CI " + text::fixed(fit.tau2_ci->low, 4) + " to " + text::fixed(fit.tau2_ci->high, 4) +
                                (fit.tau2_ci->high_open ? " or more" : "");
        text += line("tau2", tau);
    }
    text += line("I2", text::fixed(fit.i2, 1) + " %   H2 " + text::fixed(fit.h2, 2));
    text += line("Q", text::fixed(fit.q, 3) + "  df " + std::to_string(fit.q_df) + "  p " + text::p_value(fit.q_p));
    for (const auto& note : fit.notes) text += "note: " + note + "\n";
    return text;
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

} // namespace

MetaResult meta(const MetaRequest& request, std::string_view csv) {
    MetaResult result;
    result.measure = request.measure;
    const auto* measure = effect::find_measure(request.measure);
    if (!measure) {
        std::vector<std::string> names;
        for (const auto& row : effect::measures()) names.emplace_back(row.id);
        const auto near = nearest_name(request.measure, names);
        throw Error("meta/unknown-measure",
                    "there is no measure '" + request.measure + "'" + (near.empty() ? "" : "; did you mean '" + near + "'?") +
                        " (assay meta --list-measures shows all)",
                    Exit::input);
    }
    Reader reader(request, csv, result.diagnostics);
    if (!reader.readable()) return result;
    const auto layout = reader.layout(*measure);
    if (result.diagnostics.has_errors()) return result;
    const auto rows = reader.rows(layout);
    if (result.diagnostics.has_errors()) return result;
    const auto outcomes = effect::compute(*measure, rows, request.effects);

    std::set<std::string> taken;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        std::string label = reader.cell(i, layout.slab);
        if (label.empty()) label = "Study " + std::to_string(i + 1);
        if (!taken.insert(label).second) {
            label += " (line " + std::to_string(reader.line(i)) + ")";
            taken.insert(label);
        }
        if (outcomes[i].status != effect::Status::ok) {
            result.analysis.excluded.push_back({model::StudyId(label), {}, "no-effect",
                                       label + ": " + std::string(effect::to_string(outcomes[i].status)) + " (line " +
                                           std::to_string(reader.line(i)) + ")"});
            continue;
        }
        model::Effect effect;
        effect.study = model::StudyId(label);
        effect.label = label;
        effect.measure = request.measure;
        effect.y = outcomes[i].y;
        effect.v = outcomes[i].v;
        effect.counts = counts_of(rows[i], measure->family);
        effect.formula = std::string(measure->formula);
        effect.subgroup = reader.cell(i, layout.subgroup);
        effect.data1 = data_text(rows[i], measure->family, true);
        effect.data2 = data_text(rows[i], measure->family, false);
        if (outcomes[i].added > 0) effect.notes.push_back(text::format_number(outcomes[i].added) + " added to each cell");
        result.analysis.effects.push_back(std::move(effect));
    }
    if (result.analysis.effects.empty()) return result;
    result.analysis.main = synth::pool(result.analysis.effects, request.measure, request.pool);
    if (result.analysis.effects.size() >= 3 && result.analysis.effects.size() <= 1000)
        leave_one_out(result.analysis, request);
    if (layout.subgroup >= 0)
        result.analysis.subgroups = synth::subgroups(result.analysis.effects, request.measure, request.pool, request.subgroup);
    return result;
}

std::string meta_json(const MetaResult& result) {
    return report::meta_json(result.analysis, result.measure);
}

std::string meta_text(const MetaResult& result, int width, bool unicode) {
    std::string text;
    if (!result.analysis.main) {
        text = "Nothing to pool.\n";
        for (const auto& row : result.analysis.excluded) text += "excluded: " + row.reason + "\n";
        return text;
    }
    text = study_table(result) + "\n";
    plot::TextStyle style;
    style.width = width;
    style.ascii = !unicode;
    text += plot::forest_text(plot::forest_of(result.analysis.effects, &*result.analysis.main, result.analysis.subgroups ? &*result.analysis.subgroups : nullptr), style);
    text += "\n" + summary(result);
    for (const auto& row : result.analysis.excluded) text += "excluded: " + row.reason + "\n";
    return text;
}

std::string list_measures() {
    std::string text;
    for (const auto& measure : effect::measures()) {
        std::string needs;
        for (const auto role : measure.needs) needs += (needs.empty() ? "" : " ") + std::string(effect::role_name(role));
        const std::string id(measure.id);
        text += id + std::string(id.size() < 8 ? 8 - id.size() : 1, ' ') + std::string(measure.title) + "  [" + needs + "]\n        " +
                std::string(measure.formula) + "\n        " + std::string(measure.source) + "\n";
    }
    return text;
}

} // namespace assay::app
