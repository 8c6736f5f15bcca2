// The axis of a figure: which part of the scale is shown, where its ticks stand, and where a value lands.
#pragma once

#include "plot/measure.hpp"

#include <span>
#include <string>
#include <vector>

namespace assay::plot {

struct Tick {
    double at = 0; ///< on the analysis scale (log for ratios)
    std::string label;
};

/// Round steps of 1, 2, 2.5 or 5 times a power of ten; at most `most` ticks inside [low, high].
std::vector<Tick> linear_ticks(double low, double high, int most);

/// Ticks at .1 .2 .5 1 2 5 10 ...; thinned to powers of ten, or refined to round steps, as the range asks. The
/// bounds and positions are natural logarithms, the labels are ratios.
std::vector<Tick> log_ticks(double low, double high, int most);

/// Ticks for the scale that readers see, wherever it lies on the analysis scale.
std::vector<Tick> ticks_for(const MeasureLook& look, double low, double high, int most);

struct Range {
    double low = 0, high = 1;
};

/// The part of the scale worth showing: all of `must`, and as much of the `wish` intervals as does not squeeze
/// the rest; what lies outside is drawn as an arrow.
Range shown_range(std::span<const double> must, std::span<const Range> wish);

/// Maps the analysis scale to pixels.
struct Axis {
    Range range;
    double left = 0, width = 100; ///< px
    std::vector<Tick> ticks;

    double at(double value) const; ///< clipped to the axis
    bool below(double value) const { return value < range.low; }
    bool above(double value) const { return value > range.high; }
};

} // namespace assay::plot
