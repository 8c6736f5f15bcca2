// What `assay meta` prints: for a terminal and as JSON.
#include "app/meta.hpp"
#include "plot/forest.hpp"
#include "plot/forest_text.hpp"
#include "report/results_json.hpp"
#include "text/format.hpp"
#include "text/number.hpp"

#include <algorithm>
#include <cmath>

namespace assay::app {

namespace {

std::string study_table(const MetaResult& result) {
    // Widths in code points: labels may carry accents.
    auto length = [](const std::string& s) {
        return static_cast<std::size_t>(
            std::count_if(s.begin(), s.end(), [](char c) { return (c & 0xC0) != 0x80; }));
    };
    std::size_t widest = 5;
    for (const auto& effect : result.analysis.effects)
        widest = std::max(widest, length(effect.label));
    widest = std::min<std::size_t>(widest, 40);
    auto right = [](const std::string& s, std::size_t width) {
        return std::string(width > s.size() ? width - s.size() : 0, ' ') + s;
    };
    std::string text = "Study" + std::string(widest - 5, ' ') + right("y", 12) + right("v", 12) +
                       right("weight %", 11) + "\n";
    for (std::size_t i = 0; i < result.analysis.effects.size(); ++i) {
        const auto& effect = result.analysis.effects[i];
        const auto pad = widest > length(effect.label) ? widest - length(effect.label) : 0;
        text += effect.label + std::string(pad, ' ') + right(text::fixed(effect.y, 4), 12) +
                right(text::fixed(effect.v, 4), 12);
        if (result.analysis.main && i < result.analysis.main->weights.size())
            text += right(text::fixed(result.analysis.main->weights[i], 2), 11);
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
    const std::string interval_name = fit.test == "knha"    ? "Hartung-Knapp"
                                      : fit.test == "adhoc" ? "Hartung-Knapp, not below the z variance"
                                                            : fit.test;
    std::string text = line("model", fit.model + " effect" + (fit.model == "random" ? "s" : "") + ", " +
                                         fit.method + ", interval: " + interval_name);
    text += line("k", std::to_string(fit.k));
    text += line(std::string(measure.title), shown(fit.estimate) + "  " + level + " CI " + shown(fit.ci_low) +
                                                 " to " + shown(fit.ci_high) +
                                                 (fit.p ? "  p " + text::p_value(*fit.p) : ""));
    if (ratio)
        text += line("on the log scale", text::fixed(fit.estimate, 4) + "  SE " + text::fixed(fit.se, 4));
    else
        text += line("SE", text::fixed(fit.se, 4));
    if (fit.pi_low && fit.pi_high)
        text += line("prediction interval", shown(*fit.pi_low) + " to " + shown(*fit.pi_high));
    if (fit.model == "random") {
        std::string tau = text::fixed(fit.tau2, 4);
        if (fit.tau2_ci)
            tau += "  " + level + " CI " + text::fixed(fit.tau2_ci->low, 4) + " to " +
                   text::fixed(fit.tau2_ci->high, 4) + (fit.tau2_ci->high_open ? " or more" : "");
        text += line("tau2", tau);
    }
    text += line("I2", text::fixed(fit.i2, 1) + " %   H2 " + text::fixed(fit.h2, 2));
    text += line("Q", text::fixed(fit.q, 3) + "  df " + std::to_string(fit.q_df) + "  p " +
                          text::p_value(fit.q_p));
    for (const auto& note : fit.notes)
        text += "note: " + note + "\n";
    return text;
}

} // namespace

std::string meta_json(const MetaResult& result) {
    return report::meta_json(result.analysis, result.measure, result.sections);
}

std::string meta_text(const MetaResult& result, int width, bool unicode) {
    std::string text;
    if (!result.analysis.main) {
        text = "Nothing to pool.\n";
        for (const auto& row : result.analysis.excluded)
            text += "excluded: " + row.reason + "\n";
        return text;
    }
    text = study_table(result) + "\n";
    plot::TextStyle style;
    style.width = width;
    style.ascii = !unicode;
    auto forest = plot::forest_of(result.analysis.effects, &*result.analysis.main,
                                  result.analysis.subgroups ? &*result.analysis.subgroups : nullptr);
    forest.foot.clear(); // the summary below says the same with more digits
    text += plot::forest_text(forest, style);
    if (!text.ends_with("\n\n")) text += "\n";
    text += summary(result);
    for (const auto& row : result.analysis.excluded)
        text += "excluded: " + row.reason + "\n";
    for (const auto& section : result.sections)
        text += "\n" + report::section_text(section);
    return text;
}

std::string list_measures() {
    std::string text;
    for (const auto& measure : effect::measures()) {
        std::string needs;
        for (const auto role : measure.needs)
            needs += (needs.empty() ? "" : " ") + std::string(effect::role_name(role));
        const std::string id(measure.id);
        text += id + std::string(id.size() < 8 ? 8 - id.size() : 1, ' ') + std::string(measure.title) +
                "  [" + needs + "]\n        " + std::string(measure.formula) + "\n        " +
                std::string(measure.source) + "\n";
    }
    return text;
}

} // namespace assay::app
