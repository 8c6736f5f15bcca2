#include "plot/sensitivity.hpp"

#include "base/error.hpp"
#include "plot/number.hpp"
#include "plot/words.hpp"

#include <algorithm>
#include <array>

namespace assay::plot {

namespace {

struct KindWords {
    std::string_view kind, words;
};
constexpr std::array<KindWords, 6> kinds{{
    {"model", "Other models"},
    {"assumed-value", "Other values in place of an assumed one"},
    {"named-set", "Named sets"},
    {"global-set", "Sets of the whole review"},
    {"leave-one-out", "Leaving out one study at a time"},
    {"standard-set", "Does the answer change? Sets tried on every analysis"},
}};

/// In words: how far the estimates spread, and whether any of them changes sides.
std::string sentence_of(const Forest& forest, const model::Synthesis& main, const model::AnalysisResult& result) {
    const model::Variant *lowest = nullptr, *highest = nullptr;
    int count = 0, other_side = 0;
    for (const model::Variant& variant : result.variants) {
        if (!variant.synthesis || variant.synthesis->measure != main.measure || variant.kind == "standard-set") continue;
        ++count;
        const double at = variant.synthesis->estimate;
        const double null = forest.look.null.value_or(main.estimate);
        other_side += (at > null) != (main.estimate > null);
        if (!lowest || at < lowest->synthesis->estimate) lowest = &variant;
        if (!highest || at > highest->synthesis->estimate) highest = &variant;
    }
    if (!lowest) return "No other choice leaves enough to pool.";
    const auto value = [&](double at) { return with_minus(forest.number(at)); };
    std::string text = std::to_string(count) + (count == 1 ? " other choice" : " other choices") + ": estimates from " +
                       value(lowest->synthesis->estimate) + " (" + lowest->label + ") to " +
                       value(highest->synthesis->estimate) + " (" + highest->label + "), against " +
                       value(main.estimate) + " in the main analysis.";
    if (other_side > 0)
        text += " " + std::to_string(other_side) + (other_side == 1 ? " lies" : " lie") +
                " on the other side of the line of no difference.";
    return text;
}

} // namespace

std::string variant_kind_in_words(std::string_view kind) {
    for (const KindWords& row : kinds)
        if (row.kind == kind) return std::string(row.words);
    return std::string(kind);
}

std::vector<std::string> variant_kinds(const model::AnalysisResult& result) {
    std::vector<std::string> present;
    for (const KindWords& row : kinds)
        present.emplace_back(row.kind);
    for (const model::Variant& variant : result.variants)
        if (std::find(present.begin(), present.end(), variant.kind) == present.end()) present.push_back(variant.kind);
    std::erase_if(present, [&](const std::string& kind) {
        return std::none_of(result.variants.begin(), result.variants.end(),
                            [&](const model::Variant& variant) { return variant.kind == kind; });
    });
    return present;
}

namespace {

/// The main result alone, on the axis of its own forest.
Forest beginning(const Forest& main_forest, const model::AnalysisResult& result) {
    ASSAY_EXPECT(result.main.has_value());
    Forest forest;
    forest.look = main_forest.look;
    forest.axis_title = main_forest.axis_title;
    forest.level = main_forest.level;
    forest.decimals = main_forest.decimals;
    forest.head1 = "Trials";
    forest.favours_left = main_forest.favours_left;
    forest.favours_right = main_forest.favours_right;
    forest.band = main_forest.band;
    forest.band_label = main_forest.band_label;
    forest.reference = pooled_interval(*result.main);
    ForestGroup top;
    ForestRow main_row;
    main_row.label = "Main analysis";
    main_row.data1 = std::to_string(result.main->k);
    main_row.estimate = *forest.reference;
    main_row.href = main_forest.pool ? main_forest.pool->href : std::string();
    top.rows.push_back(main_row);
    forest.groups.push_back(std::move(top));
    forest.foot = {"Dashed line: the main analysis."};
    return forest;
}

void add_rows(Forest& forest, const model::AnalysisResult& result, const std::string& kind, bool with_answer) {
    ForestGroup group;
    group.title = with_answer ? std::string() : variant_kind_in_words(kind);
    for (const model::Variant& variant : result.variants) {
        if (variant.kind != kind || !variant.synthesis || variant.synthesis->measure != result.main->measure) continue;
        ForestRow row;
        row.label = variant.label;
        row.data1 = std::to_string(variant.synthesis->k);
        if (with_answer) row.data2 = variant.answer;
        row.estimate = pooled_interval(*variant.synthesis);
        group.rows.push_back(std::move(row));
    }
    if (!group.rows.empty()) forest.groups.push_back(std::move(group));
}

} // namespace

Forest sensitivity_of(const Forest& main_forest, const model::AnalysisResult& result) {
    Forest forest = beginning(main_forest, result);
    forest.id = "sens-" + main_forest.id;
    forest.title = "Other choices: " + main_forest.title;
    forest.row_head = "Choice";
    for (const std::string& kind : variant_kinds(result))
        if (kind != "standard-set") add_rows(forest, result, kind, false);
    forest.sentence = sentence_of(forest, *result.main, result);
    return forest;
}

Forest standard_sets_of(const Forest& main_forest, const model::AnalysisResult& result) {
    Forest forest = beginning(main_forest, result);
    forest.id = "sets-" + main_forest.id;
    forest.title = "Does the answer change? " + main_forest.title;
    forest.row_head = "Trials kept";
    forest.head2 = "Answer";
    add_rows(forest, result, "standard-set", true);
    std::string differs, same, few;
    const auto add = [](std::string& list, const std::string& label) { list += (list.empty() ? "" : "; ") + label; };
    for (const model::Variant& variant : result.variants) {
        if (variant.kind != "standard-set") continue;
        if (!variant.synthesis) add(few, variant.label + " (" + variant.note + ")");
        else if (variant.answer == "too few") add(few, variant.label + " (one trial left)");
        else add(variant.answer == "differs" ? differs : same, variant.label);
    }
    if (!differs.empty()) forest.sentence += "The answer is another one with: " + differs + ". ";
    if (!same.empty()) forest.sentence += "It is the same with: " + same + ". ";
    if (!few.empty()) forest.sentence += "Too few trials to tell with: " + few + ". ";
    if (!forest.sentence.empty()) forest.sentence.pop_back();
    return forest;
}

} // namespace assay::plot
