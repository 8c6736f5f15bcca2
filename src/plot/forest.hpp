// A forest plot before it is drawn: rows, groups, diamonds and the words around them. The SVG, the terminal plot
// and the table twin are all made from this, so that they cannot disagree.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"
#include "plot/measure.hpp"

#include <optional>
#include <string>
#include <vector>

namespace assay::plot {

/// A point and its interval on the analysis scale.
struct Estimate {
    double at = 0, low = 0, high = 0;
};

struct ForestRow {
    std::string label, data1, data2;
    std::string href; ///< where a click leads; empty: nowhere
    Estimate estimate;
    double weight = -1; ///< percent; negative: not pooled here, no weight shown
    std::string note;   ///< small print after the label, for the table twin
};

struct ForestPool {
    std::string label, href;
    Estimate estimate;
    std::optional<model::Interval> prediction;
};

struct ForestGroup {
    std::string title; ///< empty: no heading
    std::vector<ForestRow> rows;
    std::optional<ForestPool> pool;
};

struct Forest {
    std::string id;       ///< begins every id inside the figure
    std::string title;    ///< one line
    std::string sentence; ///< the figure in words
    MeasureLook look;
    std::string axis_title;
    double level = 0.95;
    int decimals = 2;
    std::string row_head = "Study", head1, head2; ///< heads of the data columns; both empty: no such columns
    std::string favours_left, favours_right;
    std::optional<model::Interval> band; ///< differences too small to matter
    std::string band_label;
    std::optional<Estimate> reference; ///< the main result, drawn as a line through all rows
    std::vector<ForestGroup> groups;
    std::string group_test; ///< "Test of subgroup differences: ..."
    std::optional<ForestPool> pool;
    std::vector<std::string> foot;

    /// "0.47 [0.31, 0.70]" on the scale readers see.
    std::string interval_text(const Estimate& estimate) const;
    std::string number(double value) const; ///< one value, from the analysis scale
};

/// Interval of one study at this level: y -+ z * sqrt(v).
Estimate study_interval(double y, double v, double level);
Estimate pooled_interval(const model::Synthesis& synthesis);
std::optional<model::Interval> prediction_interval(const model::Synthesis& synthesis);

/// From effects and their synthesis alone, as `assay meta` has them. `main` may be null: rows without a diamond.
Forest forest_of(const std::vector<model::Effect>& effects, const model::Synthesis* main,
                 const model::SubgroupTest* subgroups = nullptr);

/// The same with all that a review knows: outcome, band, favours labels, links to rows.
Forest forest_of(const model::Review& review, const model::Analysis& analysis, const model::AnalysisResult& result);

/// The words under the axis, for values below and above the line of no difference. Estimates are intervention minus
/// (or over) comparator.
struct Favours {
    std::string left, right;
};
Favours favours(model::Better better, const std::string& intervention, const std::string& comparator);

} // namespace assay::plot
