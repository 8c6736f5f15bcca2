// How a measure is shown: its full name, and whether the analysis scale is the logarithm of what readers see.
#pragma once

#include "model/results.hpp"
#include "model/review.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace assay::plot {

struct MeasureLook {
    std::string_view id;   ///< "OR"
    std::string_view name; ///< "odds ratio"
    bool ratio = false;    ///< analysis scale is the natural logarithm, and the axis is logarithmic
    std::optional<double> null = 0; ///< no difference, on the analysis scale; absent for a measure of one group
    double (*back)(double) = nullptr, (*forward)(double) = nullptr; ///< null: the scales are the same
};

/// From the table of measures. An unknown name is shown as it is, on its own scale.
MeasureLook measure_look(std::string_view id);

/// From the analysis scale to the scale readers see.
double shown(const MeasureLook& look, double value);
/// The reverse.
double analysed(const MeasureLook& look, double value);

/// "odds ratio", or "mean difference, mmHg": the title of an axis.
std::string measure_title(const MeasureLook& look, const model::Outcome* outcome);

/// Differences too small to matter, on the analysis scale of this measure; absent where the outcome states none or
/// states it on a scale that this measure cannot show (a difference of risks on an odds ratio's axis).
std::optional<model::Interval> too_small_to_matter(const model::Outcome& outcome, const std::string& measure);

/// "1 cramp per week", "a ratio of 0.75", "5 in 100", "0.2 SD".
std::string difference_in_words(const model::Outcome& outcome);

} // namespace assay::plot
