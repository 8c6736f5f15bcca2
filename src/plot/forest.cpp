#include "plot/forest.hpp"

#include "num/distributions.hpp"
#include "plot/anchor.hpp"
#include "plot/number.hpp"
#include "plot/words.hpp"
#include "text/format.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace assay::plot {

namespace {

constexpr std::size_t longest_head = 24; ///< characters of a column head or favours label

double half_width(const MeasureLook& look, const Estimate& e) {
    return (shown(look, e.high) - shown(look, e.low)) / 2;
}

/// Decimals of the whole figure: those of the pooled interval, or of the middle study where nothing is
/// pooled.
int figure_decimals(const MeasureLook& look, const std::vector<model::Effect>& effects,
                    const model::Synthesis* main, double level) {
    if (main) return text::decimals_for(half_width(look, pooled_interval(*main)));
    std::vector<double> widths;
    for (const model::Effect& effect : effects)
        widths.push_back(half_width(look, study_interval(effect.y, effect.v, level)));
    if (widths.empty()) return 2;
    std::sort(widths.begin(), widths.end());
    return text::decimals_for(widths[widths.size() / 2]);
}

ForestRow row_of(const model::Effect& effect, double level, double weight) {
    ForestRow row;
    row.label = effect.label.empty() ? effect.study.value : effect.label;
    row.data1 = with_minus(effect.data1);
    row.data2 = with_minus(effect.data2);
    row.estimate = study_interval(effect.y, effect.v, level);
    row.weight = weight;
    for (const std::string& note : effect.notes)
        row.note += (row.note.empty() ? "" : "; ") + note;
    return row;
}

ForestPool pool_of(const model::Synthesis& synthesis, std::string label) {
    return {std::move(label), {}, pooled_interval(synthesis), prediction_interval(synthesis)};
}

std::vector<ForestGroup> groups_of(std::vector<ForestRow> rows, const model::SubgroupTest* subgroups) {
    std::vector<ForestGroup> groups;
    if (!subgroups || subgroups->groups.empty()) {
        groups.push_back({{}, std::move(rows), {}});
        return groups;
    }
    std::vector<bool> placed(rows.size(), false);
    for (const model::SubgroupResult& level : subgroups->groups) {
        ForestGroup group;
        group.title = level.level;
        for (std::size_t index : level.members) {
            if (index >= rows.size()) continue;
            placed[index] = true;
            group.rows.push_back(rows[index]);
        }
        const int k = level.synthesis.k;
        group.pool =
            pool_of(level.synthesis, k > 1 ? trials(k) + ", " + i2_text(level.synthesis) : trials(k));
        group.pool->prediction.reset();
        groups.push_back(std::move(group));
    }
    ForestGroup rest;
    rest.title = "not stated";
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (!placed[i]) rest.rows.push_back(rows[i]);
    if (!rest.rows.empty()) groups.push_back(std::move(rest));
    return groups;
}

/// On which side of the line of no difference the interval lies.
std::string side_in_words(const Forest& forest, const Estimate& pooled) {
    if (!forest.look.null) return {};
    const double null = *forest.look.null;
    if (pooled.low <= null && pooled.high >= null) return " The interval holds the line of no difference.";
    const std::string& side = pooled.at < null ? forest.favours_left : forest.favours_right;
    return side.empty() ? std::string() : " The whole interval " + side + ".";
}

std::string pooled_sentence(const Forest& forest, const model::Synthesis& main) {
    const Estimate pooled = pooled_interval(main);
    const auto value = [&](double at) { return with_minus(forest.number(at)); };
    std::string text = trials(main.k) + ", " + model_in_words(main) + ": pooled " +
                       std::string(forest.look.name) + " " + value(pooled.at) + " (" + ci_name(main.level) +
                       " " + value(pooled.low) + " to " + value(pooled.high) + ").";
    text += side_in_words(forest, pooled);
    if (forest.band) {
        const bool inside = pooled.low >= forest.band->low && pooled.high <= forest.band->high;
        const bool outside = pooled.high < forest.band->low || pooled.low > forest.band->high;
        text += inside    ? " All of it lies within differences too small to matter ("
                : outside ? " All of it lies beyond differences too small to matter ("
                          : " Part of it lies within differences too small to matter (";
        text += forest.band_label + ").";
    }
    if (const auto pi = prediction_interval(main))
        text += " A new, similar trial may show anything from " + value(pi->low) + " to " + value(pi->high) +
                " (" + trimmed(main.level * 100, 2) + "% prediction interval).";
    return text;
}

std::string sentence_of(const Forest& forest, std::size_t k, const model::Synthesis* main) {
    if (main && main->k > 0) return pooled_sentence(forest, *main);
    return trials(static_cast<int>(k)) + " shown singly; nothing is pooled.";
}

Forest base_forest(const std::vector<model::Effect>& effects, const model::Synthesis* main, double level) {
    Forest forest;
    const std::string measure = !effects.empty() ? effects.front().measure : main ? main->measure : "";
    forest.look = measure_look(measure);
    forest.level = main ? main->level : level;
    forest.axis_title = measure_title(forest.look, nullptr);
    forest.decimals = figure_decimals(forest.look, effects, main, forest.level);
    return forest;
}

void add_pool(Forest& forest, const model::Synthesis* main) {
    if (!main) return;
    forest.foot = synthesis_lines(*main);
    // A single trial is its own pool: a diamond would only repeat it.
    if (main->k > 1) {
        std::string label = model_in_words(*main);
        label.front() = static_cast<char>(label.front() - 'a' + 'A');
        forest.pool = pool_of(*main, label);
    }
}

double weight_of(const model::Synthesis* main, std::size_t index) {
    return main && index < main->weights.size() ? main->weights[index] : -1;
}

bool any_data(const std::vector<model::Effect>& effects) {
    return std::any_of(effects.begin(), effects.end(),
                       [](const model::Effect& e) { return !e.data1.empty() || !e.data2.empty(); });
}

/// Order of the rows: by year of the study, unknown years last, else as the review lists them.
std::vector<std::size_t> by_year(const model::Review& review, const std::vector<model::Effect>& effects) {
    std::vector<int> years;
    for (const model::Effect& effect : effects) {
        const model::Study* study = review.find(effect.study);
        years.push_back(study && study->year ? *study->year : 9999);
    }
    std::vector<std::size_t> order(effects.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return years[a] < years[b]; });
    return order;
}

std::string term_label(const model::Review& review, const model::TermId& id, std::string otherwise) {
    const model::Term* term = review.find(id);
    if (!term || term->label.empty()) return otherwise;
    return term->label.size() <= longest_head ? term->label : otherwise;
}

/// Subgroup members point into the effects; rows are shown in another order.
model::SubgroupTest reordered(model::SubgroupTest test, const std::vector<std::size_t>& order) {
    std::vector<std::size_t> place(order.size());
    for (std::size_t i = 0; i < order.size(); ++i)
        place[order[i]] = i;
    for (model::SubgroupResult& group : test.groups) {
        for (std::size_t& member : group.members)
            if (member < place.size()) member = place[member];
        std::sort(group.members.begin(), group.members.end());
    }
    return test;
}

} // namespace

std::string Forest::number(double value) const {
    const double natural = shown(look, value);
    int places = decimals;
    // A ratio near zero needs more places than its neighbours, or it would read as 0.
    while (look.ratio && places < 6 && natural > 0 && natural < 2 * std::pow(10, -places))
        ++places;
    return fixed(natural, places);
}

std::string Forest::interval_text(const Estimate& e) const {
    return with_minus(number(e.at) + " [" + number(e.low) + ", " + number(e.high) + "]");
}

Estimate study_interval(double y, double v, double level) {
    const double half = num::normal_quantile(0.5 + level / 2) * std::sqrt(v);
    return {y, y - half, y + half};
}

Estimate pooled_interval(const model::Synthesis& s) {
    return {s.estimate, s.ci_low, s.ci_high};
}

std::optional<model::Interval> prediction_interval(const model::Synthesis& s) {
    if (!s.pi_low || !s.pi_high || s.model == "common") return std::nullopt;
    return model::Interval{*s.pi_low, *s.pi_high};
}

Favours favours(model::Better better, const std::string& intervention, const std::string& comparator) {
    switch (better) {
    case model::Better::lower:
        return {"favours " + intervention, "favours " + comparator};
    case model::Better::higher:
        return {"favours " + comparator, "favours " + intervention};
    case model::Better::neither:
        break;
    }
    return {"lower with " + intervention, "higher with " + intervention};
}

Forest forest_of(const std::vector<model::Effect>& effects, const model::Synthesis* main,
                 const model::SubgroupTest* subgroups) {
    Forest forest = base_forest(effects, main, 0.95);
    if (any_data(effects)) {
        forest.head1 = "Group 1";
        forest.head2 = "Group 2";
    }
    std::vector<ForestRow> rows;
    for (std::size_t i = 0; i < effects.size(); ++i)
        rows.push_back(row_of(effects[i], forest.level, weight_of(main, i)));
    forest.groups = groups_of(std::move(rows), subgroups);
    if (subgroups && subgroups->groups.size() > 1) forest.group_test = subgroup_text(*subgroups);
    add_pool(forest, main);
    forest.title = "Forest plot, " + forest.axis_title;
    forest.sentence = sentence_of(forest, effects.size(), main);
    return forest;
}

Forest forest_of(const model::Review& review, const model::Analysis& analysis,
                 const model::AnalysisResult& result) {
    const model::Synthesis* main = result.main ? &*result.main : nullptr;
    const model::Outcome* outcome = review.find(analysis.outcome);
    const model::Question* question = review.find(analysis.question);
    Forest forest = base_forest(result.effects, main, analysis.level);
    if (result.effects.empty() && !main) forest.look = measure_look(analysis.measure);
    forest.id = anchor("forest", analysis.id.value);
    forest.axis_title = measure_title(forest.look, outcome);

    const std::string first = question ? term_label(review, question->intervention, "the intervention")
                                       : std::string("the intervention");
    const std::string second =
        question ? term_label(review, question->comparator, "control") : std::string("control");
    if (any_data(result.effects)) {
        forest.head1 = first == "the intervention" ? "Intervention" : first;
        forest.head2 = second == "control" ? "Control" : second;
    }
    if (outcome) {
        const Favours sides = favours(outcome->better, first, second);
        forest.favours_left = sides.left;
        forest.favours_right = sides.right;
        forest.band = too_small_to_matter(*outcome, analysis.measure);
        if (forest.band) forest.band_label = difference_in_words(*outcome);
    }

    const std::vector<std::size_t> order = by_year(review, result.effects);
    std::vector<ForestRow> rows;
    for (std::size_t index : order) {
        rows.push_back(row_of(result.effects[index], forest.level, weight_of(main, index)));
        rows.back().href = "#" + effect_link(analysis.id, index, result.effects[index]);
    }
    std::optional<model::SubgroupTest> subgroups;
    if (result.subgroups) subgroups = reordered(*result.subgroups, order);
    forest.groups = groups_of(std::move(rows), subgroups ? &*subgroups : nullptr);
    if (subgroups && subgroups->groups.size() > 1) forest.group_test = subgroup_text(*subgroups);
    add_pool(forest, main);
    if (forest.pool) forest.pool->href = "#" + analysis_anchor(analysis.id);
    forest.title = "Forest plot: " + (analysis.label.empty() ? forest.axis_title : analysis.label);
    forest.sentence = sentence_of(forest, result.effects.size(), main);
    return forest;
}

} // namespace assay::plot
